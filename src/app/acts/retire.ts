import type { Outcome } from '../../core/advance.ts';
import { lintStoredBytes } from '../../core/secret-text.ts';
import { attempt, Fault } from '../fault.ts';
import type { SecretSighting, VersionSighting } from '../ports.ts';
import { copiesOf } from './copies.ts';
import { unsure, type Scene } from './scene.ts';

/**
 * Disables the old version, and copies that a worker with a lost answer left. The order fences it: the versions' etags
 * are read first, then the secret is looked at again, so that a rollback which began in between has moved either.
 */
export async function retire(scene: Scene, sighting: SecretSighting): Promise<Outcome> {
  const { ports, secret } = scene;
  const done = await attempt(async () => {
    const doomed = await doomedVersions(scene);
    const { etag } = await ports.vault.look(secret);
    if (etag !== sighting.etag) throw new Fault('stale', 'somebody wrote the secret meanwhile');
    for (const version of doomed) await ports.vault.disable(secret, version);
  });
  return done instanceof Fault ? unsure(done) : { kind: 'done' };
}

/** `from`, and enabled copies of either key. Never the newest version: readers of `latest` would be left without one. */
async function doomedVersions({ ports, secret, journal }: Scene): Promise<readonly VersionSighting[]> {
  const versions = await ports.vault.versions(secret);
  const enabled = versions.filter(({ state }) => state === 'enabled');
  const old = enabled.filter(({ number }) => number === journal.from);
  const others = enabled.filter(
    ({ number }) => number !== journal.from && number !== journal.to && number !== versions[0]?.number,
  );
  if (others.length === 0) return old;
  const copies = await Promise.all(
    [...old.map(({ number }) => number), journal.to ?? journal.from].map(async (number) => {
      const { key } = lintStoredBytes((await ports.vault.read(secret, number)).bytes);
      return key === undefined ? [] : copiesOf(ports.vault, secret, key, others);
    }),
  );
  return [...old, ...copies.flat()];
}
