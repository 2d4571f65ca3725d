import type { Vault } from '../../../app/ports/ports.ts';

/** Ends a process in the middle of its work: no fault, so that nothing in it may catch it. */
class Died extends Error {}

/** A worker that can be killed between two calls. */
export interface Mortal<Ports> {
  readonly ports: Ports;
  /** The next that adds a version dies before it can write down that it did. */
  dieAfterAdding(): void;
  /** Whether the work was done; `false` where its process died in it. */
  survives(work: () => Promise<unknown>): Promise<boolean>;
}

/** The same ports, for processes that may die. */
export function mortal<Ports extends { readonly vault: Vault }>(ports: Ports): Mortal<Ports> {
  let dies = false;
  const { vault } = ports;
  return {
    ports: {
      ...ports,
      vault: {
        ...vault,
        async add(...order: Parameters<Vault['add']>) {
          const added = await vault.add(...order);
          if (!dies) return added;
          dies = false;
          throw new Died('killed');
        },
      },
    },
    dieAfterAdding: () => void (dies = true),
    async survives(work) {
      try {
        await work();
        return true;
      } catch (trouble) {
        if (trouble instanceof Died) return false;
        throw trouble;
      }
    },
  };
}
