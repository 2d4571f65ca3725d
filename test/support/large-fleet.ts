import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SecretScope, SecretSighting, Vault } from '../../src/app/ports/ports.ts';
import { recordOf } from '../../src/core/record/secret-record.ts';
import { NOW } from './journals.ts';
import { MANAGED } from './stage.ts';

/** A vault that lists a large fleet page by page, and counts how many of the sightings it gave are still held by somebody. */
export interface LargeFleet {
  readonly vault: Pick<Vault, 'list' | 'look'>;
  /** Held at most, as counted at the end of each thousand. */
  held(): number;
}

/** `annotationsOf` tells what stands on the secret at a place. */
export function largeFleet(count: number, annotationsOf: (at: number) => Record<string, string>): LargeFleet {
  const collect = collector();
  let most = 0;
  const sighting = (at: number): SecretSighting => {
    const annotations = annotationsOf(at);
    return {
      name: nameOf(at),
      etag: `"${at}"`,
      labels: MANAGED,
      annotations,
      record: recordOf(annotations),
      aliases: { current: 1 },
      createdAt: NOW,
    };
  };
  return {
    held: () => most,
    vault: {
      look: (name) => Promise.resolve(sighting(Number(name.slice(name.lastIndexOf('s') + 1)))),
      async *list(_scope: SecretScope) {
        const given: WeakRef<SecretSighting>[] = [];
        for (let at = 0; at < count; at += 1) {
          const one = sighting(at);
          given.push(new WeakRef(one));
          yield one;
          if (at % 1000 !== 999) continue;
          // What a WeakRef was made of in this turn of the event loop is not collected before the next.
          await new Promise((resolve) => setImmediate(resolve));
          collect();
          most = Math.max(most, given.filter((held) => held.deref() !== undefined).length);
        }
      },
    },
  };
}

function nameOf(at: number): string {
  return `projects/7/secrets/s${at}`;
}

/** Garbage is counted, so it is collected first. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('this Node.js gives no garbage collector');
  return () => void Reflect.apply(collect, undefined, []);
}
