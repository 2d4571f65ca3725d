import { describe, expect, test } from '@jest/globals';
import { CAUSES, SEVERITIES } from '../../src/core/causes/causes.ts';
import { ACTOR_KNOWN, type Actor } from '../../src/core/record/actor.ts';
import { KEY_KINDS } from '../../src/core/key/key-text.ts';
import { FORM_KINDS } from '../../src/core/key/stored-form.ts';
import { EPISODE_OPENINGS, type Episode } from '../../src/core/record/health-state.ts';
import { ALONE, CANDIDATES, DRAIN_USES, ROTATION_REASONS, STEERINGS, WISHES } from '../../src/core/record/journal.ts';
import { isLedgerFull, OUTCOMES, type Past, type Retired } from '../../src/core/record/ledger.ts';
import { canHoldLeak, type Leak } from '../../src/core/record/leaks.ts';
import { MINTED_KEY_KINDS, ON_OR_OFF } from '../../src/core/record/mint-policy.ts';
import { ALIAS_STATES } from '../../src/core/record/last-current.ts';
import { ACTS, FLIGHT_PHASES } from '../../src/core/record/phases.ts';
import {
  annotationBytes,
  ANNOTATION_BYTES_MAX,
  EARLY,
  LEDGER_BYTES_MAX,
  LEDGER_ENTRY_BYTES,
  PART_BYTES,
  spaceMissing,
} from '../../src/core/record/space.ts';
import { changeOf, recordOf, type RecordChange } from '../../src/core/record/secret-record.ts';
import { TOLD_STEPS } from '../../src/core/record/outbox.ts';
import { POLICY_ANNOTATION } from '../../src/core/record/policy-text.ts';
import { CHECK_POLICY_BOUNDS } from '../../src/core/health/check-policy.ts';
import { opened } from '../../src/core/rotation/begin-rotation.ts';
import { ROTATION_POLICY_BOUNDS } from '../../src/core/rotation/rotation-policy.ts';
import { instantOf } from '../../src/core/values/time.ts';

/** The longest word of a closed set. */
function longest<T extends string>(set: readonly T[]): T {
  const [first, ...others] = set;
  if (first === undefined) throw new Error('a closed set has a member');
  return others.reduce((most, word) => (word.length > most.length ? word : most), first);
}

const AT = instantOf(Date.UTC(2027, 0, 15, 8, 0, 0, 123));
const NUMBER = 9_999_999;
/** A character that takes three bytes: what people and Google write is cut by bytes. */
const wide = (count: number) => '€'.repeat(count);
/** A project's id has up to 30 characters, and a key's up to 63. */
const KEY = {
  name: `projects/${'p'.repeat(30)}/locations/global/keys/${'k'.repeat(63)}`,
  uid: '7b2f0c1e-0000-4000-8000-000000000001',
};
const ID = 'kw-1z141z3-mgq0x1y2';
const REQUEST_ID = 'r'.repeat(100);
const ACCOUNT = `${'a'.repeat(30)}@${'p'.repeat(30)}.iam.gserviceaccount.com`;
const FIELD = `/${'f'.repeat(199)}`;
const REASON = longest(ROTATION_REASONS);
const CAUSE = Object.keys(CAUSES)
  .filter((name): name is keyof typeof CAUSES => name in CAUSES)
  .reduce((most, name) => (name.length > most.length ? name : most));
const SECRET = `projects/999999999999/locations/northamerica-northeast1/secrets/${'s'.repeat(255)}`;

const STONE = 't'.repeat(16);

const EPISODE: Episode = {
  id: `${SECRET}#20270115-${NUMBER}`,
  openedAt: AT,
  cause: CAUSE,
  severity: longest(SEVERITIES),
  announcedAt: AT,
  reminders: NUMBER,
  lastGoodAt: AT,
  untold: longest(EPISODE_OPENINGS),
};
const SICK = { is: 'mending', episodes: NUMBER, episode: EPISODE, goodRuns: NUMBER } as const;

const OUTAGE = { ...SICK, episode: { ...EPISODE, id: `projects/${'p'.repeat(30)}#20270115-${NUMBER}` } };

const OLD_KEY: Retired = {
  version: NUMBER,
  key: KEY,
  at: AT,
  rotation: ID,
  urgent: true,
  deletedAt: AT,
  provenDeadAt: AT,
};
const BY: Actor = { who: wide(200), is: longest(ACTOR_KNOWN) };
const PAST: Past = {
  id: ID,
  by: BY,
  requestId: REQUEST_ID,
  reason: REASON,
  outcome: longest(OUTCOMES),
  from: NUMBER,
  to: NUMBER,
  toKey: KEY,
  toKeyMadeAt: AT,
  at: AT,
  why: `${'w'.repeat(107)}…`,
  holds: NUMBER,
};

