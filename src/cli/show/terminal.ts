import { stripVTControlCharacters, styleText } from 'node:util';
import type { Detail } from './detail.ts';
import type { OnDisk } from './aim.ts';
import type { Progress } from './progress.ts';

/** The streams and the environment of one run of the command line, passed in so that a test can read what was printed. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The configuration file and gcloud's project; absent where nobody looks at a disk. */
  onDisk?(): OnDisk;
  /** Data: what a script or a pipe wants. */
  out(text: string): void;
  /** A key that the caller asked for by name: the one thing that is printed as it is (I9). */
  outKey?(text: string): void;
  /** Whether what is printed stands on a person's screen. */
  readonly isWatched?: boolean;
  /** Signals that are sent to us, for a command that runs another one. */
  readonly signals?: Signals;
  /** Everything else: progress, hints, errors. */
  err(text: string): void;
  /** Whether a person reads that as it comes. */
  readonly isAttended?: boolean;
  /** All of standard input as text, or `undefined` when it is a terminal and nobody asked to type. */
  input(): Promise<string | undefined>;
  /** Says how far the work is, where a person watches standard error and wants to hear of it. */
  readonly progress?: Progress;
  readonly colour: boolean;
  /** As usual where nobody says otherwise. */
  readonly detail?: Detail;
  /** Columns of the terminal; `undefined` into a pipe, where no line is broken. */
  readonly width?: number | undefined;
  /** Time to read, where a person watches; a pipe is not kept waiting. */
  pause?(milliseconds: number): Promise<void>;
  /** Resolves when the person pressed Ctrl-C or the process was asked to end. */
  interrupted(): Promise<void>;
}

/**
 * Calls back for every signal from then on, which no longer ends us. `isShared`: a terminal sent it to all that runs in it, and so to
 * the other command too.
 */
export type Signals = (heard: (name: NodeJS.Signals, how: { readonly isShared: boolean }) => void) => void;

export type Paint = (style: 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim', text: string) => string;

/** Colour where it will be seen; plain text into pipes and under NO_COLOR. */
export function painter({ colour }: Pick<Terminal, 'colour'>): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** A text as far as it takes room on the screen. */
export function visible(text: string): string {
  return stripVTControlCharacters(text);
}

/** The system's code of an error, such as `ENOENT`: all that is shown of it, because its text may name paths and more. */
export function systemCodeOf(trouble: unknown): string {
  return typeof trouble === 'object' && trouble !== null && 'code' in trouble
    ? String(trouble.code)
    : 'unknown trouble';
}

/** What ends a command with a message instead of a stack: `code` is the exit code, `what` and `next` are for people. */
export class Stop extends Error {
  readonly code: 1 | 2 | 3 | 4 | 5;
  readonly what: string;
  /** What to do now, where it is not part of `what`. */
  readonly next: string | undefined;

  constructor(code: 1 | 2 | 3 | 4 | 5, what: string, next?: string) {
    super(next === undefined ? what : `${what}; ${next}`);
    this.name = 'Stop';
    this.code = code;
    this.what = what;
    this.next = next;
  }
}
