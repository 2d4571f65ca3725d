import { isObject, readLoosely, isList, type LooseObject } from './loose-json.ts';

/** Not a plain text model, or one that may vanish any week. */
const UNSUITABLE =
  /preview|exp(?:erimental)?\b|embedding|image|tts|live|audio|speech|vision|video|veo|robotics|computer|research|learnlm|aqa|latest|thinking|omni|music|lyria/;

/** Cheapest first, as far as a name tells; a model of another family only when nothing better is there. */
const TIERS: readonly RegExp[] = [
  /^models\/gemini-.*flash-lite/,
  /^models\/gemini-.*flash/,
  /^models\/gemini-/,
  /^models\//,
];

/**
 * The model for a deep probe, named as in the `models.list` body (complete or cut off): a stable text model that can
 * generate, of the cheapest-looking tier, the newest of it since old ones are closed to new projects. `undefined` when
 * the body lists none.
 */
export function modelForDeepProbe(modelsListBody: string): string | undefined {
  const start = modelsListBody.indexOf('{');
  const body = start < 0 ? {} : readLoosely(modelsListBody, start).value;
  const models = isObject(body) && isList(body['models']) ? body['models'] : [];
  const names = models.filter(isObject).filter(generates).map(nameOf).filter(isSuitable);
  return names.toSorted((a, b) => tierOf(a) - tierOf(b) || versionOf(b) - versionOf(a) || a.length - b.length)[0];
}

function generates(model: LooseObject): boolean {
  const methods = model['supportedGenerationMethods'];
  return isList(methods) && methods.includes('generateContent');
}

function nameOf(model: LooseObject): string {
  return typeof model['name'] === 'string' ? model['name'] : '';
}

function isSuitable(name: string): boolean {
  return /^models\/[\w.-]+$/.test(name) && !UNSUITABLE.test(name);
}

function tierOf(name: string): number {
  return TIERS.findIndex((tier) => tier.test(name));
}

function versionOf(name: string): number {
  return Number(/-(\d+(?:\.\d+)?)/.exec(name)?.[1] ?? 0);
}