/** As many old keys as there is room for in the list of them. */
function fullLedger(old: Retired): readonly Retired[] {
  const list: Retired[] = [];
  while (!isLedgerFull(list)) list.push(old);
  return list;
}

/** As many open leaks as there is room for. */
function fullLeaks(fields: Partial<Leak>): readonly Leak[] {
  const leak: Leak = { version: NUMBER, at: AT, refusedSince: AT, toldAt: AT, told: 1_000_000, ...fields };
  const list: Leak[] = [];
  while (canHoldLeak(leak, list)) list.push(leak);
  return list;
}

const ROTATION = {
  ...opened(
    SECRET,
    { phase: 'resting', failures: NUMBER, notBefore: AT, passedOver: Array.from({ length: 20 }, () => NUMBER) },
    {
      reason: REASON,
      note: wide(500),
      by: BY,
      candidate: longest(CANDIDATES),
      emergency: false,
      requestId: REQUEST_ID,
      mint: {
        keyProject: 'p'.repeat(30),
        keyServiceAccount: ACCOUNT,
        keyKind: longest(MINTED_KEY_KINDS),
        dropTargets: longest(ON_OR_OFF),
        keyField: FIELD,
      },
      from: NUMBER,
      to: NUMBER,
      form: { is: longest(FORM_KINDS), fields: Array.from({ length: 9 }, () => wide(900)), base64: NUMBER },
      alone: longest(ALONE),
      keepOld: false,
      fromKey: KEY,
      toKey: KEY,
      toKeyMadeAt: AT,
    },
    AT,
  ),
  tombstone: STONE,
  phase: longest(FLIGHT_PHASES),
  fromKeyUnknown: wide(900),
  promotedAt: AT,
  lease: { holder: `worker-${'h'.repeat(63)}`, act: longest(ACTS), until: AT },
  tries: NUMBER,
  notBefore: AT,
  why: wide(9_000),
  drain: {
    use: longest(DRAIN_USES),
    requests: 999_999_999_999,
    hours: NUMBER,
    pauseHours: NUMBER,
    why: 'w'.repeat(198),
    at: AT,
    deadSince: AT,
    overdue: false,
  },
  held: false,
  holds: NUMBER,
  wish: longest(WISHES),
  steered: { to: longest(STEERINGS), by: BY },
};

const WORST: Required<RecordChange> = {
  rotation: ROTATION,
  retired: fullLedger(OLD_KEY),
  history: Array.from({ length: 9 }, () => PAST),
  leaks: fullLeaks({ key: KEY.name }),
  outbox: Array.from({ length: 9 }, () => ({ step: longest(TOLD_STEPS), id: ID })),
  health: SICK,
  outage: OUTAGE,
  projectOutage: OUTAGE,
  silence: { owner: wide(900), reason: wide(900), until: AT, by: BY },
  // It is on a secret that is not watched.
  wideSilences: null,
  freezes: null,
  approvals: null,
  inventoryTold: null,
  // A mark of each kind: each part of the record that a check cannot read has its own.
  announcedUnreadable:
    'zzzzzzz policy-zzzzzzz stop-20270115 health-zzzzzzz-20270115 outage-zzzzzzz-20270115 projectOutage-zzzzzzz-20270115 held-zzzzzzz-2w',
  managedSince: { since: AT, key: { version: NUMBER, madeAt: AT } },
  lastCurrent: { version: NUMBER, movedTo: NUMBER, movedAt: AT, is: longest(ALIAS_STATES) },
  tombstones: { retired: Array.from({ length: 39 }, () => STONE), leaked: [STONE] },
};

/** What people write of a policy: every field at its longest. */
const POLICY = {
  [POLICY_ANNOTATION]: JSON.stringify({
    v: 1,
    ...Object.fromEntries(
      Object.entries({ ...CHECK_POLICY_BOUNDS, ...ROTATION_POLICY_BOUNDS }).map(([name, { max }]) => [name, max]),
    ),
    ...ROTATION.mint,
    carryAnnotations: Array.from({ length: 5 }, () => 'c'.repeat(63)).join(','),
  }),
};

