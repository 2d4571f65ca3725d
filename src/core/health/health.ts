import type { DeadKey } from '../rotation/dead-key.ts';
import { CAUSES, compareSeverity, type Cause, type Severity } from '../causes/causes.ts';
import type { CheckPolicy } from './check-policy.ts';
import type { KeyKind } from '../key/key-text.ts';
import type { Episode, EpisodeOpening, Health } from '../record/health-state.ts';
import { HOUR_MS, elapsedMs, isoOf, type Instant } from '../values/time.ts';
import { isReminderDue } from './reminder.ts';
import type { Diagnosis } from '../classify/classify.ts';

type AnnouncementType = EpisodeOpening | 'key.reminder' | 'key.recovered';

/** What the world should be told. The same announcement may go out twice after a crash, always with the same id. */
export interface Announcement {
  readonly type: AnnouncementType;
  readonly episode: Episode;
  /** It was told before, as something else or as less grave. */
  readonly again?: boolean | undefined;
}

export interface Judgement {
  /**
   * Written before anything is announced, where an incident opens or closes. Whoever finds it left behind by a run that
   * died cannot know whether the announcement went out, and repeats it under the same id: so no incident that was
   * announced stays open, and none is closed without a record of it.
   */
  readonly mark?: Health | undefined;
  /** The very object that came in when nothing changed: then nothing is written. */
  readonly health: Health;
  readonly announce: readonly Announcement[];
}

/**
 * How much one run proves. `firm`: nothing but somebody's action ends it. `doubtful`: dead or blocked, yet the same
 * answer was seen for good keys, so a second run must agree. `vague`: the run says nothing about the key.
 */
export type Sign = 'good' | 'firm' | 'doubtful' | 'vague';

interface Run {
  readonly secret: string;
  readonly diagnosis: Diagnosis;
  readonly policy: CheckPolicy;
  readonly now: Instant;
  readonly heardAgainAt: Instant | undefined;
  readonly seen: SeenKey;
}

/** What a run knows of the key besides its diagnosis. */
export interface SeenKey {
  readonly keyKind?: KeyKind | undefined;
  /** When a rotation last put another key in its place. */
  readonly replacedAt?: Instant | undefined;
}

type In<Is extends Health['is']> = Extract<Health, { readonly is: Is }>;

/** What a run means in each state. Suspicion comes before condemnation, and recovery is believed as slowly. */
const HEALTH_TABLE: { readonly [Is in Health['is']]: Record<Sign, (health: In<Is>, run: Run) => Judgement> } = {
  well: { good: meet, firm: condemn, doubtful: suspect, vague: suspect },
  suspect: { good: clear, firm: condemn, doubtful: confirm, vague: suspect },
  sick: { good: mend, firm: learn, doubtful: learn, vague: remind },
  mending: { good: mend, firm: relapse, doubtful: relapse, vague: remind },
};

/**
 * One run's diagnosis of one secret against what is remembered of it. `secret` is its full resource name; at
 * `heardAgainAt` a silence of it ended, which may have held back what was announced before; `seen` is the key that was looked at.
 */
export function judge(
  secret: string,
  health: Health,
  diagnosis: Diagnosis,
  policy: CheckPolicy,
  now: Instant,
  heardAgainAt?: Instant,
  seen: SeenKey = {},
): Judgement {
  const run = { secret, diagnosis, policy, now, heardAgainAt, seen };
  const sign = signOf(diagnosis);
  const retold = retell(health, sign);
  if (retold !== undefined) return retold;
  switch (health.is) {
    case 'well':
      return HEALTH_TABLE.well[sign](health, run);
    case 'suspect':
      return HEALTH_TABLE.suspect[sign](health, run);
    case 'sick':
      return HEALTH_TABLE.sick[sign](health, run);
    case 'mending':
      return HEALTH_TABLE.mending[sign](health, run);
  }
}

/** The sign of a diagnosis, or of a cause's row, which has the same two fields. */
export function signOf(diagnosis: Pick<Diagnosis, 'verdict' | 'definitive'>): Sign {
  if (diagnosis.verdict === 'works') return 'good';
  if (diagnosis.verdict === 'unclear' || diagnosis.verdict === 'throttled') return 'vague';
  return diagnosis.definitive ? 'firm' : 'doubtful';
}

