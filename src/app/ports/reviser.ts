import type { SecretRead } from '../../core/consumers/consumer.ts';
import type { Deployment } from '../../core/consumers/progress.ts';
import type { JsonRecord } from '../../core/values/json.ts';

/** A service or worker pool as it was read, and the etag that guards changing it. */
export interface Revisable extends Deployment {
  /** `projects/p/locations/l/services/s`, or `…/workerPools/w`. */
  readonly name: string;
  /** As Google gave it: what is written back with every change. */
  readonly resource: JsonRecord;
}

/** What becomes of a consumer; whatever is not named stays as it was read. */
export interface Revision {
  /** The annotation of its template; `undefined` takes it away. */
  readonly reached: string | undefined;
  /** The annotation of the consumer itself, which makes no revision. */
  readonly undone: string | undefined;
  /** Version numbers in its variables that become another one. */
  readonly pins?: { readonly isMeant: (read: SecretRead) => boolean; readonly to: string } | undefined;
}

/** Makes new revisions of consumers, with the rights of the account that they run as: a power of its own, which no other port has. */
export interface Reviser {
  look(consumer: string): Promise<Revisable>;
  /** One PATCH under the etag of `seen`: `stale` where somebody wrote since. It does not wait for the revision to be ready. */
  revise(seen: Revisable, revision: Revision): Promise<void>;
}
