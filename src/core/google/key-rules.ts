/** What binding a key to a service account needs, on that account. */
export const BINDING_PERMISSIONS = [
  'iam.serviceAccountApiKeyBindings.create',
  'iam.serviceAccountApiKeyBindings.delete',
  'iam.serviceAccountApiKeyBindings.undelete',
] as const;

/** The role that holds these three and nothing else. */
export const BINDING_ROLE = 'roles/iam.serviceAccountApiKeyBindingAdmin';

/** Google's default for organisations: no key that is bound to an account, unless it is for the Gemini API alone. */
export const BOUND_KEYS_CONSTRAINT = 'iam.managed.disableServiceAccountApiKeyCreation';
