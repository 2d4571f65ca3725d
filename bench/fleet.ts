/**
 * How large a fleet one instance checks: secrets behind calls that take 100 ms each, as a ratio to bare HTTP doing the same requests. Run
 * with `node bench/fleet.ts [secrets:concurrency:rounds …]`.
 */
import process from 'node:process';
import { figuresOf, median, startCloudProcess, verdictLine } from './children.ts';

const [, , ...sizes] = process.argv;
const SIZES = ['1000:64:3', '10000:64:3', '100000:256:1'];
const ONCE = new URL('fleet-once.ts', import.meta.url);
const CALL_MS = 100;
const MEGABYTES_MAX = 300;
const KINDS = ['floor', 'ours'] as const;
const FIGURES = ['seconds', 'cpuSeconds', 'peakMegabytes'] as const;
type Kind = (typeof KINDS)[number];
type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const row = (cells: readonly string[]): boolean => say(cells.map((cell) => cell.padStart(14)).join(''));

/** A pretend cloud whose answers take their time. */
async function slowCloud(secrets: number): ReturnType<typeof startCloudProcess> {
  const cloud = await startCloudProcess(secrets);
  for (const service of ['secretmanager', 'gemini']) {
    const fault = { match: { service }, times: 1e9, delayMs: CALL_MS };
    const planted = await fetch(`${cloud.url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
    if (!planted.ok) throw new Error(await planted.text());
  }
  return cloud;
}

async function measure(secrets: number, concurrency: number, rounds: number): Promise<void> {
  const { child, url } = await slowCloud(secrets);
  const measured: Readonly<Record<Kind, Figures[]>> = { floor: [], ours: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const kind of KINDS) {
      const { works, ...figures } = await figuresOf(ONCE, [kind, url, String(concurrency)], ['works', ...FIGURES]);
      if (works !== secrets) throw new Error(`${kind}: ${works} of ${secrets} keys worked`);
      measured[kind].push(figures);
    }
  child.kill();
  const middle = (kind: Kind, figure: keyof Figures) => median(measured[kind].map((one) => one[figure]));
  say(`${secrets} secrets, ${concurrency} at a time, ${CALL_MS} ms a call`);
  row(['', 'seconds', 'CPU seconds', 'peak MB']);
  for (const kind of KINDS) row([kind, ...FIGURES.map((figure) => middle(kind, figure).toFixed(1))]);
  const ratio = middle('floor', 'seconds') / middle('ours', 'seconds');
  say(verdictLine('checks a second against bare HTTP', ratio, { atLeast: 0.85 }));
  say(verdictLine('memory in MB', middle('ours', 'peakMegabytes'), { atMost: MEGABYTES_MAX }));
}

for (const size of sizes.length === 0 ? SIZES : sizes) {
  const [secrets = 0, concurrency = 0, rounds = 0] = size.split(':').map(Number);
  await measure(secrets, concurrency, rounds);
}
process.exit(0);
