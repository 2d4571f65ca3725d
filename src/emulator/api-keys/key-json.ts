import { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';
import { isJsonObject, refuseUnknownFields, textField, textMapField } from '../rest/json-body.ts';
import type { JsonObject } from '../rest/json-body.ts';
import type { KeyRestrictions } from '../key-restrictions.ts';
import type { GeminiKey, KeyChange } from '../keyring.ts';

const KEY_FIELDS = new Set([
  'name',
  'uid',
  'displayName',
  'keyString',
  'createTime',
  'updateTime',
  'deleteTime',
  'annotations',
  'restrictions',
  'etag',
  'serviceAccountEmail',
]);
const RESTRICTION_FIELDS = new Set([
  'browserKeyRestrictions',
  'serverKeyRestrictions',
  'androidKeyRestrictions',
  'iosKeyRestrictions',
  'apiTargets',
]);
const DISPLAY_NAME_LENGTH = 63;

/** What a caller wrote about a key, checked. Left-out fields are absent. */
export interface KeyFields {
  readonly displayName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly restrictions?: KeyRestrictions;
  readonly serviceAccountEmail?: string;
}

/** Reads a Key. INVALID_ARGUMENT for unknown fields, wrong types and a name over 63 characters. */
export function keyFields(body: JsonObject): KeyFields {
  refuseUnknownFields(body, KEY_FIELDS);
  const displayName = textField(body, 'displayName');
  const serviceAccountEmail = textField(body, 'serviceAccountEmail');
  if ((displayName ?? '').length > DISPLAY_NAME_LENGTH) {
    throw new ApiError('INVALID_ARGUMENT', `display_name may have at most ${DISPLAY_NAME_LENGTH} characters.`);
  }
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(body['annotations'] === undefined ? {} : { annotations: textMapField(body, 'annotations') }),
    ...(body['restrictions'] === undefined ? {} : { restrictions: restrictionsOf(body['restrictions']) }),
    ...(serviceAccountEmail === undefined ? {} : { serviceAccountEmail }),
  };
}

function restrictionsOf(value: unknown): KeyRestrictions {
  const given = objectOf(value);
  refuseUnknownFields(given, RESTRICTION_FIELDS, 'key.restrictions');
  const clients = Object.keys(given).filter((field) => field !== 'apiTargets');
  if (clients.length > 1) throw new ApiError('INVALID_ARGUMENT', 'A key takes one kind of client restriction.');
  const list = (kind: string, field: string): readonly unknown[] | undefined =>
    given[kind] === undefined ? undefined : [objectOf(given[kind])[field] ?? []].flat();
  const [ips, referrers, apps, bundles] = [
    list('serverKeyRestrictions', 'allowedIps'),
    list('browserKeyRestrictions', 'allowedReferrers'),
    list('androidKeyRestrictions', 'allowedApplications'),
    list('iosKeyRestrictions', 'allowedBundleIds'),
  ];
  return {
    apiTargets: [given['apiTargets'] ?? []].flat().map((target) => {
      const { methods = [] } = objectOf(target);
      return { service: textField(objectOf(target), 'service') ?? '', methods: texts([methods].flat()) };
    }),
    ...(ips && { allowedIps: texts(ips) }),
    ...(referrers && { allowedReferrers: texts(referrers) }),
    ...(bundles && { allowedBundleIds: texts(bundles) }),
    ...(apps && {
      allowedAndroidApps: apps.map((app) => ({
        packageName: textField(objectOf(app), 'packageName') ?? '',
        sha1Fingerprint: textField(objectOf(app), 'sha1Fingerprint') ?? '',
      })),
    }),
  };
}

function objectOf(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Expected an object.');
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.map((value) => {
    if (typeof value === 'string') return value;
    throw new ApiError('INVALID_ARGUMENT', `Invalid value (TYPE_STRING), ${JSON.stringify(value)}`);
  });
}

const MASK_FIELDS: Readonly<Record<string, keyof KeyChange>> = {
  displayName: 'displayName',
  display_name: 'displayName',
  annotations: 'annotations',
  restrictions: 'restrictions',
};
const MUTABLE = ['displayName', 'annotations', 'restrictions'] as const;
const EMPTIED = { displayName: undefined, annotations: {}, restrictions: { apiTargets: [] } };

/** What a patch changes: no mask means the fields that are set, `*` replaces all. INVALID_ARGUMENT for other paths. */
export function changeOf(fields: KeyFields, mask: string | null): KeyChange {
  return Object.fromEntries(
    MUTABLE.filter((field) => masked(field, mask, fields)).map((field) => [field, fields[field] ?? EMPTIED[field]]),
  );
}

function masked(field: keyof KeyChange, mask: string | null, fields: KeyFields): boolean {
  if (mask === null || mask === '') return Object.hasOwn(fields, field);
  return mask.split(',').some((path) => {
    const named = MASK_FIELDS[path.trim()];
    if (path !== '*' && named === undefined) {
      throw new ApiError('INVALID_ARGUMENT', `update_mask names '${path}', which cannot be changed.`);
    }
    return path === '*' || named === field;
  });
}

/** `projects/<number>/locations/global/keys/<id>`, as every answer names a key. */
export function keyNameOf({ project, keyId }: Pick<GeminiKey, 'project' | 'keyId'>): string {
  return `projects/${project}/locations/global/keys/${keyId}`;
}

export function keyEtagOf({ uid, edition }: Pick<GeminiKey, 'uid' | 'edition'>): string {
  return `W/"${Buffer.from(`${uid.slice(0, 8)}.${edition}`).toString('base64')}"`;
}

/** A key in REST form: never with its string. */
export function keyJson(key: GeminiKey): JsonObject {
  const iso = (moment: number): string => new Date(moment).toISOString();
  return {
    name: keyNameOf(key),
    uid: key.uid,
    ...(key.displayName === undefined ? {} : { displayName: key.displayName }),
    createTime: iso(key.createdAt),
    updateTime: iso(key.updatedAt),
    ...(key.deletedAt === undefined ? {} : { deleteTime: iso(key.deletedAt) }),
    ...(Object.keys(key.annotations).length === 0 ? {} : { annotations: key.annotations }),
    restrictions: restrictionsJson(key.restrictions),
    etag: keyEtagOf(key),
    ...(key.serviceAccountEmail === undefined ? {} : { serviceAccountEmail: key.serviceAccountEmail }),
  };
}

function restrictionsJson(restrictions: KeyRestrictions): JsonObject {
  const { apiTargets, allowedIps, allowedReferrers, allowedAndroidApps, allowedBundleIds } = restrictions;
  return {
    ...(apiTargets.length > 0 && { apiTargets }),
    ...(allowedIps && { serverKeyRestrictions: { allowedIps } }),
    ...(allowedReferrers && { browserKeyRestrictions: { allowedReferrers } }),
    ...(allowedAndroidApps && { androidKeyRestrictions: { allowedApplications: allowedAndroidApps } }),
    ...(allowedBundleIds && { iosKeyRestrictions: { allowedBundleIds } }),
  };
}
