import type { Issuer } from '../ports/ports.ts';

/** The keys of a project, and those that can still be undeleted. */
export interface KeyCount {
  readonly alive: number;
  readonly deleted: number;
}

/** Counts them all: nothing in the issuer's refusal tells a project that is full from too many calls. */
export async function countKeys(issuer: Issuer, project: string): Promise<KeyCount> {
  let alive = 0;
  let deleted = 0;
  for await (const { deletedAt } of issuer.list(project, true)) {
    if (deletedAt === undefined) alive += 1;
    else deleted += 1;
  }
  return { alive, deleted };
}
