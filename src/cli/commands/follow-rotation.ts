import { ABORT, STATUS } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { type Started, start, isNotBegun } from '../../app/rotation/start.ts';
import { drive, noteEnd, type BadEnds } from '../../app/rotation/drive.ts';
import type { Step, TickOrder } from '../../app/rotation/tick.ts';
import { isHeldBusy, type Journal } from '../../core/record/journal.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import { isoOf, plusMs } from '../../core/values/time.ts';
import type { Wired } from '../../wire.ts';
import { spokenState } from '../../app/on-record/spoken-state.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import { aside } from '../show/detail.ts';
import { sayBeforeLongWait, sayWaiting, sayNotLooked, whoGoesOn } from './long-wait.ts';
import type { RotationEnds } from '../show/rotation-ends.ts';
import { endOf, IS_EMERGENCY_NOW, type RotationCode, type RotationEnd, type Whereabouts } from '../show/whereabouts.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** What this process brings to a rotation: a name of its own, and the settings' policy. */
export function orderFor(settings: Settings, secret: string): TickOrder {
  return {
    secret,
    me: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    secretPolicy: settings.secretPolicy,
  };
}

/** Who looks on while a rotation goes on: what is said on the way, where its end goes, and whether somebody stays for it. */
export interface Onlooker {
  readonly terminal: Terminal;
  readonly ends: RotationEnds;
  readonly wait: boolean;
}

/** Begins what was asked for, and says what became of it; stops with what stands in the way. */
export async function begin(
  onlooker: Onlooker,
  wired: Wired,
  order: TickOrder & { readonly asked: Asked },
): Promise<RotationCode> {
  const { terminal } = onlooker;
  const ends: BadEnds = { failures: [], leaks: [] };
  const started: Started = await start(wired.ports, order, watch(terminal, ends));
  if (started.outcome === 'unmanaged') throw new Stop(4, `${order.secret}: ${started.why}`);
  if (started.outcome === 'busy') {
    const way = isBeforePromotion(started.journal.phase)
      ? `see ${lineFor(STATUS, order.secret)}, or give it up: ${lineFor(ABORT, order.secret)}`
      : `it goes on by itself: ${lineFor(STATUS, order.secret)}`;
    throw new Stop(5, `${order.secret}: ${started.why}`, way);
  }
  if (started.outcome === 'finished') {
    const why = `${started.why} (${started.rotation})`;
    return onlooker.ends.note({ secret: order.secret, outcome: 'already_done', code: 0, why });
  }
  if (started.outcome === 'hurried') terminal.err(IS_EMERGENCY_NOW);
  return finish(onlooker, wired, order, journeyOf(started.step, ends));
}

/** Takes a rotation as far as it goes now, showing each step. */
export async function advance(terminal: Terminal, wired: Wired, order: TickOrder): Promise<Journey> {
  const ends: BadEnds = { failures: [], leaks: [] };
  return journeyOf(await drive(wired.ports, { ...order, asked: undefined }, watch(terminal, ends)), ends);
}

/** Takes a rotation as far as it goes now, and says where it stands then. */
export async function standsNow(terminal: Terminal, wired: Wired, order: TickOrder): Promise<RotationEnd> {
  return endFor(terminal, wired, order, await advance(terminal, wired, order));
}

/** Giving up is what the person asked for. */
export function asWished({ step }: Journey): Journey {
  return { step };
}

/** Where a rotation stands, why it was given up if that happened on the way, and which leaked key is alive after its end. */
interface Journey {
  readonly step: Step;
  readonly failure?: string | undefined;
  readonly leak?: string | undefined;
}

function journeyOf(step: Step, { failures, leaks }: BadEnds): Journey {
  return { step, failure: failures.at(-1), leak: leaks.at(-1) };
}

function watch(terminal: Terminal, ends: BadEnds): (step: Step) => void {
  return (step) => {
    progress(terminal, step);
    noteEnd(ends, step);
  };
}

const STOPPED = 'stopped watching; the rotation is on record, and whoever drives rotations goes on with it';
const STOPPED_EARLY =
  'stopped; the key that was supplied was not written yet and is gone with this process: the rotation will be given up, supply it again';

/** A supplied key is in this process only until it is written: whoever goes on without it can only give the rotation up. */
function needsUs({ supplied }: TickOrder, { phase }: Journal): boolean {
  return supplied !== undefined && (phase === 'opened' || phase === 'minted');
}

/** With `--wait`, goes on whenever the rotation may, until a signal; looks at least once a minute, because a person may change its mind. */
export async function finish(
  onlooker: Onlooker,
  wired: Wired,
  order: TickOrder,
  first: Journey,
): Promise<RotationCode> {
  const { terminal, wait } = onlooker;
  const { clock } = wired.ports;
  let journey = first;
  let said: string | undefined;
  const { step: begun } = first;
  if (begun.did === 'wait' && begun.journal.phase !== 'resting')
    await sayBeforeLongWait(terminal, {
      wait,
      waitMs: begun.until - clock.now(),
      needsUs: needsUs(order, begun.journal),
      goesOn: () => whoGoesOn(wired, order.secret),
    });
  while (journey.step.did === 'wait' && journey.step.journal.phase !== 'resting') {
    const { step } = journey;
    const ours = needsUs(order, step.journal);
    if (!wait && !ours) break;
    const stopped = terminal.interrupted().then(() => 'stopped' as const);
    const pauseMs = Math.min(Math.max(step.until - clock.now(), 1000), 60_000);
    const nextLook = plusMs(clock.now(), pauseMs);
    said = sayWaiting(terminal, { until: step.until, why: step.why, nextLook }, said);
    if ((await Promise.race([clock.sleep(pauseMs), stopped])) === 'stopped') {
      terminal.err(`  ${ours ? STOPPED_EARLY : STOPPED}\n`);
      return onlooker.ends.note({ ...(await endFor(terminal, wired, order, journey)), code: 3 });
    }
    journey = await advance(terminal, wired, order);
  }
  return onlooker.ends.note(await endFor(terminal, wired, order, journey));
}

/** One last look says what is true now, for the purge of a leaked key follows the last step. That it failed ends nothing, and is said. */
async function endFor(
  terminal: Terminal,
  { ports }: Wired,
  { secret, secretPolicy }: TickOrder,
  { step, failure, leak }: Journey,
): Promise<RotationEnd> {
  const seen = await attempt(() => ports.vault.look(secret));
  if (seen instanceof Fault) sayNotLooked(terminal, secret, seen);
  const now = seen instanceof Fault ? undefined : spokenState(seen, secretPolicy);
  return endOf(secret, { ...whereaboutsOf(step), failure, leak, now });
}

function whereaboutsOf(step: Step): Whereabouts {
  if (step.did === 'moved' || step.did === 'lost' || step.did === 'refused')
    return { did: 'interrupted', resting: false, why: '', stillUsed: false, notBegun: false };
  const { did, why, journal } = step;
  const flight = journal === undefined || journal.phase === 'resting' ? undefined : journal;
  return {
    did,
    why,
    until: did === 'wait' ? isoOf(step.until) : undefined,
    resting: flight === undefined,
    stillUsed: flight !== undefined && isHeldBusy(flight),
    notBegun: isNotBegun(step),
  };
}

function progress(terminal: Terminal, step: Step): void {
  if (step.did === 'moved' && step.by !== 'lease')
    aside(
      terminal,
      `  ${step.by} → ${step.after.phase}${'to' in step.after && step.after.to !== undefined ? ` (version ${step.after.to})` : ''}\n`,
    );
  if (step.did === 'lost') aside(terminal, `  somebody else was quicker; looking again\n`);
}