function written(change: RecordChange): Readonly<Record<string, string>> {
  const all = Object.entries(changeOf(recordOf({}), change));
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

describe('all that is remembered of a secret', () => {
  test('fits into its annotations in the worst case', () => {
    const bytes = annotationBytes({ ...written(WORST), ...POLICY });
    expect(bytes).toBeLessThanOrEqual(ANNOTATION_BYTES_MAX);
  });

  test.each(Object.keys(PART_BYTES))('takes no more than is kept free for it: %s', (name) => {
    const most = new Map<string, number>(Object.entries(PART_BYTES)).get(name);
    const value = Object.entries(WORST).filter(([part]) => part === name);
    const bytes = annotationBytes(written(Object.fromEntries(value)));
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(most ?? 0);
  });

  test('takes no more for a recovery that perhaps nobody was told of', () => {
    const over = { is: 'well', episodes: NUMBER, since: AT, keyKind: longest(KEY_KINDS), untold: EPISODE } as const;
    expect(annotationBytes(written({ health: over }))).toBeLessThanOrEqual(PART_BYTES.health);
  });

  test('is two leaks with names of their own, or four whose keys the record names elsewhere', () => {
    const [named, unnamed] = [fullLeaks({ key: KEY.name }), fullLeaks({})];
    expect([named.length, unnamed.length]).toEqual([2, 4]);
    for (const leaks of [named, unnamed])
      expect(annotationBytes(written({ leaks }))).toBeLessThanOrEqual(PART_BYTES.leaks);
  });

  test('takes no more than that in the list of old keys, whether their names are known or not', () => {
    const unknown: Retired = { ...OLD_KEY, key: undefined, keyUnknown: wide(900) };
    for (const old of [OLD_KEY, unknown]) {
      expect(annotationBytes(written({ retired: fullLedger(old) }))).toBeLessThanOrEqual(LEDGER_BYTES_MAX + 25);
      const [two, one] = [2, 1].map((length) =>
        annotationBytes(written({ retired: Array.from({ length }, () => old) })),
      );
      expect((two ?? 0) - (one ?? 0)).toBeLessThanOrEqual(LEDGER_ENTRY_BYTES);
    }
  });
});

describe('room for a rotation', () => {
  const at = (annotations: Readonly<Record<string, string>>, names: readonly string[] = ['current', 'previous']) =>
    spaceMissing({
      annotations,
      record: recordOf(annotations),
      aliases: Object.fromEntries(names.map((name) => [name, 1])),
    });
  const theirs = (bytes: number) => ({ 'example.com_a': 'x'.repeat(bytes - 13) });
  const RESERVED = Object.values(PART_BYTES).reduce<number>((sum, bytes) => sum + bytes, LEDGER_ENTRY_BYTES);

  test('is there while the worst of all its parts would find it, to the byte', () => {
    const most = ANNOTATION_BYTES_MAX - RESERVED;
    expect(at(theirs(most))).toBeUndefined();
    expect(at(theirs(most + 1))).toEqual({
      of: 'annotations',
      used: most + 1,
      most: ANNOTATION_BYTES_MAX,
      needed: RESERVED,
    });
  });

  test('is not counted twice for what stands there already', () => {
    const health = written({ health: SICK });
    const left = ANNOTATION_BYTES_MAX - RESERVED - 'key-warden.health'.length;
    expect(at({ ...health, ...theirs(left) })).toBeUndefined();
    expect(at({ ...health, ...theirs(left + 1) })).toMatchObject({ of: 'annotations' });
  });

  test('is asked for a little earlier where a person is to be told', () => {
    const most = ANNOTATION_BYTES_MAX - RESERVED;
    const early = (bytes: number, names: readonly string[]) =>
      spaceMissing(
        {
          annotations: theirs(bytes),
          record: recordOf({}),
          aliases: Object.fromEntries(names.map((name) => [name, 1])),
        },
        EARLY,
      );
    expect(early(most - EARLY.bytes, [])).toBeUndefined();
    expect(early(most - EARLY.bytes + 1, [])).toMatchObject({ of: 'annotations' });
    const names = Array.from({ length: 46 }, (_, number) => `reader-${number}`);
    expect(early(20, names)).toBeUndefined();
    expect(early(20, [...names, 'one-more'])).toMatchObject({ of: 'aliases' });
  });

  test('is there with fifty aliases, where two of them are ours already', () => {
    const others = (count: number) => Array.from({ length: count }, (_, number) => `reader-${number}`);
    expect(at({}, ['current', 'previous', ...others(48)])).toBeUndefined();
    expect(at({}, ['current', ...others(48)])).toBeUndefined();
    expect(at({}, ['current', ...others(49)])).toEqual({ of: 'aliases', used: 50, most: 50, needed: 1 });
    expect(at({}, others(49))).toEqual({ of: 'aliases', used: 49, most: 50, needed: 2 });
  });
});
