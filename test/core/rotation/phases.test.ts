import { NO_TOMBSTONES } from '../../../src/core/record/tombstones.ts';
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { rotationNotice } from '../../../src/core/alerts/rotation-notice.ts';
import { isCompleted, type InFlight } from '../../../src/core/record/journal.ts';
import { FLIGHT_PHASES, type FlightPhase } from '../../../src/core/record/phases.ts';
import { advance, enter } from '../../../src/core/rotation/advance.ts';
import { entryFor } from '../../../src/core/rotation/commit-entry.ts';
import { asEmergency } from '../../../src/core/rotation/make-emergency.ts';
import { afterAbort, plan } from '../../../src/core/rotation/plan.ts';
import { isBeforePromotion, ROTATION } from '../../../src/core/rotation/rotation.ts';
import { mattersTo } from '../../../src/core/rotation/taken-away.ts';
import { inFlight, NOW, POLICY, resting } from '../../support/journals.ts';

/** What the code around the table answers about a rotation from version 1 to 2 in one phase. */
interface Answers {
  /** Consumers were not given the new key yet. */
  readonly early: boolean;
  /** Ended from here it has done what was asked. */
  readonly completed: boolean;
  /** Where a person's abort leads. */
  readonly abort: string | undefined;
  /** Where a person's rollback leads. */
  readonly rollback: string | undefined;
  /** Where it leads that somebody made a third version current. */
  readonly moved: string | undefined;
  /** Trouble is waited out, however often it comes. */
  readonly patient: boolean;
  /** How aliases move when its act is done. */
  readonly aliases: object;
  /** Versions that wait for the purge when it ends from here. */
  readonly retires: readonly number[];
  /** The version that its act takes away from readers, which is no news. */
  readonly takes: number | undefined;
  /** An emergency cuts it short. */
  readonly hurries: boolean;
  /** What is announced when its act is done. */
  readonly told: string | undefined;
}

const EARLY = { early: true, completed: false, abort: 'abandoned', rollback: 'abandoned', moved: 'abandoned' } as const;
const UP_TO_PROMOTION = { ...EARLY, patient: false, aliases: {}, retires: [], takes: undefined, hurries: true };
const LATE = { early: false, completed: false, abort: undefined, rollback: 'reverting', moved: 'held' } as const;

/** A phase without a row does not compile: whoever adds one answers every question, and looks at `ASKING` below. */
const ANSWERS: Readonly<Record<FlightPhase, Answers>> = {
  opened: { ...UP_TO_PROMOTION, told: undefined },
  minted: { ...UP_TO_PROMOTION, told: undefined },
  written: { ...UP_TO_PROMOTION, told: undefined },
  verified: { ...UP_TO_PROMOTION, aliases: { current: 2, previous: 1 }, told: 'rotation.promoted' },
  promoted: { ...LATE, patient: true, aliases: {}, retires: [2], takes: undefined, hurries: true, told: undefined },
  drained: {
    ...LATE,
    completed: true,
    patient: true,
    aliases: {},
    retires: [1],
    takes: 1,
    hurries: true,
    told: 'rotation.completed',
  },
  reverting: {
    ...LATE,
    abort: 'resting',
    rollback: undefined,
    patient: false,
    aliases: { current: 1, previous: null },
    retires: [],
    takes: undefined,
    hurries: false,
    told: undefined,
  },
  abandoned: {
    ...LATE,
    rollback: undefined,
    moved: undefined,
    patient: true,
    aliases: {},
    retires: [2],
    takes: 2,
    hurries: false,
    told: 'rotation.abandoned',
  },
};

function answersOf(phase: FlightPhase): Answers {
  const late = !isBeforePromotion(phase);
  const journal = inFlight({ phase, ...(late ? { promotedAt: NOW } : {}) });
  const done = enter(journal, ROTATION[phase].done, undefined, NOW);
  const past = { retired: [], history: [], leaks: [], tombstones: NO_TOMBSTONES };
  const ended = entryFor(journal, resting(), past, NOW).record.retired;
  const isOurs = (version: number) => mattersTo({ version, current: 9, journal, retired: [] }) === undefined;
  const trouble = { kind: 'unsure', why: 'no answer' } as const;
  const worn = advance({ ...journal, tries: POLICY.triesMax }, trouble, POLICY, NOW);
  return {
    early: isBeforePromotion(phase),
    completed: isCompleted(journal),
    abort: afterAbort(journal, late ? 2 : 1),
    rollback: leadsTo({ ...journal, wish: 'rollback' }, late ? 2 : 1),
    moved: leadsTo(journal, 9),
    patient: worn.phase === phase && !worn.held,
    aliases: entryFor(journal, done, past, NOW, late ? 1 : undefined).aliases,
    retires: (ended ?? []).map(({ version }) => version),
    takes: [1, 2].find(isOurs),
    hurries: asEmergency(journal, { reason: 'leaked', candidate: 'minted', emergency: true }) !== undefined,
    told: rotationNotice('projects/1/secrets/a', 'p', journal, done)?.type,
  };
}

