import { describe, expect, test } from '@jest/globals';
import { hearLeak } from '../../../src/app/alerts/hear-leak.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { tombstoneOf } from '../../../src/app/keys/tombstone.ts';
import { severityOf } from '../../../src/core/alerts/notice.ts';
import { RETIRED_ANNOTATION, type Retired } from '../../../src/core/record/ledger.ts';
import { TOMBSTONES_FORM } from '../../../src/core/record/tombstones.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { writeRetired } from '../../support/annotations.ts';
import { GOOD_KEY, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';

const ORDER = {
  scopes: [SCOPE],
  concurrency: 2,
  budgetSeconds: 60,
  secretPolicy: DEFAULT_SECRET_POLICY,
  tombstoneOf,
  emergencies: 0,
  report: '9f3c2a17b0d4e586',
};

function staged() {
  const on = stage();
  const hear = (...keys: readonly string[]) =>
    hearLeak(on.ports, ORDER, { source: 'webhook', keys: keys.map((key) => new KeyText(key)) });
  return { ...on, hear };
}

test('a secret is told of once, by the version that consumers read', async () => {
  const { secret, hear, announced } = staged();
  const app = await secret('app', [GOOD_KEY, STANDARD_KEY, GOOD_KEY, STANDARD_KEY], { current: 3 });
  const old = await secret('old', [GOOD_KEY, STANDARD_KEY], { current: 2 });
  expect(await hear(GOOD_KEY)).toEqual({ keys: 1, holders: 2, emergencies: {} });
  expect(announced).toMatchObject([
    { type: 'leak.reported', secret: old, version: 1, project: SCOPE.project },
    { type: 'leak.reported', secret: app, version: 3, project: SCOPE.project },
  ]);
});

test('what is not under care is not read, and what cannot be read is counted', async () => {
  const { secret, hear, announced, vault } = staged();
  await secret('theirs', [GOOD_KEY], { labels: {}, current: null });
  const app = await secret('app', [GOOD_KEY, STANDARD_KEY], { current: 2 });
  await vault.disable(app, await vault.lookVersion(app, 1));
  expect(await hear(GOOD_KEY)).toEqual({ keys: 1, holders: 0, emergencies: {} });
  expect(announced).toMatchObject([
    { why: expect.stringContaining('holds: 1 version of 1 secret were read, 1 disabled one not') },
  ]);
  expect(announced[0]).not.toHaveProperty('secret');
});

test('a report without a key looks at nothing', async () => {
  const { secret, hear, announced, ports } = staged();
  await secret('app', [GOOD_KEY]);
  const list = () => {
    throw new Error('nothing is listed');
  };
  const order = { ...ORDER };
  const vault = { ...ports.vault, list };
  expect(await hearLeak({ ...ports, vault }, order, { source: 'github', keys: [] })).toEqual({
    keys: 0,
    holders: 0,
    emergencies: {},
  });
  expect(announced).toHaveLength(1);
  expect(await hear()).toEqual({ keys: 0, holders: 0, emergencies: {} });
});

test('what cannot be announced is trouble of the sender’s, who reports again', async () => {
  const { ports } = staged();
  const announcer = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
  await expect(hearLeak({ ...ports, announcer }, ORDER, { source: 'github', keys: [] })).rejects.toThrow('no topic');
});

test('where a report begins emergencies, one is asked for the very key that a rotation replaces', async () => {
  const { secret, ports, announced } = staged();
  const app = await secret('app', [`{"A":"${GOOD_KEY}","B":"${STANDARD_KEY}"}`], {
    annotations: { 'key-warden.policy': '{"v":1,"keyField":"/A"}' },
  });
  await secret('copy', [`KEY=${STANDARD_KEY}`]);
  const asked: unknown[] = [];
  const answer = { status: 202, body: { outcome: 'begun', rotation: { phase: 'minted', id: 'kw-1' }, why: 'waits' } };
  const ask = (call: unknown) => Promise.resolve((asked.push(call), answer));
  const functions = { open: () => Promise.resolve({ url: 'https://rotate.example', ask }) };
  const hear = (key: string) =>
    hearLeak({ ...ports, functions }, { ...ORDER, emergencies: 2 }, { source: 'webhook', keys: [new KeyText(key)] });
  expect(await hear(GOOD_KEY)).toEqual({ keys: 1, holders: 1, emergencies: { begun: 1 } });
  expect(asked).toMatchObject([
    { body: { secret: app, version: 1, reason: `reported as leaked by a signed webhook (${ORDER.report})` } },
  ]);
  expect(await hear(STANDARD_KEY)).toEqual({ keys: 1, holders: 2, emergencies: { begun: 1, refused: 1 } });
  expect(announced.filter((one) => 'emergency' in one)).toHaveLength(3);
});

describe('a key that a secret has retired', () => {
  const retired = async (ledger: readonly Retired[] = [], payload = GOOD_KEY) => {
    const on = staged();
    const name = await on.secret('app', [payload]);
    const tombstone = tombstoneOf(name, new KeyText(STANDARD_KEY)) ?? '';
    await on.vault.commit(await on.vault.look(name), {
      annotations: {
        [TOMBSTONES_FORM.annotation]: TOMBSTONES_FORM.write({ retired: [tombstone], leaked: [] }),
        [RETIRED_ANNOTATION]: writeRetired(ledger),
      },
    });
    return { ...on, name };
  };

  test('and deleted is no incident, and nobody is told that nobody holds it', async () => {
    const { hear, announced, name } = await retired();
    expect(await hear(STANDARD_KEY)).toEqual({ keys: 1, holders: 0, emergencies: {} });
    expect(announced).toMatchObject([{ type: 'leak.reported', secret: name, retired: 'deleted' }]);
    expect(announced.map(severityOf)).toEqual(['info']);
  });

  test('and is perhaps alive says which old keys are, and how to delete it', async () => {
    const at = instantOf(1_799_000_000_000);
    const { hear, announced } = await retired([{ version: 4, at, rotation: 'kw-1' }]);
    await hear(STANDARD_KEY);
    expect(announced).toMatchObject([
      {
        retired: 'undeleted',
        why: expect.stringContaining('that of version 4 (since '),
        next: expect.stringMatching(/ revoke /),
      },
    ]);
    expect(announced.map(severityOf)).toEqual(['critical']);
  });

  test('and holds again is told by the version that holds it', async () => {
    const { hear, announced } = await retired([], STANDARD_KEY);
    expect(await hear(STANDARD_KEY)).toMatchObject({ holders: 1 });
    expect(announced).toMatchObject([{ version: 1 }]);
  });

  test('is one notice where a report holds two of them, or one that it serves', async () => {
    const { hear, announced } = await retired();
    await hear(STANDARD_KEY, GOOD_KEY);
    expect(announced).toMatchObject([{ version: 1 }]);
  });
});
