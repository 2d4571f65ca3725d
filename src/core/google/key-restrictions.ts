import { isRecord, type JsonRecord } from '../values/json.ts';

/** The service that a key must be allowed to call, or it is no Gemini key. */
export const GEMINI_SERVICE = 'generativelanguage.googleapis.com';

/** What a new key may be used for, and the services that the old one was good for and the new one is not. */
export interface Restrictions {
  readonly restrictions: JsonRecord;
  /** Such as `maps-backend.googleapis.com`; empty where nothing is lost that a restriction of the old key names. */
  readonly lost: readonly string[];
}

/**
 * The restrictions of a key that takes the place of one with these, in the form of the API. Addresses, referrers and apps
 * stay as they were, and Gemini is always a target: it refuses keys that are restricted to nothing, and what an unrestricted
 * key is used for no record tells. With `geminiAlone`, as an auth key must be, it is the only one.
 */
export function restrictionsOfSuccessor(old: JsonRecord, geminiAlone: boolean): Restrictions {
  const { apiTargets } = old;
  const targets: readonly unknown[] = Array.isArray(apiTargets) ? apiTargets : [];
  const gemini = targets.filter(isGemini);
  const others = targets.filter((target) => !isGemini(target));
  const ensured = gemini.length > 0 ? gemini : [{ service: GEMINI_SERVICE }];
  const kept = geminiAlone ? ensured : gemini.length > 0 ? targets : [...targets, ...ensured];
  return { restrictions: { ...old, apiTargets: kept }, lost: geminiAlone ? others.map(serviceOf) : [] };
}

function isGemini(target: unknown): boolean {
  return serviceOf(target) === GEMINI_SERVICE;
}

function serviceOf(target: unknown): string {
  return isRecord(target) && typeof target['service'] === 'string' ? target['service'] : 'a service without a name';
}
