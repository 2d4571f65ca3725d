import { RESUME, STATUS } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { spokenDuration } from '../../core/values/duration.ts';
import { spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import { lastRunsOf } from '../../app/on-record/last-runs.ts';
import type { Wired } from '../../wire.ts';
import { aside } from '../show/detail.ts';
import { saidBehind } from '../show/layout.ts';
import type { Terminal } from '../show/terminal.ts';

/** From here on somebody wants to know whether to stay. */
const LONG_MS = 120_000;

/** What a person is told before a long wait, whoever drives the rotation. */
export interface LongWait {
  /** Whether this command stays for it. */
  readonly wait: boolean;
  /** Until it goes on, as far as that is known. */
  readonly waitMs: number;
  /** A key that was supplied is in this process alone, and gone with it. */
  readonly needsUs: boolean;
  /** Who goes on when this process is gone; asked only where it is said. */
  goesOn(): string | Promise<string>;
}

/** Says, where a person watches and it will be long, whether it is safe to leave, and who goes on then. */
export async function sayBeforeLongWait(
  terminal: Pick<Terminal, 'isAttended' | 'detail' | 'err' | 'width'>,
  { wait, waitMs, needsUs, goesOn }: LongWait,
): Promise<void> {
  if (terminal.isAttended !== true || waitMs <= LONG_MS) return;
  const safe = wait ? 'Ctrl-C is safe: all of it is on record. ' : '';
  aside(terminal, saidBehind(terminal, '', needsUs ? NOT_SAFE : `${safe}${await goesOn()}`));
}

const NOT_SAFE =
  'Ctrl-C is not safe yet: the key that was supplied is in this process alone until it is written, and without it the rotation is given up';

/** The worker that was asked drives rotations itself. */
export const WORKER_GOES_ON = 'The worker goes on with it: it has just answered';

/** Who goes on with a rotation that is driven by hand, as far as the worker's log says whether one is there. */
export async function whoGoesOn({ ports, reader }: Pick<Wired, 'ports' | 'reader'>, secret: string): Promise<string> {
  const by = lineFor(RESUME, secret);
  const now = ports.clock.now();
  const { byScope, unknown } = await lastRunsOf(reader, [projectIn(secret)], now);
  const newest = [...byScope.values()].toSorted((a, b) => b - a)[0];
  if (newest !== undefined) return `The worker goes on with it: it checked last ${spokenDuration(now - newest)} ago`;
  const [why] = unknown.values();
  return why === undefined
    ? `No worker has logged a check in ${projectIn(secret)} for a week: it may be that nothing goes on until somebody types ${by}`
    : `Whether a worker is there to go on is not known (${why}); without one, type ${by}`;
}

/** What is said each time that nothing can be done for a while. */
interface Waiting {
  readonly until: Instant | undefined;
  readonly why: string;
  readonly nextLook: Instant;
}

/**
 * Says what is waited for; answers that, to be given the next time. A person who watches is told once, and of the looks in the line
 * of progress; a log has a line for each look.
 */
export function sayWaiting(terminal: Terminal, { until, why, nextLook }: Waiting, said: string | undefined): string {
  const waiting = `waiting${until === undefined ? '' : ` until ${spokenMinuteBy(until)}`}: ${why}`;
  const look = `next look ${spokenMinuteBy(nextLook)}`;
  const { progress } = terminal;
  if (progress === undefined) aside(terminal, saidBehind(terminal, '', `${waiting}; ${look}`));
  else if (waiting !== said) aside(terminal, saidBehind(terminal, '', waiting));
  progress?.({ doing: `waiting; ${look}` });
  return waiting;
}

/** Says that the last look failed, and with it the sentence on what is true now: what was done before it is done all the same. */
export function sayNotLooked(terminal: Terminal, secret: string, { message }: Error): void {
  const text = `how ${secret} stands now could not be looked up (${message}): ${lineFor(STATUS, secret)}`;
  terminal.err(saidBehind(terminal, '', text));
}
