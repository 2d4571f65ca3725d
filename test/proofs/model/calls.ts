import { recordOf } from '../../../src/core/record/secret-record.ts';
import type {
  MintOrder,
  SecretChange,
  SecretSighting,
  VersionReading,
  VersionSighting,
} from '../../../src/app/ports/ports.ts';
import type { Revisable, Revision } from '../../../src/app/ports/reviser.ts';
import type { Usage } from '../../../src/core/rotation/rhythm.ts';
import { HOUR_MS, instantOf, type Instant } from '../../../src/core/values/time.ts';
import { generate, listModels } from './gemini-calls.ts';
import * as consumer from './consumer-calls.ts';
import * as issuer from './issuer-calls.ts';
import { bytesOf, charactersOf, valueIn, type ModelForm } from './stored.ts';
import * as vault from './vault-calls.ts';
import { OLD_KEY, type World } from './world.ts';

/** One call of a worker to the outside, as the replay reached it. */
export interface Call {
  readonly port: 'vault' | 'issuer' | 'prober' | 'meter' | 'reach';
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What a call does to the world and answers; `fault` is a code of `Fault`. */
export interface Effect {
  readonly world: World;
  readonly answer?: unknown;
  readonly fault?: string;
}

/** Carries out a call on the world, by the rules of the real services. Bytes are kept as text in logs. */
export function apply(world: World, { port, method, args }: Call): Effect {
  const [first, second] = args;
  switch (`${port}.${method}`) {
    case 'vault.list':
      return { world, answer: vault.listed(world) };
    case 'vault.look':
      return { world, answer: vault.sightingOf(world, String(first)) };
    case 'vault.commit':
      return vault.commit(world, first as SecretSighting, second as SecretChange);
    case 'vault.versions':
      return { world, answer: world.versions.toReversed().map(vault.versionSighting) };
    case 'vault.lookVersion':
      return vault.withVersion(world, second, (version) => ({ world, answer: vault.versionSighting(version) }));
    case 'vault.read':
      return vault.read(world, String(first), second);
    case 'vault.add':
      return vault.add(world, { ...valueIn(second as Uint8Array), by: 'worker' });
    case 'vault.enable':
    case 'vault.disable':
      return vault.setState(world, second as VersionSighting, method === 'enable' ? 'enabled' : 'disabled');
    case 'issuer.mint':
      return issuer.mint(world, first as MintOrder);
    case 'issuer.look':
      return issuer.withKey(world, String(first), (key) => ({ world, answer: issuer.issuedKey(key) }));
    case 'issuer.keyString':
      return issuer.withKey(world, String(first), (key) => ({ world, answer: key.id }));
    case 'issuer.delete':
      return issuer.withKey(world, String(first), (key) => issuer.deleteKey(world, key));
    case 'issuer.undelete':
      return issuer.withKey(world, String(first), (key) => issuer.undeleteKey(world, key));
    case 'issuer.mark':
      return issuer.withKey(world, String(first), (key) =>
        issuer.mark(world, key, second as Readonly<Record<string, string>>),
      );
    case 'issuer.list':
      return { world, answer: world.keys.filter(({ deletedAt }) => deletedAt === undefined).map(issuer.issuedKey) };
    case 'prober.listModels':
      return listModels(world, String(first));
    case 'prober.generate':
      return generate(world, String(first));
    case 'reach.roll':
      return { world, answer: consumer.rolled(world) };
    case 'reach.look':
      return consumer.lookedAt(world);
    case 'reach.revise':
      return consumer.revise(world, first as Revisable, second as Revision);
    case 'meter.usage':
      return { world, answer: used(world, String(second), instantOf(Number(args[2])), instantOf(Number(args[3]))) };
    default:
      throw new Error(`the model knows no call ${port}.${method}`);
  }
}

/**
 * Consumers use the old key until the promotion, and not after it; a reader that is pinned to its version goes on. The question
 * goes back four weeks from there.
 */
function used({ isPinned }: World, uid: string, from: Instant, until: Instant): Usage {
  const promotedAt = instantOf(from + 28 * 24 * HOUR_MS);
  const endsAt = isPinned === true && uid === OLD_KEY ? until : promotedAt;
  return { known: true, hours: [{ endsAt, requests: 100 }], seenSince: endsAt };
}

/** A logged answer as the port gives it: keys and bytes are made again from their text. */
export function revive(call: Call, answer: unknown, keyText: (text: string) => unknown): unknown {
  switch (`${call.port}.${call.method}`) {
    case 'vault.read': {
      const { number, key, form } = answer as { number: number; key: string; form?: ModelForm };
      return { number, bytes: bytesOf(key, form) } satisfies VersionReading;
    }
    case 'vault.look':
    case 'vault.commit':
      return withRecord(answer as SecretSighting);
    case 'vault.list':
      return (answer as readonly SecretSighting[]).map(withRecord);
    case 'issuer.keyString':
      return keyText(charactersOf(String(answer)));
    default:
      return answer;
  }
}

function withRecord(seen: SecretSighting): SecretSighting {
  return { ...seen, record: recordOf(seen.annotations) };
}
