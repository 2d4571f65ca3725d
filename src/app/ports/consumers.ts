import type { Consumer } from '../../core/consumers/consumer.ts';

/** What names a secret in a project, and what could not be looked at: that is never the same as nobody. */
export interface Roll {
  readonly consumers: readonly Consumer[];
  /** A sentence for each place, such as a region that did not answer, or a permission that is missing. */
  readonly notLooked: readonly string[];
  /** Settings or permissions end some of that, and waiting does not. */
  readonly barred: boolean;
}

/** Cloud Run and Cloud Functions, read only. */
export interface Consumers {
  /**
   * Every service, job, worker pool and function of a project that names a secret with one of these ids, in whatever project that
   * is: by its template, or by a revision or an execution that serves. Never rejects for outside trouble: that is `notLooked`.
   */
  of(project: string, secretIds: readonly string[]): Promise<Roll>;
}
