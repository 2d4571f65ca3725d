import type { JsonObject } from '../wire/rest/json-body.ts';
import { secretJson } from './render.ts';
import { versionName, type SecretRecord, type VersionRecord } from './resource.ts';

type Call = readonly [call: string, body: unknown];

/** The REST calls that make a secret again: itself, its versions, their states, its aliases and its policy. */
export function replayOf(secret: SecretRecord, gone: string): readonly Call[] {
  const id = secret.name.slice(secret.name.lastIndexOf('/') + 1);
  const parent = secret.name.slice(0, secret.name.lastIndexOf('/secrets/'));
  const { name: _, createTime: __, etag: ___, versionAliases, versionDestroyTtl, ...fresh } = secretJson(secret);
  const later: JsonObject = {
    ...(versionAliases !== undefined && { versionAliases }),
    ...(versionDestroyTtl !== undefined && { versionDestroyTtl }),
  };
  const mask = Object.keys(later).join(',');
  const { bindings, version } = secret.policy;
  return [
    [`POST /v1/${parent}/secrets?secretId=${id}`, fresh],
    ...secret.versions.flatMap((one) => versionCalls(secret, one, gone)),
    ...(mask === '' ? [] : [[`PATCH /v1/${secret.name}?updateMask=${mask}`, later] as const]),
    ...(bindings.length === 0
      ? []
      : [[`POST /v1/${secret.name}:setIamPolicy`, { policy: { bindings, version } }] as const]),
  ];
}

function versionCalls(secret: SecretRecord, version: VersionRecord, gone: string): readonly Call[] {
  const { payload, state, number, clientChecksum, crc } = version;
  const data = state === 'DESTROYED' || payload === undefined ? gone : payload.toString('base64');
  const checked = clientChecksum && data !== gone ? { dataCrc32c: String(crc) } : {};
  const verb = { ENABLED: undefined, DISABLED: 'disable', DESTROYED: 'destroy' }[state];
  return [
    [`POST /v1/${secret.name}:addVersion`, { payload: { data, ...checked } }],
    ...(verb === undefined ? [] : [[`POST /v1/${versionName(secret, number)}:${verb}`, {}] as const]),
  ];
}
