import { changeOf, type SecretRecord } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import type { KeyUnwatched } from '../../core/alerts/notices/key-notices.ts';
import type { RotationDue } from '../../core/alerts/notices/rotation-notices.ts';
import { CHECK, ENABLE_VERSION, POINT_AT_GOOD } from '../../core/causes/commands.ts';
import { nextOf, type Next } from '../../core/causes/next-step.ts';
import { valuesAbout } from '../../core/health/finding.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { SecretEvent } from '../../core/rotation/store-event.ts';
import { isAstray } from '../../core/rotation/last-current.ts';
import { plausibleJournal } from '../../core/rotation/plausible.ts';
import { wasManaged } from '../../core/health/secret-risk.ts';
import { warnOf } from '../rotation/warn.ts';
import { mattersTo } from '../../core/rotation/taken-away.ts';
import { spokenMinute, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { gather, MANAGED_LABEL } from '../listing/gather.ts';
import type { SecretScope, SecretSighting } from '../ports/ports.ts';
import { leaveDue } from '../rotation/leave-due.ts';
import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import { scheduleRequest } from '../../core/rotation/plan.ts';
import { drive, type RotatePorts } from '../rotation/drive.ts';
import { start } from '../rotation/start.ts';
import { closeUnwatched } from './close-unwatched.ts';
import type { TickOrder } from '../rotation/tick.ts';

/** What an event led to, for the log. */
export type EventOutcome =
  { readonly did: 'ignored'; readonly why: string } | { readonly did: 'drove' | 'announced'; readonly why: string };

/** By which rules an event is taken up; without a pace whatever is due begins at once. */
export interface EventOrder extends Pick<TickOrder, 'me' | 'secretPolicy'> {
  readonly pace?: { readonly scopes: readonly SecretScope[]; readonly rotationsMax: number } | undefined;
}

/**
 * Takes up what Secret Manager tells. Repeated, late and reordered events are harmless, because what is done depends on
 * what is there now. Rejects with `Fault` when it should be delivered again.
 */
export async function takeUp(ports: RotatePorts, order: EventOrder, event: SecretEvent): Promise<EventOutcome> {
  if (event.is === 'no news') return { did: 'ignored', why: `${event.type} asks for nothing` };
  if (event.is === 'not understood') return { did: 'ignored', why: event.why };
  const sighting = await attempt(() => ports.vault.look(event.secret));
  if (sighting instanceof Fault) {
    if (sighting.code !== 'not_found') throw sighting;
    return event.is === 'deleted' ? closeDeleted(ports, event) : { did: 'ignored', why: `${event.secret} is gone` };
  }
  if (sighting.labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value) return letGo(ports, sighting, event);
  switch (event.is) {
    case 'changed':
      return settle(ports, { ...order, secret: event.secret }, sighting);
    case 'deleted':
      return { did: 'ignored', why: `${event.secret} is under care` };
    case 'due':
      return rotateOnSchedule(ports, { ...order, secret: event.secret }, sighting, event.at);
    case 'added': {
      const step = await drive(ports, { ...order, secret: event.secret }, () => undefined);
      return { did: 'drove', why: step.why };
    }
    case 'taken away':
      return goBack(ports, { ...order, secret: event.secret }, sighting, event);
  }
}

/**
 * Somebody wrote the secret, or we did: what follows depends on where the alias `current` is now, and our own writes leave it where
 * it belongs. Everything else that a write can change waits for the next run.
 */
async function settle(ports: RotatePorts, order: TickOrder, sighting: SecretSighting): Promise<EventOutcome> {
  const { record, aliases, name } = sighting;
  const now = ports.clock.now();
  const written = valueOf(record.rotation);
  const journal = written === undefined ? undefined : plausibleJournal(written, now);
  const last = valueOf(record.lastCurrent) ?? undefined;
  if (journal === undefined || !isAstray({ journal, current: aliases['current'], last, now }))
    return { did: 'ignored', why: `${name} is under care` };
  const step = await drive(ports, order, () => undefined, sighting);
  return { did: 'drove', why: step.why };
}

/**
 * A secret that lost its label: told at once, under the day's id, as the check does. Its open episode is told of first, and then
 * forgotten, so that a label that comes back begins anew.
 */
async function letGo(ports: RotatePorts, sighting: SecretSighting, event: SecretEvent): Promise<EventOutcome> {
  const { name, record } = sighting;
  const isLost = event.is === 'changed' && wasManaged(record);
  if (isLost) await warnOf(ports, { secret: name, project: projectIn(name) }, { because: 'label_removed' });
  const outcome = await closed(ports, name, 'label_removed', record);
  if (outcome.did === 'announced')
    await ports.vault.commit(sighting, { annotations: changeOf(record, { health: null }) });
  return isLost ? { did: 'announced', why: `${outcome.why}, and was before` } : outcome;
}

/**
 * A secret that is gone, of which nothing can be looked up. What the event says was remembered closes an incident of this
 * very secret or none: the thread of what is announced is the secret's own, whatever an episode calls itself.
 */
export function closeDeleted(
  ports: Pick<RotatePorts, 'announcer'>,
  { secret, record }: Extract<SecretEvent, { readonly is: 'deleted' }>,
): Promise<EventOutcome> {
  return closed(ports, secret, 'deleted', record);
}

async function closed(
  { announcer }: Pick<RotatePorts, 'announcer'>,
  secret: string,
  because: KeyUnwatched['because'],
  record: SecretRecord,
): Promise<EventOutcome> {
  const why = because === 'deleted' ? `${secret} is gone` : `${secret} is not under care`;
  const episode = await closeUnwatched(announcer, secret, because, record);
  return episode === undefined
    ? { did: 'ignored', why }
    : { did: 'announced', why: `${why}, and ${episode.id} was open` };
}

/**
 * A repeat of the event finds the rotation that the first one began, in flight or on record. Out of a window, in a freeze or over the
 * pace one commit says since when it is due, for `reconcile` to take up: Secret Manager fires once and moves on.
 */
async function rotateOnSchedule(
  ports: RotatePorts,
  { pace, ...order }: EventOrder & Pick<TickOrder, 'secret'>,
  sighting: SecretSighting,
  at: Instant,
): Promise<EventOutcome> {
  const { record } = sighting;
  const later = (valueOf(record.history) ?? []).find((past) => past.at >= at);
  if (later !== undefined) return { did: 'ignored', why: `rotation ${later.id} ended after this event was sent` };
  const asked = { reason: 'schedule', candidate: 'minted', emergency: false, requestId: scheduleRequest(at) } as const;
  const rest = valueOf(record.rotation);
  const due = { since: at, reason: 'schedule' } as const;
  if (rest?.phase === 'resting' && rest.due?.reason === 'schedule')
    return { did: 'ignored', why: `it is due since ${spokenMinute(rest.due.since)}: reconcile begins it` };
  const over = rest?.phase === 'resting' ? await overPace(ports, pace) : undefined;
  if (rest?.phase === 'resting' && over !== undefined) {
    await leaveDue(ports.vault, tellDue(ports), sighting, rest, {
      project: projectIn(order.secret),
      due,
      why: over,
      until: at,
    });
    return { did: 'ignored', why: over };
  }
  const started = await start(ports, { ...order, asked }, () => undefined);
  if (!('step' in started)) return { did: 'ignored', why: started.why };
  const { step } = started;
  if (step.did === 'wait' && step.journal.phase === 'resting') {
    const { why, until, journal } = step;
    const seen = await ports.vault.look(order.secret);
    await leaveDue(ports.vault, tellDue(ports), seen, journal, { project: projectIn(order.secret), due, why, until });
  }
  return { did: 'drove', why: step.why };
}

const tellDue =
  ({ announcer }: RotatePorts) =>
  (notice: RotationDue) =>
    announcer.announce(notice);

/**
 * Why the schedule of a secret waits for others: as many rotations as the worker may have begun at once are under way, or nobody
 * knows how many. Where the worker begins none by itself there is no pace, and a schedule is what somebody asked for.
 */
async function overPace({ vault }: RotatePorts, pace: EventOrder['pace']): Promise<string | undefined> {
  if (pace === undefined || pace.rotationsMax === 0) return undefined;
  const { found, problems } = await gather(vault, { scopes: pace.scopes, concurrency: 1 });
  if (problems.length > 0)
    return `it is due, and how many rotations are under way is not known: ${problems.join('; ')}`;
  const young = found.filter(({ sighting }) => {
    const journal = valueOf(sighting.record.rotation);
    return journal !== undefined && isBeforePromotion(journal.phase) && !('held' in journal && journal.held);
  });
  if (young.length < pace.rotationsMax) return undefined;
  return `it is due, and ${young.length} rotations are under way already (KEY_WARDEN_ROTATIONS_MAX): reconcile begins it`;
}

/**
 * A version that consumers cannot read any more is told of; in a drain they get the earlier one back at once, which stands
 * enabled. In an emergency that one leaked, so it is ended all the same.
 */
async function goBack(
  ports: RotatePorts,
  order: TickOrder,
  sighting: SecretSighting,
  event: Extract<SecretEvent, { readonly is: 'taken away' }>,
): Promise<EventOutcome> {
  const told = await announceLoss(ports, sighting, event);
  const journal = valueOf(sighting.record.rotation);
  if (told.did !== 'announced' || journal?.phase !== 'promoted' || journal.to !== event.version) return told;
  const step = await drive(ports, { ...order, lost: 'seen' }, () => undefined);
  return { did: 'drove', why: `${told.why}; ${step.why}` };
}

/** What gives consumers a key again. */
const CURE = {
  replace: {
    otherwise: {
      do: 'It cannot come back. If an older version is enabled, consumers have that one by',
      command: POINT_AT_GOOD,
    },
    do: 'Every way out, one without an older version too, is said by',
    command: CHECK,
  },
  enable: { do: 'Unless somebody meant it, enable it again', command: ENABLE_VERSION },
} as const satisfies Record<string, Next>;

/** Looks at the version again: the event may be minutes old, and somebody may have mended it. */
async function announceLoss(
  { vault, announcer }: RotatePorts,
  { name, record, aliases }: SecretSighting,
  { version, change, at }: Extract<SecretEvent, { readonly is: 'taken away' }>,
): Promise<EventOutcome> {
  const journal = valueOf(record.rotation);
  const retired = valueOf(record.retired);
  if (journal === undefined || retired === undefined)
    return { did: 'ignored', why: `an annotation of ${name} is not in a form this release reads` };
  const current = aliases['current'] ?? (await vault.lookVersion(name, 'latest')).number;
  const matters = mattersTo({ version, current, journal, retired });
  if (matters === undefined) return { did: 'ignored', why: `version ${version} is of no use to anybody now` };
  const seen = await vault.lookVersion(name, version);
  if (seen.state === 'enabled' && seen.scheduledDestroyAt === undefined)
    return { did: 'ignored', why: `version ${version} is enabled again` };
  const project = projectIn(name);
  const cure = CURE[change === 'destroyed' ? 'replace' : 'enable'];
  await announcer.announce({
    type: 'version.changed',
    secret: name,
    project,
    version,
    change,
    isCurrent: matters === 'consumers',
    at,
    ...nextOf(cure, valuesAbout({ secret: name, project, version })),
  });
  return { did: 'announced', why: `version ${version} was taken away from ${matters}` };
}
