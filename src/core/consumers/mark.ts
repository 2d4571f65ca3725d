/**
 * What is written on a consumer: in its template for which moves of `current` its instances were started, and on the consumer itself for
 * which of them its new revision did not come up. Nothing else is remembered of how far a rotation has come to its consumers.
 */
export const REACHED_MARK = 'key-warden.reached';
export const UNDONE_MARK = 'key-warden.undone';

/** One entry for each secret that a consumer reads: `projects/1/secrets/a=7@kw-abc-1`, separated by spaces. */
const ENTRY = /^(?<secret>projects\/[^\s=]+)=(?<mark>[^\s=]+)$/;

/** A move of `current` as a mark says it: the version that it led to, and the rotation that made it. */
export function markOf(version: number, rotation: string): string {
  return `${version}@${rotation}`;
}

/** What an annotation says of a secret; `undefined` where it says nothing. */
export function markIn(annotation: string | undefined, secret: string): string | undefined {
  return entriesOf(annotation).find((entry) => entry.secret === secret)?.mark;
}

/** The annotation with another mark of a secret, or without one; `undefined` where nothing is left of it. What it says of others stays. */
export function withMark(annotation: string | undefined, secret: string, mark: string | undefined): string | undefined {
  const others = entriesOf(annotation).filter((entry) => entry.secret !== secret);
  const entries = mark === undefined ? others : [...others, { secret, mark }];
  return entries.length === 0 ? undefined : entries.map((entry) => `${entry.secret}=${entry.mark}`).join(' ');
}

function entriesOf(annotation = ''): readonly { readonly secret: string; readonly mark: string }[] {
  return annotation.split(' ').flatMap((entry) => {
    const { secret, mark } = ENTRY.exec(entry)?.groups ?? {};
    return secret === undefined || mark === undefined ? [] : [{ secret, mark }];
  });
}
