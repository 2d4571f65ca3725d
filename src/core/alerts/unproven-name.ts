import { STATUS } from '../causes/commands.ts';
import { valuesOfSecret } from '../causes/names.ts';
import { nextOf } from '../causes/next-step.ts';
import type { NameUnproven } from './notices/secret-notices.ts';

/** Where such a name stands, and why it is not proven. */
export type Unproven = Pick<NameUnproven, 'on' | 'why' | 'at' | 'times'>;

/**
 * The alarm about a name that an annotation gave and that nothing proves (I16). Somebody may have written it to have the worker
 * read, delete or revive what is not this secret's; it stays open until a person has looked.
 */
export function unprovenNotice(secret: string, project: string, unproven: Unproven): NameUnproven {
  const look = {
    do: 'See in the audit log who wrote the annotations of the secret, and mend them. To see what stands there',
    command: STATUS,
  };
  return { type: 'name.unproven', secret, project, ...unproven, ...nextOf(look, valuesOfSecret(secret)) };
}
