import type { Bound } from '../values/bounds.ts';

/** How a secret's key is rotated. Durations carry their unit; every number has bounds in `ROTATION_BOUNDS`. */
export interface RotationPolicy {
  /** Least time between promotion and retirement, whatever the evidence says. */
  readonly drainHoursMin: number;
  /** Least time when the use of the old key cannot be measured. */
  readonly drainHoursUnmeasured: number;
  /** A drain that is still busy after this long is held for a person. */
  readonly drainHoursMax: number;
  /** How long a fresh key may be refused before it is believed to be bad: keys take minutes to be known everywhere. */
  readonly settleMinutesMax: number;
  /** Times an act may be unsure before the table's `worn` cell is taken. */
  readonly triesMax: number;
  /** First pause after an unsure act; every next one doubles, up to half an hour. */
  readonly backoffSeconds: number;
  /** How long an act without a fence may take. */
  readonly leaseSeconds: number;
  /** A key older than this is rotated; 0 = never because of its age. */
  readonly maxAgeDays: number;
  /** How long a retired key stays disabled before it is deleted at the issuer. */
  readonly retentionDays: number;
  /** How long after that its version is kept, before the bytes are destroyed for good. */
  readonly destroyAfterDays: number;
  /** 1: a key that is found dead is rotated without being asked, a leaked one as an emergency; 0: it is only announced. */
  readonly rotateWhenDead: number;
  /** 1: a key that is used as never before is replaced by a planned rotation; 0: that is only announced. */
  readonly rotateWhenUnusual: number;
  /** 1: a planned rotation begins once a second person agreed; 0: nobody is asked. */
  readonly approval: number;
  /** Before a rotation, consumers are 0: not looked up; 1: named if they would keep the old key; 2: that stops it; 3: so does what was not looked at. */
  readonly lookAtConsumers: number;
  /** Of whose services and worker pools new revisions are made after a promotion: 0 nobody’s; 1 with the label `key-warden-reach=on`; 2 all without `off`. */
  readonly reachConsumers: number;
  /** 1: of these, also the number of a version that somebody wrote is moved; 0: that is left to its owner. */
  readonly reachPinned: number;
  /** Consumers that are brought along at once, at most. */
  readonly reachWaveMax: number;
  /** When more consumers than this do not come up with the new key, they get the old one back. */
  readonly reachFailuresMax: number;
  /** Least time between promotion and retirement where somebody is known to read the secret, all were looked up, and every one is on the new key; counts where it is less than `drainHoursMin`. */
  readonly drainHoursReached: number;
}