/**
 * Whether an open episode is about a key that only another key mends. One that was replaced since the episode opened is
 * not, although the episode stays open until a check has seen the new key work.
 */
export function deadKeyOf(health: Health | undefined, replacedAt: Instant | undefined): DeadKey | undefined {
  if (health?.is !== 'sick') return undefined;
  const { cause, openedAt } = health.episode;
  if (replacedAt !== undefined && replacedAt >= openedAt) return undefined;
  if (cause === 'key_leaked') return 'leaked';
  return CAUSES[cause].verdict === 'dead' && CAUSES[cause].newKeyHelps ? 'dead' : undefined;
}

/** Since when a check knows the key to be dead that was put in place then. */
export function deadSince(health: Health | undefined, replacedAt: Instant | undefined): Instant | undefined {
  return health?.is === 'sick' && deadKeyOf(health, replacedAt) !== undefined ? health.episode.openedAt : undefined;
}

/** Causes for which nobody can read the version that consumers are told to read. */
const TAKEN_AWAY: readonly Cause[] = ['version_disabled', 'version_destroyed'];

/** Whether consumers cannot use the key that was promoted then: it is dead, or somebody took its version away. */
export function isLostSince(health: Health | undefined, promotedAt: Instant | undefined): boolean {
  if (deadKeyOf(health, promotedAt) !== undefined) return true;
  if (health?.is !== 'sick' || promotedAt === undefined) return false;
  return TAKEN_AWAY.includes(health.episode.cause) && health.episode.openedAt > promotedAt;
}

/** What a run that died may not have told. It is all that this run tells: the next one judges. */
function retell(health: Health, sign: Sign): Judgement | undefined {
  if (health.is === 'well' && health.untold !== undefined) {
    const { untold, ...told } = health;
    return { health: told, announce: [{ type: 'key.recovered', episode: untold }] };
  }
  // A good run may go on mending: the recovery closes the incident, whether it was told of or not.
  if (!('episode' in health) || health.episode.untold === undefined || sign === 'good') return undefined;
  const { untold, ...episode } = health.episode;
  return { health: { is: 'sick', episodes: health.episodes, episode }, announce: [{ type: untold, episode }] };
}

/** The first good run of a key is written down, once: what nobody has looked at yet is told from what is well. */
function meet(health: In<'well'>, { now, seen }: Run): Judgement {
  return isMet(health, seen.replacedAt)
    ? stay(health)
    : { health: { ...health, since: now, keyKind: seen.keyKind }, announce: [] };
}

/** Whether a run over the key that was put in place then is written down at all: good, or not. */
export function isMet(health: Health, replacedAt: Instant | undefined): boolean {
  return (
    health.is !== 'well' || (health.since !== undefined && (replacedAt === undefined || replacedAt <= health.since))
  );
}

function stay(health: Health): Judgement {
  return { health, announce: [] };
}

function clear(health: Health, { now, seen }: Run): Judgement {
  return {
    health: { is: 'well', episodes: health.episodes, since: now, keyKind: seen.keyKind },
    announce: [],
  };
}

function condemn(health: In<'well'> | In<'suspect'>, run: Run): Judgement {
  return open(health, run, 'key.unhealthy');
}

/** One more run that was not good; enough of them in a row open a warning, whatever each of them said. */
function suspect(health: In<'well'> | In<'suspect'>, run: Run): Judgement {
  const earlier = health.is === 'suspect' ? health : undefined;
  const runs = (earlier?.runs ?? 0) + 1;
  if (runs >= run.policy.unclearRunsMax) return open(health, run, 'key.unclear');
  const since = earlier?.since ?? run.now;
  // A doubtful suspicion outlives vague runs: they neither support nor weaken it.
  const kept = earlier !== undefined && signOf(run.diagnosis) === 'vague' && isDoubtful(earlier.cause);
  const cause = kept ? earlier.cause : run.diagnosis.cause;
  const lastGoodAt = lastGoodOf(health);
  return { health: { is: 'suspect', episodes: health.episodes, since, cause, runs, lastGoodAt }, announce: [] };
}

