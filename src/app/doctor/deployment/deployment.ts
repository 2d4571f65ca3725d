import type { Check } from '../checklist.ts';
import type { GoogleReader } from '../../ports/google-reader.ts';
import { EVENT_ROWS } from './event-rows.ts';
import { FUNCTION_ROWS } from './function-rows.ts';
import { IDENTITY_ROWS } from './identity-rows.ts';
import { placeOf, type Deployment, type Place } from './place.ts';
import { PROJECT_ROWS } from './project-rows.ts';
import type { MadeRow, Rows } from './row.ts';
import { SECRET_ROWS } from './secret-rows.ts';
import { readingOnce, seeingWith, type Sighted } from './sighted.ts';
import { WATCHING_ROWS } from './watching-rows.ts';

/** A row for each resource block of the Terraform module, and none else: a test reads the module and compares. */
export const DEPLOYMENT_ROWS: Rows = {
  ...PROJECT_ROWS,
  ...IDENTITY_ROWS,
  ...SECRET_ROWS,
  ...EVENT_ROWS,
  ...FUNCTION_ROWS,
  ...WATCHING_ROWS,
};

/** What was seen of a deployment, and where it makes keys. */
export interface LookedAt {
  readonly checks: readonly Check[];
  readonly keyProjects: readonly string[];
}

/** Whether everything is there that the Terraform module should have made. Reads only; each thing is asked about once. */
export async function lookAtDeployment(reader: GoogleReader, deployment: Deployment): Promise<LookedAt> {
  const once = readingOnce(reader);
  const see = seeingWith(once);
  const place = await placeOf(once, deployment);
  const checks = await Promise.all(
    Object.values(DEPLOYMENT_ROWS).map(async (row): Promise<readonly Check[]> => {
      if ('leavesNothing' in row) return [];
      const sighted = await Promise.all(row.find(place, see));
      return sighted.length === 0 ? [] : [checkOf(row, sighted, place)];
    }),
  );
  return { checks: checks.flat(), keyProjects: place.keyProjects };
}

function checkOf({ title, mend }: MadeRow, sighted: readonly Sighted[], place: Place): Check {
  const wrong = sighted.flatMap((one) => (one.is === 'wrong' ? [`${one.name} ${one.says}`] : []));
  const unseen = sighted.flatMap((one) => (one.is === 'unseen' ? [`${one.name} ${one.says}`] : []));
  const all = [...new Set([...wrong, ...unseen])].join('; ');
  const names = sighted.flatMap(({ is, name }) => (is === 'wrong' ? [name] : []));
  const cure = typeof mend === 'string' ? mend : mend(names, place);
  if (wrong.length > 0) return { state: 'no', title, says: `${all}. To mend it: ${cure}` };
  if (unseen.length > 0) return { state: 'not_looked', title, says: all };
  return {
    state: 'yes',
    title,
    says: sighted.length === 1 ? 'is as it should be' : `all ${sighted.length} are as they should be`,
  };
}
