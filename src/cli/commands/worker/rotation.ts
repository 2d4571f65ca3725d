import { STATUS } from '../../../core/causes/commands.ts';
import { lineFor } from '../../../core/causes/names.ts';
import type { JsonRecord } from '../../../core/values/json.ts';
import { parseInstant, plusMs, type Instant } from '../../../core/values/time.ts';
import type { Holder } from '../../../app/listing/holders.ts';
import { attempt, Fault } from '../../../app/ports/fault.ts';
import type { Clock } from '../../../app/ports/ports.ts';
import { sayBeforeLongWait, sayWaiting, sayNotLooked, WORKER_GOES_ON } from '../long-wait.ts';
import type { Onlooker } from '../follow-rotation.ts';
import type { ElsewhereServed } from '../../show/rotation-ends.ts';
import { endOf, IS_EMERGENCY_NOW, type RotationEnd, type Whereabouts } from '../../show/whereabouts.ts';
import { aside } from '../../show/detail.ts';
import { Stop, type Terminal } from '../../show/terminal.ts';
import type { Worker } from './worker.ts';

const SCHEMA = 'key-warden/rotation/v1';

/** A rotation on record, as far as whoever follows it looks. */
interface Shown {
  readonly phase: string;
  readonly id?: string;
  readonly held?: boolean;
  readonly why?: string;
  readonly next?: string;
  readonly to?: number;
  readonly drain?: { readonly overdue?: boolean };
}

/** What the function answers a POST with. */
interface Told {
  readonly schema: typeof SCHEMA;
  readonly outcome: 'begun' | 'same' | 'hurried' | 'finished' | 'noted';
  readonly rotation: Shown;
  readonly why: string;
  /** Absent where the request had ended long ago. */
  readonly did?: 'rest' | 'wait' | 'held';
  readonly until?: string;
  readonly givenUp?: boolean;
  readonly leakOpen?: boolean;
  readonly stillUsed?: boolean;
  readonly holders?: readonly Holder[];
  readonly holdersNotLooked?: readonly string[];
  /** By when the leaked key goes whoever serves it, or why no date was set. */
  readonly deletion?: string;
  /** Each other holder that was asked to follow. */
  readonly others?: readonly Other[];
}

interface Other {
  readonly secret: string;
  readonly outcome: Told['outcome'] | 'failed' | 'unmanaged' | 'busy';
  readonly rotation?: Shown;
  readonly why: string;
}

/** What it answers a GET with. */
interface OnRecord {
  readonly schema: typeof SCHEMA;
  readonly rotation: Shown;
  readonly leaks: readonly unknown[] | 'unknown';
  readonly ended?: readonly { readonly id: string; readonly outcome: string; readonly why?: string }[];
  /** What is true of the secret, in a sentence; a worker of an earlier release does not say it. */
  readonly now?: string;
}

/** What is asked of whom. */
export interface AskedOfWorker {
  readonly worker: Worker;
  readonly clock: Clock;
  readonly secret: string;
  readonly body: JsonRecord;
  /** Whether giving up is what was asked for. */
  readonly wished?: boolean;
}

/** Has the worker begin or turn a rotation, notes how far it came, and with `wait` follows the record to the end. Answers who else serves the key. */
export async function askForRotation(onlooker: Onlooker, asked: AskedOfWorker): Promise<ElsewhereServed> {
  const { terminal, ends } = onlooker;
  const { worker, secret, body } = asked;
  const told = await worker.ask<Told>({ method: 'POST', body: { secret, ...body } }, SCHEMA);
  const { outcome, rotation, why, holders = [], holdersNotLooked = [], others = [], deletion } = told;
  if (outcome === 'finished') {
    ends.note({ secret, outcome: 'already_done', code: 0, why: `${why} (${rotation.id})` });
    return { holders, holdersNotLooked };
  }
  if (outcome === 'hurried') terminal.err(IS_EMERGENCY_NOW);
  showPhase(terminal, rotation);
  if (deletion !== undefined) terminal.err(`  ${deletion}\n`);
  ends.add({ deletion });
  await notedAtLast(onlooker, asked, rotation, whereaboutsOf(told, asked.wished === true));
  for (const other of others) await otherNoted(onlooker, { ...asked, secret: other.secret }, other);
  return { holders, holdersNotLooked };
}

/** Where a rotation stands that the worker was asked for, as it is on record. */
export async function standsOnRecord(asked: Omit<AskedOfWorker, 'body'>): Promise<RotationEnd> {
  const seen = await lookedUp(asked);
  const [newest] = seen.ended ?? [];
  return endOf(asked.secret, onRecord(seen, seen.rotation.id ?? newest?.id, false));
}

async function notedAtLast(
  { terminal, ends, wait }: Onlooker,
  asked: AskedOfWorker,
  rotation: Shown,
  there: Whereabouts,
): Promise<void> {
  const { secret, clock } = asked;
  if (there.did === 'wait' && !there.resting)
    await sayBeforeLongWait(terminal, {
      wait,
      waitMs: (parseInstant(there.until ?? '') ?? Infinity) - clock.now(),
      needsUs: false,
      goesOn: () => WORKER_GOES_ON,
    });
  const last: Followed = wait && there.did === 'wait' ? await follow(terminal, asked, rotation, there) : there;
  const end = endOf(secret, { ...last, now: last.now ?? (await trueNow(terminal, asked)) });
  ends.note(last.left === true ? { ...end, code: 3 } : end);
}

