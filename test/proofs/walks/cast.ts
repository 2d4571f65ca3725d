import type { GeminiKey } from '../../../src/emulator/world/keyring.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { DAY_MS, NUMBER, PROJECT } from '../../support/cloud.ts';

const ACCOUNT = `search-app@${PROJECT}.iam.gserviceaccount.com`;
const GEMINI_ONLY = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };

/** The keys of a walk, by the names it calls them. */
export interface Cast {
  /** A key that works, made outside of the worker, and known to the walk by this name. */
  person(name: string): GeminiKey;
  /** The key of that name; the first one that the worker minted is `the new key`. */
  keyOf(name: string): GeminiKey;
  nameOf(keyString: string): string;
  /** The key of somebody known in a value, whatever stands around it. */
  keyIn(value: string): string | undefined;
  /** A value with the names of keys in their places. */
  told(value: string): string;
  named(): readonly (readonly [string, GeminiKey])[];
}

/** Nobody is known at first; minted keys get their names by themselves. */
export function castOf(cloud: PretendCloud): Cast {
  const known = new Map<string, string>();
  const named = (): readonly (readonly [string, GeminiKey])[] => {
    const byHand = [...known].flatMap(([name, keyString]) => {
      const key = cloud.keyring.byString(keyString);
      return key === undefined ? [] : [[name, key] as const];
    });
    const minted = cloud.keyring.all().filter(({ annotations }) => 'key-warden-rotation' in annotations);
    return [...byHand, ...minted.map((key, at) => [at === 0 ? 'the new key' : `new key ${at + 1}`, key] as const)];
  };
  const keyIn = (value: string) => named().find(([, { keyString }]) => value.includes(keyString))?.[1].keyString;
  return {
    named,
    nameOf: (keyString) => named().find(([, key]) => key.keyString === keyString)?.[0] ?? 'an unknown key',
    keyIn,
    told: (value) => named().reduce((text, [name, { keyString }]) => text.replaceAll(keyString, name), value),
    person(name) {
      const key = cloud.keyring.issue(
        { project: NUMBER, kind: 'auth', serviceAccountEmail: ACCOUNT, annotations: {}, restrictions: GEMINI_ONLY },
        cloud.clock.now() - DAY_MS,
      );
      known.set(name, key.keyString);
      return key;
    },
    keyOf(name) {
      const key = named().find(([each]) => each === name)?.[1];
      if (key !== undefined) return key;
      const names = named().map(([each]) => each);
      throw new Error(`the walk knows no ${name}, only ${names.join(', ')}`);
    },
  };
}
