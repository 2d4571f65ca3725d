import { CUT_OFF_USERS, RESUME } from '../../core/causes/commands.ts';
import { parseInstant, spokenMinuteBy } from '../../core/values/time.ts';
import { lineFor } from '../../core/causes/names.ts';
import { saidBehind } from './layout.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

/** How a command about a rotation ends; see the exit codes in docs/reference/commands.md. */
export type RotationCode = 0 | 3 | 4 | 5;

/** Whoever asks for an emergency while another rotation is under way gets that one. */
export const IS_EMERGENCY_NOW =
  '  a rotation was under way, and is an emergency now: its old key goes at once. Is it the new key that leaked, give the command again when it rests\n';

/** Where a rotation stands when a command ends, whether this process drove it or the worker did. */
export interface Whereabouts {
  readonly did: 'rest' | 'wait' | 'held' | 'interrupted';
  /** No rotation is in flight. */
  readonly resting: boolean;
  readonly why: string;
  /** When it goes on, in RFC 3339. */
  readonly until?: string | undefined;
  /** Why one was given up on the way. */
  readonly failure?: string | undefined;
  /** Which leaked key is alive after its end. */
  readonly leak?: string | undefined;
  /** What is true of the secret now, in a sentence; absent where nobody looked. */
  readonly now?: string | undefined;
  /** Held because the old key is still used. */
  readonly stillUsed: boolean;
  /** Held before anything was begun. */
  readonly notBegun: boolean;
}

/** What became of one secret of a command about rotations: what is printed, in words or as JSON, and the exit code. */
export interface RotationEnd {
  readonly secret: string;
  readonly outcome:
    | 'at_rest'
    | 'under_way'
    | 'given_up'
    | 'leak_open'
    | 'held'
    | 'not_begun'
    | 'interrupted'
    /** The request had ended long ago, or consumers have the key that was supplied. */
    | 'already_done'
    /** Nothing was asked of it: not under care, another rotation is in flight, or it could not be reached. */
    | 'refused';
  readonly code: RotationCode;
  readonly why?: string | undefined;
  readonly until?: string | undefined;
  readonly leak?: string | undefined;
  readonly now?: string | undefined;
  /** Commands that change its course. */
  readonly next?: readonly string[] | undefined;
}

/** What a place on record means for the command that ends there. */
export function endOf(secret: string, { did, resting, ...there }: Whereabouts): RotationEnd {
  const { why, until, failure, leak, now } = there;
  switch (did) {
    case 'rest':
    case 'wait':
      if (did === 'wait' && !resting) return { secret, outcome: 'under_way', code: 0, why, until, now };
      if (failure !== undefined) return { secret, outcome: 'given_up', code: 5, why: failure, leak, now };
      if (leak !== undefined) return { secret, outcome: 'leak_open', code: 5, leak, now };
      return { secret, outcome: 'at_rest', code: 0, now };
    case 'held':
      if (there.notBegun) return { secret, outcome: 'not_begun', code: 5, why, now };
      return {
        secret,
        outcome: 'held',
        code: 5,
        why,
        now,
        next: [RESUME, ...(there.stillUsed ? [CUT_OFF_USERS] : [])].map((command) => lineFor(command, secret)),
      };
    case 'interrupted':
      return { secret, outcome: 'interrupted', code: 3, now };
  }
}

/** A moment in RFC 3339 that is waited for, as it is said; a worker may say one that this release does not read. */
function spokenMoment(text: string): string {
  const at = parseInstant(text);
  return at === undefined ? text : spokenMinuteBy(at);
}

const WORDS = {
  at_rest: ['green', 'at rest'],
  under_way: ['cyan', 'under way'],
  given_up: ['red', 'given up'],
  leak_open: ['red', 'leak open'],
  held: ['red', 'held'],
  not_begun: ['red', 'not begun'],
  interrupted: ['yellow', 'interrupted'],
  already_done: ['green', 'already done'],
  refused: ['red', 'refused'],
} as const satisfies Record<RotationEnd['outcome'], readonly [Parameters<Paint>[0], string]>;

/** The last words of a command about a rotation: how it ended, what is true now, and what changes that. */
export function showEnd(terminal: Terminal, { secret, outcome, why, until, leak, now, next = [] }: RotationEnd): void {
  const paint = painter(terminal);
  const [colour, word] = WORDS[outcome];
  const head = paint(colour, word);
  const line = (text: string) => terminal.out(saidBehind(terminal, '', text));
  const about = (title: string, text: string) => terminal.out(saidBehind(terminal, title, `${secret}: ${text}`));
  switch (outcome) {
    case 'at_rest':
      terminal.out(saidBehind(terminal, head, now === undefined ? secret : `${secret}: ${now}`));
      return;
    case 'given_up':
      about(head, String(why));
      line('consumers read what they read before');
      if (leak !== undefined) about(paint('red', 'leak open'), leak);
      break;
    case 'leak_open':
      about(head, String(leak));
      line('consumers read the new key');
      break;
    case 'under_way':
    case 'held':
    case 'not_begun':
    case 'already_done':
    case 'refused':
    case 'interrupted':
      terminal.out(
        saidBehind(
          terminal,
          head,
          `${secret}${why === undefined ? '' : `: ${why}`}${until === undefined ? '' : `; goes on ${spokenMoment(until)}`}`,
        ),
      );
  }
  if (now !== undefined) line(now);
  const [first, second] = next;
  if (first !== undefined) line(`${second === undefined ? 'when that is mended' : 'when they have moved'}: ${first}`);
  if (second !== undefined) line(`or, and then they fail: ${second}`);
}
