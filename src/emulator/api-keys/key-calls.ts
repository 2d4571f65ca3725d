import { ApiError } from '../wire/api-error.ts';
import { GEMINI_API, NO_RESTRICTIONS } from '../world/restrictions.ts';
import type { GeminiKey, Keyring } from '../world/keyring.ts';
import type { Meter } from '../world/meter.ts';
import type { ProjectNames } from '../world/names.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { pageOf } from '../wire/rest/pages.ts';
import type { Of } from '../wire/rest/proto-json.ts';
import { changeOf } from './key-change.ts';
import { keyEtagOf, keyJson } from './key-json.ts';
import { keyFields } from './key-message.ts';
import type {
  createRequest,
  deleteRequest,
  listRequest,
  undeleteRequest,
  updateRequest,
  UsageCheck,
} from './requests.ts';
import type { ApiKeysSwitches } from './switches.ts';

const KEYS_PER_PROJECT = 300;
const DAY_MS = 24 * 60 * 60 * 1000;
const USAGE_DAYS = 7;
const PAGES = { usual: 50, most: 300 };
const KEY_ID = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a call on the keys of one project works on. */
export interface KeyCall {
  readonly names: ProjectNames;
  readonly keyring: Keyring;
  readonly meter: Meter;
  readonly switches: ApiKeysSwitches;
  readonly now: number;
  /** Project number. */
  readonly project: string;
  readonly keyId: string | undefined;
}

function present(key: GeminiKey | undefined): GeminiKey {
  if (key === undefined) throw notFound();
  return key;
}

/** In the words of every API that has none of its own. */
export function notFound(): ApiError {
  return new ApiError('NOT_FOUND', 'Requested entity was not found.');
}

function keysOf({ keyring, project, names }: KeyCall): readonly GeminiKey[] {
  return keyring.all().filter((key) => names.numberOf(key.project) === project);
}

/** By id or by uid; soft-deleted keys are found too, as Terraform users found out. */
export function keyOf(call: KeyCall): GeminiKey {
  return present(keysOf(call).find(({ keyId, uid }) => keyId === call.keyId || uid === call.keyId));
}

/** One page of the project's keys in the order in which they were made; deleted ones only when asked for. */
export function listed(call: KeyCall, asked: Of<typeof listRequest>): JsonObject {
  const shown = keysOf(call).filter(({ deletedAt }) => asked.showDeleted === true || deletedAt === undefined);
  const { items, ...next } = pageOf(shown, asked, PAGES);
  return { ...(items.length > 0 && { keys: items.map(keyJson) }), ...next };
}

/** A new key. The effect is immediate; only the operation around it may take its time. */
export function created(call: KeyCall, { key = {}, keyId }: Of<typeof createRequest>): GeminiKey {
  const { keyring, switches, project, now } = call;
  const fields = keyFields(key);
  if (keyId !== undefined && (!KEY_ID.test(keyId) || UUID.test(keyId))) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      'key_id must match [a-z]([a-z0-9-]{0,61}[a-z0-9])? and not look like a UUID.',
    );
  }
  const mine = keysOf(call);
  // Not settled: the code of a repeated id. That ids of deleted keys are not freed is reported.
  if (mine.some((other) => other.keyId === keyId))
    throw new ApiError('ALREADY_EXISTS', 'Requested entity already exists');
  const counted = mine.filter(({ deletedAt }) => switches.deletedKeysCount || deletedAt === undefined);
  if (counted.length >= KEYS_PER_PROJECT) {
    throw new ApiError('RESOURCE_EXHAUSTED', `A project may have at most ${KEYS_PER_PROJECT} API keys.`);
  }
  const restrictions = fields.restrictions ?? NO_RESTRICTIONS;
  const bound = fields.serviceAccountEmail !== undefined;
  const forGemini = restrictions.apiTargets.some(({ service }) => service === GEMINI_API);
  if (forGemini && !bound && switches.unboundGeminiKeys === 'refused') {
    throw new ApiError('INVALID_ARGUMENT', `A key for ${GEMINI_API} must be bound to a service account.`);
  }
  const named = keyId === undefined ? {} : { keyId };
  const kind = bound ? 'auth' : 'standard';
  return keyring.issue({ annotations: {}, ...fields, ...named, project, kind, restrictions }, now);
}

/** The key after a patch. */
export function updated(
  call: KeyCall,
  { key: sent = {}, updateMask, checkExistingUsage }: Of<typeof updateRequest>,
): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  requireEtag(call, key, sent.etag);
  requireQuiet(call, key, checkExistingUsage);
  return present(keyring.change(key.uid, changeOf(key, keyFields(sent), updateMask), now));
}

/** The key, marked as deleted: it can be brought back for 30 days. */
export function deleted(call: KeyCall, { etag, checkExistingUsage }: Of<typeof deleteRequest>): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  // Not settled: what deleting twice answers.
  if (key.deletedAt !== undefined) throw notFound();
  requireEtag(call, key, etag);
  requireQuiet(call, key, checkExistingUsage);
  return present(keyring.change(key.uid, { deletedAt: now }, now));
}

/** The key without the mark. FAILED_PRECONDITION when it has none. */
export function undeleted(call: KeyCall, { etag }: Of<typeof undeleteRequest>): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  requireEtag(call, key, etag);
  if (key.deletedAt === undefined) throw new ApiError('FAILED_PRECONDITION', 'The key is not deleted.');
  return present(keyring.change(key.uid, { deletedAt: undefined }, now));
}

function requireEtag({ switches }: KeyCall, key: GeminiKey, etag: string | undefined): void {
  if (etag === undefined || etag === '' || etag === keyEtagOf(key)) return;
  throw new ApiError(switches.etagMismatch, 'The etag does not match the current one of the key.');
}

/** CHECK refuses what was used within seven days; everything else skips it. */
function requireQuiet({ meter, now }: KeyCall, key: GeminiKey, check: UsageCheck | undefined): void {
  if (check !== 'CHECK' || !meter.usedSince(key.uid, now - USAGE_DAYS * DAY_MS, now)) return;
  throw new ApiError('FAILED_PRECONDITION', `The key was used within the last ${USAGE_DAYS} days.`);
}
