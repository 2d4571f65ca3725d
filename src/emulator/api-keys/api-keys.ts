import { ApiError } from '../api-error.ts';
import { changeOf } from './key-change.ts';
import { keyEtagOf, keyJson, keyNameOf } from './key-json.ts';
import { keyFields, keyMessage } from './key-message.ts';
import type { MovableClock } from '../clock.ts';
import type { Reply, Request, Service } from '../http.ts';
import type { Iam } from '../iam.ts';
import type { Identities } from '../identities.ts';
import { jsonObjectOf } from '../rest/json-body.ts';
import type { JsonObject } from '../rest/json-body.ts';
import { GEMINI_API, NO_RESTRICTIONS } from '../key-restrictions.ts';
import type { GeminiKey, Keyring } from '../keyring.ts';
import type { Meter } from '../meter.ts';
import type { ProjectNames } from '../names.ts';
import { operations } from './operations.ts';
import type { Operations } from './operations.ts';
import { PAGE_FIELDS, pageOf } from '../rest/pages.ts';
import { flag, message, oneOf, readRoot, text } from '../rest/proto-json.ts';
import type { Of } from '../rest/proto-json.ts';
import { queryFields } from '../rest/query.ts';

/** Behaviours that no source settles; a test picks one. */
export interface ApiKeysSwitches {
  /** How long an operation is not done. */
  readonly operationMs: number;
  /** Whether CreateKey takes a Gemini target without a service account; the console refuses it since mid-2026. */
  readonly unboundGeminiKeys: 'accepted' | 'refused';
  /** Whether soft-deleted keys count towards the 300 of a project. */
  readonly deletedKeysCount: boolean;
  /** AIP-154 prescribes ABORTED; production was not seen. */
  readonly etagMismatch: 'ABORTED' | 'FAILED_PRECONDITION';
}

export const API_KEYS_DEFAULTS: ApiKeysSwitches = {
  operationMs: 0,
  unboundGeminiKeys: 'accepted',
  deletedKeysCount: true,
  etagMismatch: 'ABORTED',
};

export interface ApiKeysParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly keyring: Keyring;
  readonly meter: Meter;
  readonly identities: Identities;
  readonly switches: ApiKeysSwitches;
}

const KEYS_PER_PROJECT = 300;
const DAY_MS = 24 * 60 * 60 * 1000;
const UNDELETE_DAYS = 30;
const USAGE_DAYS = 7;
const PAGES = { usual: 50, most: 300 };
const KEY_ID = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ROUTE = /^\/v2\/projects\/([^/:]+)\/locations\/global\/keys(?:\/([^/:]+)(\/keyString|:undelete)?)?$/;
const OPERATION = /^\/v2\/(operations\/akmf\.p7-(\d+)-[^/:]+)$/;

const PACKAGE = 'google.api.apikeys.v2';
const CHECK_EXISTING_USAGE = { CHECK_EXISTING_USAGE_UNSPECIFIED: 0, SKIP: 1, CHECK: 2 };
const usageCheck = oneOf(`${PACKAGE}.CheckExistingUsage`, CHECK_EXISTING_USAGE);
const listRequest = message(`${PACKAGE}.ListKeysRequest`, { ...PAGE_FIELDS, showDeleted: flag });
const createRequest = message(`${PACKAGE}.CreateKeyRequest`, { key: keyMessage, keyId: text });
const updateRequest = message(`${PACKAGE}.UpdateKeyRequest`, {
  key: keyMessage,
  updateMask: text,
  checkExistingUsage: usageCheck,
});
const deleteRequest = message(`${PACKAGE}.DeleteKeyRequest`, { etag: text, checkExistingUsage: usageCheck });
const undeleteRequest = message(`${PACKAGE}.UndeleteKeyRequest`, { name: text, etag: text });

