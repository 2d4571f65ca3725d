import { BINDING_ROLE } from '../../core/google/key-rules.ts';
import type { Asked } from '../google/errors.ts';
import type { KeyPlace } from '../google/key-names.ts';

type Words = Omit<Asked, 'doing' | 'sent' | 'besides'> & {
  readonly verb: string;
  readonly binding?: { readonly permission: string };
};

const ADMIN = 'roles/serviceusage.apiKeysAdmin';
const VIEWER = 'roles/serviceusage.apiKeysViewer';

/** On the account of a key that is bound to one: no role of the API Keys API holds these. */
const BINDING = {
  create: { permission: 'iam.serviceAccountApiKeyBindings.create' },
  delete: { permission: 'iam.serviceAccountApiKeyBindings.delete' },
  undelete: { permission: 'iam.serviceAccountApiKeyBindings.undelete' },
} as const;

/** Google's default for organisations, `constraints/iam.managed.disableServiceAccountApiKeyCreation`, lets keys for Gemini alone through. */
const POLICY_ADVICE =
  'A key for the Gemini API alone may be allowed where others are not: rotate with --drop-targets. Otherwise have keys made in a project without that policy (--key-project), ask whoever administers organisation policies for an exception, or hand in a key that was made elsewhere (--from-stdin).';

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
    policyAdvice: POLICY_ADVICE,
    binding: BINDING.create,
  },
  look: { verb: 'look at the key', permission: 'apikeys.keys.get', role: VIEWER },
  keyString: { verb: 'read the key string of', permission: 'apikeys.keys.getKeyString', role: VIEWER },
  delete: {
    verb: 'delete the key',
    permission: 'apikeys.keys.delete',
    role: ADMIN,
    precondition: 'wrong_state',
    binding: BINDING.delete,
  },
  deleteUnlessUsed: {
    verb: 'delete the key',
    permission: 'apikeys.keys.delete',
    role: ADMIN,
    precondition: 'wrong_state',
    advice: { wrong_state: 'Find out who still uses it; it can go when it was not used for 7 days.' },
    binding: BINDING.delete,
  },
  undelete: {
    verb: 'undelete the key',
    permission: 'apikeys.keys.undelete',
    role: ADMIN,
    precondition: 'wrong_state',
    policyAdvice: POLICY_ADVICE,
    binding: BINDING.undelete,
  },
  mark: { verb: 'mark the key', permission: 'apikeys.keys.update', role: ADMIN },
  list: { verb: 'list', permission: 'apikeys.keys.list', role: VIEWER },
  poll: { verb: 'see what became of the change to', permission: 'serviceusage.operations.get', role: ADMIN },
} as const satisfies Record<string, Words>;

export type ApiKeysCall = keyof typeof CALLS;

/** Words for a call on one key, or on all `keys` of a project. Permissions are granted on the project, which comes last. */
export function askedOf(call: ApiKeysCall, { id, project }: Omit<KeyPlace, 'name'>): Asked {
  const { verb, binding, ...needed }: Words = CALLS[call];
  const besides =
    binding &&
    `A key that is bound to a service account needs ${binding.permission} on that account too, for example with ${BINDING_ROLE}.`;
  return { ...needed, besides, doing: `${verb} ${id} of project ${project}` };
}
