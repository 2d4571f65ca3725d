import type { Run } from '../../core/health/check-run.ts';

/** What a dead-man’s service is told; the one thing it waits for is `success`. */
export type Sign = 'start' | 'success' | 'fail';

/** A service outside of this cloud that raises the alarm when a run is not heard of in time. */
export interface DeadMan {
  /** Never rejects: a service that cannot be reached raises the alarm by itself. */
  tell(sign: Sign): Promise<void>;
}

/** Nobody waits. */
export const NO_DEAD_MAN: DeadMan = { tell: () => Promise.resolve() };

/** Tells of a run without delaying it. It failed when it crashed, or when nothing could even be listed. */
export async function watched(deadMan: DeadMan, work: () => Promise<Run>): Promise<Run> {
  const started = deadMan.tell('start');
  let end: Sign = 'fail';
  try {
    const run = await work();
    if (run.expected > 0 || run.problems.length === 0) end = 'success';
    return run;
  } finally {
    await started;
    await deadMan.tell(end);
  }
}
