import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Starts the pretend cloud beside the measured process and answers its address. The caller kills it. */
export async function startCloudProcess(
  secrets: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = fileURLToPath(new URL('pretend-cloud.ts', import.meta.url));
  const child = spawn(process.execPath, [script, String(secrets)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, url: String(line) };
}

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
