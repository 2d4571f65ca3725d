/** One place in which something that runs reads a secret. */
export interface MountedSecret {
  readonly by: 'variable' | 'file';
  /** Name of the variable, or path of the file. */
  readonly at: string;
  /** `projects/P/secrets/S/versions/V`, as Secret Manager is asked. */
  readonly version: string;
}

/** A revision, a job or a first-generation function as instances are started of it at this moment. */
export interface Serving {
  readonly revision: string;
  /** Percent of the requests. */
  readonly share: number;
  /** Email of the account that reads the secrets. */
  readonly account: string;
  readonly reads: readonly MountedSecret[];
}
