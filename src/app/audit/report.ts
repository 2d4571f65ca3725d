import type { Instant } from '../../core/values/time.ts';
import type { Leak } from '../../core/record/leaks.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { freezesAt } from '../../core/record/freeze.ts';
import { freezesOn, onceLookedUp } from '../listing/freezes.ts';
import { silencesOf } from '../alerts/list-silences.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { fleetOf, type Fleet, type FleetOrder, type FleetPorts } from '../on-record/fleet.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Issuer, Log, SecretName } from '../ports/ports.ts';
import { exceptionLinesOf, type ExceptionLine } from './exception-lines.ts';
import { gapOf, keyLineOf, type KeyLine } from './key-lines.ts';
import { readLogs, type LogSource } from './read-log.ts';
import { rotationLinesOf, type RotationLine } from './rotation-lines.ts';

export interface ReportPorts extends FleetPorts {
  readonly issuer: Issuer;
  readonly log: Log;
}

export interface ReportOrder extends Omit<FleetOrder, 'ages' | 'logProjects'> {
  readonly from: Instant;
  /** Up to this moment, and not to one that lies ahead. */
  readonly to: Instant;
  /** Projects or views of log buckets. */
  readonly logs: readonly string[];
  /** Secret in which the silences stand that are about more than one. */
  readonly book?: SecretName | undefined;
}

/** What auditors ask of a time, and what is not known of it. */
export interface Report {
  readonly from: Instant;
  readonly to: Instant;
  readonly at: Instant;
  readonly keys: readonly KeyLine[];
  readonly rotations: readonly RotationLine[];
  readonly exceptions: readonly ExceptionLine[];
  readonly openLeaks: readonly (Leak & { readonly secret: SecretName })[];
  /** The logs that were asked, and how far each answers. */
  readonly logs: readonly LogSource[];
  /** Why exceptions that are over by now, and deaths of keys that no record remembers, may be missing. */
  readonly missing?: string | undefined;
  /** What the log tells of in the time and nobody looks after any more, or that was not asked for. */
  readonly notAmongKeys: readonly SecretName[];
  readonly problems: readonly string[];
  readonly barred: boolean;
}

/**
 * Everything on record about the keys of a fleet, joined with what the logs say of a time. Reads metadata alone: no key is read, and
 * Gemini is not asked. Lines stand by secret, and within one the newest first, so that two reports of one time are alike.
 */
export async function reportOf(ports: ReportPorts, order: ReportOrder): Promise<Report> {
  const now = ports.clock.now();
  const { from, to, logs, secretPolicy } = order;
  const freezes = onceLookedUp(freezesOn(ports.vault, order.book));
  const fleet = await fleetOf({ ...ports, freezes }, { ...order, ages: 'all', logProjects: [] });
  const silences = await silencesOf(ports, order);
  const frozen = await freezes();
  const { notices, steps, approvals, sources } = await readLogs(ports.reader, { logs, from, to, now });
  const issued = await deletedAtIssuer(ports.issuer, fleet, secretPolicy);
  const members = fleet.members.toSorted((a, b) => (a.secret < b.secret ? -1 : 1));
  const known = new Set(members.map(bySecret));
  const [noticesOf, stepsOf] = [Map.groupBy(notices, bySecret), Map.groupBy(steps, bySecret)];
  const approvalsOf = Map.groupBy(approvals, bySecret);
  const keys = members.map((member) => keyLineOf(member, { from, now, sources }));
  const rotations = members.flatMap((member) =>
    rotationLinesOf(
      member,
      {
        notices: noticesOf.get(member.secret) ?? [],
        steps: stepsOf.get(member.secret) ?? [],
        approvals: approvalsOf.get(member.secret) ?? [],
      },
      issued.deletedAt,
      { from, to },
    ),
  );
  return {
    from,
    to,
    at: now,
    keys,
    rotations,
    exceptions: exceptionLinesOf(
      { ...silences, freezes: 'freezes' in frozen ? freezesAt(frozen.freezes, now) : [] },
      notices,
      keys,
      rotations,
    ),
    openLeaks: members.flatMap(({ secret, leaks = [] }) => leaks.map((leak) => ({ ...leak, secret }))),
    logs: sources,
    missing: gapOf(from, sources),
    notAmongKeys: [...new Set([...noticesOf.keys(), ...stepsOf.keys()])].filter((name) => !known.has(name)).toSorted(),
    problems: [...fleet.problems, ...issued.problems, ...unreadIn(fleet)],
    barred: fleet.barred,
  };
}

function bySecret({ secret }: { readonly secret: SecretName }): SecretName {
  return secret;
}

/** When keys were deleted, by their issuer's own word: it forgets each 30 days after that. */
async function deletedAtIssuer(issuer: Issuer, { members }: Fleet, secretPolicy: SecretPolicy) {
  const deletedAt = new Map<string, Instant>();
  const problems: string[] = [];
  const projects = new Set(members.flatMap(({ secret }) => keyProjectsFor(secretPolicy, secret)));
  for (const project of [...projects].toSorted()) {
    const asked = await attempt(async () => {
      for await (const key of issuer.list(project, true))
        if (key.deletedAt !== undefined) deletedAt.set(key.name, key.deletedAt);
    });
    if (asked instanceof Fault)
      problems.push(`when keys of project ${project} were deleted, their issuer was not asked: ${asked.message}`);
  }
  return { deletedAt, problems };
}

/** What is remembered in a form that cannot be read leaves the report with less than there is. */
function unreadIn({ members }: Fleet): readonly string[] {
  return members.flatMap(({ secret, retired, leaks }) => [
    ...(retired === undefined ? [`${secret}: its list of old keys is in a form that this release does not read`] : []),
    ...(leaks === undefined ? [`${secret}: its list of leaks is in a form that this release does not read`] : []),
  ]);
}
