/**
 * How large a fleet one instance looks after: secrets behind calls that take 100 ms each. A check as a ratio to bare HTTP doing the same
 * requests; `reconcile` and `purge` where nothing is to be done. Run with `node bench/fleet.ts [secrets:concurrency:rounds …]`.
 */
import process from 'node:process';
import { figuresOf, median, startSlowCloud, verdictLine } from './children.ts';

const [, , ...sizes] = process.argv;
const SIZES = ['1000:64:3', '10000:64:3', '100000:256:1'];
const ONCE = new URL('fleet-once.ts', import.meta.url);
const CALL_MS = 100;
const MEGABYTES_MAX = 300;
const KINDS = ['floor', 'check', 'reconcile', 'purge'] as const;
const FIGURES = ['seconds', 'cpuSeconds', 'peakMegabytes'] as const;
type Kind = (typeof KINDS)[number];
type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const row = (cells: readonly string[]): boolean => say(cells.map((cell) => cell.padStart(14)).join(''));

async function measure(secrets: number, concurrency: number, rounds: number): Promise<void> {
  const { child, url } = await startSlowCloud(secrets, CALL_MS);
  const measured: Readonly<Record<Kind, Figures[]>> = { floor: [], check: [], reconcile: [], purge: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const kind of KINDS) {
      const { seen, ...figures } = await figuresOf(ONCE, [kind, url, String(concurrency)], ['seen', ...FIGURES]);
      if (seen !== secrets) throw new Error(`${kind}: ${seen} of ${secrets} secrets`);
      measured[kind].push(figures);
    }
  child.kill();
  const middle = (kind: Kind, figure: keyof Figures) => median(measured[kind].map((one) => one[figure]));
  say(`${secrets} secrets, ${concurrency} at a time, ${CALL_MS} ms a call`);
  row(['', 'seconds', 'CPU seconds', 'peak MB']);
  for (const kind of KINDS) row([kind, ...FIGURES.map((figure) => middle(kind, figure).toFixed(1))]);
  const ratio = middle('floor', 'seconds') / middle('check', 'seconds');
  say(verdictLine('checks a second against bare HTTP', ratio, { atLeast: 0.85 }));
  for (const kind of KINDS.slice(1))
    say(verdictLine(`memory of ${kind} in MB`, middle(kind, 'peakMegabytes'), { atMost: MEGABYTES_MAX }));
}

for (const size of sizes.length === 0 ? SIZES : sizes) {
  const [secrets = 0, concurrency = 0, rounds = 0] = size.split(':').map(Number);
  await measure(secrets, concurrency, rounds);
}
process.exit(0);