/** Bounds and defaults of every number; 6 hours is the least drain, because consumers cache keys for a working day. */
export const ROTATION_POLICY_BOUNDS = {
  drainHoursMin: {
    fallback: 6,
    min: 6,
    max: 720,
    says: 'least hours between promoting the new key and retiring the old one',
  },
  drainHoursUnmeasured: {
    fallback: 24,
    min: 6,
    max: 720,
    says: 'the same when the use of the old key cannot be measured',
  },
  drainHoursMax: {
    fallback: 168,
    min: 12,
    max: 2160,
    says: 'hours after which a drain that is still busy is held for a person',
  },
  settleMinutesMax: {
    fallback: 20,
    min: 1,
    max: 120,
    says: 'minutes a fresh key may be refused before it is believed to be bad',
  },
  triesMax: {
    fallback: 8,
    min: 1,
    max: 50,
    says: 'times an act may be unsure before it is given up or held; the longest drain passes first where consumers have a good key anyway',
  },
  backoffSeconds: {
    fallback: 20,
    min: 1,
    max: 600,
    says: 'seconds of the first pause after an unsure act; every next one doubles',
  },
  leaseSeconds: { fallback: 120, min: 30, max: 600, says: 'seconds an act that no etag fences may take' },
  maxAgeDays: {
    fallback: 90,
    min: 0,
    max: 3650,
    says: 'days after which a key is rotated; 0 = never because of its age',
  },
  retentionDays: { fallback: 7, min: 1, max: 365, says: 'days a retired key is kept, disabled, before it is deleted' },
  destroyAfterDays: {
    fallback: 30,
    min: 1,
    max: 365,
    says: 'days from the deletion of a key to the destruction of its version',
  },
  rotateWhenDead: {
    fallback: 0,
    min: 0,
    max: 1,
    says: '1 rotates a key that is found dead without being asked, a leaked one as an emergency; 0 only announces it',
  },
  rotateWhenUnusual: {
    fallback: 0,
    min: 0,
    max: 1,
    says: '1 has a planned rotation begin where a key is used as never before (`key.unusual`), never an emergency: by its windows, freezes and approvals, and after a drain; 0 only announces it',
  },
  approval: {
    fallback: 0,
    min: 0,
    max: 1,
    says: '1 has a planned rotation begin only once somebody else than who asked for it has approved what it does (`key-warden approve`); 0 asks nobody; what leaked, a dead key and going back do not wait',
  },
  lookAtConsumers: {
    fallback: 0,
    min: 0,
    max: 3,
    says: 'what is done before a rotation about consumers on Cloud Run and Functions that would keep the old key: 0 nothing is looked up, 1 they are named, 2 they stop it, 3 so does what could not be looked at; a dead or leaked key is replaced all the same',
  },
  reachConsumers: {
    fallback: 0,
    min: 0,
    max: 2,
    says: 'whose Cloud Run services and worker pools get a new revision after a promotion: 0 nobody’s, 1 those with the label key-warden-reach=on, 2 all but those with key-warden-reach=off',
  },
  reachPinned: {
    fallback: 0,
    min: 0,
    max: 1,
    says: '1 also moves the number of a version that such a consumer names; 0 leaves that to its owner',
  },
  reachWaveMax: { fallback: 10, min: 1, max: 100, says: 'consumers that are given the new key at once, at most' },
  reachFailuresMax: {
    fallback: 3,
    min: 0,
    max: 100,
    says: 'consumers that may fail to come up with the new key; when more do, all get the old one back',
  },
  drainHoursReached: {
    fallback: 6,
    min: 1,
    max: 720,
    says: 'least hours between promoting and retiring where somebody is known to read the secret, all were looked up, and every one is on the new key',
  },
} as const satisfies Record<keyof RotationPolicy, Bound>;

/** The policy where nobody set anything. */
export const DEFAULT_ROTATION_POLICY: RotationPolicy = {
  drainHoursMin: ROTATION_POLICY_BOUNDS.drainHoursMin.fallback,
  drainHoursUnmeasured: ROTATION_POLICY_BOUNDS.drainHoursUnmeasured.fallback,
  drainHoursMax: ROTATION_POLICY_BOUNDS.drainHoursMax.fallback,
  settleMinutesMax: ROTATION_POLICY_BOUNDS.settleMinutesMax.fallback,
  triesMax: ROTATION_POLICY_BOUNDS.triesMax.fallback,
  backoffSeconds: ROTATION_POLICY_BOUNDS.backoffSeconds.fallback,
  leaseSeconds: ROTATION_POLICY_BOUNDS.leaseSeconds.fallback,
  maxAgeDays: ROTATION_POLICY_BOUNDS.maxAgeDays.fallback,
  retentionDays: ROTATION_POLICY_BOUNDS.retentionDays.fallback,
  destroyAfterDays: ROTATION_POLICY_BOUNDS.destroyAfterDays.fallback,
  rotateWhenDead: ROTATION_POLICY_BOUNDS.rotateWhenDead.fallback,
  rotateWhenUnusual: ROTATION_POLICY_BOUNDS.rotateWhenUnusual.fallback,
  approval: ROTATION_POLICY_BOUNDS.approval.fallback,
  lookAtConsumers: ROTATION_POLICY_BOUNDS.lookAtConsumers.fallback,
  reachConsumers: ROTATION_POLICY_BOUNDS.reachConsumers.fallback,
  reachPinned: ROTATION_POLICY_BOUNDS.reachPinned.fallback,
  reachWaveMax: ROTATION_POLICY_BOUNDS.reachWaveMax.fallback,
  reachFailuresMax: ROTATION_POLICY_BOUNDS.reachFailuresMax.fallback,
  drainHoursReached: ROTATION_POLICY_BOUNDS.drainHoursReached.fallback,
};
