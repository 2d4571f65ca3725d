import type { Vault } from '../../app/ports/ports.ts';
import { VAULT_PERMISSIONS } from '../../core/google/vault-permissions.ts';
import type { Asked } from '../google/errors.ts';

/** What each call does, for the message when it is refused. */
const VERBS = {
  list: 'list the secrets of',
  look: 'look at',
  read: 'read',
  versions: 'list the versions of',
  lookVersion: 'look at',
  commit: 'update',
  add: 'add a version to',
  enable: 'enable',
  disable: 'disable',
  destroy: 'destroy',
  permitted: 'ask for the permissions on',
} as const satisfies Record<keyof Vault, string>;

/** Words for a call on a resource; `sent` are bytes that no message may repeat. */
export function askedOf(call: keyof Vault, resource: string, sent?: Uint8Array): Asked {
  return { doing: `${VERBS[call]} ${resource}`, ...VAULT_PERMISSIONS[call], sent };
}
