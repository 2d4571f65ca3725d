import { Worker } from 'node:worker_threads';
import type { Said, Trial } from './worker.ts';

/** What came of one trial: the first test that failed, crashed or did not end, or none; and how long each file took. */
export interface Outcome {
  readonly failed?: string;
  readonly why?: string;
  readonly ms: ReadonlyMap<string, number>;
}

/** Modules of earlier trials are never let go of, so a thread is replaced now and then. */
const TRIALS_PER_THREAD = 150;
const PATIENCE_MS = 5000;

/** A thread to try mutants on. `usualMs` is how long a test file takes; one that takes much longer hangs. */
export function openBench(usualMs: (test: string) => number) {
  let worker: Worker | undefined;
  let trials = 0;
  const close = async () => {
    await worker?.terminate();
    worker = undefined;
  };
  const attempt = async (trial: Trial): Promise<Outcome> => {
    if (trials % TRIALS_PER_THREAD === 0) await close();
    trials += 1;
    worker ??= newThread();
    const outcome = await outcomeOf(worker, trial, usualMs);
    if (outcome.why !== undefined && LOST.includes(outcome.why)) await close();
    return outcome;
  };
  return { attempt, [Symbol.asyncDispose]: close };
}

function newThread(): Worker {
  const thread = new Worker(new URL('worker.ts', import.meta.url), { stdout: true, stderr: true });
  // An error without a listener would end this process, also one that comes after its trial.
  return thread.on('error', () => {});
}

const HANGS = 'it does not end';
const CRASHED = 'the thread died';
const LOST: readonly string[] = [HANGS, CRASHED];

async function outcomeOf(worker: Worker, trial: Trial, usualMs: (test: string) => number): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const ms = new Map<string, number>();
  const current = () => trial.tests[ms.size] ?? '';
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => resolve({ failed: current(), why: HANGS, ms }), PATIENCE_MS + 5 * usualMs(current()));
  };
  const hear = ({ test, ms: took, failure }: Said) => {
    if (failure !== undefined) return resolve({ failed: test, why: failure, ms });
    ms.set(test, took);
    if (ms.size === trial.tests.length) return resolve({ ms });
    wait();
  };
  const die = () => resolve({ failed: current(), why: CRASHED, ms });
  worker.on('message', hear).on('error', die).on('exit', die);
  wait();
  worker.postMessage(trial, []);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off('message', hear).off('error', die).off('exit', die);
  }
}
