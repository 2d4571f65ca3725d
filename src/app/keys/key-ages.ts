import type { KeyText } from '../../core/key/key-text.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Issuer } from '../ports/ports.ts';
import { remembered } from './remembered.ts';

/** When keys were made, asked where a secret comes under care. */
export interface KeyAges {
  /** `undefined` where the project has no such key, or nobody here may look at its keys: then only the version tells its age. */
  madeAt(key: KeyText, project: string): Promise<Instant | undefined>;
}

interface Aged {
  readonly key: KeyText;
  readonly madeAt: Instant;
}

/** Reads the keys of a project once, to be compared in memory: up to 300 reads for any number of secrets. */
export function keyAgesOf(issuer: Pick<Issuer, 'list' | 'keyString'>): KeyAges {
  const known = new Map<string, Promise<readonly Aged[] | Fault>>();
  return {
    async madeAt(key, project) {
      const all = await remembered(known, project, () => attempt(() => agesIn(issuer, project)));
      return all instanceof Fault ? undefined : all.find((one) => one.key.equals(key))?.madeAt;
    },
  };
}

async function agesIn(issuer: Pick<Issuer, 'list' | 'keyString'>, project: string): Promise<readonly Aged[]> {
  const ages: Aged[] = [];
  for await (const { name, createdAt } of issuer.list(project, false)) {
    const key = await attempt(() => issuer.keyString(name));
    if (!(key instanceof Fault)) ages.push({ key, madeAt: createdAt });
    // else it was deleted since it was listed
    else if (key.code !== 'not_found') throw key;
  }
  return ages;
}
