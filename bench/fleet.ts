/**
 * How large a fleet one instance checks: 10,000 secrets behind calls that take 100 ms each, as a ratio to bare HTTP doing
 * the same requests. Run with `node bench/fleet.ts [secrets] [concurrency] [rounds]`.
 */
import process from 'node:process';
import { figuresOf, median, startCloudProcess, verdictLine } from './children.ts';

const [, , secrets = '10000', concurrency = '64', rounds = '3'] = process.argv;
const ONCE = new URL('fleet-once.ts', import.meta.url);
const CALL_MS = 100;
const KINDS = ['floor', 'ours'] as const;
const FIGURES = ['seconds', 'cpuSeconds', 'peakMegabytes'] as const;
type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

const { child, url } = await startCloudProcess(Number(secrets));
for (const service of ['secretmanager', 'gemini']) {
  const fault = { match: { service }, times: 1e9, delayMs: CALL_MS };
  const planted = await fetch(`${url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  if (!planted.ok) throw new Error(await planted.text());
}

async function measure(kind: string): Promise<Figures> {
  const { works, ...figures } = await figuresOf(ONCE, [kind, url, concurrency], ['works', ...FIGURES]);
  if (works !== Number(secrets)) throw new Error(`${kind}: ${works} of ${secrets} keys worked`);
  return figures;
}

const measured = { floor: new Array<Figures>(), ours: new Array<Figures>() };
for (let round = 0; round < Number(rounds); round += 1)
  for (const kind of KINDS) measured[kind].push(await measure(kind));
child.kill();

const middle = (kind: (typeof KINDS)[number], figure: keyof Figures) =>
  median(measured[kind].map((one) => one[figure]));
const row = (cells: readonly string[]) => process.stdout.write(`${cells.map((cell) => cell.padStart(14)).join('')}\n`);
process.stdout.write(`${secrets} secrets, ${concurrency} at a time, ${CALL_MS} ms a call\n`);
row(['', 'seconds', 'CPU seconds', 'peak MB']);
for (const kind of KINDS) row([kind, ...FIGURES.map((figure) => middle(kind, figure).toFixed(1))]);
const ratio = middle('floor', 'seconds') / middle('ours', 'seconds');
process.stdout.write(`${verdictLine('checks a second against bare HTTP', ratio, { atLeast: 0.85 })}\n`);
process.exit(0);
