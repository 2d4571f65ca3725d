/**
 * CPU of the installed command, as `npm run build` makes it, for what is asked most often, as a ratio to Node that does nothing.
 * In turns; run with `node bench/command-start.ts [rounds]`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { median, verdictLine } from './children.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'key-warden-bench-'));
execFileSync(process.execPath, [fileURLToPath(new URL('../build/build-command.ts', import.meta.url)), folder]);
const script = join(folder, 'bin.js');

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  '--help': [script, '--help'],
  '--version': [script, '--version'],
  explain: [script, 'explain', '403 Your API key was reported as leaked. Please use another API key.'],
};

/** The child tells its own use at its end, so that nothing of ours is counted; Node that does nothing tells it too. */
const TELLS =
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('CPU ' + (user + system)); });";
const PRELOAD = `data:text/javascript,${encodeURIComponent(TELLS)}`;

function cpuMs(words: readonly string[]): number {
  const { stderr } = spawnSync(process.execPath, ['--import', PRELOAD, ...words], { encoding: 'utf8' });
  const told = /CPU (\d+)$/.exec(stderr)?.[1];
  if (told === undefined) throw new Error(`${words.join(' ')} did not end as it should: ${stderr}`);
  return Number(told) / 1000;
}

const floor: number[] = [];
const measured = new Map(Object.keys(COMMANDS).map((name) => [name, new Array<number>()]));
for (let round = 0; round <= ROUNDS; round += 1) {
  const [least, ...all] = [['-e', '0'], ...Object.values(COMMANDS)].map(cpuMs);
  if (round === 0) continue; // files come from the disk
  floor.push(least ?? Number.NaN);
  [...measured.values()].forEach((values, at) => values.push(all[at] ?? Number.NaN));
}
rmSync(folder, { recursive: true });
const least = median(floor);
process.stdout.write(`bare Node: ${least.toFixed(0)} ms of CPU (${ROUNDS} rounds)\n`);
for (const [name, values] of measured)
  process.stdout.write(`${verdictLine(`CPU of ${name} against bare Node`, median(values) / least, { atMost: 2.5 })}\n`);
