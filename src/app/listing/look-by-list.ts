import { parseSecretName } from '../../core/google/resource-names.ts';
import { Fault } from '../ports/fault.ts';
import type { Vault } from '../ports/ports.ts';

/** Finds a secret in the list of its project: for an identity that may list secrets and look at none. Rejects with `Fault`. */
export function lookByList({ list }: Pick<Vault, 'list'>): Pick<Vault, 'look'> {
  return {
    async look(name) {
      const place = parseSecretName(name);
      // A filter finds names that only contain the id, too.
      if (place !== undefined)
        for await (const sighting of list(place, `name:${place.secret}`))
          if (parseSecretName(sighting.name)?.secret === place.secret) return sighting;
      throw new Fault('not_found', `Cannot find ${name} in the list of its project.`);
    },
  };
}
