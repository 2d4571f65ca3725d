import { Buffer } from 'node:buffer';
import type { KeyRestrictions } from '../world/restrictions.ts';
import type { GeminiKey } from '../world/keyring.ts';
import type { Asset } from '../world/asset.ts';
import { utcText } from '../wire/rest/micros.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';

/** `projects/<number>/locations/global/keys/<id>`, as every answer names a key. */
export function keyNameOf({ project, keyId }: Pick<GeminiKey, 'project' | 'keyId'>): string {
  return `projects/${project}/locations/global/keys/${keyId}`;
}

export function keyEtagOf({ uid, edition }: Pick<GeminiKey, 'uid' | 'edition'>): string {
  return `W/"${Buffer.from(`${uid.slice(0, 8)}.${edition}`).toString('base64')}"`;
}

/** A key in REST form: never with its string. */
export function keyJson(key: GeminiKey): JsonObject {
  const iso = (moment: number): string => utcText(moment * 1000 + microsOf(key));
  return {
    name: keyNameOf(key),
    uid: key.uid,
    ...(key.displayName === undefined ? {} : { displayName: key.displayName }),
    createTime: iso(key.createdAt),
    updateTime: iso(key.updatedAt),
    ...(key.deletedAt === undefined ? {} : { deleteTime: iso(key.deletedAt) }),
    ...(Object.keys(key.annotations).length === 0 ? {} : { annotations: key.annotations }),
    ...restrictionsJson(key.restrictions),
    etag: keyEtagOf(key),
    ...(key.serviceAccountEmail === undefined ? {} : { serviceAccountEmail: key.serviceAccountEmail }),
  };
}

/** As Cloud Asset Inventory lists it, by the number of its project and with no place; one that was deleted not at all. */
export function keyAsset(key: GeminiKey, project: string): readonly Asset[] {
  if (key.deletedAt !== undefined) return [];
  return [
    {
      type: 'apikeys.googleapis.com/Key',
      name: keyNameOf(key),
      project,
      location: 'global',
      createdAt: key.createdAt * 1000,
    },
  ];
}

/** The clock has milliseconds, and Google writes microseconds: those of a key are its own, and the same at every look. */
function microsOf({ uid }: Pick<GeminiKey, 'uid'>): number {
  return 1 + (Number.parseInt(uid.slice(0, 6), 16) % 999);
}

function restrictionsJson(restrictions: KeyRestrictions): JsonObject {
  const { apiTargets, allowedIps, allowedReferrers, allowedAndroidApps, allowedBundleIds } = restrictions;
  const json = {
    ...(apiTargets.length > 0 && { apiTargets }),
    ...(allowedIps && { serverKeyRestrictions: { allowedIps } }),
    ...(allowedReferrers && { browserKeyRestrictions: { allowedReferrers } }),
    ...(allowedAndroidApps && { androidKeyRestrictions: { allowedApplications: allowedAndroidApps } }),
    ...(allowedBundleIds && { iosKeyRestrictions: { allowedBundleIds } }),
  };
  return Object.keys(json).length === 0 ? {} : { restrictions: json };
}
