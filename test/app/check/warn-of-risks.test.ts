import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/app/check/check.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { adopt } from '../../../src/app/rotation/adopt.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { HOUR_MS, MINUTE_MS } from '../../support/journals.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, SCOPE, STANDARD_KEY, stage, type Stage } from '../../support/stage.ts';

/** A run every day finds every project's moment. */
const DAILY = { ...ORDER, runEveryMinutes: 1440 };

/** Secrets that `init` put under care. */
async function adopted(on: Stage, count: number): Promise<readonly string[]> {
  const names: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const secret = await on.secret(`app-${number}`, [GOOD_KEY], { labels: {}, current: null });
    const adoption = await adopt(on.ports, { secret, secretPolicy: DEFAULT_SECRET_POLICY, dryRun: false });
    expect(adoption.outcome).toBe('adopted');
    names.push(secret);
  }
  return names;
}

async function unlabel(on: Stage, secret: string): Promise<void> {
  await on.vault.commit(await on.vault.look(secret), { labels: { 'key-warden': null } });
}

const warningsOf = (on: Stage) => on.announced.filter((notice) => notice.type === 'secret.warning');

describe('secrets that lost their label', () => {
  test('are missed: 29 of 30, in one event with its cure', async () => {
    const on = stage();
    const names = await adopted(on, 30);
    for (const name of names.slice(1)) await unlabel(on, name);
    const run = await check(on.ports, DAILY);
    expect(run).toMatchObject({ expected: 1, problems: [] });
    expect(warningsOf(on)).toEqual([
      expect.objectContaining({
        because: 'label_removed',
        secret: names[9],
        others: 28,
        next: expect.stringMatching(/^key-warden init --secret \S+app-10$/),
      }),
    ]);
  });

  test('are no longer missed once they have it again, or once their annotations are gone', async () => {
    const on = stage();
    const [first = '', second = ''] = await adopted(on, 2);
    for (const name of [first, second]) await unlabel(on, name);
    await adopt(on.ports, { secret: first, secretPolicy: DEFAULT_SECRET_POLICY, dryRun: false });
    await on.vault.commit(await on.vault.look(second), { annotations: { 'key-warden.managed-since': null } });
    await check(on.ports, DAILY);
    expect(warningsOf(on)).toEqual([]);
  });

  test('are not looked for by a person’s own check, nor where only some secrets are asked about', async () => {
    const on = stage();
    const [name = ''] = await adopted(on, 1);
    await unlabel(on, name);
    await check(on.ports, { ...DAILY, record: false });
    await check(on.ports, { ...DAILY, secrets: [name] });
    expect(warningsOf(on)).toEqual([]);
  });
});

test('the moment is the project’s own, once a day', async () => {
  const on = stage();
  const [name = ''] = await adopted(on, 1);
  await unlabel(on, name);
  let told = 0;
  for (let run = 0; run < 144; run += 1) {
    await check(on.ports, ORDER);
    if (warningsOf(on).length > told) told = warningsOf(on).length;
    await on.clock.sleep(10 * MINUTE_MS);
  }
  expect(told).toBeGreaterThanOrEqual(1);
  // A run that is late must not skip the day, so that two may find it; the id is the same.
  expect(told).toBeLessThanOrEqual(2);
});

test('a secret that expires is told of, with the others that do', async () => {
  const on = stage();
  const [name = ''] = await adopted(on, 2);
  const { vault } = on.ports;
  const expiresAt = on.clock.now() + 5 * 24 * HOUR_MS;
  const ports = {
    ...on.ports,
    vault: {
      ...vault,
      async *list(...asked: Parameters<typeof vault.list>) {
        for await (const one of vault.list(...asked)) yield { ...one, ...(one.name === name ? { expiresAt } : {}) };
      },
    },
  };
  await check(ports as typeof on.ports, DAILY);
  expect(warningsOf(on)).toMatchObject([{ because: 'expires', secret: name, others: 0 }]);
});

test('what could not be told is a problem of the run, which goes on', async () => {
  const on = stage();
  await adopted(on, 1);
  const { vault } = on.ports;
  const ports = {
    ...on.ports,
    vault: {
      ...vault,
      list: (...[scope, filter]: Parameters<typeof vault.list>) => {
        if (filter === '') throw new Fault('denied', 'no list');
        return vault.list(scope, filter);
      },
    },
  };
  const run = await check(ports, { ...DAILY, scopes: [SCOPE, { ...SCOPE, location: 'europe-west1' }] });
  expect(run.problems).toEqual([
    'project demo-project: whether secrets lost their label or will expire was not told: no list',
  ]);
  expect(run.checked).toHaveLength(1);
});

describe('a standard key without an account for its successor', () => {
  const aging = (maxAgeDays: number, mint = {}) => ({
    ...DAILY,
    secretPolicy: {
      ...DAILY.secretPolicy,
      rotation: { ...DAILY.secretPolicy.rotation, maxAgeDays },
      mint: { ...DAILY.secretPolicy.mint, ...mint },
    },
  });

  test('is told of once a check knows its kind, where it would be rotated because of its age', async () => {
    const on = stage();
    await on.secret('old', [STANDARD_KEY]);
    await on.secret('new', [GOOD_KEY]);
    await on.secret('dead', [DEAD_KEY]);
    await check(on.ports, aging(90));
    expect(warningsOf(on)).toEqual([]);
    await check(on.ports, aging(90));
    expect(warningsOf(on)).toMatchObject([{ because: 'no_account', others: 0, secret: expect.stringMatching(/old$/) }]);
  });

  test.each([
    [0, {}],
    [90, { keyServiceAccount: 'app@search-prod.iam.gserviceaccount.com' }],
    [90, { keyKind: 'standard' as const }],
  ])('is nobody’s business at %d days and with %j', async (days, mint) => {
    const on = stage();
    await on.secret('old', [STANDARD_KEY]);
    for (let runs = 0; runs < 2; runs += 1) await check(on.ports, aging(days, mint));
    expect(warningsOf(on)).toEqual([]);
  });
});
