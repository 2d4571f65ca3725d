import { valueOf } from '../../core/record/part.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { isMarkedFor, ROTATION_MARK, SECRET_MARK } from '../keys/key-marks.ts';
import { remembered } from '../keys/remembered.ts';
import type { IssuedKey, Issuer, SecretSighting } from '../ports/ports.ts';

/**
 * An issuer that remembers, for as long as one run lasts. The record of an old key is found by reading one key string
 * after the other, and the API Keys API gives 240 reads a minute: so a project is listed once, keys that no rotation made
 * are read once, and those that were made for the secret in question come first, or else those that were made about when
 * the secret was, or its rotation was begun. Keys that a rotation made are never remembered: the issuer's word on them is proof.
 */
export function rememberedIssuer(issuer: Issuer): (secret: Secret) => Issuer {
  const lists = new Map<string, Promise<readonly IssuedKey[]>>();
  const texts = new Map<string, Promise<KeyText>>();
  const foreign = new Set<string>();

  const listed = (project: string, withDeleted: boolean): Promise<readonly IssuedKey[]> =>
    remembered(lists, `${project} ${withDeleted}`, async () => {
      const keys: IssuedKey[] = [];
      for await (const key of issuer.list(project, withDeleted)) {
        keys.push(key);
        if (key.annotations[ROTATION_MARK] === undefined) foreign.add(key.name);
      }
      return keys;
    });

  return (secret) => ({
    ...issuer,
    keyString: (name) =>
      foreign.has(name) ? remembered(texts, name, () => issuer.keyString(name)) : issuer.keyString(name),
    async *list(project, withDeleted) {
      const moments = momentsOf(secret);
      yield* (await listed(project, withDeleted)).toSorted(
        (a, b) => rank(a, secret) - rank(b, secret) || apart(a, moments) - apart(b, moments),
      );
    },
  });
}

type Secret = Pick<SecretSighting, 'name' | 'createdAt' | 'record'>;

/** Made for this secret, made by nobody we know, made for another one. */
function rank({ annotations }: IssuedKey, { name }: Secret): number {
  const mark = annotations[SECRET_MARK];
  return isMarkedFor({ annotations }, name) ? 0 : mark === undefined ? 1 : 2;
}

/** Whoever makes a secret has a key for it, and so has whoever adds a version, which begins a rotation. */
function momentsOf({ createdAt, record }: Secret): readonly Instant[] {
  const journal = valueOf(record.rotation);
  return journal === undefined || journal.phase === 'resting' ? [createdAt] : [createdAt, journal.openedAt];
}

function apart({ createdAt }: IssuedKey, moments: readonly Instant[]): number {
  return Math.min(...moments.map((moment) => Math.abs(elapsedMs(createdAt, moment))));
}