/** What stops one holder stops no other. */
async function otherNoted(onlooker: Onlooker, asked: AskedOfWorker, other: Other): Promise<void> {
  const { outcome, rotation, why, secret } = other;
  if (outcome === 'finished') onlooker.ends.note({ secret, outcome: 'already_done', code: 0, why });
  else if (rotation === undefined || outcome === 'busy')
    onlooker.ends.note({ secret, outcome: 'refused', code: outcome === 'unmanaged' ? 4 : 5, why });
  else await notedAtLast(onlooker, asked, rotation, inFlight(rotation, why));
}

/** What is true now, if the worker says so: what was asked for is done, and that this one look failed ends nothing, and is said. */
async function trueNow(terminal: Terminal, asked: AskedOfWorker): Promise<string | undefined> {
  try {
    return (await lookedUp(asked)).now;
  } catch (trouble) {
    if (!(trouble instanceof Stop || trouble instanceof Fault)) throw trouble;
    sayNotLooked(terminal, asked.secret, trouble);
    return undefined;
  }
}

async function lookedUp({ worker, secret }: Pick<AskedOfWorker, 'worker' | 'secret'>): Promise<OnRecord> {
  return (await worker.again()).ask<OnRecord>({ method: 'GET', query: { secret } }, SCHEMA);
}

function whereaboutsOf(told: Told, wished: boolean): Whereabouts {
  const { did = 'rest', rotation, why, until, givenUp, leakOpen, stillUsed = false } = told;
  return {
    did,
    resting: rotation.phase === 'resting',
    why,
    until,
    failure: givenUp === true && !wished ? why : undefined,
    leak: leakOpen === true && !wished ? why : undefined,
    stillUsed,
    notBegun: false,
  };
}

function showPhase(terminal: Terminal, { phase, to }: Shown): void {
  aside(terminal, `  ${phase}${to === undefined ? '' : ` (version ${to})`}\n`);
}

const LOOK_MS_MAX = 60_000;

/** `left`: a signal ended the looking, not the rotation. */
type Followed = Whereabouts & { readonly left?: true };

/** Looks at the record, at least once a minute, until the rotation rests or waits for a person. */
async function follow(terminal: Terminal, asked: AskedOfWorker, begun: Shown, first: Whereabouts): Promise<Followed> {
  const { clock, secret, wished } = asked;
  let there = first;
  let phase = begun.phase;
  let said: string | undefined;
  while (there.did === 'wait' && !there.resting) {
    const pauseMs = pauseUntil(there.until, clock.now());
    const nextLook = plusMs(clock.now(), pauseMs);
    said = sayWaiting(terminal, { until: parseInstant(there.until ?? ''), why: there.why, nextLook }, said);
    const stopped = terminal.interrupted().then(() => 'stopped' as const);
    if ((await Promise.race([clock.sleep(pauseMs), stopped])) === 'stopped') {
      terminal.err(`  stopped watching; the worker goes on with it: ${lineFor(STATUS, secret)}\n`);
      return { ...there, left: true };
    }
    const seen = await attempt(() => lookedUp(asked));
    if (seen instanceof Fault) {
      terminal.err(`  ${seen.message}\n`);
      continue;
    }
    if (seen.rotation.phase !== phase) showPhase(terminal, seen.rotation);
    phase = seen.rotation.phase;
    there = onRecord(seen, begun.id, wished === true);
  }
  return there;
}

function pauseUntil(until: string | undefined, now: Instant): number {
  const at = parseInstant(until ?? '') ?? now;
  return Math.min(Math.max(at - now, 1000), LOOK_MS_MAX);
}

/** Where the rotation stands that was begun: another one may have taken its place meanwhile. */
function onRecord(
  { rotation, leaks, ended = [], now }: OnRecord,
  id: string | undefined,
  wished: boolean,
): Whereabouts {
  const end = ended.find((one) => one.id === id);
  const { phase, why = phase } = rotation;
  if (end === undefined && phase !== 'resting') return { ...inFlight(rotation, why), now };
  const failure = end?.outcome === 'abandoned' && !wished ? (end.why ?? 'it was given up') : undefined;
  const leak = leaks.length === 0 || wished ? undefined : 'a leaked key of it is not proven dead';
  return { did: 'rest', resting: true, why: end?.why ?? phase, failure, leak, now, stillUsed: false, notBegun: false };
}

function inFlight({ phase, held = false, next, drain }: Shown, why: string): Whereabouts {
  const resting = phase === 'resting';
  return {
    did: resting ? 'rest' : held ? 'held' : 'wait',
    resting,
    why,
    until: next,
    stillUsed: phase === 'promoted' && held && drain?.overdue === true,
    notBegun: false,
  };
}
