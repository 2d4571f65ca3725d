import { isoFields } from '../../core/values/decode.ts';
import type { Journal } from '../../core/record/journal.ts';
import type { Episode } from '../../core/record/health-state.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import { isoOf } from '../../core/values/time.ts';
import { isMet } from '../../core/health/health.ts';
import type { SecretStatus } from './status.ts';

/** A rotation in flight, with its moments in RFC 3339; the lease's holder is nobody's business but the workers'. */
export function rotationJson(rotation: Journal | undefined) {
  if (rotation === undefined) return { phase: 'unknown' };
  if (rotation.phase === 'resting') return { phase: 'resting', failures: rotation.failures };
  const { phase, openedAt, since, promotedAt, notBefore, drain, lease: _, rest: __, ...told } = rotation;
  return {
    phase,
    ...told,
    ...isoFields({ since, openedAt, promotedAt, next: notBefore }),
    act: ROTATION[phase].act,
    ...(drain === undefined ? {} : { drain: { ...drain, at: isoOf(drain.at) } }),
  };
}

/** A leaked key that is not proven dead, with its moments in RFC 3339. */
function leakJson({ version, key, at, refusedSince, toldAt, told }: Leak) {
  return { version, key, told, ...isoFields({ at, refusedSince, toldAt }) };
}

function episodeJson(episode: Episode) {
  const { openedAt, announcedAt, lastGoodAt } = episode;
  return { ...episode, ...isoFields({ openedAt, announcedAt, lastGoodAt }) };
}

/** What is on record about a secret, as `status --json` and the function `rotate` show it. */
export function secretStatusJson({ secret, managed, aliases, health, rotation, leaks }: SecretStatus) {
  const episode = health !== undefined && 'episode' in health ? health.episode : undefined;
  return {
    secret,
    managed,
    aliases,
    rotation: rotationJson(rotation),
    leaks: leaks === undefined ? 'unknown' : leaks.map(leakJson),
    health: health === undefined ? 'unknown' : isMet(health, undefined) ? health.is : 'unchecked',
    ...(health !== undefined && 'since' in health && health.since !== undefined ? { since: isoOf(health.since) } : {}),
    ...(health?.is === 'suspect' ? { cause: health.cause, runs: health.runs } : {}),
    ...(episode === undefined ? {} : { episode: episodeJson(episode) }),
  };
}
