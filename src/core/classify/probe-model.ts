import { readLoosely, isObject, isList, type LooseObject } from './loose-json.ts';

/** A deep probe asks this many models at most: one that is closed to a project says nothing about its key. */
export const PROBE_MODELS_MAX = 3;

/** Not a plain text model, or one that may vanish any week. */
const UNSUITABLE =
  /preview|exp(?:erimental)?\b|embedding|image|tts|live|audio|speech|vision|video|veo|robotics|computer|research|learnlm|aqa|latest|thinking|omni|music|lyria|transl|transcri|dialog|cyber|custom|guard/;

/**
 * The names that chat models have, such as `models/gemini-3.10-flash-lite-001`: cheap ones, and made for every project.
 * What is called more, such as `gemini-3.9-flash-translate`, does something else or is for partners only.
 */
const CHAT = /^models\/gemini-\d+(?:\.\d+)?-flash(?:-lite)?(?:-\d{3})?$/;

/** Chat models first; others, cheapest first as far as a name tells, when nothing better is there. */
const TIERS: readonly RegExp[] = [
  CHAT,
  /^models\/gemini-.*flash-lite/,
  /^models\/gemini-.*flash/,
  /^models\/gemini-/,
  /^models\//,
];

/**
 * The models for a deep probe in the order in which to ask them, named as in the `models.list` body (complete or cut
 * off): the best one, of the newest version since old ones are closed to new projects although they are listed, the
 * cheapest of a version first. A version is asked once while there are others. Empty when the body lists none.
 */
export function modelsForDeepProbe(modelsListBody: string): readonly string[] {
  const start = modelsListBody.indexOf('{');
  const body = start < 0 ? {} : readLoosely(modelsListBody, start).value;
  const models = isObject(body) && isList(body['models']) ? body['models'] : [];
  const names = models.filter(isObject).filter(generates).map(nameOf).filter(isSuitable);
  const ranked = [...new Set(names)].toSorted(better);
  const ofEachVersion = ranked.filter((name, at) => ranked.findIndex((other) => isSameModel(other, name)) === at);
  return [...new Set([...ofEachVersion, ...ranked])].slice(0, PROBE_MODELS_MAX);
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

function better(a: string, b: string): number {
  return tierOf(a) - tierOf(b) || newer(a, b) || costOf(a) - costOf(b) || a.length - b.length;
}

function tierOf(name: string): number {
  return TIERS.findIndex((tier) => tier.test(name));
}

/** Of one version: the lite model is the cheapest, and a pinned name the same model again. */
function costOf(name: string): number {
  return name.includes('flash-lite') ? 0 : 1;
}

/** Versions count part by part: 3.10 is newer than 3.9. */
function newer(a: string, b: string): number {
  const [majorOfA, minorOfA] = versionOf(a);
  const [majorOfB, minorOfB] = versionOf(b);
  return majorOfB - majorOfA || minorOfB - minorOfA;
}

function versionOf(name: string): readonly [number, number] {
  const [, major = '0', minor = '0'] = /-(\d+)(?:\.(\d+))?/.exec(name) ?? [];
  return [Number(major), Number(minor)];
}

function isSameModel(a: string, b: string): boolean {
  return tierOf(a) === tierOf(b) && newer(a, b) === 0;
}
