import { consumerKey } from '../../app/keys/consumer-key.ts';
import { attempt, Fault } from '../../app/ports/fault.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { Wire } from '../../wire.ts';
import { oneSecret, type Target } from './ask.ts';
import { keyFile, type KeyFile } from './exec/key-file.ts';
import { keepRunning } from './exec/keep-running.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

export interface ExecOptions extends Target {
  readonly at: string;
  readonly field?: string | undefined;
  /** Name of the variable that the command finds the key in; with `file`, `<env>_FILE` says where the file is. */
  readonly env: string;
  readonly file?: string | undefined;
  /** Sent when the file has another key; without it the command reads the file by itself. */
  readonly signal?: NodeJS.Signals | undefined;
  readonly every: number;
  readonly grace: number;
}

type Child = ReturnType<ReturnType<Wire>['startChild']>;

/** A key and the version it came with, which may be told. */
interface Held {
  readonly key: KeyText;
  readonly version: number;
}

/**
 * Runs a command with the key of a secret and keeps the key current: in its environment, and then it is started anew when the key
 * changes, or in a file, and then it may be sent a signal. Ends as the command ends, with its code.
 */
export async function exec(
  terminal: Terminal,
  wire: Wire,
  words: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const { settings, secret } = oneSecret(terminal, options);
  const [command = '', ...rest] = words;
  if (options.signal !== undefined && options.file === undefined)
    throw new Stop(
      2,
      'a running command’s environment cannot change, so --signal needs --file',
      'or leave --signal out: it is started anew',
    );
  await using wired = wire(settings);
  const { ports } = wired;
  const read = () => consumerKey(ports, { secret, readAs: options.at, field: options.field });
  const first = await read();
  if (first.is === 'none') throw new Stop(1, `${secret}: ${first.says}`);
  sayRival(terminal, options);

  const file = options.file === undefined ? undefined : keyFile(options.file);
  let held: Held = first;
  let inFile: Held = first;
  let isDark = false;
  const start = () =>
    wired.startChild(
      command,
      rest,
      file === undefined ? { [options.env]: held.key.reveal() } : { [`${options.env}_FILE`]: file.path },
      (why) => terminal.err(`key-warden: ${command}: ${why}\n`),
    );

  /** Looks again after each pause until there is another key. The last good one stands while none can be read. */
  const another = async (): Promise<void> => {
    for (;;) {
      await ports.clock.sleep(options.every * 1000 * (0.8 + 0.4 * Math.random()));
      const seen = await attempt(read);
      const trouble = seen instanceof Fault ? seen.message : seen.is === 'none' ? seen.says : undefined;
      if (trouble !== undefined && !isDark)
        terminal.err(`note: ${secret}: ${trouble}; the command goes on with the key of version ${held.version}\n`);
      if (trouble === undefined && isDark) terminal.err(`note: ${secret} can be read again\n`);
      isDark = trouble !== undefined;
      if (seen instanceof Fault || seen.is === 'none' || seen.key.equals(held.key)) continue;
      terminal.err(`note: ${secret}: the key changed, version ${held.version} → ${seen.version}\n`);
      held = seen;
      return;
    }
  };

  /** A file that cannot be written now keeps the key that it has, and the next look tries again. */
  const rewritten = async (to: KeyFile, child: Child): Promise<void> => {
    try {
      await to.write(held.key);
      inFile = held;
      if (options.signal !== undefined) child.signal(options.signal);
    } catch (trouble) {
      if (!(trouble instanceof Stop)) throw trouble;
      terminal.err(`note: ${trouble.what}; the command goes on with the key of version ${inFile.version}\n`);
      held = inFile;
    }
  };

  await file?.write(held.key);
  try {
    return await keepRunning<Child>({
      start,
      another,
      renewed: file === undefined ? 'start-anew' : (child) => rewritten(file, child),
      grace: () => ports.clock.sleep(options.grace * 1000),
      signals: terminal.signals,
    });
  } finally {
    await file?.remove();
  }
}

/** Google's own clients take this variable first. */
function sayRival({ environment, err }: Terminal, { env, file }: ExecOptions): void {
  if (file === undefined && env !== 'GOOGLE_API_KEY' && environment['GOOGLE_API_KEY'] !== undefined)
    err(`note: GOOGLE_API_KEY is set too, and Google’s clients take it before ${env}\n`);
}
