import type { MovableClock } from '../world/clock.ts';
import type { Reply, Request, Service } from '../wire/http.ts';
import type { Iam } from '../world/iam.ts';
import type { Identities } from '../world/identities.ts';
import type { GeminiKey, Keyring } from '../world/keyring.ts';
import type { Meter } from '../world/meter.ts';
import type { ProjectNames } from '../world/names.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import { created, deleted, keyOf, listed, notFound, undeleted, updated, type KeyCall } from './key-calls.ts';
import { keyJson, keyNameOf } from './key-json.ts';
import { operations, type Operations } from './operations.ts';
import { createRequest, deleteRequest, listRequest, undeleteRequest, updateRequest } from './requests.ts';
import type { ApiKeysSwitches } from './switches.ts';
import type { Accounts } from '../world/accounts.ts';
import type { Organisation } from '../world/organisation.ts';

export interface ApiKeysParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly keyring: Keyring;
  readonly meter: Meter;
  readonly identities: Identities;
  readonly accounts: Accounts;
  readonly organisation: Organisation;
  /** Asked at every call: a test may change them. */
  readonly switches: () => ApiKeysSwitches;
}

const UNDELETE_MS = 30 * 24 * 60 * 60 * 1000;
const ROUTE = /^\/v2\/projects\/([^/:]+)\/locations\/global\/keys(?:\/([^/:]+)(\/keyString|:undelete)?)?$/;
const OPERATION = /^\/v2\/(operations\/akmf\.p7-(\d+)-[^/:]+)$/;

/** The API Keys API v2 over REST, on the keyring that the pretend Gemini API answers from. */
export function apiKeysApi(parts: ApiKeysParts): Service {
  const running = operations(parts.identities.uuid, () => parts.switches().operationMs);
  return {
    title: 'API Keys',
    settle: (now) => parts.keyring.purgeDeletedBy(now - UNDELETE_MS),
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
        parts.iam.require(caller, `apikeys.keys.${permission}`, { project: given, name });
      const verb = `${request.method} ${keyId === undefined ? 'keys' : 'key'}${tail}`;
      const body = replyTo({
        ...parts,
        switches: parts.switches(),
        caller,
        running,
        now,
        project,
        keyId,
        verb,
        request,
        allow,
      });
      return body && ok(body);
    },
  };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

interface Call extends KeyCall {
  readonly running: Operations;
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
