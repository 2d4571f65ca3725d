import { ApiError } from '../wire/api-error.ts';
import { GEMINI_ALONE, NO_RESTRICTIONS } from '../world/restrictions.ts';
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
import type { Accounts } from '../world/accounts.ts';
import type { Caller, Iam } from '../world/iam.ts';
import type { Organisation } from '../world/organisation.ts';
import { requireAllowed, requireBinding, requireKeyId, requireKeysLeft } from './create-rules.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const USAGE_DAYS = 7;
const PAGES = { usual: 50, most: 300 };

/** What a call on the keys of one project works on. */
export interface KeyCall {
  readonly names: ProjectNames;
  readonly keyring: Keyring;
  readonly meter: Meter;
  readonly switches: ApiKeysSwitches;
  readonly iam: Iam;
  readonly accounts: Accounts;
  readonly organisation: Organisation;
  readonly caller: Caller;
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
  const { keyring, organisation, switches, project, now } = call;
  const fields = keyFields(key);
  requireKeyId(keyId);
  const mine = keysOf(call);
  // Not settled: the code of a repeated id. That ids of deleted keys are not freed is reported.
  if (mine.some((other) => other.keyId === keyId))
    throw new ApiError('ALREADY_EXISTS', 'Requested entity already exists');
  const counted = mine.filter(({ deletedAt }) => switches.deletedKeysCount || deletedAt === undefined);
  requireKeysLeft(counted.length);
  const bound = fields.serviceAccountEmail !== undefined;
  if (fields.serviceAccountEmail !== undefined) requireBinding(call, fields.serviceAccountEmail, 'create');
  const unset = bound && switches.boundKeyDefault === 'gemini' ? GEMINI_ALONE : NO_RESTRICTIONS;
  const sent = fields.restrictions ?? NO_RESTRICTIONS;
  const restrictions = sent.apiTargets.length === 0 ? { ...sent, apiTargets: unset.apiTargets } : sent;
  requireAllowed({ project, serviceAccountEmail: fields.serviceAccountEmail, restrictions }, organisation, switches);
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
  requireRebinding(call, key, 'delete');
  requireEtag(call, key, etag);
  requireQuiet(call, key, checkExistingUsage);
  return present(keyring.change(key.uid, { deletedAt: now }, now));
}

/** The key without the mark. FAILED_PRECONDITION when it has none. */
export function undeleted(call: KeyCall, { etag }: Of<typeof undeleteRequest>): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  requireRebinding(call, key, 'undelete');
  requireEtag(call, key, etag);
  if (key.deletedAt === undefined) throw new ApiError('FAILED_PRECONDITION', 'The key is not deleted.');
  return present(keyring.change(key.uid, { deletedAt: undefined }, now));
}

function requireRebinding(call: KeyCall, key: GeminiKey, verb: 'delete' | 'undelete'): void {
  const asked = key.serviceAccountEmail !== undefined && call.switches.bindingAsked === 'always';
  if (asked) requireBinding(call, key.serviceAccountEmail, verb);
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
