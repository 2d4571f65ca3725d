import { CREATE_OWN_SECRET } from '../../core/causes/commands.ts';
import { valuesOf } from '../../core/causes/names.ts';
import { parseSecretName } from '../../core/google/resource-names.ts';
import { shellText } from '../../core/values/command.ts';
import type { Fault } from '../ports/fault.ts';
import type { SecretName } from '../ports/ports.ts';

/** Why nobody can tell what stands on the worker’s own secret, and how it is made where there is none, without a full stop. */
export function bookTrouble(book: SecretName, { code, message }: Pick<Fault, 'code' | 'message'>): string {
  const why = message.replace(/\.$/, '');
  return code === 'not_found'
    ? `${why}. To make it: ${shellText(CREATE_OWN_SECRET, valuesOf(parseSecretName(book) ?? {}))}`
    : why;
}
