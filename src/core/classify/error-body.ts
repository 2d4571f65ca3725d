import { dissect } from './find-json.ts';
import { isList, isObject, type Loose, type LooseObject } from './loose-json.ts';
import { isCodeName, isMessageName, isNotEvidence } from './member-names.ts';
import { httpOfNumber, httpOfWord } from './http-status.ts';

/** What an answer's text says, freed of its wrapping. Nothing is concluded here. */
export interface Envelope {
  /** Messages in the error objects, the innermost first: a wrapper's own words come after Google's. */
  readonly messages: readonly string[];
  /** String codes, statuses and types of the error objects, such as `quota_exceeded`. */
  readonly labels: readonly string[];
  /** Words outside any JSON. */
  readonly prose: string;
  /** JSON comes first: a body, or a paste of one. */
  readonly leads: boolean;
  /** `ErrorInfo.reason`s, verbatim. */
  readonly reasons: readonly string[];
  /** HTTP status that the error objects name, by number or by word. */
  readonly status?: number;
  /** Quota limits and quota ids named in details. */
  readonly limits: readonly string[];
  readonly quotas: readonly string[];
  /** Whom the request was charged to, as `ErrorInfo` names it: `projects/4711`. */
  readonly consumers: readonly string[];
  /** Whose API refused, as `ErrorInfo` names it: `secretmanager.googleapis.com`. */
  readonly services: readonly string[];
  /** A BadRequest detail: Google complains about the request's fields. */
  readonly malformed: boolean;
  /** The body itself declares an error. */
  readonly failed: boolean;
  /** The body is what a working key gets: a list of models, generated content. */
  readonly succeeded: boolean;
  /** The text ends inside its JSON. */
  readonly cut: boolean;
}

interface Findings {
  readonly messages: string[];
  readonly labels: string[];
  readonly reasons: string[];
  /** Reasons of the older `errors` list, which count where there is no other. */
  readonly legacy: string[];
  readonly limits: string[];
  readonly quotas: string[];
  readonly consumers: string[];
  readonly services: string[];
  readonly codes: number[];
  readonly words: number[];
  malformed: boolean;
  cut: boolean;
}

