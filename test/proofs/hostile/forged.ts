import type { InFlight, KeyHandle } from '../../../src/core/record/journal.ts';
import { FLIGHT_PHASES } from '../../../src/core/record/phases.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { RETIRED_ANNOTATION, type Retired } from '../../../src/core/record/ledger.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { writeJournal, writeRetired } from '../../support/annotations.ts';
import { DAY_MS, START } from '../../support/cloud.ts';
import { CURRENT, nameOf, OLD, STAGED, type HostileWorld } from './world.ts';

/** Something that somebody who may update a secret writes on it. */
export interface Forged {
  readonly title: string;
  annotations(world: HostileWorld): Readonly<Record<string, string | null>>;
  /** The version that he has the alias `previous` name, which he may write as well. */
  readonly previous?: number | undefined;
  /** Whether the forgery may cost the version that a person staged: what is left to him, as the threat model says. */
  readonly mayDisableStaged: boolean;
  /** Whether it may cost the bytes of a version that is disabled: it calls its key one that was deleted and that its issuer forgot since. */
  readonly mayDestroy?: boolean | undefined;
}

/** The keys that are not the secret's, and the one that consumers read, which must outlive any forgery. */
const HANDLES = ['theirs', 'deleted', 'elsewhere', 'current'] as const;

function handleOf({ foreign, own }: HostileWorld, name: (typeof HANDLES)[number]): KeyHandle {
  const key = name === 'current' ? own.current : foreign[name];
  return { name: nameOf(key), uid: key.uid };
}

const NOW = instantOf(START);
const MISSING = 9;
/** Who is said to be replaced by whom: every pair that is not simply the truth. */
const PAIRS = [
  [OLD, CURRENT],
  [STAGED, CURRENT],
  [CURRENT, STAGED],
  [OLD, STAGED],
  [STAGED, MISSING],
  [MISSING, CURRENT],
] as const;
const KINDS = [
  { candidate: 'minted', reason: 'request', emergency: false },
  { candidate: 'minted', reason: 'leaked', emergency: true },
  { candidate: 'supplied', reason: 'request', emergency: false },
  { candidate: 'adopted', reason: 'rollback', emergency: false },
] as const;

/**
 * Every phase with every kind of rotation over every pair of versions, each with a foreign key as the old and the new one: with
 * all of them in turn, or with `large` each with all.
 */
export function forgedJournals(large: boolean): readonly Forged[] {
  const whole = FLIGHT_PHASES.flatMap((phase) => KINDS.flatMap((kind) => PAIRS.map((pair) => ({ phase, kind, pair }))));
  return whole.flatMap(({ phase, kind, pair: [from, to] }, at) =>
    HANDLES.filter((_, which) => large || which === at % HANDLES.length).flatMap((key) =>
      [undefined, ...(from === STAGED ? [STAGED] : [])].map((previous): Forged => ({
        title: `${phase}, ${kind.candidate} ${kind.reason}, ${from} to ${to}, ${key}${previous === undefined ? '' : ', previous moved'}`,
        previous,
        mayDisableStaged: previous !== undefined || (to === STAGED && kind.candidate !== 'minted'),
        // The worker itself deletes the key of consumers once they have another.
        mayDestroy: kind.emergency && previous !== undefined && key === 'current',
        annotations(world) {
          const handle = handleOf(world, key);
          const past = plusMs(NOW, -10 * DAY_MS);
          const journal: InFlight = {
            ...kind,
            phase,
            id: handle.name.slice(handle.name.lastIndexOf('/') + 1),
            from,
            to,
            fromKey: handle,
            toKey: handle,
            openedAt: past,
            since: past,
            promotedAt: past,
            tries: 0,
            held: false,
            rest: { failures: 0, passedOver: [] },
          };
          return { [ROTATION_ANNOTATION]: writeJournal(journal) };
        },
      })),
    ),
  );
}

/** Every entry of a ledger: each version, each foreign key or none, leaked or not, at each step of the purge. */
export function forgedLedgers(): readonly Forged[] {
  const past = plusMs(NOW, -90 * DAY_MS);
  const steps = [{}, { deletedAt: past }, { deletedAt: past, provenDeadAt: past }];
  return [OLD, STAGED, CURRENT, MISSING].flatMap((version) =>
    [...HANDLES, undefined].flatMap((key) =>
      [true, undefined].flatMap((urgent) =>
        steps.map((step): Forged => ({
          title: `ledger: version ${version}, ${key ?? 'no key'}, ${urgent ? 'leaked, ' : ''}${Object.keys(step).join(' ')}`,
          mayDisableStaged: false,
          mayDestroy: key === 'deleted' && 'provenDeadAt' in step,
          annotations(world) {
            const entry: Retired = {
              version,
              key: key === undefined ? undefined : handleOf(world, key),
              at: past,
              rotation: 'kw-forged',
              urgent,
              ...step,
            };
            return { [RETIRED_ANNOTATION]: writeRetired([entry]) };
          },
        })),
      ),
    ),
  );
}

/** What makes a leak look like one whose key is to be deleted whatever consumers read: alone, in a held emergency, in the ledger. */
const AROUND = ['alone', 'held', 'listed'] as const;

/** Every open leak: each version, each key or none, said to have been brought back to consumers, of which people were told. */
export function forgedLeaks(): readonly Forged[] {
  const past = plusMs(NOW, -DAY_MS);
  return [OLD, STAGED, CURRENT, MISSING].flatMap((version) =>
    [...HANDLES, undefined].flatMap((key) =>
      AROUND.map((around): Forged => ({
        title: `leak: version ${version}, ${key ?? 'no key'}, ${around}`,
        mayDisableStaged: false,
        annotations(world) {
          const handle = key === undefined ? undefined : handleOf(world, key);
          const leak = { version, key: handle?.name, at: past, told: 1 };
          const lastCurrent = { version: CURRENT, movedTo: CURRENT, movedAt: past, is: 'leaked' } as const;
          return changeOf(recordOf({}), { leaks: [leak], lastCurrent, ...aroundOf(around, version, handle) });
        },
      })),
    ),
  );
}

function aroundOf(around: (typeof AROUND)[number], version: number, key: KeyHandle | undefined): RecordChange {
  const past = plusMs(NOW, -DAY_MS);
  if (around === 'listed') return { retired: [{ version, key, at: past, rotation: 'kw-forged', urgent: true }] };
  if (around === 'alone') return {};
  const rotation: InFlight = {
    phase: 'promoted',
    id: 'kw-forged',
    reason: 'leaked',
    candidate: 'minted',
    emergency: true,
    from: version,
    to: STAGED,
    fromKey: key,
    openedAt: past,
    since: past,
    promotedAt: past,
    tries: 0,
    held: true,
    rest: { failures: 0, passedOver: [] },
  };
  return { rotation };
}
