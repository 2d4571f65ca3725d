import { Buffer } from 'node:buffer';
import type { MovableClock } from '../world/clock.ts';
import type { Service } from '../wire/http.ts';
import type { Caller, Iam } from '../world/iam.ts';
import { policyJson } from '../world/iam-policy.ts';
import type { ProjectNames } from '../world/names.ts';
import type { TopicBoard } from '../world/topics.ts';
import { settleDue } from './due.ts';
import { outbox } from './events.ts';
import { secretJson, versionJson, withEnumNumbers } from './render.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { callOf } from './routes.ts';
import { replayOf } from './replay.ts';
import { RPCS, type RpcName } from './rpcs.ts';
import { secretStore } from './store.ts';
import { NO_LAG, nowOf, type Lag, type World } from './world.ts';

/** A secret to begin with; its project is there from then on. It is made by the ordinary calls, so it obeys every rule and sends every event. */
interface Seed {
  /** Id or number. */
  readonly project: string;
  readonly secretId: string;
  /** A region; global without one. */
  readonly location?: string;
  /** One version each, in this order. */
  readonly payloads?: readonly (string | Uint8Array)[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, number>>;
  /** Full topic names. */
  readonly topics?: readonly string[];
  /** Further fields of the `Secret`, in JSON form. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The pretend Secret Manager v1, and what tests, the demo and the control surface may do besides calling it. */
export interface SecretManager extends Service {
  /** Makes a secret as the owner and answers its full name. Throws `ApiError` like the calls it makes. */
  seed(seed: Seed): string;
  /** One rpc with its request in protobuf's JSON form, as the gRPC door makes it. Throws `ApiError`. */
  call(rpc: RpcName, caller: Caller, request: unknown): JsonObject;
  /** How far readers lag behind from now on; what is not named goes back to none. */
  setLag(lag: Partial<Lag>): void;
  /** Everything that is stored, without any payload. */
  snapshot(): unknown;
  settle(now: number): void;
  /** The calls that make everything again; `gone` stands for payloads that are. */
  replay(gone: string): readonly (readonly [call: string, body: unknown])[];
  /** Forgets every secret, waiting events and the lag. */
  reset(): void;
}

export function secretManager(parts: {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly topics: TopicBoard;
  readonly iam: Iam;
}): SecretManager {
  let lag = NO_LAG;
  let latest = 0;
  const world: World = {
    ...parts,
    secrets: secretStore(),
    outbox: outbox(parts.topics, () => lag.eventDelayMs),
    tick() {
      latest = Math.max(latest + 1, nowOf(world));
      return latest;
    },
    lag: () => lag,
  };

  const call: SecretManager['call'] = (rpc, caller, request) => {
    settleDue(world);
    return RPCS[rpc](world, caller, request);
  };

  return {
    title: 'Secret Manager',
    answer(request) {
      const found = callOf(request);
      if (found === undefined) return undefined;
      const answer = call(found.rpc, parts.iam.callerOf(request.headers['authorization']), found.request);
      const numbers = /enum-encoding=int/.test(request.query.get('$alt') ?? request.query.get('alt') ?? '');
      return { status: 200, body: numbers ? withEnumNumbers(answer) : answer };
    },
    settle: () => settleDue(world),
    call,
    seed: (seed) => plant(call, parts.names, seed),
    setLag(asked) {
      lag = { ...NO_LAG, ...asked };
    },
    snapshot: () => ({
      secrets: world.secrets.all().map((secret) => ({
        ...secretJson(secret),
        versions: secret.versions.map((version) => versionJson(secret, version)),
        policy: policyJson(secret.policy),
      })),
    }),
    replay: (gone) => world.secrets.all().flatMap((secret) => replayOf(secret, gone)),
    reset() {
      world.secrets.clear();
      world.outbox.clear();
      lag = NO_LAG;
    },
  };
}

function plant(call: SecretManager['call'], names: ProjectNames, seed: Seed): string {
  const project = `projects/${names.add(seed.project)}`;
  const parent = seed.location === undefined ? project : `${project}/locations/${seed.location}`;
  const name = `${parent}/secrets/${seed.secretId}`;
  const secret = {
    ...(seed.location === undefined ? { replication: { automatic: {} } } : {}),
    labels: seed.labels ?? {},
    annotations: seed.annotations ?? {},
    topics: (seed.topics ?? []).map((topic) => ({ name: topic })),
    ...seed.more,
  };
  const owner: Caller = {};
  call('createSecret', owner, { parent, secretId: seed.secretId, secret });
  for (const payload of seed.payloads ?? [])
    call('addSecretVersion', owner, { parent: name, payload: { data: Buffer.from(payload).toString('base64') } });
  if (seed.aliases !== undefined)
    call('updateSecret', owner, { secret: { name, versionAliases: seed.aliases }, updateMask: 'version_aliases' });
  return name;
}
