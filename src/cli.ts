import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { redact } from './core/key/redact.ts';
import { reportWithoutEnvironment } from './edge/process/report.ts';
import { main } from './cli/main.ts';
import { onDisk } from './cli/on-disk.ts';
import { detailOf } from './cli/show/detail.ts';
import { plainLog } from './cli/show/plain-log.ts';
import { progressOn, takesLinesBack } from './cli/show/progress.ts';
import { systemCodeOf, type Signals, type Terminal } from './cli/show/terminal.ts';

reportWithoutEnvironment();

const TWICE_MS = 500;

/** Ends at the first signal; made when somebody waits for it, so that otherwise signals end the process as usual. */
let signalled: Promise<void> | undefined;
let wasSignalled = false;
let passesSignals = false;

const closed = new Set<NodeJS.WriteStream>();
const waitsForNobody = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false });
const progress =
  process.stderr.isTTY && takesLinesBack(process.env) ? progressOn(process.stderr, waitsForNobody) : undefined;

/** The command line on the real process: streams, signals and the exit code; everything else is in `cli/`. */
const terminal: Terminal = {
  environment: process.env,
  onDisk: () => onDisk(process.env),
  out: (printed) => write(process.stdout, printed),
  err: (printed) => write(process.stderr, printed),
  outKey: (printed) => write(process.stdout, printed),
  isWatched: process.stdout.isTTY,
  isAttended: process.stderr.isTTY,
  signals: passSignalsOn,
  ...(progress === undefined ? {} : { progress }),
  input: () => (process.stdin.isTTY ? Promise.resolve(undefined) : text(process.stdin)),
  colour: process.stdout.isTTY && process.stdout.hasColors(),
  width: process.stdout.isTTY ? process.stdout.columns || undefined : undefined,
  ...(process.stdout.isTTY ? { pause: (milliseconds: number) => setTimeout(milliseconds) } : {}),
  interrupted: () => (signalled ??= firstSignal()),
};

// A reader that has seen enough (`| head -1`) closes the pipe. Nobody is left to tell, and a script still wants to know how it
// ended: the work is done to its end, and its exit code stays.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (trouble: NodeJS.ErrnoException) => {
    const isAlone = closed.has(stream);
    closed.add(stream);
    if (isAlone || trouble.code === 'EPIPE') return;
    writeSync(2, `key-warden: what it says cannot be written (${systemCodeOf(trouble)})\n`);
    process.exit(3);
  });

// Where no metadata server answers, Google's library warns of it; that there are no credentials is said in our own words.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'MetadataLookupWarning') terminal.err(`${name}: ${redact(message)}\n`);
});

const log = plainLog(terminal, detailOf(process.argv.slice(2)));
process.exitCode = await main(process.argv.slice(2), terminal, async () => {
  const { pretendTime, wireTo } = await import('./wire.ts');
  const pretend = pretendTime(process.env['KEY_WARDEN_EMULATOR']);
  await pretend?.clock.ask();
  return wireTo(log, pretend);
});
if (wasSignalled || passesSignals) process.exit(); // a pause that was cut short still runs

/** Whoever runs another command hears what is sent to us; Ctrl-C goes to all that a terminal runs, so that one has it already. */
function passSignalsOn(heard: Parameters<Signals>[0]): void {
  passesSignals = true;
  for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
    process.on(name, () => heard(name, { isShared: process.stdin.isTTY && (name === 'SIGINT' || name === 'SIGQUIT') }));
}

/** Words begin on a line of their own. */
function write(stream: NodeJS.WriteStream, printed: string): void {
  progress?.(undefined);
  if (!closed.has(stream)) stream.write(printed);
}

/** A second signal ends the process at once, unless it is the same one come twice: through the group and from a parent. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    const heardAt = { ms: 0 };
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (wasSignalled && Date.now() - heardAt.ms > TWICE_MS) process.exit(130);
        if (!wasSignalled) heardAt.ms = Date.now();
        wasSignalled = true;
        resolve();
      });
  });
}
