import type { Scope } from '../../core/google/scope.ts';

/** A project as an inventory names it: always by its number, by its id too where that was told. */
export interface KnownProject {
  readonly number: string;
  readonly id: string | undefined;
}

/** Projects of a scope, and what of it could not be looked at: that is never the same as none. */
export interface EstateProjects {
  readonly projects: readonly KnownProject[];
  /** A sentence for each gap, such as a permission that is missing. */
  readonly notLooked: readonly string[];
  /** Settings or permissions end some of that, and waiting does not. */
  readonly barred: boolean;
}

/** What is asked of an inventory. */
export interface EstateQuestion {
  readonly scope: Scope;
  /** Types of what they hold, as in `run.googleapis.com/Service`; `ANY_PROJECT` is all projects. */
  readonly holding: readonly string[];
  /** Project that the calls are charged to. */
  readonly chargedTo: string;
}

/** Type of a project itself. */
export const ANY_PROJECT = 'cloudresourcemanager.googleapis.com/Project';

/**
 * What an organisation holds, as Cloud Asset Inventory knew it some hours ago, read only: enough to know where to look, and never
 * proof that something is not there.
 */
export interface Estate {
  /** Projects that hold something of any of these types and are not being deleted. Never rejects for outside trouble: that is `notLooked`. */
  projects(question: EstateQuestion): Promise<EstateProjects>;
}
