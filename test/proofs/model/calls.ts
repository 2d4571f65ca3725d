import { KEY_PREFIXES } from '../../../src/core/key/key-text.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import type {
  IssuedKey,
  MintOrder,
  SecretChange,
  SecretSighting,
  VersionReading,
  VersionSighting,
} from '../../../src/app/ports/ports.ts';
import type { Answer } from '../../../src/core/classify/answer.ts';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { keyNameOf } from '../../../src/core/google/resource-names.ts';
import type { Usage } from '../../../src/core/rotation/rhythm.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { OLD_KEY, type ModelKey, type ModelVersion, type World } from './world.ts';

/** One call of a worker to the outside, as the replay reached it. */
export interface Call {
  readonly port: 'vault' | 'issuer' | 'prober' | 'meter';
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What a call does to the world and answers; `fault` is a code of `Fault`. */
export interface Effect {
  readonly world: World;
  readonly answer?: unknown;
  readonly fault?: string;
}

export const SECRET = 'projects/1/secrets/s';

const PREFIX = KEY_PREFIXES.standard;
const KEY_CHARACTERS = 39;

/** The characters of a key, which in the model is its id: a rotation begins only where something looks like a key (I12). */
function charactersOf(id: string): string {
  return `${PREFIX}${id}`.padEnd(KEY_CHARACTERS, '_');
}

/** The id that was made into characters. */
export function keyIdOf(characters: string): string {
  return characters.slice(PREFIX.length).replace(/_+$/, '');
}

/** Carries out a call on the world, by the rules of the real services. Bytes are kept as text in logs. */
export function apply(world: World, { port, method, args }: Call): Effect {
  const [first, second] = args;
  switch (`${port}.${method}`) {
    case 'vault.look':
      return { world, answer: sightingOf(world) };
    case 'vault.commit':
      return commit(world, first as SecretSighting, second as SecretChange);
    case 'vault.versions':
      return { world, answer: world.versions.toReversed().map(versionSighting) };
    case 'vault.lookVersion':
      return withVersion(world, second, (version) => ({ world, answer: versionSighting(version) }));
    case 'vault.read':
      return withVersion(world, second, (version) => read(world, version));
    case 'vault.add':
      return add(world, keyIdOf(new TextDecoder().decode(second as Uint8Array)), 'worker');
    case 'vault.enable':
    case 'vault.disable':
      return setState(world, second as VersionSighting, method === 'enable' ? 'enabled' : 'disabled');
    case 'issuer.mint':
      return mint(world, first as MintOrder);
    case 'issuer.look':
      return withKey(world, String(first), (key) => ({ world, answer: issuedKey(key) }));
    case 'issuer.keyString':
      return withKey(world, String(first), (key) => ({ world, answer: key.id }));
    case 'issuer.delete':
      return withKey(world, String(first), (key) => changeKey(world, key, true));
    case 'issuer.undelete':
      return withKey(world, String(first), (key) => changeKey(world, key, false));
    case 'issuer.mark':
      return withKey(world, String(first), (key) => mark(world, key));
    case 'issuer.list':
      return { world, answer: world.keys.filter(({ deleted }) => !deleted).map(issuedKey) };
    case 'prober.listModels':
      return {
        world,
        answer: probe(world, String(first), {
          models: [{ name: 'models/gemini-9-flash', supportedGenerationMethods: ['generateContent'] }],
        }),
      };
    case 'prober.generate':
      return generate(world, String(first));
    case 'meter.usage':
      return { world, answer: usedUntilPromoted(Number(args[2])) };
    default:
      throw new Error(`the model knows no call ${port}.${method}`);
  }
}

/** Consumers use the old key until the promotion, and not after it. The question goes back four weeks from there. */
function usedUntilPromoted(from: number): Usage {
  const promotedAt = instantOf(from + 28 * 24 * 3_600_000);
  return { known: true, hours: [{ endsAt: promotedAt, requests: 100 }], seenSince: promotedAt };
}

function sightingOf({ secret }: World): Omit<SecretSighting, 'record'> {
  return {
    name: SECRET,
    etag: String(secret.etag),
    labels: {},
    annotations: secret.annotations,
    aliases: secret.aliases,
    createdAt: instantOf(0),
  };
}

function versionSighting({ number, state, etag }: ModelVersion): VersionSighting {
  return { number, state, etag: String(etag), createdAt: instantOf(0) };
}

function commit(world: World, seen: SecretSighting, change: SecretChange): Effect {
  if (seen.etag !== String(world.secret.etag)) return { world, fault: 'stale' };
  const etag = world.etags + 1;
  const merged = <T>(
    before: Readonly<Record<string, T>>,
    changes: Readonly<Record<string, T | null>> = {},
  ): Readonly<Record<string, T>> =>
    Object.fromEntries(
      Object.entries({ ...before, ...changes }).filter((entry): entry is [string, T] => entry[1] !== null),
    );
  const secret = {
    etag,
    aliases: merged(seen.aliases, change.aliases),
    annotations: merged(seen.annotations, change.annotations),
  };
  const next = { ...world, etags: etag, secret };
  return { world: next, answer: sightingOf(next) };
}

function withVersion(world: World, ref: unknown, use: (version: ModelVersion) => Effect): Effect {
  const number =
    ref === 'latest' ? world.versions.at(-1)?.number : typeof ref === 'string' ? world.secret.aliases[ref] : ref;
  const version = world.versions.find((one) => one.number === number);
  return version === undefined ? { world, fault: 'not_found' } : use(version);
}

function read(world: World, { number, state, key }: ModelVersion): Effect {
  if (state === 'disabled') return { world, fault: 'disabled' };
  const readBack = world.readBack.includes(number) ? world.readBack : [...world.readBack, number].toSorted();
  return { world: { ...world, readBack }, answer: { number, key } };
}

/** Adds a version; also used for what a person adds. */
export function add(world: World, key: string, by: ModelVersion['by']): Effect {
  const etag = world.etags + 1;
  const version: ModelVersion = { number: world.versions.length + 1, state: 'enabled', etag, key, by };
  return { world: { ...world, etags: etag, versions: [...world.versions, version] }, answer: versionSighting(version) };
}

function setState(world: World, seen: VersionSighting, state: ModelVersion['state']): Effect {
  const version = world.versions.find(({ number }) => number === seen.number);
  if (version === undefined) return { world, fault: 'not_found' };
  if (String(version.etag) !== seen.etag) return { world, fault: 'stale' };
  const etag = world.etags + 1;
  const moved = { ...version, state, etag };
  const versions = world.versions.map((one) => (one === version ? moved : one));
  return { world: { ...world, etags: etag, versions }, answer: versionSighting(moved) };
}

function mint(world: World, order: MintOrder): Effect {
  const known = world.keys.find(({ id }) => id === order.keyId);
  if (known?.deleted === true) return { world, fault: 'exists' };
  if (known !== undefined) return { world, answer: issuedKey(known) };
  const key: ModelKey = { id: order.keyId, uid: `u-${order.keyId}`, deleted: false, rotation: order.keyId };
  return { world: { ...world, keys: [...world.keys, key] }, answer: issuedKey(key) };
}

function withKey(world: World, name: string, use: (key: ModelKey) => Effect): Effect {
  const key = world.keys.find(({ id }) => name === id || name.endsWith(`/keys/${id}`));
  return key === undefined ? { world, fault: 'not_found' } : use(key);
}

function changeKey(world: World, key: ModelKey, deleted: boolean): Effect {
  if (key.deleted && deleted) return { world, fault: 'not_found' };
  const keys = world.keys.map((one) => (one === key ? { ...key, deleted } : one));
  return { world: { ...world, keys }, answer: deleted ? undefined : issuedKey({ ...key, deleted }) };
}

function mark(world: World, key: ModelKey): Effect {
  const marked = { ...key, marked: true };
  return {
    world: { ...world, keys: world.keys.map((one) => (one === key ? marked : one)) },
    answer: issuedKey(marked),
  };
}

function issuedKey({ id, uid, deleted, rotation, marked }: ModelKey): IssuedKey {
  return {
    name: keyNameOf('p', id),
    uid,
    displayName: id,
    restrictions: {},
    annotations: rotation === undefined && marked !== true ? {} : { [SECRET_MARK]: SECRET },
    createdAt: instantOf(0),
    ...(deleted ? { deletedAt: instantOf(0) } : {}),
  };
}

/** Keys that are neither at the issuer nor a person's do not work; deleted ones neither. */
function probe(world: World, key: string, body: unknown): Answer {
  const issued = world.keys.find(({ id }) => id === key);
  const works =
    issued === undefined ? key !== OLD_KEY : !issued.deleted && !(world.badMints && issued.rotation !== undefined);
  if (works)
    return {
      sentAs: 'header',
      keyKind: 'auth',
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify(body),
    };
  const refusal = {
    error: {
      code: 400,
      message: 'API Key not found. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ reason: 'API_KEY_INVALID' }],
    },
  };
  return {
    sentAs: 'header',
    keyKind: 'auth',
    status: 400,
    contentType: 'application/json',
    body: JSON.stringify(refusal),
  };
}

function generate(world: World, key: string): Effect {
  const answer = probe(world, key, { candidates: [{ finishReason: 'MAX_TOKENS' }] });
  if (answer.status !== 200) return { world, answer };
  const provenKeys = world.provenKeys.includes(key) ? world.provenKeys : [...world.provenKeys, key].toSorted();
  const now = world.versions
    .filter((version) => version.key === key && world.readBack.includes(version.number))
    .map(({ number }) => number);
  const proven = [...new Set([...world.proven, ...now])].toSorted();
  return { world: { ...world, provenKeys, proven }, answer };
}

/** A logged answer as the port gives it: keys and bytes are made again from their text. */
export function revive(call: Call, answer: unknown, keyText: (text: string) => unknown): unknown {
  switch (`${call.port}.${call.method}`) {
    case 'vault.read': {
      const { number, key } = answer as { number: number; key: string };
      return { number, bytes: new TextEncoder().encode(charactersOf(key)) } satisfies VersionReading;
    }
    case 'vault.look':
    case 'vault.commit': {
      const seen = answer as SecretSighting;
      return { ...seen, record: recordOf(seen.annotations) } satisfies SecretSighting;
    }
    case 'issuer.keyString':
      return keyText(charactersOf(String(answer)));
    default:
      return answer;
  }
}
