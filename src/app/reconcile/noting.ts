import type { Holders } from '../listing/holders.ts';
import type { Serving } from '../listing/serving.ts';
import type { SecretName } from '../ports/ports.ts';

/** Notes who serves a key that is being replaced elsewhere, or awaits its deletion: each of them is to have one of its own. */
export function noting(holders: Holders, all: readonly Serving[], sharing: Set<SecretName>): Holders {
  const withoutCurrent = new Set(all.filter(({ aliases }) => aliases['current'] === undefined).map(({ name }) => name));
  const note =
    (ask: Holders['othersOf']): Holders['othersOf'] =>
    async (key, secret) => {
      const others = await ask(key, secret);
      // What another alias leads to stays as it is, whatever becomes of `current`.
      for (const { secret: other, readAs } of others)
        if (readAs === 'current' || (readAs === 'latest' && withoutCurrent.has(other))) sharing.add(other);
      return others;
    };
  return { ...holders, othersOf: note(holders.othersOf), othersBeforeDeletion: note(holders.othersBeforeDeletion) };
}
