import type { PromiseName } from './promises.ts';

/** What happens in a drill that the worker has no hand in. */
export type Deed =
  /** The key that consumers read is found in public, and Google blocks it. */
  | { readonly is: 'leak' }
  /** A person asks for a rotation. */
  | { readonly is: 'rotate' }
  /** A person goes back to the key before. */
  | { readonly is: 'rollback' }
  /** The next worker that adds a version dies before it can write down that it did. */
  | { readonly is: 'kill-after-add' }
  /** The API that makes and deletes keys answers 503, until it is mended. */
  | { readonly is: 'issuer-down' }
  | { readonly is: 'issuer-back' };

/** Something that happens at a time, in words for the timeline. */
export interface PlannedDeed {
  readonly atMinutes: number;
  readonly says: string;
  readonly does: Deed;
}

/** Who reads the secret: through the alias as it should be, or a version by its number. */
export interface Consumer {
  readonly name: string;
  readonly reads: 'current' | 1;
}

/** A night that a team may have, and what has to be true of it. */
export interface Scenario {
  readonly title: string;
  /** When it begins, as a clock shows it. */
  readonly from: string;
  readonly consumers: readonly Consumer[];
  readonly plan: readonly PlannedDeed[];
  /** Whoever was told of trouble acts so many minutes later, as the alert says; nobody does where nobody was told. */
  readonly onCallMinutes?: number;
  /** Until all is at rest, and a day longer than the longest drain at most, when left out. */
  readonly lastsHours?: number;
  readonly promises: readonly PromiseName[];
}

const APP: Consumer = { name: 'the app', reads: 'current' };
const ASKED: PlannedDeed = {
  atMinutes: 10,
  says: 'a person asks for a rotation',
  does: { is: 'rotate' },
};

/** What is played, by the name that it is asked for with. */
export const SCENARIOS = {
  leak: {
    title: 'the key leaks at three in the morning',
    from: '02:50',
    consumers: [APP],
    plan: [
      {
        atMinutes: 10,
        says: 'the key is found in a public repository, and Google blocks it',
        does: { is: 'leak' },
      },
    ],
    onCallMinutes: 15,
    lastsHours: 8,
    promises: ['told', 'replaced', 'dead', 'one-key', 'secrecy', 'ends'],
  },
  crash: {
    title: 'the worker is killed between two calls',
    from: '10:00',
    consumers: [APP],
    plan: [
      {
        atMinutes: 5,
        says: 'the next worker will die right after it adds a version',
        does: { is: 'kill-after-add' },
      },
      ASKED,
    ],
    promises: ['readers', 'one-key', 'drain', 'secrecy', 'ends'],
  },
  'issuer-down': {
    title: 'the issuer of keys is down for three hours',
    from: '10:00',
    consumers: [APP],
    plan: [
      {
        atMinutes: 5,
        says: 'the API Keys API answers 503',
        does: { is: 'issuer-down' },
      },
      ASKED,
      {
        atMinutes: 185,
        says: 'the API Keys API is back',
        does: { is: 'issuer-back' },
      },
    ],
    promises: ['readers', 'done-or-told', 'one-key', 'secrecy', 'ends'],
  },
  rollback: {
    title: 'a person goes back to the key before',
    from: '10:00',
    consumers: [APP],
    plan: [
      ASKED,
      {
        atMinutes: 120,
        says: 'a person rolls back: the app does not like the new key',
        does: { is: 'rollback' },
      },
    ],
    promises: ['readers', 'back', 'secrecy', 'ends'],
  },
  pinned: {
    title: 'a consumer reads a version by its number',
    from: '10:00',
    consumers: [APP, { name: 'a batch job', reads: 1 }],
    plan: [ASKED],
    promises: ['readers', 'kept-for-users', 'secrecy'],
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof SCENARIOS;

/** In the order in which they are played. */
export const SCENARIO_NAMES = [
  'leak',
  'crash',
  'issuer-down',
  'rollback',
  'pinned',
] as const satisfies readonly ScenarioName[];
