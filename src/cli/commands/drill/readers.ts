import { Buffer } from 'node:buffer';
import { isRecord } from '../../../core/values/json.ts';
import type { PretendCloud } from '../../../emulator/server/server.ts';
import type { Consumer } from './scenarios.ts';

/** A version as Secret Manager has it, with the key that it was seen to hold while it could be read. */
export interface StoredVersion {
  readonly number: number;
  readonly state: string;
  readonly key: string | undefined;
}

/** What a consumer got, and whether Gemini takes it. */
interface Look {
  readonly version: string;
  readonly works: boolean;
}

/** Whoever reads the secret, and the versions that there are to be read. */
export interface Readers {
  /** What a consumer gets when it looks, which from then on it uses. */
  looks(consumer: Consumer): Look;
  versions(): readonly StoredVersion[];
}

/** A consumer calls Gemini so often; drains go by that. */
const PER_MINUTE = 4;

/** Nobody has read the secret of this name yet. */
export function readersOf(cloud: PretendCloud, secret: string): Readers {
  const inUse = new Map<string, string>();
  const holds = new Map<number, string>();
  const traffic = (keyString: string | undefined, perMinute: number): void => {
    const key = keyString === undefined ? undefined : cloud.keyring.byString(keyString);
    if (key !== undefined) cloud.meter.traffic(key, perMinute, cloud.clock.now());
  };
  const use = (name: string, key: string): void => {
    const before = inUse.get(name);
    if (before === key) return;
    inUse.set(name, key);
    if (![...inUse.values()].some((used) => used === before)) traffic(before, 0);
    traffic(key, PER_MINUTE);
  };
  return {
    looks({ name, reads }) {
      const got = accessed(cloud, `${secret}/versions/${reads}`);
      if (got === undefined) return { version: String(reads), works: false };
      use(name, got.key);
      const from = { callerIp: '127.0.0.1', headers: {} };
      const { condition } = cloud.keyring.conditionOf(got.key, from, cloud.clock.now());
      return { version: `version ${got.version}`, works: condition === 'works' };
    },
    versions() {
      const { versions } = cloud.secrets.call('listSecretVersions', {}, { parent: secret });
      return (Array.isArray(versions) ? versions : [])
        .filter(isRecord)
        .map(({ name, state }) => {
          const number = numberIn(name);
          const key = accessed(cloud, String(name))?.key ?? holds.get(number);
          if (key !== undefined) holds.set(number, key);
          return { number, state: String(state), key };
        })
        .toSorted((a, b) => a.number - b.number);
    },
  };
}

function numberIn(name: unknown): number {
  return Number(/\d+$/.exec(String(name))?.[0]);
}

/** What Secret Manager gives a consumer, as it would itself. */
function accessed(cloud: PretendCloud, name: string): { readonly key: string; readonly version: number } | undefined {
  try {
    const { payload, name: found } = cloud.secrets.call('accessSecretVersion', {}, { name });
    const text = isRecord(payload) ? payload['data'] : undefined;
    return { key: Buffer.from(String(text), 'base64').toString(), version: numberIn(found) };
  } catch {
    return undefined; // a consumer learns no more of it
  }
}
