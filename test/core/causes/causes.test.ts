import { describe, expect, test } from '@jest/globals';
import {
  CAUSES,
  newKeyHelps,
  isCause,
  remedyOf as stepsOf,
  type Cause,
  type CauseRow,
} from '../../../src/core/causes/causes.ts';
import { ADD_NEW_KEY, CHECK, DELETE_KEY, ENABLE_API, POINT_AT_NEW, ROTATE } from '../../../src/core/causes/commands.ts';
import { valuesOf, type RemedyNames } from '../../../src/core/causes/names.ts';
import { stepText, type Step } from '../../../src/core/causes/step.ts';
import { SLOTS, type SlotValues } from '../../../src/core/values/command.ts';
import { STORE_PASTED } from '../../../src/core/google/gcloud.ts';
import { wrongIn } from '../../support/remedy-rules.ts';

const rows: readonly (readonly [Cause, CauseRow])[] = Object.keys(CAUSES)
  .filter(isCause)
  .map((cause) => [cause, CAUSES[cause]]);

test('a word from outside is a cause only when the table has it', () => {
  expect(isCause('key_leaked')).toBe(true);
  expect(isCause('toString')).toBe(false);
  expect(isCause(7)).toBe(false);
});

describe('every row keeps the promises of its verdict', () => {
  test.each(rows)('%s', (cause, { verdict, definitive, severity, runbook, remedy, title }) => {
    const mayBeWrong: readonly Cause[] = ['auth_key_refused', 'key_missing', 'location_unsupported'];
    expect(definitive).toBe(!['unclear', 'throttled'].includes(verdict) && !mayBeWrong.includes(cause));
    expect(severity === 'info').toBe(verdict === 'works');
    expect(runbook).toBe(cause);
    expect(remedy.length).toBeGreaterThan(0);
    expect(title.split(' ').length).toBeLessThan(12);
  });
});

test('a new key is advised only where the key, or what is stored, is the trouble', () => {
  expect(rows.filter(([, row]) => row.newKeyHelps).map(([cause]) => cause)).toEqual([
    'key_invalid',
    'key_not_found',
    'key_expired',
    'key_leaked',
    'auth_key_refused',
    'version_destroyed',
    'stored_bytes_not_a_key',
  ]);
});

const values = valuesOf({ project: 'p-1', secret: 's' });
const remedyOf = (cause: Cause, known: SlotValues) => stepsOf(cause, known).map(stepText);

