import type { Act, FlightPhase, Phase } from '../record/phases.ts';

/** What an act can come to. `refused`: the world said no. `unsure`: we could not tell, so nothing is concluded. */
export type OutcomeKind = 'done' | 'refused' | 'unsure';

/** Where an outcome leads: to a phase, or to where it is, held until a person has looked. */
export type Cell = Phase | 'held';

export interface Row {
  readonly act: Act;
  /** What the act changes outside its own commit. */
  readonly effect: string;
  readonly done: Cell;
  readonly refused: Cell;
  readonly unsure: Phase;
  /** Where being unsure too often leads. Never back: a key that could not be looked at is not a bad key. */
  readonly worn: Cell;
  /** Whether no etag fences the act's effect, so that it may run only under a lease that was journaled first. */
  readonly leased: boolean;
  /** Why doing the act a second time, after a crash, is safe. */
  readonly because: string;
}

/** THE TABLE. Nothing else decides what follows what; docs/rotation.md is printed from it. */
export const ROTATION = {
  resting: {
    act: 'open',
    effect: 'none',
    done: 'opened',
    refused: 'resting',
    unsure: 'resting',
    worn: 'resting',
    leased: false,
    because: 'it is one commit under the etag: of two who open, one loses and looks again',
  },
  opened: {
    act: 'mint',
    effect: 'a key at the issuer, its id derived from the rotation’s; none for a supplied key',
    done: 'minted',
    refused: 'abandoned',
    unsure: 'opened',
    worn: 'abandoned',
    leased: true,
    because: 'the same id gives the same key',
  },
  minted: {
    act: 'write',
    effect: 'a version, added once the key was proven in memory',
    done: 'written',
    refused: 'abandoned',
    unsure: 'minted',
    worn: 'abandoned',
    leased: true,
    because: 'an enabled version above `from` with these bytes is taken instead of adding another',
  },
  written: {
    act: 'verify',
    effect: 'none: reads `to` by its number and probes it',
    done: 'verified',
    refused: 'abandoned',
    unsure: 'written',
    worn: 'abandoned',
    leased: false,
    because: 'reading changes nothing',
  },
  verified: {
    act: 'promote',
    effect: 'none: `current` and `previous` move in the commit',
    done: 'promoted',
    refused: 'abandoned',
    unsure: 'verified',
    worn: 'abandoned',
    leased: false,
    because: 'it is one commit under the etag',
  },
  promoted: {
    act: 'confirm',
    effect: 'none: measures the use of the old key, probes the new one',
    done: 'drained',
    refused: 'reverting',
    unsure: 'promoted',
    worn: 'held',
    leased: false,
    because: 'reading changes nothing',
  },
  drained: {
    act: 'retire',
    effect: 'copies named on their key; `from` and they disabled, each under its own etag',
    done: 'resting',
    refused: 'held',
    unsure: 'drained',
    worn: 'held',
    leased: false,
    because: 'disabled twice is disabled, and a stale version etag is refused',
  },
  reverting: {
    act: 'restore',
    effect: '`from` enabled; `current` moves back in the commit',
    done: 'abandoned',
    refused: 'held',
    unsure: 'reverting',
    worn: 'held',
    leased: false,
    because: 'enabled twice is enabled, and it fences a slow retire',
  },
  abandoned: {
    act: 'discard',
    effect:
      '`from`’s key added again where `latest` would be left without one; what this rotation wrote named on its key, then disabled; the key deleted',
    done: 'resting',
    refused: 'held',
    unsure: 'abandoned',
    worn: 'held',
    leased: true,
    because: 'it looks before it adds, and disabled or deleted twice is the same',
  },
} as const satisfies Record<Phase, Row>;

/** Where a refusal leads. To a key that leaked nobody goes back: its rotation goes on to end it, and what consumers read is mended after. */
export function afterRefusal(phase: FlightPhase, isLeak: boolean): Cell {
  const { refused } = ROTATION[phase];
  return isLeak && refused === 'reverting' ? ROTATION[phase].done : refused;
}

/** Phases in which consumers have not been given the new key yet: giving up costs them nothing. */
export function isBeforePromotion(phase: Phase): boolean {
  return phase === 'opened' || phase === 'minted' || phase === 'written' || phase === 'verified';
}
