import { APPROVALS_FORM, type Approval } from './approval.ts';
import type { Form } from './form.ts';
import { FREEZES_FORM, type Freeze } from './freeze.ts';
import { MANAGED_SINCE_FORM, type ManagedSince } from './managed-since.ts';
import type { Health } from './health-state.ts';
import { INVENTORY_TOLD_FORM, type InventoryTold } from './inventory-told.ts';
import { HEALTH_FORM, OUTAGE_FORM, PROJECT_OUTAGE_FORM } from './health-text.ts';
import type { Journal } from './journal.ts';
import { ROTATION_FORM } from './journal-text.ts';
import { LAST_CURRENT_FORM, type LastCurrent } from './last-current.ts';
import { LEAKS_FORM, type Leak } from './leaks.ts';
import { HISTORY_FORM, RETIRED_FORM, type Past, type Retired } from './ledger.ts';
import { OUTBOX_FORM, type Untold } from './outbox.ts';
import { partOf, type Part } from './part.ts';
import { TOMBSTONES_FORM, type Tombstones } from './tombstones.ts';
import { POLICY_FORM, type PolicyFields } from './policy-text.ts';
import { SILENCE_FORM, type Silence } from './silence.ts';
import { WIDE_SILENCES_FORM, type WideSilence } from './wide-silence.ts';
import { ANNOUNCED_FORM } from './unreadable-mark.ts';

/** Everything that is remembered of a secret, as its annotations hold it. */
export interface Remembered {
  /** The rotation in flight, or what is remembered at rest. */
  readonly rotation: Journal;
  /** Old keys that await deletion. */
  readonly retired: readonly Retired[];
  /** The last rotations, newest first. */
  readonly history: readonly Past[];
  /** Leaked keys that are not proven dead. */
  readonly leaks: readonly Leak[];
  /** Steps of rotations that perhaps nobody was told of yet. */
  readonly outbox: readonly Untold[];
  readonly health: Health;
  /** Trouble of the whole fleet, which one secret remembers for all. */
  readonly outage: Health;
  /** The same for its project. */
  readonly projectOutage: Health;
  readonly silence: Silence | null;
  /** Of more than one secret: on a secret of the worker’s own alone. */
  readonly wideSilences: readonly WideSilence[];
  /** Of one secret or more: there, too. */
  readonly freezes: readonly Freeze[];
  /** Planned rotations that wait for a second person, of all secrets: on a secret of the worker’s own alone. */
  readonly approvals: readonly Approval[];
  /** What scheduled inventories have told, of all keys: on a secret of the worker’s own, too. */
  readonly inventoryTold: InventoryTold | null;
  /** A mark of the unreadable parts that a person was told of, so that nobody is told of the same in every run. */
  readonly announcedUnreadable: string | null;
  /** That it was put under care, which it keeps when somebody takes its label away. */
  readonly managedSince: ManagedSince | null;
  /** Where the alias `current` was left, so that it is seen when somebody else moved it or took it away. */
  readonly lastCurrent: LastCurrent | null;
  /** What is left of the keys that it has retired. */
  readonly tombstones: Tombstones;
  /** What people set for this secret alone; we never write it. */
  readonly policy: PolicyFields;
}

/** What is remembered of a secret, read once where the secret is looked at. */
export type SecretRecord = { readonly [Name in keyof Remembered]: Part<Remembered[Name]> };

const WRITTEN = [
  'rotation',
  'retired',
  'history',
  'leaks',
  'outbox',
  'health',
  'outage',
  'projectOutage',
  'silence',
  'wideSilences',
  'freezes',
  'approvals',
  'inventoryTold',
  'announcedUnreadable',
  'managedSince',
  'lastCurrent',
  'tombstones',
] as const satisfies readonly (keyof Remembered)[];

/**
 * What is to be remembered from now on; parts that are not named stay as they are. `null` forgets a part, with what it
 * carried for others.
 */
export type RecordChange = { readonly [Name in (typeof WRITTEN)[number]]?: Remembered[Name] | null };

const FORMS: { readonly [Name in keyof Remembered]: Form<Remembered[Name]> } = {
  rotation: ROTATION_FORM,
  retired: RETIRED_FORM,
  history: HISTORY_FORM,
  leaks: LEAKS_FORM,
  outbox: OUTBOX_FORM,
  health: HEALTH_FORM,
  outage: OUTAGE_FORM,
  projectOutage: PROJECT_OUTAGE_FORM,
  silence: SILENCE_FORM,
  wideSilences: WIDE_SILENCES_FORM,
  freezes: FREEZES_FORM,
  approvals: APPROVALS_FORM,
  inventoryTold: INVENTORY_TOLD_FORM,
  announcedUnreadable: ANNOUNCED_FORM,
  managedSince: MANAGED_SINCE_FORM,
  lastCurrent: LAST_CURRENT_FORM,
  tombstones: TOMBSTONES_FORM,
  policy: POLICY_FORM,
};

