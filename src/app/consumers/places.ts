import type { Scope } from '../../core/google/scope.ts';
import type { Estate, EstateProjects } from '../ports/estate.ts';

/** Where consumers are looked for. */
export interface Places {
  /** By id or number; calls about a scope are charged to the first. */
  readonly projects: readonly string[];
  /** Besides them, all projects of an organisation or a folder in which an inventory knows a consumer. */
  readonly scope: Scope | undefined;
}

/** Projects to look through, and what of the scope could not be told. */
export interface Where extends Pick<EstateProjects, 'notLooked' | 'barred'> {
  readonly projects: readonly string[];
  /** A sentence where an inventory named some of them, because it is late. */
  readonly late: readonly string[];
}

/** What reads secrets by its settings, as the inventory calls it. */
const CONSUMERS = [
  'run.googleapis.com/Service',
  'run.googleapis.com/Job',
  'run.googleapis.com/WorkerPool',
  'cloudfunctions.googleapis.com/Function',
  'cloudfunctions.googleapis.com/CloudFunction',
];

/** So long may the inventory not know of a function that was deployed; of the others nobody says how long. */
const INVENTORY_LAG_HOURS = 12;

/** These projects and no others. */
export function only(projects: readonly string[]): Where {
  return { projects, notLooked: [], barred: false, late: [] };
}

/**
 * Every project to look through. The inventory says in which there are consumers at all; what they read is asked of Cloud Run and
 * Cloud Functions, because the inventory is hours late. Never rejects for outside trouble.
 */
export async function whereToLook(estate: Estate, { projects, scope }: Places): Promise<Where> {
  const [chargedTo = ''] = projects;
  if (scope === undefined) return only(projects);
  const found = await estate.projects({ scope, holding: CONSUMERS, chargedTo });
  const others = found.projects
    .filter(({ id, number }) => !projects.includes(number) && (id === undefined || !projects.includes(id)))
    .map(({ id, number }) => id ?? number);
  const { notLooked, barred } = found;
  return { projects: [...projects, ...others], notLooked, barred, late: [lagOf(scope)] };
}

/** What a look through a scope cannot see. */
function lagOf(scope: Scope): string {
  return `projects of ${scope} are those that Cloud Asset Inventory knows, which is late: a first consumer that a project got in the last ${INVENTORY_LAG_HOURS} hours may be missing`;
}
