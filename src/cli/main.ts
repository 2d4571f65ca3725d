import { CommanderError } from 'commander';
import { Fault, isBarred } from '../app/ports/fault.ts';
import { redact } from '../core/key/redact.ts';
import { programOf } from './program.ts';
import type { Code, LazyWire } from './program/stage.ts';
import { detailOf } from './show/detail.ts';
import { Stop, type Terminal } from './show/terminal.ts';

/** Runs one command line and returns its exit code. Nothing but a bug of ours rejects. */
export async function main(words: readonly string[], given: Terminal, wire: LazyWire): Promise<Code> {
  const isJson = isGiven(words, '--json');
  const plain = hushedFor(words, redacting(given), isJson);
  const done: { code: Code } = { code: 0 };
  try {
    const isHelp = isGiven(words, '--help') || isGiven(words, '-h');
    const terminal = UNAIMED.has(words[0]) || isHelp ? plain : (await import('./show/aim.ts')).aimed(plain);
    const program = programOf(terminal, wire, (code) => (done.code = code), isJson);
    await program.parseAsync([...words], { from: 'user' });
    return done.code;
  } catch (trouble) {
    if (trouble instanceof CommanderError && trouble.exitCode === 0) return 0;
    const stop = stopOf(trouble);
    if (isJson) plain.out(`${JSON.stringify((await import('./show/refusal.ts')).refusalJson(stop), null, 2)}\n`);
    else if (!(trouble instanceof CommanderError)) plain.err(`key-warden: ${stop.message}\n`); // commander has said it
    return stop.code;
  } finally {
    given.progress?.(undefined);
  }
}

/** How far the work is, is told to nobody who wants quiet, nor beside JSON. */
function hushedFor(words: readonly string[], { progress, ...terminal }: Terminal, isJson: boolean): Terminal {
  const detail = detailOf(words);
  return { ...terminal, detail, ...(progress === undefined || isJson || detail === 'quiet' ? {} : { progress }) };
}

/** Whether an option stands among the words; told before they are parsed, for what cannot be parsed is answered in its form too. */
function isGiven(words: readonly string[], option: string): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? undefined : end).includes(option);
}

/** What a command came to, however it ended; a bug of ours goes on. */
function stopOf(trouble: unknown): Stop {
  if (trouble instanceof Stop) return trouble;
  if (trouble instanceof CommanderError) return new Stop(2, trouble.message.replace(/^error: /, ''));
  if (trouble instanceof Fault) return new Stop(isBarred(trouble) ? 4 : 3, trouble.message);
  throw trouble;
}

/** What is about no cloud, and what shows the configuration itself, needs none that can be used. */
const UNAIMED: ReadonlySet<string | undefined> = new Set([
  undefined,
  '--help',
  '-h',
  '--version',
  '-V',
  'help',
  'version',
  'explain',
  'runbook',
  'emulator',
  'demo',
  'config',
]);

/** Whatever is printed, also commander's own word about a line that it does not understand, is without a key (I9). */
function redacting(terminal: Terminal): Terminal {
  return { ...terminal, out: (text) => terminal.out(redact(text)), err: (text) => terminal.err(redact(text)) };
}
