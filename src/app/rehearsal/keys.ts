import { KeyText } from '../../core/key-text.ts';
import { keyNameOf } from '../../core/resource-names.ts';
import type { Instant } from '../../core/time.ts';
import { plusMs } from '../../core/time.ts';
import type { IssuedKey, Issuer, Meter, Prober } from '../ports.ts';
import type { TellCall } from './told.ts';

/** What stands for a key that was not minted. It is clean, as the bytes of a real one are, and like no real one. */
const UNMINTED = new KeyText('rehearsal-of-a-rotation');

/** An issuer that reads the real one and only imagines minting, deleting and bringing back. */
export function rehearsedIssuer(real: Issuer, now: () => Instant, tell: TellCall): Issuer {
  const imagined = new Map<string, IssuedKey>();
  const write = (call: string, on: string) => tell({ kind: 'write', call, on });
  return {
    mint(order) {
      const name = keyNameOf(order.project, order.keyId);
      write('mint', name);
      const key: IssuedKey = { ...order, name, uid: order.keyId, createdAt: now() };
      imagined.set(name, key);
      return Promise.resolve(key);
    },
    async look(name) {
      tell({ kind: 'read', call: 'look', on: name });
      return imagined.get(name) ?? real.look(name);
    },
    async keyString(name) {
      tell({ kind: 'read', call: 'keyString', on: name });
      return imagined.has(name) ? UNMINTED : real.keyString(name);
    },
    delete(name) {
      write('delete', name);
      return Promise.resolve();
    },
    async undelete(name) {
      write('undelete', name);
      const { deletedAt: _, ...key } = imagined.get(name) ?? (await real.look(name));
      imagined.set(name, key);
      return key;
    },
    list(project, withDeleted) {
      tell({ kind: 'read', call: 'list', on: `keys of ${project}` });
      return real.list(project, withDeleted);
    },
  };
}

const GENERATED = JSON.stringify({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
const LIST = JSON.stringify({
  models: [{ name: 'models/gemini-flash', supportedGenerationMethods: ['generateContent'] }],
});

/** A prober to which the key that was not minted works; every other key is really probed. */
export function rehearsedProber(real: Prober, tell: TellCall): Prober {
  const works = { sentAs: 'header', keyKind: 'unknown', status: 200, contentType: 'application/json' } as const;
  const toldOf = (key: KeyText, depth: string) => {
    const isNew = key.equals(UNMINTED);
    tell({ kind: 'read', call: depth, on: isNew ? 'Gemini, with the new key' : 'Gemini, with a key that is there' });
    return isNew;
  };
  return {
    listModels: async (key, pageSize) =>
      toldOf(key, 'listModels') ? { ...works, body: LIST } : real.listModels(key, pageSize),
    generate: async (key, model) =>
      toldOf(key, 'generate') ? { ...works, body: GENERATED } : real.generate(key, model),
  };
}

/** A meter that looks at the past as far as the rehearsed clock is ahead: the use of the last hours stands for the next. */
export function rehearsedMeter(real: Meter, aheadMs: () => number, tell: TellCall): Meter {
  return {
    async usage(project, uid, from, until) {
      tell({ kind: 'read', call: 'usage', on: `key ${uid}` });
      return real.usage(project, uid, plusMs(from, -aheadMs()), plusMs(until, -aheadMs()));
    },
  };
}
