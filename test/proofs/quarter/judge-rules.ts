import { MINUTE_MS, type Instant } from '../../../src/core/values/time.ts';
import { HOUR_MS } from './fleet.ts';
import type { Judged } from './judge.ts';
import type { Lived } from './quarter.ts';
import { APPROVAL_HOURS, firstOpening, mayBegin } from './rules.ts';
import type { Begun, Record } from './witness.ts';

/** What leaks does not wait for any rule: so soon it is begun. */
const EMERGENCY_MINUTES_MAX = 5;

/** What a quarter with windows, freezes and approvals in it must keep to beside all others. */
export function rulesKept(lived: Lived): readonly Judged[] {
  if (lived.plan.rules === undefined) return [];
  const records = [...lived.seen.records.values()];
  const planned = records.flatMap((record) => record.begun.filter(isPlanned).map((begun) => ({ record, begun })));
  const outside = planned.filter(({ record, begun }) => !mayBegin(record.member, begun.openedAt));
  const asked = planned.filter(({ record }) => record.member.own.approval === 1);
  const alone = asked.filter(({ record, begun }) => !isApproved(lived, record, begun));
  const lapsed = lived.approvals.length - asked.length;
  const waits = records.flatMap(({ leakedAt, begun }) =>
    leakedAt === undefined
      ? []
      : [Math.min(Infinity, ...begun.filter(({ emergency }) => emergency).map(({ openedAt }) => openedAt - leakedAt))],
  );
  const longest = Math.max(0, ...waits) / MINUTE_MS;
  return [
    {
      must: 'no planned rotation begins outside of its windows, or in a freeze',
      kept: outside.length === 0,
      measured:
        outside.length === 0
          ? `${planned.length} begun, of which ${planned.filter((one) => hadToWait(lived, one.record)).length} had to wait`
          : outside
              .map(({ record, begun }) => `${record.member.secret} at ${new Date(begun.openedAt).toISOString()}`)
              .join('; '),
    },
    {
      must: 'what needs a second person was approved by somebody else before it began',
      kept: asked.length > 0 && alone.length === 0,
      measured: `${asked.length - alone.length} of ${asked.length}; ${lapsed} lapsed and were asked for again`,
    },
    {
      must: `an emergency waits for none of that: it is begun within ${EMERGENCY_MINUTES_MAX} minutes`,
      kept: waits.length > 0 && longest <= EMERGENCY_MINUTES_MAX,
      measured: `${waits.length} in a freeze, the last after ${longest.toFixed(1)}`,
    },
  ];
}

/** From when on a planned rotation of a secret could begin: it is due, approved where that is asked for, and its rules are open. */
export function permittedFrom({ plan, approvals, dueAt }: Lived, { member }: Record): Instant {
  const due = dueAt(member.createdAt);
  if (plan.rules === undefined) return due;
  if (member.own.approval !== 1) return firstOpening(member, due);
  const openings = approvals.flatMap(({ secret, outcome, at }) => {
    const opening = firstOpening(member, at > due ? at : due);
    return secret === member.secret && outcome === 'approved' && opening - at < APPROVAL_HOURS * HOUR_MS
      ? [opening]
      : [];
  });
  return openings.reduce((first, one) => (one < first ? one : first), openings[0] ?? due);
}

function hadToWait(lived: Lived, { member }: Record): boolean {
  return !mayBegin(member, lived.dueAt(member.createdAt));
}

/** Neither an emergency nor the replacement of a dead key. */
function isPlanned({ emergency, reason }: Begun): boolean {
  return !emergency && reason !== 'dead' && reason !== 'leaked' && reason !== 'rollback';
}

/** Somebody said yes after the one before had begun, and before this one did; the worker put down whose word it took. */
function isApproved({ approvals }: Lived, { member, begun: all }: Record, { openedAt, note = '' }: Begun): boolean {
  const before = Math.max(0, ...all.map((one) => one.openedAt).filter((at) => at < openedAt));
  return approvals.some(
    ({ secret, outcome, by, askedBy, at }) =>
      secret === member.secret &&
      outcome === 'approved' &&
      by !== askedBy &&
      at > before &&
      at <= openedAt &&
      openedAt - at < APPROVAL_HOURS * HOUR_MS &&
      note.includes(by),
  );
}
