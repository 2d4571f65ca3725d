import type { Vault } from '../app/ports.ts';
import type { Asked } from './google-errors.ts';

interface Words {
  readonly verb: string;
  readonly permission: string;
  readonly role: string;
}

/**
 * What each call needs, for the message when it is refused. No predefined role but the admin's holds `secrets.update`
 * (https://docs.cloud.google.com/iam/docs/roles-permissions/secretmanager).
 */
const CALLS = {
  list: { verb: 'list the secrets of', permission: 'secrets.list', role: 'viewer' },
  look: { verb: 'look at', permission: 'secrets.get', role: 'viewer' },
  read: { verb: 'read', permission: 'versions.access', role: 'secretAccessor' },
  versions: { verb: 'list the versions of', permission: 'versions.list', role: 'secretVersionManager' },
  lookVersion: { verb: 'look at', permission: 'versions.get', role: 'secretVersionManager' },
  commit: { verb: 'update', permission: 'secrets.update', role: 'admin, or better a custom role' },
  add: { verb: 'add a version to', permission: 'versions.add', role: 'secretVersionAdder' },
  enable: { verb: 'enable', permission: 'versions.enable', role: 'secretVersionManager' },
  disable: { verb: 'disable', permission: 'versions.disable', role: 'secretVersionManager' },
  destroy: { verb: 'destroy', permission: 'versions.destroy', role: 'secretVersionManager' },
  permitted: { verb: 'ask for the permissions on', permission: 'secrets.get', role: 'viewer' },
} as const satisfies Record<keyof Vault, Words>;

/** Words for a call on a resource; `sent` are bytes that no message may repeat. */
export function askedOf(call: keyof Vault, resource: string, sent?: Uint8Array): Asked {
  const { verb, permission, role } = CALLS[call];
  return {
    doing: `${verb} ${resource}`,
    permission: `secretmanager.${permission}`,
    role: `roles/secretmanager.${role}`,
    sent,
  };
}
