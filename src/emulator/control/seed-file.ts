import { Buffer } from 'node:buffer';
import { keyNameOf, keyJson } from '../api-keys/key-json.ts';
import { ApiError } from '../wire/api-error.ts';
import type { Reply, Request } from '../wire/http.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import type { World } from './world.ts';

/** One call of a seed file: `POST /_emulator/secrets`, and its body. */
type SeedCall = readonly [call: string, body: unknown];

/** A fleet to start from: calls of the control surface and of Google's APIs, in the order in which they are made. */
export interface SeedFile {
  readonly version: 1;
  readonly calls: readonly SeedCall[];
}

/** A payload that is gone stands as this in a seed file: its version is made, and destroyed again. */
const GONE = Buffer.from('destroyed').toString('base64');
/** A rotation that was due before the file is loaded is due so long after. */
const SOON_MS = 10 * 60_000;

/**
 * Everything there is as calls that make it again. It holds key strings and payloads. Ages, etags, uids, messages that
 * wait, faults and tokens are not in it.
 */
export function seedFileOf(world: World): SeedFile {
  return {
    version: 1,
    calls: [
      ...organisationCalls(world),
      ...topicCalls(world),
      ...world.secrets.replay(GONE),
      ...keyCalls(world),
      ...world.shelf.all().map(([path, resource]): SeedCall => ['POST /_emulator/resources', { path, resource }]),
      ...world.scheduler.replay(),
      ...world.run.replay(),
      ...world.functions.replay(),
      ...world.instances.replay(),
      ...closingCalls(world),
    ],
  };
}

/** Last: nothing can be made in an API that is disabled, and no policy may name an account that was deleted. */
function closingCalls({ iam, accounts }: World): readonly SeedCall[] {
  return [
    ...accounts.states().map(([account, state]): SeedCall => ['POST /_emulator/accounts', { account, state }]),
    ...iam
      .snapshot()
      .disabled.map(([api, project]): SeedCall => ['POST /_emulator/apis', { api, project, enabled: false }]),
  ];
}

function organisationCalls({ names, iam, accounts, organisation, hierarchy, switches }: World): readonly SeedCall[] {
  const { roles, grants } = iam.snapshot();
  return [
    ...names.known().map((project): SeedCall => {
      const folder = hierarchy.above(project).find((one) => one.startsWith('folders/'));
      return ['POST /_emulator/projects', { project, number: names.numberOf(project), ...(folder && { folder }) }];
    }),
    ...roles.map(([name, permissions]): SeedCall => ['POST /_emulator/roles', { name, permissions }]),
    ...grants.map((grant): SeedCall => ['POST /_emulator/grants', grant]),
    ...accounts.grants().map((grant): SeedCall => ['POST /_emulator/grants', grant]),
    ...organisation
      .enforced()
      .map(([project, constraint, enforced]): SeedCall => [
        'POST /_emulator/constraints',
        { project, constraint, enforced },
      ]),
    ['POST /_emulator/switches', switches.now()],
  ];
}

function topicCalls({ names, pubsub: { store } }: World): readonly SeedCall[] {
  const policy = (name: string): readonly SeedCall[] => {
    const { bindings, version } = store.policy(name);
    return bindings.length === 0 ? [] : [[`POST /v1/${name}:setIamPolicy`, { policy: { bindings, version } }]];
  };
  const topics = names.known().flatMap((project) => store.topics(project));
  return [
    ...topics.flatMap(({ name }): readonly SeedCall[] => [[`PUT /v1/${name}`, store.topicJson(name)], ...policy(name)]),
    ...store
      .subscriptions()
      .filter(({ topic }) => store.has(topic))
      .flatMap(({ name }): readonly SeedCall[] => [
        [`PUT /v1/${name}`, without(store.subscriptionJson(name), 'state')],
        ...policy(name),
      ]),
  ];
}

function keyCalls({ keyring }: World): readonly SeedCall[] {
  return keyring.all().flatMap((key): readonly SeedCall[] => {
    const { keyString, keyId, project, kind, state, reach, serviceAccountEmail: account, deletedAt } = key;
    const { displayName = '', annotations = {}, restrictions = {} } = keyJson(key);
    const shown = { displayName, annotations, restrictions };
    const mask = 'displayName,annotations,restrictions';
    return [
      ['POST /_emulator/keys', { key: keyString, keyId, project, kind, state, reach, account }],
      [`PATCH /v2/${keyNameOf(key)}?updateMask=${mask}`, shown],
      ...(deletedAt === undefined ? [] : ([[`DELETE /v2/${keyNameOf(key)}`, {}]] as const)),
    ];
  });
}

function without(json: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));
}

/** Makes the calls of a seed file. Throws `ApiError`, naming the call, when the file or one of its calls is refused. */
export async function loadSeedFile(
  file: unknown,
  answer: (request: Request) => Promise<Reply>,
  now: () => number,
): Promise<number> {
  const calls = callsIn(file);
  for (const [index, [call, body]] of calls.entries()) {
    const reply = await answer(requestOf(call, timely(body, now())));
    if (reply.status === 200) continue;
    const error = isJsonObject(reply.body) && isJsonObject(reply.body['error']) ? reply.body['error'] : {};
    const why = typeof error['message'] === 'string' ? error['message'] : `status ${reply.status}`;
    throw new ApiError('INVALID_ARGUMENT', `call ${index + 1} of the seed file, ${call.split('?')[0]}: ${why}`);
  }
  return calls.length;
}

function callsIn(file: unknown): readonly SeedCall[] {
  const calls = isJsonObject(file) && file['version'] === 1 ? file['calls'] : undefined;
  if (!Array.isArray(calls)) throw new ApiError('INVALID_ARGUMENT', 'a seed file has "version": 1 and "calls"');
  return calls.map((entry: unknown, index): SeedCall => {
    const [call, body]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof call === 'string' && /^(GET|PUT|POST|PATCH|DELETE) \/\S+$/.test(call)) return [call, body ?? {}];
    throw new ApiError('INVALID_ARGUMENT', `call ${index + 1} of the seed file must be ["POST /path", body]`);
  });
}

function requestOf(call: string, body: unknown): Request {
  const [method = '', target = ''] = call.split(' ');
  const [path = '', query = ''] = target.split('?');
  const sent = method === 'GET' || method === 'DELETE' ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  return { method, path, query: new URLSearchParams(query), headers: {}, body: sent, callerIp: '127.0.0.1' };
}

function timely(body: unknown, now: number): unknown {
  if (!isJsonObject(body) || !isJsonObject(body['rotation'])) return body;
  const { rotation } = body;
  const due = Date.parse(String(rotation['nextRotationTime']));
  if (Number.isNaN(due) || due > now + SOON_MS) return body;
  return { ...body, rotation: { ...rotation, nextRotationTime: new Date(now + SOON_MS).toISOString() } };
}
