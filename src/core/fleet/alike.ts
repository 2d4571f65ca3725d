/** Why a rotation of a secret came to nothing, or waits for a person. */
export interface Trouble {
  readonly secret: string;
  readonly why: string;
}

/** What several secrets are in trouble for. */
export interface SharedCause {
  readonly why: string;
  readonly count: number;
}

/** Two that say the same are no accident: the next would say it too. */
const ALIKE_MIN = 2;
/** A history keeps the beginning of a reason, and what a secret is called may stand before it. */
const COMPARED_CHARACTERS = 50;

/** The reason that most of these have in common, in the words of the longest; `undefined` where no two are alike. */
export function sharedCauseOf(troubles: readonly Trouble[]): SharedCause | undefined {
  const groups = [...Map.groupBy(troubles, comparable).values()].toSorted((one, other) => other.length - one.length);
  const [alike] = groups;
  if (alike === undefined || alike.length < ALIKE_MIN) return undefined;
  const why = alike.reduce((longest, trouble) => (trouble.why.length > longest.length ? trouble.why : longest), '');
  return { why, count: alike.length };
}

/** Without what is the secret's own: its name, its id and numbers. */
function comparable({ secret, why }: Trouble): string {
  const id = secret.slice(secret.lastIndexOf('/') + 1);
  return why.replaceAll(secret, '').replaceAll(id, '').replaceAll(/\d+/g, '').slice(0, COMPARED_CHARACTERS);
}
