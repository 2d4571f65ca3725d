import { ApiError } from '../wire/api-error.ts';
import { etagOf } from './etag.ts';
import type { Announcement } from './events.ts';
import { MICROS_PER_SECOND, type Micros } from '../wire/rest/micros.ts';
import type { SecretRecord, State, VersionRecord } from './resource.ts';
import { extended } from './trail.ts';

export type Move = 'enable' | 'disable' | 'destroy';

/** When a version moves, and how far behind a reader may still be. */
export interface Moment {
  readonly at: Micros;
  /** Where the new etag comes from: for what was due at an earlier time this is the present. */
  readonly etagFrom: Micros;
  readonly stateLagMs: number;
}

/** A version after a move, and the event that tells of it. */
export type Moved = Extract<Announcement, { readonly version: VersionRecord }>;

/**
 * The state table measured by kmoneil/zig-gcp: enable and disable may be repeated and cancel a scheduled
 * destruction; destroy may not be repeated. A repeated move counts as a write, so its etag moves; that it is announced
 * like one is not settled.
 */
export function moved(secret: SecretRecord, version: VersionRecord, move: Move, moment: Moment): Moved {
  if (version.state === 'DESTROYED') throw refused('SecretVersion.state is already DESTROYED');
  switch (move) {
    case 'enable':
      return { eventType: 'SECRET_VERSION_ENABLE', version: inState(version, 'ENABLED', moment) };
    case 'disable':
      return { eventType: 'SECRET_VERSION_DISABLE', version: inState(version, 'DISABLED', moment) };
    case 'destroy':
      if (version.scheduledDestroyAt !== undefined)
        throw refused('SecretVersion is already scheduled for DESTRUCTION.');
      return secret.destroyDelaySeconds === undefined
        ? destroyed(version, moment)
        : scheduled(version, secret.destroyDelaySeconds, moment);
  }
}

/** The end of a version. Its payload is forgotten when time is next settled, unless a reader still lags behind. */
export function destroyed(version: VersionRecord, moment: Moment): Moved {
  return {
    eventType: 'SECRET_VERSION_DESTROY',
    version: {
      ...inState(version, 'DESTROYED', moment),
      destroyedAt: moment.at,
    },
  };
}

function scheduled(version: VersionRecord, delaySeconds: number, moment: Moment): Moved {
  return {
    eventType: 'SECRET_VERSION_DESTROY_SCHEDULED',
    version: {
      ...inState(version, 'DISABLED', moment),
      scheduledDestroyAt: moment.at + delaySeconds * MICROS_PER_SECOND,
    },
  };
}

function inState(version: VersionRecord, state: State, { at, etagFrom, stateLagMs }: Moment): VersionRecord {
  return {
    ...version,
    state,
    etag: etagOf(etagFrom),
    scheduledDestroyAt: undefined,
    states: extended(version.states, at, state, at - stateLagMs * 1000),
  };
}

function refused(message: string): ApiError {
  return new ApiError('FAILED_PRECONDITION', message);
}
