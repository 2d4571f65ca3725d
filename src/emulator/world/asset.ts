/** A resource as Cloud Asset Inventory knows it. */
export interface Asset {
  /** `run.googleapis.com/Service`. */
  readonly type: string;
  /** Without the `//` and the host of its API, with the project’s id. */
  readonly name: string;
  /** Id of its project. */
  readonly project: string;
  readonly location: string;
  /** Microseconds; absent for what was always there. */
  readonly createdAt?: number | undefined;
  readonly labels?: unknown;
}
