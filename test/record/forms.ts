import { valueOf } from '../../src/core/record/part.ts';
import { annotationOf, changeOf, recordOf, type RecordChange } from '../../src/core/record/secret-record.ts';
import { DEFAULT_SECRET_POLICY, layOver } from '../../src/core/settings/secret-policy.ts';
import { POLICY_ANNOTATION } from '../../src/core/record/policy-text.ts';
import { HEALTH_ANNOTATION, OUTAGE_ANNOTATION, PROJECT_OUTAGE_ANNOTATION } from '../../src/core/record/health-text.ts';
import {
  readHealth,
  writeHealth,
  readJournal,
  writeJournal,
  readHistory,
  readOutbox,
  readRetired,
  writeHistory,
  writeRetired,
  writeSilence,
  readSilence,
} from '../support/annotations.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { parseRecord } from '../../src/core/values/json.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../src/core/record/ledger.ts';
import { OUTBOX_FORM } from '../../src/core/record/outbox.ts';
import { SILENCE_ANNOTATION } from '../../src/core/record/silence.ts';
import { LEAKS_ANNOTATION, type Leak } from '../../src/core/record/leaks.ts';
import { instantOf } from '../../src/core/values/time.ts';

/** How today's release reads an annotation, and what it writes for what it read. `undefined`: not understood. */
export interface Form {
  readonly read: (text: string) => unknown;
  /** Absent for what people write. */
  readonly rewrite?: (text: string) => string | null | undefined;
  /** What is written when something else is to be remembered, with all that this release does not know. */
  readonly change?: ((text: string, next: unknown) => string | null | undefined) | undefined;
}

/**
 * Today's readers and writers by annotation, held against the texts in v1. What those texts mean is written in the files
 * and stays; where the code calls it something else one day, this file says how the one becomes the other.
 */
export const FORMS: Readonly<Record<string, Form>> = {
  [ROTATION_ANNOTATION]: { ...formOf(readJournal, writeJournal), change: changeIn('rotation') },
  [HEALTH_ANNOTATION]: { ...formOf(readHealth, writeHealth), change: changeIn('health') },
  [OUTAGE_ANNOTATION]: formOf(readHealth, writeHealth),
  [PROJECT_OUTAGE_ANNOTATION]: formOf(readHealth, writeHealth),
  [RETIRED_ANNOTATION]: { ...formOf(readRetired, writeRetired), change: changeIn('retired') },
  [HISTORY_ANNOTATION]: { ...formOf(readHistory, writeHistory), change: changeIn('history') },
  [OUTBOX_FORM.annotation]: { ...formOf(readOutbox, OUTBOX_FORM.write), change: changeIn('outbox') },
  [SILENCE_ANNOTATION]: {
    read: silenceAsRead,
    change: changeIn('silence'),
    rewrite: (text) => {
      const reading = silenceAsRead(text);
      return 'silence' in reading ? writeSilence(reading.silence) : undefined;
    },
  },
  [annotationOf('wideSilences')]: {
    read: (text) => valueOf(recordOf({ [annotationOf('wideSilences')]: text }).wideSilences),
    rewrite: (text) => {
      const silences = valueOf(recordOf({ [annotationOf('wideSilences')]: text }).wideSilences);
      return changeOf(recordOf({}), { wideSilences: silences ?? null })[annotationOf('wideSilences')];
    },
    change: changeIn('wideSilences'),
  },
  [annotationOf('freezes')]: formOfPart('freezes'),
  [annotationOf('approvals')]: formOfPart('approvals'),
  [annotationOf('inventoryTold')]: formOfPart('inventoryTold'),
  [annotationOf('managedSince')]: {
    read: (text) => valueOf(recordOf({ [annotationOf('managedSince')]: text }).managedSince) ?? undefined,
    rewrite: (text) => {
      const since = valueOf(recordOf({ [annotationOf('managedSince')]: text }).managedSince);
      return changeOf(recordOf({}), { managedSince: since ?? null })[annotationOf('managedSince')];
    },
  },
  [LEAKS_ANNOTATION]: { ...formOf(readLeaks, writeLeaks), change: changeIn('leaks') },
  [annotationOf('lastCurrent')]: formOfPart('lastCurrent'),
  [annotationOf('tombstones')]: {
    read: (text) => valueOf(recordOf({ [annotationOf('tombstones')]: text }).tombstones),
    rewrite: (text) => {
      const tombstones = valueOf(recordOf({ [annotationOf('tombstones')]: text }).tombstones);
      return changeOf(recordOf({}), { tombstones: tombstones ?? null })[annotationOf('tombstones')];
    },
    change: changeIn('tombstones'),
  },
  [POLICY_ANNOTATION]: { read: policyAsRead },
};

function readLeaks(text: string): readonly Leak[] | undefined {
  return valueOf(recordOf({ [LEAKS_ANNOTATION]: text }).leaks);
}

function writeLeaks(leaks: readonly Leak[]): string | null {
  return changeOf(recordOf({}), { leaks })[LEAKS_ANNOTATION] ?? null;
}

function formOf<Value>(read: (text: string) => Value | undefined, write: (value: Value) => string | null): Form {
  return {
    read,
    rewrite: (text) => {
      const value = read(text);
      return value === undefined ? undefined : write(value);
    },
  };
}

/** A part that is read and written as a record holds it; one that is not understood, or says nothing, is `undefined`. */
function formOfPart(part: 'inventoryTold' | 'freezes' | 'approvals' | 'lastCurrent'): Form {
  const annotation = annotationOf(part);
  const read = (text: string) => {
    const held = recordOf({ [annotation]: text })[part];
    return held.is === 'read' ? (held.value ?? undefined) : undefined;
  };
  return {
    read,
    rewrite: (text) => changeOf(recordOf({}), { [part]: read(text) ?? null })[annotation],
    change: changeIn(part),
  };
}

function changeIn(part: keyof RecordChange) {
  return (text: string, next: unknown) =>
    changeOf(recordOf({ [annotationOf(part)]: text }), { [part]: next })[annotationOf(part)];
}

/** The moment at which silences are read: one of the frozen ones is over then, the other is not. */
const READ_AT = instantOf(Date.UTC(2027, 0, 15, 8));

function silenceAsRead(text: string) {
  return readSilence(text, READ_AT);
}

/** The fields that the text sets, as the care has them; a default may change without making a text unreadable. */
function policyAsRead(text: string): unknown {
  // What it may not have of what it asks for is no matter of being read.
  const { policy } = recordOf({ [POLICY_ANNOTATION]: text });
  const { secretPolicy, problems } = layOver(DEFAULT_SECRET_POLICY, valueOf(policy) ?? {});
  const set = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(parseRecord(text) ?? {}, name)));
  return {
    checks: set(secretPolicy.checks),
    rotation: set(secretPolicy.rotation),
    mint: set(secretPolicy.mint),
    ...(secretPolicy.calendar === undefined ? {} : { calendar: set(secretPolicy.calendar) }),
    problems,
  };
}
