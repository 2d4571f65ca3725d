/** What may stand in the way of making keys, asked without making one. Both reject with `Fault`. */
export interface KeyRules {
  /** Which of these permissions whoever asks has on a service account, given by its email. */
  permittedOn(account: string, permissions: readonly string[]): Promise<readonly string[]>;
  /** Whether an organisation policy enforces a constraint, such as `iam.managed.…`, in a project. */
  isEnforced(project: string, constraint: string): Promise<boolean>;
}