const FIELD_COMPLAINTS = new Set(['fieldViolations', 'field_violations']);
const LABELS = new Set(['code', 'status', 'type']);
const LIMITS = new Set(['quota_limit_value', 'quotaValue', 'quota_value']);
const QUOTAS = new Set(['quotaId', 'quota_id', 'quota_limit', 'quota_unit']);
const REASON = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/i;
/** The words of the older list that are no less exact than a reason of today (`usageLimits`). */
const LEGACY = new Map([
  ['keyInvalid', ['API_KEY_INVALID']],
  ['keyExpired', ['API_KEY_INVALID']],
  ['accessNotConfigured', ['SERVICE_DISABLED']],
]);
const API_NAME = /^[a-z][\w.-]{0,80}\.googleapis\.com$/i;
const QUOTED_JSON = /^\s*[[{]/;
const MAX_LEVEL = 24;

/** What a wrapper answers for whatever failed behind it: any other status in the text says more. */
export const WRAPPED = 500;

/** Reads a body, or a pasted text that quotes one. */
export function openEnvelope(text: string): Envelope {
  const fragments = dissect(text);
  const roots = fragments.leads ? fragments.values.flat().filter(isObject) : [];
  const found: Findings = {
    messages: [],
    labels: [],
    reasons: [],
    legacy: [],
    limits: [],
    quotas: [],
    consumers: [],
    services: [],
    codes: [],
    words: [],
    malformed: false,
    cut: fragments.cut,
  };
  for (const value of fragments.values) collect(value, found, MAX_LEVEL, true);
  const statuses = [...found.codes, ...found.words];
  const status = statuses.find((code) => code !== WRAPPED) ?? statuses[0];
  return {
    messages: found.messages,
    labels: found.labels,
    prose: fragments.prose,
    leads: fragments.leads,
    reasons: found.reasons.length > 0 ? found.reasons : found.legacy,
    ...(status === undefined ? {} : { status }),
    limits: found.limits,
    quotas: found.quotas,
    consumers: found.consumers,
    services: found.services,
    malformed: found.malformed,
    failed: roots.some(declaresError),
    succeeded: roots.some(isResult),
    cut: found.cut,
  };
}

function collect(value: Loose, found: Findings, level: number, mayReason: boolean): void {
  if (level === 0) return;
  if (isList(value)) for (const item of value) collect(item, found, level - 1, mayReason);
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (isNotEvidence(name)) continue;
    if (FIELD_COMPLAINTS.has(name)) found.malformed = true;
    // The `reason` of the older `errors` list has contradicted the error it stands in.
    else collect(member, found, level - 1, mayReason && name !== 'errors');
    for (const text of isList(member) ? member : [member]) {
      if (typeof text === 'string') addText(name, text, found, level);
    }
  }
  for (const [name, member] of Object.entries(value)) addField(name, member, found, mayReason);
  addNamed(...entryIn(value), found);
}

/** One entry of a map as clients print protobuf: `{ key: "service" value: "…" }`, which is one string, or with a comma between. */
function entryIn({ key, value }: LooseObject): readonly [name: unknown, text: unknown] {
  const [, name, text] = typeof key === 'string' ? (/^(\w{1,40})" ?value: ?"(.{0,200})$/.exec(key) ?? []) : [];
  return name === undefined ? [key, value] : [name, text];
}

function addNamed(name: unknown, text: unknown, found: Findings): void {
  if (typeof text !== 'string') return;
  if (name === 'consumer') found.consumers.push(text);
  if (name === 'service' && API_NAME.test(text)) found.services.push(text.toLowerCase());
}

/** A message may itself quote an answer, and any other member may be one: what is inside comes first. */
function addText(name: string, text: string, found: Findings, level: number): void {
  const isMessage = isMessageName(name);
  if (!isMessage && !QUOTED_JSON.test(text)) return;
  const inner = dissect(text);
  for (const value of inner.values) collect(value, found, level - 1, true);
  found.cut ||= inner.cut;
  if (isMessage && inner.prose !== '') found.messages.push(inner.prose);
}

function addField(name: string, member: Loose, found: Findings, mayReason: boolean): void {
  if (isCodeName(name)) addStatus(member, found);
  if (typeof member !== 'string') return;
  if (LABELS.has(name)) found.labels.push(member);
  if (name === 'reason' && mayReason && REASON.test(member.trim())) found.reasons.push(member.trim());
  if (name === 'reason' && !mayReason) found.legacy.push(...(LEGACY.get(member) ?? []));
  if (LIMITS.has(name)) found.limits.push(member);
  if (QUOTAS.has(name)) found.quotas.push(member);
  addNamed(name, member, found);
}

function addStatus(member: Loose, found: Findings): void {
  if (typeof member !== 'number' && typeof member !== 'string') return;
  const code = httpOfNumber(Number(member));
  if (code !== undefined) found.codes.push(code);
  const word = httpOfWord(`${member}`);
  if (word !== undefined) found.words.push(word);
}

function declaresError(root: LooseObject): boolean {
  const error = root['error'];
  if (typeof error === 'string' || (isObject(error) && Object.keys(error).length > 0)) return true;
  return (
    typeof root['code'] === 'number' && typeof root['status'] === 'string' && httpOfWord(root['status']) !== undefined
  );
}

/** Shapes of success, of the native API and of its OpenAI-compatible routes. */
function isResult(root: LooseObject): boolean {
  const { candidates, promptFeedback, models, name, totalTokens, embedding, embeddings, choices, object } = root;
  return (
    isFilled(candidates) ||
    isObject(promptFeedback) ||
    (isFilled(models) && models.some((model) => isObject(model) && isModelName(model['name']))) ||
    isModelName(name) ||
    typeof totalTokens === 'number' ||
    isObject(embedding) ||
    isFilled(embeddings) ||
    isFilled(choices) ||
    (object === 'list' && isFilled(root['data']))
  );
}

function isModelName(value: Loose | undefined): boolean {
  return typeof value === 'string' && /^(?:models|tunedModels)\/[\w.-]+$/.test(value);
}

function isFilled(value: Loose | undefined): value is readonly Loose[] {
  return isList(value) && value.length > 0;
}
