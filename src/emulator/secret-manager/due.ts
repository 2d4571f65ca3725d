import { etagOf } from './etag.ts';
import { MICROS_PER_SECOND, type Micros } from '../wire/rest/micros.ts';
import { withVersion, type Rotation, type SecretRecord, type VersionRecord } from './resource.ts';
import { destroyed } from './version-moves.ts';
import { nowOf, type World } from './world.ts';

/** After a leap of the clock about so many firings of one schedule are made up for; the rest are left out. */
const MISSED_FIRINGS_MAX = 100;

/**
 * Lets what became due happen, each secret's in order and stamped with its own time: rotation notices, scheduled
 * destructions, expiries. Production is some 20 s late with notices and expiries; here they are punctual.
 */
export function settleDue(world: World): void {
  const now = nowOf(world);
  for (const { name } of world.secrets.timed()) {
    let next = firstDue(world, name, now);
    while (next !== undefined) {
      next.happen();
      next = firstDue(world, name, now);
    }
  }
  world.outbox.retry();
}

interface Due {
  readonly at: Micros;
  happen(): void;
}

function firstDue(world: World, name: string, now: Micros): Due | undefined {
  const secret = world.secrets.get(name);
  if (secret === undefined) return undefined;
  return duesOf(world, secret, now)
    .filter(({ at }) => at <= now)
    .toSorted((one, other) => one.at - other.at)[0];
}

function duesOf(world: World, secret: SecretRecord, now: Micros): readonly Due[] {
  const { expireAt, rotation } = secret;
  return [
    ...(expireAt === undefined ? [] : [{ at: expireAt, happen: () => expire(world, secret, expireAt) }]),
    ...(rotation === undefined ? [] : [{ at: rotation.nextAt, happen: () => fire(world, secret, rotation, now) }]),
    ...secret.versions.flatMap((version) => versionDues(world, secret, version)),
  ];
}

function versionDues(world: World, secret: SecretRecord, version: VersionRecord): readonly Due[] {
  const { scheduledDestroyAt, destroyedAt, payload } = version;
  if (scheduledDestroyAt !== undefined)
    return [{ at: scheduledDestroyAt, happen: () => destroy(world, secret, version, scheduledDestroyAt) }];
  if (destroyedAt === undefined || payload === undefined) return [];
  const forget = (): void => world.secrets.put(withVersion(secret, { ...version, payload: undefined }));
  return [{ at: destroyedAt + world.lag().stateLagMs * 1000, happen: forget }];
}

function expire(world: World, secret: SecretRecord, at: Micros): void {
  world.secrets.delete(secret.name);
  world.outbox.announce(secret, at, { eventType: 'SECRET_DELETE', deleteType: 'EXPIRATION' });
}

function destroy(world: World, secret: SecretRecord, version: VersionRecord, at: Micros): void {
  const after = destroyed(version, { at, etagFrom: world.tick(), stateLagMs: world.lag().stateLagMs });
  world.secrets.put(withVersion(secret, after.version));
  world.outbox.announce(secret, at, after);
}

/** No version changes: the notice goes out, already showing the next time, and the secret's etag moves. */
function fire(world: World, secret: SecretRecord, rotation: Rotation, now: Micros): void {
  const { nextAt, periodSeconds } = rotation;
  const next =
    periodSeconds === undefined ? undefined : { periodSeconds, nextAt: following(nextAt, periodSeconds, now) };
  const after: SecretRecord = { ...secret, etag: etagOf(world.tick()), rotation: next };
  world.secrets.put(after);
  world.outbox.announce(after, nextAt, { eventType: 'SECRET_ROTATE' });
}

function following(at: Micros, periodSeconds: number, now: Micros): Micros {
  const period = periodSeconds * MICROS_PER_SECOND;
  const missed = Math.floor((now - at) / period);
  return at + period * Math.max(1, missed - MISSED_FIRINGS_MAX);
}
