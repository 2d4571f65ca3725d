import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isRecord, parseJson } from '../src/core/values/json.ts';

/** Starts the pretend cloud beside the measured process and answers its address. The caller kills it. */
export async function startCloudProcess(
  secrets: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = fileURLToPath(new URL('pretend-cloud.ts', import.meta.url));
  const child = spawn(process.execPath, [script, String(secrets)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, url: String(line) };
}

/** The same with a pretend cloud whose answers take so long. */
export async function startSlowCloud(secrets: number, callMs: number): ReturnType<typeof startCloudProcess> {
  const cloud = await startCloudProcess(secrets);
  for (const service of ['secretmanager', 'gemini']) {
    const fault = { match: { service }, times: 1e9, delayMs: callMs };
    const planted = await fetch(`${cloud.url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
    if (!planted.ok) throw new Error(await planted.text());
  }
  return cloud;
}

/** What Node is told in a deployed function (`NODE_OPTIONS` of the Terraform module). */
const DEPLOYED = ['--max-semi-space-size=16'];

/** What Node makes by itself of the 512 MB that a function of the module has: half of it. */
const IN_CONTAINER = ['--max-old-space-size=256'];

/** Runs a script in a fresh process and reads the figures that it prints as JSON. */
export async function figuresOf<Figure extends string>(
  script: URL,
  args: readonly string[],
  figures: readonly Figure[],
): Promise<Readonly<Record<Figure, number>>> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...DEPLOYED,
    ...IN_CONTAINER,
    fileURLToPath(script),
    ...args,
  ]);
  const printed = parseJson(stdout);
  const read: Partial<Record<Figure, number>> = {};
  const isWhole = (values: typeof read): values is Record<Figure, number> => figures.every((name) => name in values);
  for (const name of figures) {
    const value = isRecord(printed) ? printed[name] : undefined;
    if (typeof value === 'number') read[name] = value;
  }
  if (!isWhole(read)) throw new TypeError(`${script.pathname} ${args.join(' ')} did not print ${figures.join(', ')}`);
  return read;
}

/** A port that was free a moment ago, for a child that cannot be asked which one it took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port');
  return address.port;
}

/** The middle one of the values, or the upper of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One line of a result with its target: missed ones are shown as missed. */
export function verdictLine(
  title: string,
  ratio: number,
  target: { readonly atLeast: number } | { readonly atMost: number },
): string {
  const met = 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
  const bound = 'atLeast' in target ? `target ${target.atLeast} or more` : `target ${target.atMost} or less`;
  return `${title}: ${ratio.toFixed(2)} (${bound}): ${met ? 'met' : 'MISSED'}`;
}

/** Processor time of a piece of work, in milliseconds. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
