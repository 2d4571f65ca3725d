import type { JsonObject } from '../../wire/rest/json-body.ts';
import { kept, lastOf, objectsIn, textIn } from './parts.ts';

/** How a service or worker pool fares. */
export function deployedStatus(json: JsonObject): JsonObject {
  const { latestReadyRevision: ready, latestCreatedRevision: created, uri } = json;
  return {
    observedGeneration: Number(json['observedGeneration'] ?? 0),
    conditions: conditionsOf(json),
    ...(typeof ready === 'string' && { latestReadyRevisionName: lastOf(ready) }),
    ...(typeof created === 'string' && { latestCreatedRevisionName: lastOf(created) }),
    ...(uri !== undefined && { url: uri, address: { url: uri } }),
  };
}

/** What is wanted says the latest one without a name; what is there names it, too. */
export function targets(json: JsonObject, field: string, isStatus: boolean, ready?: string): readonly JsonObject[] {
  const all = objectsIn(json, field);
  const wanted: readonly JsonObject[] = all.length === 0 && !isStatus ? [{ percent: 100 }] : all;
  return wanted.map(({ revision: named, percent, tag }) => ({
    ...(named === undefined ? { latestRevision: true } : { revisionName: named }),
    ...(named === undefined && isStatus && ready !== undefined && { revisionName: lastOf(ready) }),
    ...(percent !== undefined && { percent }),
    ...(tag !== undefined && { tag }),
  }));
}

const STATUSES = {
  CONDITION_SUCCEEDED: 'True',
  CONDITION_FAILED: 'False',
} as const satisfies Record<string, string>;

/** The one of the whole stands first, under the name that v1 has for it. */
export function conditionsOf(json: JsonObject): readonly JsonObject[] {
  const { terminalCondition: whole } = json;
  return [...objectsIn({ whole: [whole] }, 'whole'), ...objectsIn(json, 'conditions')].map((one) => {
    const reason = textIn(one, 'reason') ?? textIn(one, 'revisionReason');
    return {
      ...kept(one, ['type', 'message', 'lastTransitionTime']),
      status: new Map<unknown, string>(Object.entries(STATUSES)).get(one['state']) ?? 'Unknown',
      ...(reason !== undefined && { reason: pascalCase(reason) }),
    };
  });
}

/** `SECRETS_ACCESS_CHECK_FAILED` is `SecretsAccessCheckFailed` in v1. */
function pascalCase(reason: string): string {
  return reason
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
