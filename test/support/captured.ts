import { main } from '../../src/cli/main.ts';
import type { Clock } from '../../src/app/ports/ports.ts';
import type { Progress } from '../../src/cli/show/progress.ts';
import type { Terminal } from '../../src/cli/show/terminal.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { pretendTime, wireTo } from '../../src/wire.ts';

/** What one command line printed and how it ended. */
export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What comes in on standard input; a terminal without it. */
  readonly input?: string;
  readonly colour?: boolean;
  /** Columns of the terminal; a pipe without it. */
  readonly width?: number;
  /** Whether a person reads standard error. */
  readonly isAttended?: boolean;
  /** Hears of progress, where a person watches. */
  readonly progress?: Progress;
  readonly interrupted?: () => Promise<void>;
  /** That of the pretend cloud it is pointed at, as for the real command, unless told. */
  readonly clock?: Clock;
}

/** The time of the pretend cloud that a command is pointed at, as the real command has it. */
export async function timeAt(url: string | undefined): Promise<Parameters<typeof wireTo>[1]> {
  const theirs = pretendTime(url);
  await theirs?.clock.ask();
  return theirs;
}

/** Runs one command line in this process against whatever the environment points at. */
export async function run(
  words: readonly string[],
  {
    environment = {},
    input,
    colour = false,
    width,
    isAttended = false,
    progress,
    interrupted = never,
    clock,
  }: Surroundings = {},
): Promise<Captured> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    environment,
    out: (text) => void out.push(text),
    outKey: (text) => void out.push(text),
    isWatched: width !== undefined,
    err: (text) => void err.push(text),
    isAttended,
    ...(progress === undefined ? {} : { progress }),
    input: () => Promise.resolve(input),
    colour,
    width,
    interrupted,
  };
  const time = clock === undefined ? await timeAt(environment['KEY_WARDEN_EMULATOR']) : { clock, random: () => 0.5 };
  const wire = wireTo(structuredLog(terminal.err), time);
  const code = await main(words, terminal, () => Promise.resolve(wire));
  return { code, out: out.join(''), err: err.join('') };
}

const never = () => new Promise<void>(() => undefined);
