import type { ReachRun } from './reach-fleet.ts';
import type { ConsumerReached, SecretReached } from './reach-secret.ts';

/** A run as `--json` and the function answer it. */
export type ReachJson = Omit<ReachRun, 'reached'> & {
  readonly schema: 'key-warden/reach/v1';
  readonly reached: readonly SecretReached[];
  /** Consumers by how they stand. */
  readonly counts: Readonly<Record<ConsumerReached['is'], number>>;
};

/** Puts a run into the form that programs read. */
export function reachJson(run: ReachRun): ReachJson {
  const all = run.reached.flatMap(({ consumers }) => consumers);
  const countOf = (kind: ConsumerReached['is']) => all.filter(({ is }) => is === kind).length;
  return {
    schema: 'key-warden/reach/v1',
    ...run,
    counts: {
      on: countOf('on'),
      due: countOf('due'),
      underway: countOf('underway'),
      failed: countOf('failed'),
      undone: countOf('undone'),
      broken: countOf('broken'),
      left: countOf('left'),
    },
  };
}
