import type { KeyUse } from '../../core/use/past-use.ts';
import type { Instant } from '../../core/values/time.ts';

/** How one key of a project was used. */
export interface CountedKey extends KeyUse {
  /** Methods that it was used for in the newest hour, those of most requests first: full names of Google's. */
  readonly lastMethods: readonly string[];
}

/** How the keys of a project were used, or why that is not known. Unknown is never zero. */
export type ProjectUsage =
  | {
      readonly known: true;
      /** By the key's uid; those alone that were counted. */
      readonly keys: ReadonlyMap<string, CountedKey>;
      /** Ends of hours in which anything was counted of any of them. */
      readonly counted: ReadonlySet<Instant>;
    }
  | { readonly known: false; readonly why: string };

/** Cloud Monitoring's count of requests, of all keys of a project in one list. Never rejects. */
export interface ProjectMeter {
  /** Both moments are whole hours. With `uids`, of which a filter takes `UIDS_MAX`, of these keys alone. */
  useByKey(
    project: string,
    window: { readonly from: Instant; readonly until: Instant; readonly uids?: readonly string[] },
  ): Promise<ProjectUsage>;
}

/** So many keys are named in one filter, which stays well under 2,048 characters. */
export const UIDS_MAX = 30;