/** The API Keys API v2 over REST, on the keyring that the pretend Gemini API answers from. */
export function apiKeysApi(parts: ApiKeysParts): Service {
  const running = operations(parts.identities.uuid, parts.switches.operationMs);
  return {
    title: 'API Keys',
    settle(now) {
      for (const { uid, deletedAt } of parts.keyring.all()) {
        if (deletedAt !== undefined && now - deletedAt >= UNDELETE_DAYS * DAY_MS) parts.keyring.purge(uid);
      }
    },
    answer(request) {
      const caller = parts.iam.callerOf(request.headers['authorization']);
      const now = parts.clock.now();
      if (request.method === 'GET' && request.path === '/v2/keys:lookupKey') return ok(lookUp(parts, request, caller));
      const [, operationName = '', operationProject = ''] = OPERATION.exec(request.path) ?? [];
      if (request.method === 'GET' && operationName !== '') {
        queryFields(request.query, []);
        const asked = { project: operationProject, name: operationName };
        parts.iam.require(caller, 'serviceusage.operations.get', asked);
        return ok(running.get(operationName, now));
      }
      const [found, given = '', keyId, tail = ''] = ROUTE.exec(request.path) ?? [];
      if (found === undefined) return undefined;
      const project = parts.names.numberOf(given);
      const name = request.path.slice('/v2/'.length);
      const allow = (permission: string): void =>
        parts.iam.require(caller, `apikeys.keys.${permission}`, { project, name });
      const verb = `${request.method} ${keyId === undefined ? 'keys' : 'key'}${tail}`;
      const body = replyTo({ ...parts, running, now, project, keyId, verb, request, allow });
      return body && ok(body);
    },
  };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

interface Call extends ApiKeysParts {
  readonly running: Operations;
  readonly now: number;
  /** Project number. */
  readonly project: string;
  readonly keyId: string | undefined;
  readonly verb: string;
  readonly request: Request;
  readonly allow: (permission: string) => void;
}

/** The answer, or `undefined` for a method that the path does not have. */
function replyTo(call: Call): JsonObject | undefined {
  const { request, allow } = call;
  const asked = (...known: readonly string[]) => queryFields(request.query, known);
  switch (call.verb) {
    case 'POST keys':
      allow('create');
      return operation(
        call,
        created(call, readRoot(createRequest, { ...asked('keyId'), key: jsonObjectOf(request.body) })),
      );
    case 'GET keys':
      allow('list');
      return listed(call, readRoot(listRequest, asked('pageSize', 'pageToken', 'showDeleted')));
    case 'GET key':
      allow('get');
      asked();
      return keyJson(keyOf(call));
    case 'GET key/keyString':
      allow('getKeyString');
      asked();
      return { keyString: keyOf(call).keyString };
    case 'PATCH key': {
      allow('update');
      const query = asked('updateMask', 'checkExistingUsage');
      return operation(call, updated(call, readRoot(updateRequest, { ...query, key: jsonObjectOf(request.body) })));
    }
    case 'DELETE key':
      allow('delete');
      return operation(call, deleted(call, readRoot(deleteRequest, asked('etag', 'checkExistingUsage'))));
    case 'POST key:undelete':
      allow('undelete');
      asked();
      return operation(call, undeleted(call, readRoot(undeleteRequest, jsonObjectOf(request.body))));
    default:
      return undefined;
  }
}

function operation({ running, project, now }: Call, key: GeminiKey): JsonObject {
  return running.start(project, keyJson(key), now);
}

function present(key: GeminiKey | undefined): GeminiKey {
  if (key === undefined) throw notFound();
  return key;
}

function notFound(): ApiError {
  return new ApiError('NOT_FOUND', 'Requested entity was not found.');
}

function keysOf({ keyring, project, names }: Call): readonly GeminiKey[] {
  return keyring.all().filter((key) => names.numberOf(key.project) === project);
}

/** By id or by uid; soft-deleted keys are found too, as Terraform users found out. */
function keyOf(call: Call): GeminiKey {
  return present(keysOf(call).find(({ keyId, uid }) => keyId === call.keyId || uid === call.keyId));
}

function listed(call: Call, asked: Of<typeof listRequest>): JsonObject {
  const shown = keysOf(call).filter(({ deletedAt }) => asked.showDeleted === true || deletedAt === undefined);
  const { items, ...next } = pageOf(shown, asked, PAGES);
  return { ...(items.length > 0 && { keys: items.map(keyJson) }), ...next };
}

function created(call: Call, { key = {}, keyId }: Of<typeof createRequest>): GeminiKey {
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

function updated(call: Call, { key: sent = {}, updateMask, checkExistingUsage }: Of<typeof updateRequest>): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  requireEtag(call, key, sent.etag);
  requireQuiet(call, key, checkExistingUsage);
  return present(keyring.change(key.uid, changeOf(key, keyFields(sent), updateMask), now));
}

function deleted(call: Call, { etag, checkExistingUsage }: Of<typeof deleteRequest>): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  // Not settled: what deleting twice answers.
  if (key.deletedAt !== undefined) throw notFound();
  requireEtag(call, key, etag);
  requireQuiet(call, key, checkExistingUsage);
  return present(keyring.change(key.uid, { deletedAt: now }, now));
}

function undeleted(call: Call, { etag }: Of<typeof undeleteRequest>): GeminiKey {
  const { keyring, now } = call;
  const key = keyOf(call);
  requireEtag(call, key, etag);
  if (key.deletedAt === undefined) throw new ApiError('FAILED_PRECONDITION', 'The key is not deleted.');
  return present(keyring.change(key.uid, { deletedAt: undefined }, now));
}

function requireEtag({ switches }: Call, key: GeminiKey, etag: string | undefined): void {
  if (etag === undefined || etag === '' || etag === keyEtagOf(key)) return;
  throw new ApiError(switches.etagMismatch, 'The etag does not match the current one of the key.');
}

/** CHECK refuses what was used within seven days; everything else skips it. */
function requireQuiet({ meter, now }: Call, key: GeminiKey, check: Of<typeof usageCheck> | undefined): void {
  if (check !== 'CHECK' || !meter.usedSince(key.uid, now - USAGE_DAYS * DAY_MS, now)) return;
  throw new ApiError('FAILED_PRECONDITION', `The key was used within the last ${USAGE_DAYS} days.`);
}

/** Of a purged key only the project is still told (apikeys.proto); what an unknown string answers is not settled. */
function lookUp(
  { keyring, iam, names }: ApiKeysParts,
  request: Request,
  caller: ReturnType<Iam['callerOf']>,
): JsonObject {
  const { keyString = '' } = queryFields(request.query, ['keyString']);
  const key = keyring.byString(keyString);
  const owner = key?.project ?? keyring.purgedFrom(keyString);
  if (owner === undefined) throw notFound();
  const project = names.numberOf(owner);
  iam.require(caller, 'apikeys.keys.lookup', { project, name: 'keys:lookupKey' });
  return { parent: `projects/${project}`, ...(key && { name: keyNameOf({ ...key, project }) }) };
}
