import { STATUS } from '../../core/causes/commands.ts';
import { nextOf } from '../../core/causes/next-step.ts';
import { valuesAbout } from '../../core/health/finding.ts';
import type { Actor } from '../../core/record/actor.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { valueOf } from '../../core/record/part.ts';
import { putAside } from '../../core/record/put-aside.ts';
import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { isOpen, toldOfLeak, nameToWrite } from '../../core/rotation/open-leaks.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Log, SecretName, SecretSighting } from '../ports/ports.ts';
import type { WatchPorts } from './watch-leaks.ts';

/** The key that somebody wants dead, and who that is. */
export interface Revocation {
  readonly secret: SecretName;
  readonly project: string;
  readonly by?: Actor | undefined;
}

/**
 * Tells of a key that is deleted because somebody asked for it, and remembers its leak until it is proven dead. Neither keeps the
 * key alive: what cannot be told or written is logged, and a list of leaks that cannot be read is put aside. Answers whether the
 * leak is remembered.
 */
export async function openLeakOf(
  ports: WatchPorts & { readonly log: Log },
  { project, by }: Revocation,
  sighting: SecretSighting,
  { version, key }: Pick<Leak, 'version'> & { readonly key: string },
): Promise<boolean> {
  const { name: secret, record } = sighting;
  const now = ports.clock.now();
  const { leak } = toldOfLeak(valueOf(record.leaks) ?? [], { version, key }, now);
  const why = 'somebody asked for its deletion, which comes next; it must then be refused for half an hour';
  const step = nextOf(
    { do: 'See which keys consumers have', command: STATUS },
    valuesAbout({ secret, project, version }),
  );
  const about = { secret, project, version, key, at: leak.at, told: leak.told - 1, why, by, ...step };
  const told = await attempt(() => ports.announcer.announce({ ...about, type: 'leak.open' }));
  const kept = await attempt(() => keep(ports, sighting, { version, key }, now));
  for (const [what, done] of [['told', told] as const, ['remembered', kept] as const])
    if (done instanceof Fault)
      ports.log.write('ERROR', `the leak of version ${version} was not ${what}: ${done.message}`, { secret });
  return kept === true;
}

/** Losing the etag race this often in a row means that somebody writes in a loop. */
const RACES_MAX = 5;

async function keep(
  { vault }: WatchPorts,
  first: SecretSighting,
  leak: Pick<Leak, 'version' | 'key'>,
  now: Instant,
): Promise<boolean> {
  let sighting = first;
  for (let race = 1; ; race += 1) {
    const { record } = sighting;
    const known = valueOf(record.leaks);
    const unread = known === undefined ? putAside(sighting, [annotationOf('leaks')]).annotations : {};
    const { leaks } = toldOfLeak(known ?? [], { ...leak, key: nameToWrite(leak, record) }, now);
    if (!isOpen(leaks, leak.version)) return false;
    const change = { annotations: { ...unread, ...changeOf(record, { leaks }) } };
    const seen = sighting;
    const done = await attempt(() => vault.commit(seen, change));
    if (!(done instanceof Fault)) return true;
    if (done.code !== 'stale' || race === RACES_MAX) throw done;
    sighting = await vault.look(seen.name);
  }
}