/** The phase that somebody's wish or act makes it enter; `undefined` where it goes on as before. */
function leadsTo(journal: InFlight, current: number): string | undefined {
  const next = plan({ journal, aliases: { current }, policy: POLICY, me: 'worker-1', now: NOW });
  return next.do === 'enter' ? next.to : undefined;
}

test.each(FLIGHT_PHASES)('%s means the same to everything that asks for it', (phase) => {
  expect(answersOf(phase)).toEqual(ANSWERS[phase]);
});

/** Every file that asks for a phase by its name, and what it asks. */
const ASKING: Readonly<Record<string, string>> = {
  'app/on-record/spoken-state.ts': 'how a person is told where it stands',
  'app/on-record/take-up-event.ts': 'whether the version that was taken away is the one just promoted',
  'app/reconcile/resume-from-list.ts':
    'whether a rotation counts among those that the worker has begun and not promoted',
  'app/reconcile/rotation-view.ts': 'whether a rotation speaks for trouble at the issuer',
  'app/rehearsal/rehearse.ts': 'which end a rehearsal came to, and what readers get there',
  'app/rotation/drive.ts': 'whether a leaked key is deleted at once, and whether it was given up',
  'app/rotation/supply.ts': 'whether a key that is handed over was promoted already',
  'app/rotation/tick.ts': 'whether an act would retire one key more than the ledger holds',
  'app/rotation/wishes.ts': 'what an abort is answered',
  'cli/commands/follow-rotation.ts': 'what a person is told who began it, and whether the key must be given again',
  'cli/commands/worker/rotation.ts': 'whether a drain is held because the old key is still used',
  'cli/show/rehearsal.ts': 'which step of a dry run gives consumers the new key',
  'cli/show/on-record.ts': 'which command changes its course',
  'core/alerts/rotation-notice.ts': 'what became of the old key',
  'core/fleet/urgency.ts': 'which rotations a run takes up first',
  'core/health/being-replaced.ts': 'whether alerts about the old key are held back',
  'core/record/journal-text.ts': 'whether an older release could go on with it',
  'core/record/journal.ts': 'whether it ended as it should',
  'core/rotation/advance.ts': 'what is waited out, what a phase starts with, and what delays the next rotation',
  'core/rotation/commit-entry.ts': 'which aliases move, and which keys wait for the purge',
  'core/rotation/drain.ts': 'whether a lost key cuts a drain short',
  'core/rotation/last-current.ts': 'whether an alias that somebody took away is put back',
  'core/rotation/make-emergency.ts': 'whether an emergency still changes anything',
  'core/rotation/move-of-current.ts': 'which way consumers are to be brought along',
  'core/rotation/open-leaks.ts': 'whether the list of old keys comes to name the leaked key',
  'core/rotation/plan.ts': 'where wishes and moved aliases lead',
  'core/rotation/rotation.ts': 'whether consumers were given the new key',
  'core/rotation/step-to-tell.ts': 'what is announced',
  'core/rotation/taken-away.ts': 'whose doing it was that a version went away',
};

/** Whether a text compares a phase with one in flight, or asks on which side of the promotion it is. */
function asksForPhase(text: string): boolean {
  const named = new RegExp(String.raw`\b(?:phase|cell) [!=]== '(?:${FLIGHT_PHASES.join('|')})'`);
  return named.test(text) || /\b(?:isBeforePromotion|isCompleted)\(/.test(text);
}

test('every place that asks for a phase by its name is listed with its question', () => {
  const source = new URL('../../../src/', import.meta.url);
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const asking = paths.filter((path) => asksForPhase(readFileSync(new URL(path, source), 'utf8')));
  expect(asking.toSorted()).toEqual(Object.keys(ASKING).toSorted());
  expect(asksForPhase("if (journal.phase === 'drained') return;")).toBe(true);
  expect(asksForPhase("if (journal.phase === 'resting') return;")).toBe(false);
});
