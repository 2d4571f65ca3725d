import { projectIn } from '../../core/google/resource-names.ts';
import { deadKeyOf, isLostSince } from '../../core/health/health.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import type { Journal } from '../../core/record/journal.ts';
import { keyMadeAtOnRecord } from '../../core/record/key-made-at.ts';
import { valueOf } from '../../core/record/part.ts';
import { replacedAt } from '../../core/record/ledger.ts';
import type { PastRotations } from '../../core/rotation/commit-entry.ts';
import type { Asked, View } from '../../core/rotation/plan.ts';
import { isLeakOf } from '../../core/rotation/open-leaks.ts';
import { plausibleRetired } from '../../core/rotation/plausible.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';
import type { ActPorts } from './acts/act-input.ts';

/** Whose turn it is, by which rules, and what somebody asked for. */
export interface ViewOrder {
  readonly secret: SecretName;
  /** Unique to this process, so that no other one takes our lease for its own. */
  readonly me: string;
  /** The deployment's; the secret's own policy comes on top. */
  readonly secretPolicy: SecretPolicy;
  readonly asked?: Asked | undefined;
  /** The promoted version was seen to be unreadable just now. */
  readonly lost?: 'seen' | undefined;
}

/** What a step decides on. At rest, what may begin a rotation depends on the versions as well; in flight the journal says it all. */
export async function viewOf(
  { vault, clock }: ActPorts,
  order: ViewOrder,
  { aliases, record }: SecretSighting,
  journal: Journal,
  { retired, history, leaks }: PastRotations,
): Promise<View> {
  const { asked, me, secretPolicy } = order;
  const now = clock.now();
  const view = {
    journal,
    aliases,
    last: valueOf(record.lastCurrent) ?? undefined,
    policy: secretPolicy.rotation,
    me,
    now,
    asked,
  };
  const health = healthAt(record.health, now);
  const dead = deadKeyOf(health, replacedAt(history));
  if (journal.phase !== 'resting') {
    const found = isLostSince(health, journal.promotedAt) ? 'found' : undefined;
    return { ...view, dead, lost: order.lost ?? found, isLeak: isLeakOf(journal, leaks) };
  }
  const rest = {
    ...view,
    dead,
    deletingUntil: retired
      .filter(({ version }) => version === asked?.from)
      .map((old) => plausibleRetired(old, now).deletingUntil)[0],
  };
  const latest = await attempt(() => vault.lookVersion(order.secret, 'latest'));
  if (latest instanceof Fault) {
    if (latest.code === 'not_found') return rest;
    throw latest;
  }
  const newest = { number: latest.number, enabled: latest.state === 'enabled' };
  const { current } = aliases;
  const read =
    current === undefined || current === latest.number
      ? latest
      : await attempt(() => vault.lookVersion(order.secret, current));
  if (read instanceof Fault) return { ...rest, newest };
  const madeAt = keyMadeAtOnRecord(record, read.number) ?? read.createdAt;
  // A key is no younger than a version that holds it, whatever an annotation says (I17).
  return { ...rest, newest, currentSince: madeAt < read.createdAt ? madeAt : read.createdAt };
}

/** What is remembered of earlier rotations and of leaks; `undefined` where this release does not understand it. */
export function pastRotationsOf({ record }: SecretSighting): PastRotations | undefined {
  const retired = valueOf(record.retired);
  const history = valueOf(record.history);
  const leaks = valueOf(record.leaks);
  const tombstones = valueOf(record.tombstones);
  if (retired === undefined || history === undefined || leaks === undefined || tombstones === undefined)
    return undefined;
  return { retired, history, leaks, tombstones };
}

/** How announcements and commands name the secret's project. */
export function projectOf({
  secret,
  project,
}: {
  readonly secret: SecretName;
  readonly project?: string | undefined;
}): string {
  return project ?? projectIn(secret);
}
