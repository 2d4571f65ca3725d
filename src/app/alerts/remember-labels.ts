import type { EventLabels } from '../../core/alerts/event/event-labels.ts';
import type { SecretSighting, Vault } from '../ports/ports.ts';

/** labels of secrets as they were last seen here. */
export interface SeenLabels {
  /** Those of a secret by its full name; none of one that was never seen, such as one that is deleted already. */
  labelsOf(secret: string): EventLabels;
}

/**
 * A vault that remembers the labels of what it is asked about, so that an announcement says whose a secret is without a call of its
 * own: whoever announces has just looked.
 */
export function rememberLabels<V extends Vault>(vault: V): { readonly vault: V; readonly seen: SeenLabels } {
  const labels = new Map<string, EventLabels>();
  // A large fleet has few sets of labels: each is kept once.
  const sets = new Map<string, EventLabels>();
  const remember = (sighting: SecretSighting) => {
    const text = JSON.stringify(sighting.labels);
    const known = sets.get(text) ?? sighting.labels;
    sets.set(text, known);
    labels.set(sighting.name, known);
    return sighting;
  };
  const remembering: V = {
    ...vault,
    async *list(scope, filter) {
      for await (const sighting of vault.list(scope, filter)) yield remember(sighting);
    },
    look: async (secret) => remember(await vault.look(secret)),
    commit: async (read, change) => remember(await vault.commit(read, change)),
  };
  return { vault: remembering, seen: { labelsOf: (secret) => labels.get(secret) ?? {} } };
}