/** The parts that a list of old keys is judged by. */
export type LedgerParts = Pick<SecretRecord, 'rotation' | 'retired' | 'policy'>;

type Annotations = Readonly<Record<string, string>>;

/**
 * The record that a secret's annotations hold. A part is read when somebody asks for it, and once: a run looks at few
 * parts of many secrets, most of which have no annotation at all.
 */
export function recordOf(annotations: Annotations): SecretRecord {
  return ANNOTATIONS.some((name) => annotations[name] !== undefined) ? readLater(annotations) : NOTHING;
}

const ANNOTATIONS = Object.values(FORMS).map(({ annotation }) => annotation);
const NOTHING = readLater({});

function readLater(annotations: Annotations): SecretRecord {
  const read = <T>(form: Form<T>): Part<T> => partOf(form, annotations[form.annotation]);
  let rotation: SecretRecord['rotation'] | undefined;
  let retired: SecretRecord['retired'] | undefined;
  let history: SecretRecord['history'] | undefined;
  let leaks: SecretRecord['leaks'] | undefined;
  let outbox: SecretRecord['outbox'] | undefined;
  let health: SecretRecord['health'] | undefined;
  let outage: SecretRecord['outage'] | undefined;
  let projectOutage: SecretRecord['projectOutage'] | undefined;
  let silence: SecretRecord['silence'] | undefined;
  let wideSilences: SecretRecord['wideSilences'] | undefined;
  let freezes: SecretRecord['freezes'] | undefined;
  let approvals: SecretRecord['approvals'] | undefined;
  let inventoryTold: SecretRecord['inventoryTold'] | undefined;
  let announcedUnreadable: SecretRecord['announcedUnreadable'] | undefined;
  let managedSince: SecretRecord['managedSince'] | undefined;
  let lastCurrent: SecretRecord['lastCurrent'] | undefined;
  let tombstones: SecretRecord['tombstones'] | undefined;
  let policy: SecretRecord['policy'] | undefined;
  return {
    get rotation() {
      return (rotation ??= read(FORMS.rotation));
    },
    get retired() {
      return (retired ??= read(FORMS.retired));
    },
    get history() {
      return (history ??= read(FORMS.history));
    },
    get leaks() {
      return (leaks ??= read(FORMS.leaks));
    },
    get outbox() {
      return (outbox ??= read(FORMS.outbox));
    },
    get health() {
      return (health ??= read(FORMS.health));
    },
    get outage() {
      return (outage ??= read(FORMS.outage));
    },
    get projectOutage() {
      return (projectOutage ??= read(FORMS.projectOutage));
    },
    get silence() {
      return (silence ??= read(FORMS.silence));
    },
    get wideSilences() {
      return (wideSilences ??= read(FORMS.wideSilences));
    },
    get freezes() {
      return (freezes ??= read(FORMS.freezes));
    },
    get approvals() {
      return (approvals ??= read(FORMS.approvals));
    },
    get inventoryTold() {
      return (inventoryTold ??= read(FORMS.inventoryTold));
    },
    get announcedUnreadable() {
      return (announcedUnreadable ??= read(FORMS.announcedUnreadable));
    },
    get managedSince() {
      return (managedSince ??= read(FORMS.managedSince));
    },
    get lastCurrent() {
      return (lastCurrent ??= read(FORMS.lastCurrent));
    },
    get tombstones() {
      return (tombstones ??= read(FORMS.tombstones));
    },
    get policy() {
      return (policy ??= read(FORMS.policy));
    },
  };
}

/** The annotation that holds a part, for what people are told. */
export function annotationOf(part: keyof Remembered): string {
  return FORMS[part].annotation;
}

/**
 * The annotations to write so that a secret remembers a change: those alone that come to say something else, `null` for
 * one that is no longer needed. Fields that this release does not know are carried over.
 */
export function changeOf(before: SecretRecord, after: RecordChange): Readonly<Record<string, string | null>> {
  return Object.fromEntries(WRITTEN.flatMap((name) => entryOf(name, before, after)));
}

function entryOf<Name extends (typeof WRITTEN)[number]>(
  name: Name,
  before: Pick<SecretRecord, Name>,
  after: Pick<RecordChange, Name>,
): readonly (readonly [string, string | null])[] {
  const value = after[name];
  if (value === undefined) return [];
  const form: Form<Remembered[Name]> = FORMS[name];
  const next = textOf(form, before[name], value);
  return next === (before[name].text ?? null) ? [] : [[form.annotation, next]];
}

function textOf<T extends object | string | null>(form: Form<T>, before: Part<T>, value: T | null): string | null {
  if (value === null) return null;
  if (before.is === 'unreadable' || before.text === undefined || before.value === null) return form.write(value);
  return form.rewrite(before.text, before.value, value);
}
