import { isoFields } from '../../core/values/decode.ts';
import type { LastCheck, Condition } from '../../core/fleet/condition.ts';
import type { Past } from '../../core/record/ledger.ts';
import { isoOf, type Instant } from '../../core/values/time.ts';
import type { Due, Fleet, Member } from './fleet.ts';
import { secretStatusJson } from './status-json.ts';

/** How many secrets stand how; every word is there, so that a reader need not guess at a missing one. */
export function totalsOf(members: readonly Pick<Member, 'condition'>[]): Readonly<Record<Condition, number>> {
  const counts = {
    leaked: 0,
    failing: 0,
    held: 0,
    unreadable: 0,
    suspect: 0,
    mending: 0,
    unwatched: 0,
    unchecked: 0,
    due: 0,
    rotating: 0,
    well: 0,
  } satisfies Record<Condition, number>;
  for (const { condition } of members) counts[condition] += 1;
  return counts;
}

/** A secret in `status --json`. A moment that is not known is `null`, and why stands beside it. */
export function memberJson(member: Member) {
  const { condition, checked, key, due, history } = member;
  const [last] = history ?? [];
  return {
    ...secretStatusJson(member),
    condition,
    ...checkedJson(checked),
    key: {
      kind: key.kind ?? 'unknown',
      madeAt: key.madeAt === undefined ? null : isoOf(key.madeAt),
      by: key.by ?? null,
    },
    due: dueJson(due),
    lastRotation: last === undefined ? null : pastJson(last),
  };
}

/** A rotation that has ended, with its moments in RFC 3339. */
function pastJson(past: Past) {
  const { at, toKeyMadeAt, ...told } = past;
  return { ...told, at: isoOf(at), ...isoFields({ toKeyMadeAt }) };
}

function checkedJson(checked: LastCheck) {
  if (checked.is === 'at') return { checkedAt: isoOf(checked.at) };
  const why = checked.is === 'unknown' ? checked.why : checked.is;
  return { checkedAt: null, checkedAtUnknown: why };
}

function dueJson(due: Due): string | null {
  return due.is === 'at' ? isoOf(due.at) : due.is === 'never' ? 'never' : null;
}

/** The newest complete run over any of the scopes. */
export function newestRun({ runs }: Pick<Fleet, 'runs'>): Instant | undefined {
  return [...runs.byScope.values()].reduce<Instant | undefined>(
    (a, b) => (a === undefined || b > a ? b : a),
    undefined,
  );
}
