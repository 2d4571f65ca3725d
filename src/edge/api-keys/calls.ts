import type { Asked } from '../google/errors.ts';
import type { KeyPlace } from '../google/key-names.ts';

type Words = Omit<Asked, 'doing' | 'sent'> & { readonly verb: string };

const ADMIN = 'roles/serviceusage.apiKeysAdmin';
const VIEWER = 'roles/serviceusage.apiKeysViewer';

/**
 * What each call needs, for the message when it is refused (https://cloud.google.com/api-keys/docs/access-control). The
 * viewer's role reads key strings too.
 */
const CALLS = {
  mint: {
    verb: 'mint the key',
    permission: 'apikeys.keys.create',
    role: ADMIN,
    advice: {
      limited:
        'Either there were too many calls, or the project has its 300 keys, where deleted ones may count for 30 days. ' +
        'Wait a minute, then delete keys that nobody uses.',
    },
  },
  look: { verb: 'look at the key', permission: 'apikeys.keys.get', role: VIEWER },
  keyString: { verb: 'read the key string of', permission: 'apikeys.keys.getKeyString', role: VIEWER },
  delete: { verb: 'delete the key', permission: 'apikeys.keys.delete', role: ADMIN, precondition: 'wrong_state' },
  deleteUnlessUsed: {
    verb: 'delete the key',
    permission: 'apikeys.keys.delete',
    role: ADMIN,
    precondition: 'wrong_state',
    advice: { wrong_state: 'Find out who still uses it; it can go when it was not used for 7 days.' },
  },
  undelete: { verb: 'undelete the key', permission: 'apikeys.keys.undelete', role: ADMIN, precondition: 'wrong_state' },
  list: { verb: 'list', permission: 'apikeys.keys.list', role: VIEWER },
  poll: { verb: 'see what became of the change to', permission: 'serviceusage.operations.get', role: ADMIN },
} as const satisfies Record<string, Words>;

export type ApiKeysCall = keyof typeof CALLS;

/** Words for a call on one key, or on all `keys` of a project. Permissions are granted on the project, which comes last. */
export function askedOf(call: ApiKeysCall, { id, project }: Omit<KeyPlace, 'name'>): Asked {
  const { verb, ...needed } = CALLS[call];
  return { ...needed, doing: `${verb} ${id} of project ${project}` };
}
