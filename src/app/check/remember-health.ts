import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { valueOf, type Part } from '../../core/record/part.ts';
import { isMarked, withMark } from '../../core/record/unreadable-mark.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import { stableHash } from '../../core/values/stable-shuffle.ts';
import { instantOf, isoOf, type Instant } from '../../core/values/time.ts';
import type { Finding } from '../../core/health/finding.ts';
import { replacedAt } from '../../core/record/ledger.ts';
import type { KeyKind } from '../../core/key/key-text.ts';
import { judge, type Announcement, type Judgement } from '../../core/health/health.ts';
import { UNSEEN, type Episode, type Health } from '../../core/record/health-state.ts';
import type { Notice } from '../../core/alerts/notice.ts';
import type { SharedTrouble } from '../../core/health/outage.ts';
import { openTrouble, type OpenTrouble } from '../../core/health/open-trouble.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { fitsBreadth, wideHeardAgainAt } from '../../core/alerts/held-back.ts';
import { heardAgainAt, silenceAt, type Silence } from '../../core/record/silence.ts';
import type { WideSilence } from '../../core/record/wide-silence.ts';
import type { Diagnosis } from '../../core/classify/classify.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, Log, SecretChange, SecretSighting, Vault } from '../ports/ports.ts';

export interface RecordPorts {
  readonly vault: Vault;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of a finding: the health now remembered, which announcements went out, what could not be done. */
export interface Recorded {
  readonly health: Health['is'] | 'unknown';
  readonly announced: readonly string[];
  readonly problems: readonly string[];
  /** The episode that is open now. */
  readonly open?: OpenTrouble | undefined;
  /** An episode that people were told of for the first time, as one that something is to be done about. */
  readonly told?: Episode | undefined;
}

/** Whose health is judged, by what, and how its episodes are told. */
interface Patient {
  /** Where its health is remembered. */
  readonly part: 'health' | SharedTrouble['part'];
  /** Begins the ids of its episodes. */
  readonly name: string;
  /** Whom its episodes are about. */
  readonly about: Pick<OpenTrouble, 'secret' | 'project'>;
  /** Silences of more than one secret, some of which may fit. */
  readonly wide: readonly WideSilence[];
  readonly diagnosis: Diagnosis;
  readonly keyKind?: KeyKind | undefined;
  noticeOf(announcement: Announcement): Notice;
  /** Whether somebody changed meanwhile what the diagnosis is about: then it says nothing any more. */
  isOutdated(sighting: SecretSighting): boolean;
}

/** Losing the etag race this often in a row means somebody writes in a loop: a person should look. */
const RACES_MAX = 3;

/** Judges a finding against what the secret's annotation remembers. */
export function recordFinding(
  ports: RecordPorts,
  secret: SecretSighting,
  finding: Finding,
  policy: CheckPolicy,
  wide: readonly WideSilence[] = [],
): Promise<Recorded> {
  return record(ports, secret, patientOf(secret, finding, wide, ports.clock), policy);
}

/** What comes of a finding that changes nothing on record and is nothing to tell; `undefined` where it has to be recorded. */
export function unchangedBy(
  secret: SecretSighting,
  finding: Finding,
  policy: CheckPolicy,
  wide: readonly WideSilence[],
  clock: Clock,
): Recorded | undefined {
  const patient = patientOf(secret, finding, wide, clock);
  const { remembered, judged } = judgedNow(secret, patient, policy, clock.now());
  const { mark, health, announce } = judged;
  if (health !== remembered || mark !== undefined || announce.length > 0) return undefined;
  return { health: health.is, announced: [], problems: [], open: openTrouble(health, patient.about) };
}

function patientOf(secret: SecretSighting, finding: Finding, wide: readonly WideSilence[], clock: Clock): Patient {
  const { diagnosis, keyKind } = finding;
  const { silence } = secret.record;
  const about = { secret: secret.name, project: finding.project };
  const noticeOf = (announcement: Announcement) => ({
    ...announcement,
    finding,
    silence:
      silenceDuring(silence, announcement, clock.now()) ??
      wideSilenceDuring(wide, announcement.episode, about, announcement.type),
  });
  const isOutdated = ({ aliases }: SecretSighting) => aliases['current'] !== secret.aliases['current'];
  return { part: 'health', name: secret.name, about, wide, diagnosis, keyKind, noticeOf, isOutdated };
}

/** The silence that held back some of what was told of an episode that is over. */
function silenceDuring(
  held: SecretSighting['record']['silence'],
  { type, episode }: Announcement,
  now: Instant,
): Silence | undefined {
  const state = silenceAt(held, now);
  if (type !== 'key.recovered' || (state.is !== 'silent' && state.is !== 'over')) return undefined;
  return state.silence.until > episode.openedAt ? state.silence : undefined;
}

/** The same of a silence that is about more than this one secret, or project. */
function wideSilenceDuring(
  wide: readonly WideSilence[],
  { openedAt, cause }: Episode,
  about: Patient['about'],
  type: Announcement['type'],
): Silence | undefined {
  if (type !== 'key.recovered') return undefined;
  return wide.find((one) => one.until > openedAt && fitsBreadth(one, { ...about, cause }));
}

function lastOf(moments: readonly (Instant | undefined)[]): Instant | undefined {
  const known = moments.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : instantOf(Math.max(...known));
}

/** Judges what a run says about many keys at once, against what `keeper` remembers for all of them. */
export async function rememberTrouble(
  ports: RecordPorts,
  keeper: SecretSighting,
  { diagnosis, outage, seen, project, part, name }: SharedTrouble,
  policy: CheckPolicy,
  wide: readonly WideSilence[] = [],
): Promise<Pick<Recorded, 'problems' | 'open'>> {
  if (diagnosis === undefined)
    return { problems: [], open: openTrouble(healthAt(keeper.record[part], ports.clock.now()), { project }) };
  const noticeOf = ({ episode }: Announcement): Notice =>
    outage === undefined
      ? {
          type: 'fleet.recovered',
          episode,
          seen,
          project,
          silence: wideSilenceDuring(wide, episode, { project }, 'key.recovered'),
        }
      : { ...outage, episode };
  return record(
    ports,
    keeper,
    { part, name, about: { project }, wide, diagnosis, noticeOf, isOutdated: () => false },
    policy,
  );
}

/**
 * Announces first and records second, so that a crash in between repeats an announcement under the same id and never
 * loses one; before an incident opens or closes, a mark is written. Unchanged health writes nothing, from the second run on.
 */
async function record(
  ports: RecordPorts,
  secret: SecretSighting,
  patient: Patient,
  policy: CheckPolicy,
): Promise<Recorded> {
  const announced = new Map<string, Announcement>();
  const standing: Standing = { health: healthAt(secret.record[patient.part], ports.clock.now()) };
  const done = await attempt(() => announceAndCommit(ports, secret, patient, policy, announced, standing));
  const open = openTrouble(standing.health, patient.about);
  const told = [...announced.values()].find(({ type, again }) => type === 'key.unhealthy' && again !== true)?.episode;
  const known = { announced: [...announced.keys()], open, told };
  if (!(done instanceof Fault)) return { ...done, ...known };
  const problem = `${annotationOf(patient.part)} of ${secret.name} was not recorded: ${done.message}`;
  ports.log.write('WARNING', problem, { secret: secret.name, code: done.code });
  return { health: 'unknown', problems: [problem], ...known };
}

/** What was judged last, whether or not it could be written: trouble that nobody can write down is open all the same. */
interface Standing {
  health: Health | undefined;
}

/** What is remembered, and what a diagnosis makes of it now. */
function judgedNow(
  sighting: SecretSighting,
  { part, name, about, wide, diagnosis, keyKind }: Patient,
  policy: CheckPolicy,
  now: Instant,
): { readonly remembered: Health | undefined; readonly judged: Judgement } {
  const { [part]: held, silence } = sighting.record;
  const remembered = healthAt(held, now) ?? startOver(held);
  // An outage is about no single secret, so no silence of the one that remembers it matters.
  const own = part === 'health' ? heardAgainAt(silence, now) : undefined;
  const heard = lastOf([own, ...wideHeardAgainAt(wide, { ...about, cause: diagnosis.cause }, now)]);
  const seen = { keyKind, replacedAt: part === 'health' ? replacedAt(valueOf(sighting.record.history)) : undefined };
  return { remembered, judged: judge(name, remembered ?? UNSEEN, diagnosis, policy, now, heard, seen) };
}

async function announceAndCommit(
  ports: RecordPorts,
  secret: SecretSighting,
  patient: Patient,
  policy: CheckPolicy,
  announced: Map<string, Announcement>,
  standing: Standing,
): Promise<Pick<Recorded, 'health' | 'problems'>> {
  const { part, noticeOf, isOutdated } = patient;
  let sighting = secret;
  for (let race = 1; race <= RACES_MAX; race += 1) {
    if (isOutdated(sighting)) {
      standing.health = healthAt(sighting.record[part], ports.clock.now());
      return { health: 'unknown', problems: [] };
    }
    const now = ports.clock.now();
    const mark = toldToday(sighting.record[part], part, now);
    const { remembered, judged } = judgedNow(sighting, patient, policy, now);
    const { mark: opening, health, announce } = judged;
    standing.health = health;
    if (remembered === undefined && isMarked(valueOf(sighting.record.announcedUnreadable), mark))
      return { health: 'unknown', problems: [notUnderstood(sighting, annotationOf(part))] };
    const write = (next: Health) =>
      commit(ports.vault, sighting, { annotations: changeOf(sighting.record, { [part]: next }) });
    if (opening !== undefined && remembered !== undefined) {
      const marked = await attempt(() => write(opening));
      if (marked === 'stale' && race < RACES_MAX) {
        sighting = await ports.vault.look(sighting.name);
        continue;
      }
      // What cannot be marked is told all the same: once too often is better than never.
      if (marked !== 'stale' && !(marked instanceof Fault)) sighting = marked;
    }
    for (const announcement of announce) {
      const label = `${announcement.type} ${announcement.episode.id}`;
      if (!announced.has(label)) await ports.announcer.announce(noticeOf(announcement));
      announced.set(label, announcement);
    }
    if (remembered === undefined) {
      if (announce.length > 0) await rememberTold(ports.vault, sighting, mark);
      return { health: 'unknown', problems: [notUnderstood(sighting, annotationOf(part))] };
    }
    if (health === remembered || (await write(health)) !== 'stale') return { health: health.is, problems: [] };
    sighting = await ports.vault.look(sighting.name);
  }
  throw new Fault(
    'stale',
    `somebody else wrote the secret ${RACES_MAX} times in the meantime; its audit log names who`,
  );
}

/** What can be read and cannot be, such as an episode that was announced in the year 9999, counts as nothing announced. */
function startOver(held: Part<Health>): Health | undefined {
  return held.is === 'read' ? { is: 'well', episodes: held.value.episodes } : undefined;
}

/** What tells that somebody was told of trouble on this day, while nobody can write down that an episode is open. */
function toldToday(held: Part<Health>, part: string, now: Instant): string {
  return `${part}-${stableHash(held.text ?? '').toString(36)}-${isoOf(now).slice(0, 10).replaceAll('-', '')}`;
}

/** Where that cannot be written, the next run tells it again, under the same id. */
async function rememberTold(vault: Vault, sighting: SecretSighting, mark: string): Promise<void> {
  const announcedUnreadable = withMark(valueOf(sighting.record.announcedUnreadable), mark);
  await commit(vault, sighting, { annotations: changeOf(sighting.record, { announcedUnreadable }) });
}

/** What was written, or `stale` when somebody else was faster. Rejects with any other `Fault`. */
async function commit(vault: Vault, sighting: SecretSighting, change: SecretChange): Promise<SecretSighting | 'stale'> {
  const done = await attempt(() => vault.commit(sighting, change));
  if (!(done instanceof Fault)) return done;
  if (done.code === 'stale') return 'stale';
  throw done;
}

function notUnderstood({ name }: SecretSighting, annotation: string): string {
  return `the annotation ${annotation} of ${name} is not in a form this release reads: it was left alone, and until a person removes it trouble is announced once a day`;
}
