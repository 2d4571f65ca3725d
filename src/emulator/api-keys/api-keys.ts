import { ApiError } from '../api-error.ts';
import { changeOf, keyEtagOf, keyFields, keyJson, keyNameOf } from './key-json.ts';
import type { MovableClock } from '../clock.ts';
import type { Reply, Request, Service } from '../http.ts';
import type { Iam } from '../iam.ts';
import type { Identities } from '../identities.ts';
import { jsonObjectOf, textField } from '../rest/json-body.ts';
import type { JsonObject } from '../rest/json-body.ts';
import { GEMINI_API, NO_RESTRICTIONS } from '../key-restrictions.ts';
import type { GeminiKey, Keyring } from '../keyring.ts';
import type { Meter } from '../meter.ts';
import type { ProjectNames } from '../names.ts';
import { operations } from './operations.ts';
import type { Operations } from './operations.ts';
import { pageOf } from '../rest/pages.ts';

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
      if (!request.path.startsWith('/v2/')) return undefined;
      const caller = parts.iam.callerOf(request.headers['authorization']);
      const now = parts.clock.now();
      if (request.path === '/v2/keys:lookupKey') return ok(lookUp(parts, request, caller));
      if (request.path.startsWith('/v2/operations/')) return ok(running.get(request.path.slice('/v2/'.length), now));
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

function replyTo(call: Call): JsonObject | undefined {
  const { keyring, now, project, request, allow } = call;
  switch (call.verb) {
    case 'POST keys':
      allow('create');
      return operation(call, created(call));
    case 'GET keys': {
      allow('list');
      const showDeleted = request.query.get('showDeleted') === 'true';
      const mine = keysOf(call).filter(({ deletedAt }) => showDeleted || deletedAt === undefined);
      const { items, ...next } = pageOf(mine, request.query, PAGES);
      return { ...(items.length > 0 && { keys: items.map(keyJson) }), ...next };
    }
    case 'GET key':
      allow('get');
      return keyJson(keyOf(call));
    case 'GET key/keyString':
      allow('getKeyString');
      return { keyString: keyOf(call).keyString };
    case 'PATCH key': {
      allow('update');
      const body = jsonObjectOf(request.body);
      const key = keyOf(call);
      requireEtag(call, key, textField(body, 'etag'));
      requireQuiet(call, key);
      const mask = request.query.get('updateMask') ?? request.query.get('update_mask');
      return operation(call, changed(keyring.change(key.uid, changeOf(keyFields(body), mask), now)));
    }
    case 'DELETE key': {
      allow('delete');
      const key = keyOf(call);
      // Not settled: what deleting twice answers.
      if (key.deletedAt !== undefined) throw notFound();
      requireEtag(call, key, request.query.get('etag') ?? undefined);
      requireQuiet(call, key);
      return operation(call, changed(keyring.change(key.uid, { deletedAt: now }, now)));
    }
    case 'POST key:undelete': {
      allow('undelete');
      const key = keyOf(call);
      requireEtag(call, key, textField(jsonObjectOf(request.body), 'etag'));
      if (key.deletedAt === undefined) throw new ApiError('FAILED_PRECONDITION', `Key ${project} is not deleted.`);
      return operation(call, changed(keyring.change(key.uid, { deletedAt: undefined }, now)));
    }
    default:
      return undefined;
  }
}

function operation({ running, project, now }: Call, key: GeminiKey): JsonObject {
  return running.start(project, keyJson(key), now);
}

function changed(key: GeminiKey | undefined): GeminiKey {
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
  return changed(keysOf(call).find(({ keyId, uid }) => keyId === call.keyId || uid === call.keyId));
}

function created(call: Call): GeminiKey {
  const { keyring, switches, project, now, request } = call;
  const fields = keyFields(jsonObjectOf(request.body));
  const keyId = request.query.get('keyId') ?? request.query.get('key_id') ?? undefined;
  if (keyId !== undefined && (!KEY_ID.test(keyId) || UUID.test(keyId))) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      'key_id must match [a-z]([a-z0-9-]{0,61}[a-z0-9])? and not look like a UUID.',
    );
  }
  const mine = keysOf(call);
  // Not settled: the code of a repeated id. That ids of deleted keys are not freed is reported.
  if (mine.some((key) => key.keyId === keyId)) throw new ApiError('ALREADY_EXISTS', 'Requested entity already exists');
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

function requireEtag({ switches }: Call, key: GeminiKey, etag: string | undefined): void {
  if (etag === undefined || etag === '' || etag === keyEtagOf(key)) return;
  throw new ApiError(switches.etagMismatch, 'The etag does not match the current one of the key.');
}

/** `checkExistingUsage=CHECK` (2 by number) refuses what was used within seven days; everything else skips it. */
function requireQuiet({ meter, request, now }: Call, key: GeminiKey): void {
  const check = request.query.get('checkExistingUsage');
  if (check !== 'CHECK' && check !== '2') return;
  if (!meter.usedSince(key.uid, now - USAGE_DAYS * DAY_MS, now)) return;
  throw new ApiError('FAILED_PRECONDITION', `The key was used within the last ${USAGE_DAYS} days.`);
}

function lookUp(
  { keyring, iam, names }: ApiKeysParts,
  request: Request,
  caller: ReturnType<Iam['callerOf']>,
): JsonObject {
  const key = changed(keyring.byString(request.query.get('keyString') ?? ''));
  const project = names.numberOf(key.project);
  iam.require(caller, 'apikeys.keys.lookup', { project, name: 'keys:lookupKey' });
  return { parent: `projects/${project}`, name: keyNameOf({ ...key, project }) };
}
