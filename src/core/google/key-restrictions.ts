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

/** The APIs that a key may call, as its restrictions have them. */
export interface AllowedApis {
  /** For people: `maps-backend.googleapis.com`, and in brackets the methods where only some are allowed. */
  readonly names: readonly string[];
  /** Those besides the Gemini API, as gcloud has to be told: it replaces the list. Absent where it would lose methods. */
  readonly flags?: readonly string[];
}

/** Reads the list of a key's restrictions. gcloud takes methods from a file alone, so a list with some has no flags. */
export function allowedApis({ apiTargets }: JsonRecord): AllowedApis {
  const targets: readonly unknown[] = Array.isArray(apiTargets) ? apiTargets : [];
  const listed = targets.map((target) => ({ api: serviceOf(target), methods: methodsOf(target) }));
  const names = listed.map(({ api, methods }) => (methods.length === 0 ? api : `${api} (${methods.join(', ')})`));
  if (listed.some(({ api, methods }) => methods.length > 0 || api === NAMELESS)) return { names };
  const others = listed.filter(({ api }) => api !== GEMINI_SERVICE);
  return { names, flags: others.map(({ api }) => `--api-target=service=${api}`) };
}

/** What the list says about a key that the Gemini API refuses for its restrictions. */
export function toldApis({ names, flags }: AllowedApis): string {
  const listed = names.join(', ');
  if (names.length === 0)
    return 'the key is restricted to no API at all, and such keys are refused since 2026-06-19: restrict it to the Gemini API';
  if (names.includes(GEMINI_SERVICE))
    return `the key may call ${listed}, so the Gemini API is in its list: a change takes some minutes`;
  const how = flags === undefined ? ': keep the methods, which gcloud takes from --flags-file alone' : '';
  return `the key may call ${listed}, and not the Gemini API as a whole${how}`;
}

/** Whether the Gemini API may be one that a key with these restrictions is refused by. */
export function lacksGemini({ apiTargets }: JsonRecord): boolean {
  return !Array.isArray(apiTargets) || !apiTargets.some((one) => isGemini(one) && methodsOf(one).length === 0);
}

/** Why a key may call the Gemini API: nothing restricts it, or the API is in its list, if only for some methods. */
export type GeminiReach = 'unrestricted' | 'listed';

/** How a key with these restrictions reaches the Gemini API; `undefined` where its list names other APIs alone. */
export function geminiReach({ apiTargets }: JsonRecord): GeminiReach | undefined {
  if (!Array.isArray(apiTargets) || apiTargets.length === 0) return 'unrestricted';
  return apiTargets.some(isGemini) ? 'listed' : undefined;
}

function methodsOf(target: unknown): readonly string[] {
  const methods = isRecord(target) ? target['methods'] : undefined;
  return Array.isArray(methods) ? methods.filter((method) => typeof method === 'string') : [];
}

function isGemini(target: unknown): boolean {
  return serviceOf(target) === GEMINI_SERVICE;
}

function serviceOf(target: unknown): string {
  return isRecord(target) && typeof target['service'] === 'string' ? target['service'] : NAMELESS;
}

const NAMELESS = 'a service without a name';
