import type { Clock } from '../../../src/app/ports/ports.ts';
import { main } from '../../../src/cli/main.ts';
import { detailOf } from '../../../src/cli/show/detail.ts';
import { plainLog } from '../../../src/cli/show/plain-log.ts';
import type { Terminal } from '../../../src/cli/show/terminal.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { wireTo } from '../../../src/wire.ts';
import { typed, type Typed } from './typed.ts';

/** A person's shell in front of the real command line: what is typed, and what comes back as it stands on the screen. */
export interface Shell {
  /** What the person thinks, or reads somewhere. */
  tell(text: string): void;
  /** Types a line; the story ends where it did not end with `code`. */
  type(line: string, code?: number): Promise<void>;
  /** The story so far, as Markdown. */
  story(): string;
}

export interface Seat {
  readonly environment: Readonly<Record<string, string>>;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Where the pretend cloud listens in the papers, whatever port it got. */
const SHOWN_URL = 'http://127.0.0.1:8085';

export function shellOn(cloud: PretendCloud, seat: Seat): Shell {
  const parts: string[] = [];
  return {
    tell: (text) => void parts.push(text),
    async type(line, code = 0) {
      const { pipe, ...command } = typed(line);
      const { printed, ended } =
        command.words[0] === 'curl' ? await curled(cloud, command) : await commanded(cloud, seat, command);
      if (ended !== code) throw new Error(`${line} ended with ${ended}, not ${code}:\n${printed}`);
      const shown = printed
        .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, SHOWN_URL)
        .replaceAll('\r', '')
        .trimEnd()
        .split('\n');
      const seen = pipe === undefined ? shown : shown.slice(0, pipe);
      const end = ended === 0 ? [] : [`# ends with ${ended}`];
      parts.push(['```console', `$ ${line}`, ...seen, ...end, '```'].join('\n'));
    },
    story: () => `${parts.join('\n\n')}\n`,
  };
}

interface Answered {
  readonly printed: string;
  readonly ended: number;
}

/** Output on both streams is kept in the order in which it was printed. */
async function commanded(
  cloud: PretendCloud,
  { environment, width }: Seat,
  { words, input, outOnly }: Typed,
): Promise<Answered> {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const isServer = words[1] === 'emulator';
  const terminal: Terminal = {
    environment: { ...environment, KEY_WARDEN_CONFIG: '/dev/null' },
    out: print,
    err: outOnly ? () => undefined : print,
    input: () => Promise.resolve(input),
    colour: false,
    width,
    isAttended: true,
    interrupted: () => (isServer ? Promise.resolve() : new Promise<void>(() => undefined)),
  };
  const clock: Clock = {
    now: () => instantOf(cloud.clock.now()),
    sleep: (milliseconds) => cloud.advance(milliseconds),
  };
  const wire = wireTo(plainLog(terminal, detailOf(words)), { clock, random: () => 0.5 });
  const [, ...given] = isServer ? [...words, '--port', '0'] : words;
  const ended = await main(given, terminal, () => Promise.resolve(wire));
  return { printed: printed.join(''), ended };
}

/** What curl prints of the pretend cloud's answer. */
async function curled(cloud: PretendCloud, { words }: Typed): Promise<Answered> {
  const after = (option: string) => words.flatMap((word, at) => (word === option ? [words[at + 1] ?? ''] : []));
  const address = words.find((word) => word.startsWith(SHOWN_URL)) ?? '';
  const [body] = after('-d');
  const headers = after('-H').map((header): [string, string] => {
    const [name = '', ...value] = header.split(': ');
    return [name, value.join(': ')];
  });
  const response = await fetch(address.replace(SHOWN_URL, cloud.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { printed: await response.text(), ended: 0 };
}
