/** Names that the measured processes and the pretend cloud beside them agree on. */
export const BENCH_PROJECT = 'bench-project';

export function secretIdOf(n: number): string {
  return `key-${n}`;
}
