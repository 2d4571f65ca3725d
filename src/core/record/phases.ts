/**
 * A rotation's phase names a fact that is already on disk. Its row in the table (`ROTATION`) names the one act that may
 * follow. `resting` is also what a secret is in that was never rotated.
 */
export const PHASES = [
  'resting',
  'opened',
  'minted',
  'written',
  'verified',
  'promoted',
  'drained',
  'reverting',
  'abandoned',
] as const;
export type Phase = (typeof PHASES)[number];

/** A phase in which something is under way. */
export type FlightPhase = Exclude<Phase, 'resting'>;

/** The same as a set, for what reads a rotation in flight. */
export const FLIGHT_PHASES = PHASES.filter((phase): phase is FlightPhase => phase !== 'resting');

/** What a rotation does between two phases. The journal holds the act that a lease is for. */
export const ACTS = ['open', 'mint', 'write', 'verify', 'promote', 'confirm', 'retire', 'restore', 'discard'] as const;
export type Act = (typeof ACTS)[number];
