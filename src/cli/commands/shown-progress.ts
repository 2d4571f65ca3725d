import { plural } from '../../core/values/plural.ts';
import type { Consumers } from '../../app/ports/consumers.ts';
import type { Vault } from '../../app/ports/ports.ts';
import type { Terminal } from '../show/terminal.ts';

/** The same vault, whose lists tell a person who waits how many secrets came. */
export function withListingShown(terminal: Pick<Terminal, 'progress'>, vault: Vault): Vault {
  const { progress } = terminal;
  if (progress === undefined) return vault;
  let listed = 0;
  return {
    ...vault,
    async *list(scope, filter) {
      progress({ doing: 'listing secrets', done: listed });
      for await (const sighting of vault.list(scope, filter)) {
        listed += 1;
        progress({ doing: 'listing secrets', done: listed });
        yield sighting;
      }
    },
  };
}

/** The same look at consumers, which tells in how many of some projects it was done. */
export function withReadersShown(
  terminal: Pick<Terminal, 'progress'>,
  consumers: Consumers,
  projects: readonly string[],
): Consumers {
  const { progress } = terminal;
  if (progress === undefined) return consumers;
  let done = 0;
  const told = () =>
    progress({
      doing: `looking through ${plural(projects.length, 'project')} for who reads it`,
      done,
      of: projects.length,
    });
  return {
    async of(project, secretIds) {
      told();
      const roll = await consumers.of(project, secretIds);
      done += 1;
      told();
      return roll;
    },
  };
}
