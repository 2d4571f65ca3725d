/** A permission, and a predefined role that holds it and little more. */
export interface Need {
  readonly permission: string;
  readonly role: string;
}

const need = (permission: string, role: string): Need => ({
  permission: `secretmanager.${permission}`,
  role: `roles/secretmanager.${role}`,
});

/**
 * What each call of the vault needs, on the secret. No predefined role but the admin's holds `secrets.update`
 * (https://docs.cloud.google.com/iam/docs/roles-permissions/secretmanager).
 */
export const VAULT_PERMISSIONS = {
  list: need('secrets.list', 'viewer'),
  look: need('secrets.get', 'viewer'),
  read: need('versions.access', 'secretAccessor'),
  versions: need('versions.list', 'secretVersionManager'),
  lookVersion: need('versions.get', 'secretVersionManager'),
  commit: need('secrets.update', 'admin, or better a custom role'),
  add: need('versions.add', 'secretVersionAdder'),
  enable: need('versions.enable', 'secretVersionManager'),
  disable: need('versions.disable', 'secretVersionManager'),
  destroy: need('versions.destroy', 'secretVersionManager'),
  permitted: need('secrets.get', 'viewer'),
} as const satisfies Readonly<Record<string, Need>>;