test.each(rows)('the remedy of %s leaves no slot open unseen', (cause) => {
  for (const step of [...remedyOf(cause, {}), ...remedyOf(cause, values), ...remedyOf(cause, SLOTS)]) {
    expect(step.split('`').length % 2).toBe(1);
    expect(step).not.toMatch(/(?<!%)\{/);
    expect(step).toMatch(/[.:]$/);
  }
});

test('a remedy on paper shows what to fill in', () => {
  expect(remedyOf('version_disabled', SLOTS)).toContain(
    'If nobody did, enable it: `gcloud secrets versions enable VERSION --secret=SECRET_ID --project=PROJECT_ID`.',
  );
  expect(remedyOf('key_leaked', SLOTS).join()).toContain('api-keys delete KEY_ID --project=KEY_PROJECT_ID');
});

test('a remedy with names is ready to paste, even when a name looks like a replacement pattern', () => {
  expect(remedyOf('version_disabled', valuesOf({ project: 'p-1', secret: '$&', version: '7' }))).toContain(
    "If nobody did, enable it: `gcloud secrets versions enable 7 '--secret=$&' --project=p-1`.",
  );
});

test('our own commands take the full name when it is known', () => {
  const ok = (names: RemedyNames) => remedyOf('ok', valuesOf(names))[0];
  expect(ok({ project: 'p-1', secret: 's' })).toContain('--secret projects/p-1/secrets/s`');
  expect(ok({ secret: 's' })).toContain('--secret s`');
  expect(ok({ project: 'p-1' })).toContain('--secret SECRET_ID`');
});

test('a regional secret is named with its region, for gcloud and for us', () => {
  const regional = valuesOf({ project: 'p-1', secret: 's', version: '7', location: 'europe-west1' });
  expect(remedyOf('version_disabled', regional).join()).toContain('--secret=s --location=europe-west1 --project=p-1');
  expect(remedyOf('ok', regional)[0]).toContain('--secret projects/p-1/locations/europe-west1/secrets/s`');
});

test('whoever is told to add a version by hand is told to move the alias next, or consumers of it would see nothing', () => {
  const adding = rows.flatMap(([, { remedy }]) =>
    remedy.flatMap(({ command }, at) =>
      command === ADD_NEW_KEY || command === STORE_PASTED ? [remedy[at + 1]?.command] : [],
    ),
  );
  expect(adding.length).toBeGreaterThan(15);
  for (const next of adding) expect(next).toBe(POINT_AT_NEW);
});

describe('a remedy keeps the rules of remedies', () => {
  test.each(rows)('%s', (_, { remedy }) => {
    expect(wrongIn(remedy)).toEqual([]);
  });

  const LOOK: Step = { do: 'Look', command: CHECK, for: 'worker-operator', looks: true };
  const FIND: Step = { do: 'Find it', for: 'key-owner', looks: true, finds: 'keyProject' };
  const DELETE: Step = { do: 'Delete it', command: DELETE_KEY, destroys: 'it', for: 'key-owner' };
  test.each<readonly [string, readonly Step[], string]>([
    ['what destroys something stands before other steps', [FIND, DELETE, { do: 'Mend', for: 'key-owner' }], 'last'],
    ['a look that changes something', [{ ...LOOK, command: ROTATE }], 'looks'],
    ['a command in a project that no step finds', [{ ...DELETE, command: ENABLE_API }], 'finds'],
    ['a command in the words', [{ ...LOOK, do: 'Run `key-warden check`' }], 'words'],
    [
      'a destruction that does not say of what',
      [FIND, { do: 'Delete', command: DELETE_KEY, for: 'key-owner' }],
      'destroys',
    ],
  ])('a planted mistake is found: %s', (_what, remedy, rule) => {
    expect(wrongIn(remedy)).toEqual([expect.stringContaining(rule)]);
  });
});

test('a project or a key that is not known is found first, and no command guesses at it', () => {
  for (const [cause, { remedy }] of rows.filter(([, row]) => row.remedy.some(({ finds }) => finds === 'keyProject'))) {
    const unknown = remedyOf(cause, values);
    const known = remedyOf(cause, valuesOf({ project: 'p-1', secret: 's', keyProject: '4711', keyId: 'uid-1' }));
    expect(unknown.filter((step) => step.includes('Find out which project owns the key'))).toHaveLength(1);
    expect(known.join()).not.toMatch(/Find out which project|Find the key’s id|KEY_PROJECT_ID|KEY_ID/);
    expect(known.length).toBeLessThan(remedy.length);
    const aboutKey = unknown.filter((step) => /`gcloud (?:services|billing|projects|iam)/.test(step));
    for (const step of aboutKey) expect(step).toContain('api-keys create');
  }
});

test('a key is not deleted under an id that is guessed', () => {
  const known = valuesOf({ project: 'p-1', secret: 's', keyProject: '4711' });
  expect(remedyOf('key_leaked', known).at(-1)).toBe(
    'Delete the leaked key at the issuer, where key-warden does not. This destroys the key for everybody who uses it; for 30 days it can be undeleted. The runbook has the command.',
  );
  expect(remedyOf('key_leaked', { ...known, keyId: 'uid-1' }).at(-1)).toContain(
    '`gcloud services api-keys delete uid-1 --project=4711`',
  );
});

test('where waiting breaks nothing, the first command looks', () => {
  const calm = rows.filter(([, { verdict }]) => verdict === 'throttled' || verdict === 'unclear');
  for (const [cause, { remedy }] of calm) {
    const [first] = remedy;
    const isByHand: readonly Cause[] = ['wrong_transport', 'model_not_found', 'access_denied', 'no_credentials'];
    expect([cause, first?.looks === true || isByHand.includes(cause)]).toEqual([cause, true]);
  }
});

test.each([
  ['key_leaked', 'yes'],
  ['api_blocked', 'no'],
  ['app_refuses_auth_keys', 'no'],
  ['unknown', 'not known yet'],
] as const)('whether a new key helps with %s: %s', (cause, helps) => {
  expect(newKeyHelps(cause)).toBe(helps);
});
