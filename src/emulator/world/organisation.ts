import { ApiError } from '../wire/api-error.ts';
import type { ProjectNames } from './names.ts';

/** The managed constraint of every organisation made since 2024: no key bound to a service account, unless it is for Gemini alone. */
export const NO_BOUND_KEYS = 'iam.managed.disableServiceAccountApiKeyCreation';

/** A custom constraint; here each one forbids making API keys, whatever its condition would say. */
const CUSTOM = /^custom\.[A-Za-z0-9]{1,62}$/;

/** Whether the pretend cloud knows what a constraint forbids. */
export function isConstraint(name: string): boolean {
  return name === NO_BOUND_KEYS || CUSTOM.test(name);
}

/** What the organisation above a project forbids in it. */
export interface Organisation {
  /** Enforces a constraint in a project, or lifts it there. */
  enforce(project: string, constraint: string, enforced: boolean): void;
  /** Whether the default constraint on bound keys is enforced. */
  forbidsBoundKeys(project: string): boolean;
  /** The custom constraints that forbid making keys. */
  customConstraints(project: string): readonly string[];
  /** What was enforced or lifted, as it was done: project, constraint, and which of the two. */
  enforced(): readonly (readonly [project: string, constraint: string, enforced: boolean])[];
}

/** `boundKeys` says whether the managed constraint forbids bound keys where nobody enforced or lifted it. */
export function organisation(names: ProjectNames, boundKeys: () => 'allowed' | 'geminiOnly'): Organisation {
  const set = new Map<string, boolean>();
  const found = (project: string, constraint: string): boolean | undefined =>
    set.get(`${names.numberOf(project)} ${constraint}`);
  return {
    enforce(project, constraint, enforced) {
      set.set(`${names.numberOf(project)} ${constraint}`, enforced);
    },
    enforced: () =>
      [...set].map(([key, enforced]) => {
        const [project = '', constraint = ''] = key.split(' ');
        return [project, constraint, enforced];
      }),
    forbidsBoundKeys: (project) => found(project, NO_BOUND_KEYS) ?? boundKeys() === 'geminiOnly',
    customConstraints: (project) =>
      [...set.keys()]
        .filter((key) => key.startsWith(`${names.numberOf(project)} custom.`))
        .map((key) => key.slice(key.indexOf(' ') + 1))
        .filter((constraint) => found(project, constraint) === true),
  };
}

/**
 * 400 with the reason `CUSTOM_ORG_POLICY_VIOLATION`, which managed constraints answer too. The text and the metadata at
 * CreateKey are not settled.
 */
export function forbiddenBy(constraint: string, resource: string): ApiError {
  const full = CUSTOM.test(constraint) ? `customConstraints/${constraint}` : `constraints/${constraint}`;
  const kind = CUSTOM.test(constraint) ? 'custom org policies' : `org policy on resource '${resource}'`;
  return new ApiError('FAILED_PRECONDITION', `Operation denied by ${kind}: ["${full}"]`, [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'CUSTOM_ORG_POLICY_VIOLATION',
      domain: 'googleapis.com',
      metadata: { customConstraints: full, service: 'apikeys.googleapis.com' },
    },
  ]);
}
