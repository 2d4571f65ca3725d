import { ApiError } from '../wire/api-error.ts';
import { NO_RESTRICTIONS, type KeyRestrictions } from '../world/restrictions.ts';
import type { GeminiKey, KeyChange } from '../world/keyring.ts';
import { snakeCase } from '../wire/rest/proto-json.ts';
import type { KeyFields } from './key-message.ts';

const CLIENTS = {
  'restrictions.browser_key_restrictions': 'allowedReferrers',
  'restrictions.server_key_restrictions': 'allowedIps',
  'restrictions.android_key_restrictions': 'allowedAndroidApps',
  'restrictions.ios_key_restrictions': 'allowedBundleIds',
} as const;

type ClientPath = keyof typeof CLIENTS;

/** What a patch changes of `key`: no mask means the fields that are set, `*` replaces all three that can change. */
export function changeOf(key: GeminiKey, fields: KeyFields, mask: string | undefined): KeyChange {
  return changeAlong(pathsOf(fields, mask), fields, key);
}

/** One path after the other, each seeing what those before it changed. */
function changeAlong(paths: readonly string[], fields: KeyFields, before: Pick<GeminiKey, 'restrictions'>): KeyChange {
  const [first, ...others] = paths;
  if (first === undefined) return {};
  const change = changeAt(first, fields, before);
  const restrictions = change.restrictions ?? before.restrictions;
  return { ...change, ...changeAlong(others, fields, { restrictions }) };
}

function pathsOf(fields: KeyFields, mask: string | undefined): readonly string[] {
  const named = (mask ?? '').split(',').map((path) => snakeCase(path.trim()));
  if (named.includes('*')) return ['display_name', 'annotations', 'restrictions'];
  if (mask !== undefined && mask !== '') return named;
  return Object.keys(fields).map(snakeCase);
}

/** `gcloud services api-keys update` names the parts of the restrictions one by one. */
function changeAt(path: string, fields: KeyFields, before: Pick<GeminiKey, 'restrictions'>): KeyChange {
  const sent = fields.restrictions ?? NO_RESTRICTIONS;
  switch (path) {
    case 'display_name':
      return { displayName: fields.displayName };
    case 'annotations':
      return { annotations: fields.annotations ?? {} };
    case 'restrictions':
      return { restrictions: sent };
    case 'restrictions.api_targets':
      return { restrictions: { ...before.restrictions, apiTargets: sent.apiTargets } };
    default:
      if (isClientPath(path)) return { restrictions: withClients(before.restrictions, sent, path) };
      throw new ApiError('INVALID_ARGUMENT', `update_mask names '${path}', which cannot be changed.`);
  }
}

function isClientPath(path: string): path is ClientPath {
  return Object.hasOwn(CLIENTS, path);
}

/** Setting one kind of client restriction ends the others; clearing a kind that is not set leaves them. */
function withClients(before: KeyRestrictions, sent: KeyRestrictions, path: ClientPath): KeyRestrictions {
  const field = CLIENTS[path];
  if (sent[field] !== undefined) return { apiTargets: before.apiTargets, [field]: sent[field] };
  const { [field]: _, ...others } = before;
  return { ...others, apiTargets: before.apiTargets };
}
