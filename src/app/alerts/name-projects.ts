import type { Notice } from '../../core/alerts/notice.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Announcer, SecretSighting, Vault } from '../ports/ports.ts';

/** Projects as people know them, as far as a look or a list told both. */
export interface SeenProjects {
  /** The id behind a number; the number itself where nobody has asked by the id yet. */
  idOf(project: string): string;
}

/**
 * A vault that remembers the ids of projects: it is asked by them, and Secret Manager's own names have the number. Whoever follows an
 * event or a canonical name knows nothing else.
 */
export function rememberProjects<V extends Vault>(vault: V): { readonly vault: V; readonly projects: SeenProjects } {
  const ids = new Map<string, string>();
  const remember = (asked: string, sighting: SecretSighting) => {
    if (!/^\d+$/.test(asked)) ids.set(projectIn(sighting.name), asked);
    return sighting;
  };
  const remembering: V = {
    ...vault,
    async *list(scope, filter) {
      for await (const sighting of vault.list(scope, filter)) yield remember(scope.project, sighting);
    },
    look: async (secret) => remember(projectIn(secret), await vault.look(secret)),
  };
  return { vault: remembering, projects: { idOf: (project) => ids.get(project) ?? project } };
}

/** Announces with the project's id where it is known, whoever announces: one incident is told under one name. */
export function namingProjects({ announce }: Announcer, projects: SeenProjects): Announcer {
  return { announce: (notice, together) => announce(named(notice, projects), together) };
}

/** What a check tells names its project as the check was asked, and keeps its place among what is told with it. */
function named(notice: Notice, { idOf }: SeenProjects): Notice {
  return 'secret' in notice ? { ...notice, project: idOf(notice.project) } : notice;
}
