import type { JsonRecord } from '../../core/values/json.ts';

/** APIs that a deployment leaves something in, as in `NAME.googleapis.com`. */
export type ReadApi =
  | 'artifactregistry'
  | 'cloudfunctions'
  | 'cloudkms'
  | 'cloudresourcemanager'
  | 'cloudscheduler'
  | 'iam'
  | 'logging'
  | 'monitoring'
  | 'pubsub'
  | 'run'
  | 'secretmanager'
  | 'serviceusage'
  | 'storage';

/** One call that only reads: what it shows, and what whoever makes it must have been granted. */
export interface Look {
  readonly api: ReadApi;
  /** Policies of a few services are read with POST, and so are the entries of a log. */
  readonly method: 'GET' | 'POST';
  /** What a POST asks; a policy, with its conditions, without it. */
  readonly body?: JsonRecord;
  /** Made of names that were checked. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Region whose own address Secret Manager answers at. */
  readonly location?: string;
  /** The list to follow to its last page. */
  readonly list?: string;
  readonly permission: string;
  /** Project that the call is charged to. */
  readonly project: string;
}

/** What a look came to: Google's own JSON, or why there is none. */
export type Seen = { readonly json: JsonRecord } | 'missing' | 'denied';

/** Reads resources of Google's as they are. Rejects with `Fault` for all that is neither there, missing nor denied. */
export interface GoogleReader {
  read(look: Look): Promise<Seen>;
}
