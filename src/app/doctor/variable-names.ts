import { whyNoKeyIsNeeded } from '../../core/consumers/without-key.ts';
import { isWholeShape } from '../../core/key/key-shape.ts';
import { nearest } from '../../core/values/nearest.ts';
import type { Check } from './checklist.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Google's SDKs read these, and the first wins (ai.google.dev/gemini-api/docs/api-key). */
export const VARIABLES = ['GOOGLE_API_KEY', 'GEMINI_API_KEY'] as const;

/** What other SDKs read, each with who does. */
const OTHER_SDKS: Readonly<Record<string, string>> = {
  GOOGLE_GENERATIVE_AI_API_KEY: 'the Vercel AI SDK',
  GOOGLE_GENAI_API_KEY: 'Genkit',
  GOOGLE_AI_API_KEY: 'some wrappers',
  GOOGLE_GEMINI_API_KEY: 'some wrappers',
  GOOGLE_AI_STUDIO_API_KEY: 'some wrappers',
  GENAI_API_KEY: 'some wrappers',
  PALM_API_KEY: 'libraries that are out of support',
};
/** Bundlers build the values of such variables into pages that anybody can read. */
const PUBLIC = /^(?:VITE|NEXT_PUBLIC|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY|VUE_APP)_/;
const VERTEX_SWITCHES = ['GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_ENTERPRISE'];

/** Names of an environment under which other SDKs than Google's look for a Gemini key, and which are set. */
export function otherSdkVariables(environment: Environment): readonly string[] {
  return [...setIn(environment).keys()].filter((name) => OTHER_SDKS[name] !== undefined);
}

/** Whether the names are right: a key under another name is not read, and under some it is public. */
export function nameChecks(environment: Environment): readonly Check[] {
  const set = [...setIn(environment)];
  return [rightName(set), notPublic(set), notVertex(set)];
}

/** Whether a key is needed at all: told only where the program shows an account of its own, and no fault. */
export function keylessChecks(environment: Environment): readonly Check[] {
  const why = whyNoKeyIsNeeded(environment);
  if (why === undefined) return [];
  const says = `${why}: on Vertex AI that account takes the place of a key (key-warden runbook without-a-key)`;
  return [{ state: 'yes', title: 'it could do without a key', says }];
}

type Variable = readonly [name: string, value: string];

/** The variables that hold something, without white space around it. */
function setIn(environment: Environment): ReadonlyMap<string, string> {
  const set = Object.entries(environment).flatMap(([name, value]): readonly Variable[] =>
    value === undefined || value.trim() === '' ? [] : [[name, value.trim()]],
  );
  return new Map(set);
}

function rightName(set: readonly Variable[]): Check {
  const title = 'the variable has the name that is read';
  const read = set.filter(([name]) => isRead(name)).map(([name]) => name);
  const others = set.filter(([name]) => !isRead(name)).flatMap(wrongName);
  if (read.length > 0) return { state: 'yes', title, says: [`${read.join(', ')} is set`, ...others].join('; ') };
  if (others.length === 0) return { state: 'not_looked', title, says: 'no variable looks like one for a key' };
  return { state: 'no', title, says: `Google’s SDKs read ${VARIABLES.join(' and ')}: ${others.join('; ')}` };
}

function wrongName([name, value]: Variable): readonly string[] {
  const reader = OTHER_SDKS[name];
  if (reader !== undefined) return [`${name} is read by ${reader}`];
  if (isWholeShape(value)) return [`${name} holds what looks like a key`];
  const meant = PUBLIC.test(name) ? undefined : nearest(name, VARIABLES);
  return meant === undefined ? [] : [`${name} was probably meant to be ${meant}`];
}

function notPublic(set: readonly Variable[]): Check {
  const title = 'no key is built into pages';
  const names = set
    .filter(([name, value]) => PUBLIC.test(name) && (/GEMINI|GENAI|GOOGLE/.test(name) || isWholeShape(value)))
    .map(([name]) => name);
  if (names.length === 0) return { state: 'yes', title, says: 'no variable with a prefix for pages holds one' };
  const says = `${names.join(', ')}: what has this prefix is public. Call Gemini from a server, and rotate the key`;
  return { state: 'no', title, says };
}

function notVertex(set: readonly Variable[]): Check {
  const title = 'requests go to the Gemini API';
  const on = set
    .filter(([name, value]) => VERTEX_SWITCHES.includes(name) && /^(?:true|1|yes|on)$/i.test(value))
    .map(([name]) => name);
  if (on.length === 0) return { state: 'yes', title, says: 'no switch for Vertex AI is set' };
  return {
    state: 'no',
    title,
    says: `${on.join(', ')} is set: SDKs go to Vertex AI, which takes no such key. Unset it, or stay there without a key (key-warden runbook without-a-key)`,
  };
}

function isRead(name: string): boolean {
  return VARIABLES.some((variable) => variable === name);
}
