import { stableHash } from '../values/stable-shuffle.ts';

/** A part of the fleet that one instance looks at: a project’s secrets in one location, or a share of them. */
export interface Part {
  readonly project: string;
  readonly location: string;
  /** Absent for all of them. */
  readonly share?: Share | undefined;
}

/** The share number `at`, from 0 on, of `of` shares. */
export interface Share {
  readonly at: number;
  readonly of: number;
}

/** Shares of one project and location: as many as a hundred thousand secrets make at the smallest size of a part. */
export const SHARES_MAX = 1_000;

/** Whether a secret of the project and location belongs to the part: decided by its id alone, so that nobody has to agree on a list. */
export function isInPart({ share }: Part, secretId: string): boolean {
  return share === undefined || stableHash(secretId) % share.of === share.at;
}

/** The shares of a part that has more secrets than one instance takes; each comes out at about that size. */
export function sharesOf({ project, location }: Part, secrets: number, most: number): readonly Part[] {
  const of = Math.min(SHARES_MAX, Math.ceil(secrets / most));
  return Array.from({ length: of }, (_, at) => ({ project, location, share: { at, of } }));
}

/** The part as people are told of it: `project acme-search (global), share 2 of 5`. */
export function partText({ project, location, share }: Part): string {
  const where = `project ${project} (${location})`;
  return share === undefined ? where : `${where}, share ${share.at + 1} of ${share.of}`;
}
