import type { SecretId } from '../google/resource-names.ts';
import type { Instant } from '../values/time.ts';

/** What Google runs that can name a secret: the closed set of what is looked for. */
export type ConsumerKind = 'service' | 'job' | 'workerPool' | 'function';

/** One place in which a consumer names a version of a secret, e.g. `GEMINI_API_KEY` from `projects/p/secrets/s`, `current`. */
export interface SecretRead {
  /** `project` is an id or a number, as the consumer names it; its own project where it names none. */
  readonly secret: SecretId;
  /** A number, `latest`, or an alias. */
  readonly version: string;
  /** A variable is filled when an instance starts; a file is fetched at every read. */
  readonly by: 'variable' | 'file';
  /** Name of the variable, or path of the file. */
  readonly at: string;
}

/** What serves at this moment: a revision with traffic or a tag, or the execution of a job. */
export interface Running {
  /** Without what stands before it, e.g. `api-00007-x2q`. */
  readonly name: string;
  readonly since?: Instant | undefined;
  /** Percent of the requests, or of a pool's instances; 0 for a revision that only a tag names. */
  readonly share: number;
  readonly tag?: string | undefined;
  readonly reads: readonly SecretRead[];
}

/** Something that reads secrets: a service, job or worker pool of Cloud Run, or a function. */
export interface Consumer {
  readonly kind: ConsumerKind;
  /** As Google gives it: `projects/p/locations/europe-west1/services/api`. */
  readonly name: string;
  /** As it was asked for. */
  readonly project: string;
  readonly region: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The account that it runs as, which reads the secret; absent for the project’s default. */
  readonly account?: string | undefined;
  /** Firebase’s deploy writes the number that `latest` has then; a plain one keeps what is written. */
  readonly deployedBy: 'hand' | 'firebase';
  /** What the next revision or execution is made of. */
  readonly template: readonly SecretRead[];
  readonly running: readonly Running[];
  /** Whether a new revision gets the traffic by itself; false where revisions are named by hand. */
  readonly follows: boolean;
}