function lastGoodOf(health: In<'well'> | In<'suspect'>): Instant | undefined {
  return health.is === 'well' ? health.since : health.lastGoodAt;
}

/** A doubtful answer is believed when an earlier run of this suspicion gave the same one. */
function confirm(health: In<'suspect'>, run: Run): Judgement {
  return health.cause === run.diagnosis.cause ? condemn(health, run) : suspect(health, run);
}

function open(health: In<'well'> | In<'suspect'>, run: Run, type: EpisodeOpening): Judgement {
  const episodes = health.episodes + 1;
  const { cause } = run.diagnosis;
  const { severity } = CAUSES[cause];
  const openedAt = health.is === 'suspect' ? health.since : run.now;
  const id = `${run.secret}#${isoOf(openedAt).slice(0, 10).replaceAll('-', '')}-${episodes}`;
  const episode: Episode = {
    id,
    openedAt,
    cause,
    severity,
    announcedAt: run.now,
    reminders: 0,
    lastGoodAt: lastGoodOf(health),
  };
  const mark: Health = { is: 'sick', episodes, episode: { ...episode, untold: type } };
  return { mark, health: { is: 'sick', episodes, episode }, announce: [{ type, episode }] };
}

/** A better diagnosis of an open episode; said aloud when it is news to whoever works on it. */
function learn(health: In<'sick'>, run: Run): Judgement {
  const { cause } = run.diagnosis;
  const { episode } = health;
  if (cause === episode.cause || hides(cause, episode.cause)) return remind(health, run);
  const severity = graver(CAUSES[cause].severity, episode.severity);
  if (severity === episode.severity && !isNews(cause, episode.cause))
    return remind({ ...health, episode: { ...episode, cause } }, run);
  const worse = { ...episode, cause, severity, announcedAt: run.now };
  return { health: { ...health, episode: worse }, announce: [{ type: 'key.unhealthy', episode: worse, again: true }] };
}

/** A leaked key stays leaked, whatever stops its project meanwhile: what is done about the leak rests on the cause. */
function hides(cause: Cause, before: Cause): boolean {
  return before === 'key_leaked' && CAUSES[cause].verdict === 'blocked';
}

/** What calls for something else to be done, however grave it was before: a cause at last, or a leak. */
function isNews(cause: Cause, before: Cause): boolean {
  return cause === 'key_leaked' || (signOf(CAUSES[before]) === 'vague' && signOf(CAUSES[cause]) !== 'vague');
}

/** Reminds at growing gaps, and however long the gap, at the age that makes it critical and when a silence is over. */
function remind(health: In<'sick'> | In<'mending'>, { policy, now, heardAgainAt }: Run): Judgement {
  const { episode } = health;
  const isOld = elapsedMs(episode.openedAt, now) >= policy.escalateAfterHours * HOUR_MS;
  const severity = isOld ? 'critical' : episode.severity;
  const isDue = isReminderDue(episode, policy, now, heardAgainAt);
  if (!isDue && severity === episode.severity) return { health, announce: [] };
  const recalled = { ...episode, severity, announcedAt: now, reminders: episode.reminders + 1 };
  return {
    health: { ...health, episode: recalled },
    announce: [{ type: 'key.reminder', episode: recalled, again: true }],
  };
}

function mend(health: In<'sick'> | In<'mending'>, { policy, now, seen }: Run): Judgement {
  const { episode, episodes } = health;
  const goodRuns = (health.is === 'mending' ? health.goodRuns : 0) + 1;
  if (goodRuns < policy.goodRunsMin) return { health: { is: 'mending', episodes, episode, goodRuns }, announce: [] };
  const over = { is: 'well', episodes, since: now, keyKind: seen.keyKind } as const;
  return { mark: { ...over, untold: episode }, health: over, announce: [{ type: 'key.recovered', episode }] };
}

/** A key that is good in every other run is failing all the while, and is reminded of like any other. */
function relapse({ episode, episodes }: In<'mending'>, run: Run): Judgement {
  return learn({ is: 'sick', episodes, episode }, run);
}

function isDoubtful(cause: Cause): boolean {
  return signOf(CAUSES[cause]) === 'doubtful';
}

function graver(one: Severity, other: Severity): Severity {
  return compareSeverity(one, other) > 0 ? one : other;
}
