import type { MigrationState } from '../../core/inventory/migration.ts';
import { isoOf } from '../../core/values/time.ts';
import type { Migration } from './plan.ts';

/** Name and version of the JSON that `migrate --json` prints. */
const MIGRATION_SCHEMA = 'key-warden/migration/v1';

/** A plan as it is printed for programs. */
export function migrationJson({ at, steps, waves, ...rest }: Migration) {
  return { schema: MIGRATION_SCHEMA, at: isoOf(at), counts: countsOf(steps), waves, secrets: steps, ...rest };
}

/** How many secrets stand where. */
export function countsOf(steps: Migration['steps']): Readonly<Record<MigrationState, number>> {
  const count = (state: MigrationState) => steps.filter((step) => step.state === state).length;
  return {
    done: count('done'),
    under_way: count('under_way'),
    held: count('held'),
    ready: count('ready'),
    blocked: count('blocked'),
  };
}
