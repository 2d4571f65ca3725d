import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { purgeFleet } from '../../../src/app/purge/purge-fleet.ts';
import { purgeJson } from '../../../src/app/purge/purge-json.ts';
import { purgeSecret } from '../../../src/app/purge/purge.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal, readRetired, writeRetired } from '../../support/annotations.ts';
import { LEAK_MARK } from '../../../src/app/keys/key-marks.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { RETIRED_ANNOTATION, type Retired } from '../../../src/core/record/ledger.ts';
import { HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { NOBODY, rotationStage } from '../../support/rotation-stage.ts';
import { DELETION_MARK, deletionMark } from '../../../src/app/keys/deletion-date.ts';
import { dayOf, isoOf, plusMs, spokenMinute, spokenMinuteBy, type Instant } from '../../../src/core/values/time.ts';
import { GOOD_KEY, MANAGED, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

const DAY_MS = 24 * HOUR_MS;
const STALE = new Fault('stale', 'somebody wrote');

/** Version 1 was retired now, its key known at the issuer; version 2 is current. */
async function purgeStage(fields: Partial<Retired> = {}) {
  const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  const { vault, secret, issuer, ports, order } = on;
  const { issued, characters } = await on.key('old');
  const key = { name: issued.name, uid: issued.uid };
  await vault.disable(secret, await vault.lookVersion(secret, 1));
  const remember = async (annotations: Record<string, string | null>) =>
    vault.commit(await vault.look(secret), { annotations });
  const entry = { version: 1, key, at: NOW, rotation: 'kw-0', ...fields };
  await remember({ [RETIRED_ANNOTATION]: writeRetired([entry]) });
  const { secretPolicy } = order();
  return {
    ...on,
    key,
    characters,
    remember,
    purge: (dryRun = false, urgentOnly = false) =>
      purgeSecret(ports, secret, { secretPolicy, dryRun, urgentOnly, holders: NOBODY }),
    fleet: (dryRun = false) => purgeFleet(ports, { scopes: [SCOPE], concurrency: 2, secretPolicy, dryRun }),
    ledger: async () => readRetired((await vault.look(secret)).annotations[RETIRED_ANNOTATION]),
    deleted: async () => (await issuer.look(key.name)).deletedAt !== undefined,
  };
}

describe('an old key goes step by step', () => {
  test('kept, deleted, proven dead, its version destroyed (I8)', async () => {
    const { purge, ledger, deleted, clock, states, prober, characters } = await purgeStage();
    expect(await purge()).toMatchObject([{ step: 'wait', outcome: 'waiting', until: NOW + 7 * DAY_MS }]);
    await clock.sleep(7 * DAY_MS);
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(await deleted()).toBe(true);
    expect(await ledger()).toMatchObject([{ deletedAt: clock.now() }]);
    expect((await ledger())?.[0]).not.toHaveProperty('deletingUntil');
    expect(await purge()).toMatchObject([{ step: 'wait' }]);
    await clock.sleep(DAY_MS);
    expect(await purge()).toMatchObject([
      { step: 'prove', outcome: 'refused', why: expect.stringContaining('the deleted key is not refused') },
    ]);
    prober.script(characters, 'list', {
      status: 400,
      body: {
        error: {
          code: 400,
          message: 'API key not valid.',
          status: 'INVALID_ARGUMENT',
          details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
        },
      },
    });
    expect(await purge()).toMatchObject([{ step: 'prove', outcome: 'done' }]);
    await clock.sleep(30 * DAY_MS);
    expect(await purge()).toMatchObject([{ step: 'destroy', outcome: 'done' }]);
    expect(await states()).toEqual(['destroyed', 'enabled']);
    expect(await ledger()).toEqual([]);
    expect(await purge()).toEqual([]);
  });

  test('in a dry run only said', async () => {
    const { purge, ledger, deleted, clock } = await purgeStage();
    await clock.sleep(7 * DAY_MS);
    const before = await ledger();
    expect(await purge(true)).toMatchObject([{ step: 'delete', outcome: 'would_do' }]);
    expect(await ledger()).toEqual(before);
    expect(await deleted()).toBe(false);
  });

  test('and only leaked ones are looked at in an emergency', async () => {
    expect(await (await purgeStage()).purge(false, true)).toEqual([]);
    expect(await (await purgeStage({ urgent: true, deletedAt: NOW })).purge(false, true)).toEqual([]);
    const { purge, deleted } = await purgeStage({ urgent: true });
    expect(await purge(false, true)).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(await deleted()).toBe(true);
  });
});

describe('a deletion', () => {
  test('is announced in the ledger first, so that a rollback waits (I7)', async () => {
    const { purge, issuer, ledger, clock } = await purgeStage({ urgent: true });
    issuer.failNext('delete', new Fault('unavailable', 'no answer'));
    expect(await purge()).toMatchObject([{ outcome: 'failed', why: 'no answer' }]);
    expect((await ledger())?.[0]).not.toHaveProperty('deletingUntil');
    const crashed = await purgeStage({ urgent: true });
    crashed.vault.failNext('commit', STALE);
    const crash = { ...crashed.ports, issuer: { ...crashed.issuer, delete: () => Promise.reject(new Error('crash')) } };
    const { secretPolicy } = crashed.order();
    await expect(
      purgeSecret(crash, crashed.secret, { secretPolicy, dryRun: false, urgentOnly: false, holders: NOBODY }),
    ).rejects.toThrow('crash');
    expect(await crashed.ledger()).toMatchObject([{ deletingUntil: clock.now() + 120_000 }]);
  });

  test('of a key that is used is refused and tried again later', async () => {
    const { purge, issuer, key, ledger, clock } = await purgeStage();
    await clock.sleep(7 * DAY_MS);
    issuer.use(key.name);
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'refused' }]);
    expect((await ledger())?.[0]).not.toHaveProperty('deletedAt');
    await clock.sleep(8 * DAY_MS);
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
  });

  test('of the key that consumers read is refused, leaked or not: it may have been added again (I5)', async () => {
    const { purge, add, characters, vault, secret, deleted, ledger } = await purgeStage({ urgent: true });
    const again = await add(characters);
    await vault.commit(await vault.look(secret), { aliases: { current: again } });
    expect(await purge()).toMatchObject([
      { step: 'delete', outcome: 'refused', why: expect.stringContaining('consumers read this very key as current') },
    ]);
    await vault.commit(await vault.look(secret), { aliases: { current: null } });
    expect(await purge()).toMatchObject([{ outcome: 'refused', why: expect.stringContaining('as latest') }]);
    expect(await deleted()).toBe(false);
    expect((await ledger())?.[0]).not.toHaveProperty('deletingUntil');
  });

  test('of a leaked key goes on although consumers were brought back to it, once people were told of that', async () => {
    const { purge, add, characters, vault, secret, deleted, issuer, key, remember } = await purgeStage({
      urgent: true,
    });
    await issuer.mark(key.name, { [LEAK_MARK]: secret });
    const again = await add(characters);
    await vault.commit(await vault.look(secret), { aliases: { current: again } });
    expect(await purge()).toMatchObject([
      { outcome: 'refused', why: expect.stringContaining('people are told of that first') },
    ]);
    expect(await deleted()).toBe(false);
    const { record } = await vault.look(secret);
    await remember(changeOf(record, { lastCurrent: { version: again, is: 'leaked' } }));
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(await deleted()).toBe(true);
  });

  test('of one that is marked and goes for its age alone waits for consumers like any other', async () => {
    const { purge, add, characters, vault, secret, issuer, key, clock } = await purgeStage();
    await issuer.mark(key.name, { [LEAK_MARK]: secret });
    await vault.commit(await vault.look(secret), { aliases: { current: await add(characters) } });
    await clock.sleep(7 * DAY_MS);
    expect(await purge()).toMatchObject([{ outcome: 'refused', why: expect.stringContaining('rotate first') }]);
  });

  test.each([
    ['unavailable', 'failed'],
    ['disabled', 'done'],
  ] as const)(
    'waits where what consumers read cannot be told, and not where they read nothing: %s',
    async (code, is) => {
      const { purge, vault } = await purgeStage({ urgent: true });
      vault.failNext('read', new Fault(code, 'not now'));
      expect(await purge()).toMatchObject([{ step: 'delete', outcome: is }]);
    },
  );

  test('needs no key in the version that consumers read', async () => {
    const { purge, add, vault, secret } = await purgeStage({ urgent: true });
    await vault.commit(await vault.look(secret), { aliases: { current: await add(' ') } });
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
  });

  test('of a key that is gone is done', async () => {
    const { purge, issuer, ledger } = await purgeStage({ urgent: true });
    issuer.failNext('delete', new Fault('not_found', 'no such key'));
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(await ledger()).toMatchObject([{ deletedAt: NOW }]);
  });

  test('does not begin once a rollback has: it was lost to it under the etag', async () => {
    const { ports, vault, secret, order, deleted } = await purgeStage({ urgent: true });
    let commits = 0;
    const commit: typeof vault.commit = async (read, change) => {
      commits += 1;
      if (commits > 1) return vault.commit(read, change);
      const back = inFlight({ phase: 'reverting', reason: 'rollback', from: 1, to: 2 });
      await vault.commit(await vault.look(secret), { annotations: { [ROTATION_ANNOTATION]: writeJournal(back) } });
      throw STALE;
    };
    const { secretPolicy } = order();
    const raced = { ...ports, vault: { ...vault, commit } };
    expect(
      await purgeSecret(raced, secret, { secretPolicy, dryRun: false, urgentOnly: false, holders: NOBODY }),
    ).toMatchObject([{ outcome: 'failed', why: expect.stringContaining('no longer due') }]);
    expect(await deleted()).toBe(false);
  });

  test('gives up after five lost races and says whom to look for', async () => {
    const { purge, vault } = await purgeStage({ urgent: true });
    for (let race = 0; race < 5; race += 1) vault.failNext('commit', STALE);
    expect(await purge()).toMatchObject([
      { outcome: 'failed', why: expect.stringContaining('its audit log names who') },
    ]);
  });

  test('reports trouble with the commit as it is', async () => {
    const { purge, vault } = await purgeStage({ urgent: true });
    vault.failNext('commit', new Fault('denied', 'you may not'));
    expect(await purge()).toMatchObject([{ outcome: 'failed', why: 'you may not' }]);
  });

  test('leaves the other entries of the ledger as they are', async () => {
    const { purge, remember, ledger, key } = await purgeStage();
    const other = { version: 7, at: NOW, rotation: 'kw-7' };
    await remember({
      [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: NOW, rotation: 'kw-0', urgent: true }, other]),
    });
    await purge(false, true);
    expect(await ledger()).toMatchObject([{ version: 1, deletedAt: NOW }, other]);
  });
});

test('a version that was taken off the list meanwhile is left alone', async () => {
  const { ports, vault, secret, order, remember, key } = await purgeStage();
  const kept = (version: number) => ({ version, at: NOW, rotation: 'kw-0' });
  await remember({ [RETIRED_ANNOTATION]: writeRetired([{ ...kept(1), key, urgent: true }, kept(7)]) });
  let looks = 0;
  const look: typeof vault.look = async (name) => {
    looks += 1;
    if (looks === 2) await remember({ [RETIRED_ANNOTATION]: writeRetired([kept(1)]) });
    return vault.look(name);
  };
  const { secretPolicy } = order();
  const watched = { ...ports, vault: { ...vault, look } };
  expect(
    await purgeSecret(watched, secret, { secretPolicy, dryRun: false, urgentOnly: false, holders: NOBODY }),
  ).toMatchObject([
    { version: 1, outcome: 'done' },
    { version: 7, step: 'wait', why: 'somebody took it off the list meanwhile' },
  ]);
});

describe('the proof', () => {
  const proving = { deletedAt: NOW };

  test('is also that the issuer has forgotten the key', async () => {
    const { purge, issuer, clock, ledger } = await purgeStage(proving);
    await clock.sleep(HOUR_MS);
    issuer.failNext('keyString', new Fault('not_found', 'no such key'));
    expect(await purge()).toMatchObject([{ step: 'prove', outcome: 'done' }]);
    expect(await ledger()).toMatchObject([{ provenDeadAt: clock.now() }]);
  });

  test('waits while the issuer does not answer', async () => {
    const { purge, issuer, clock } = await purgeStage(proving);
    await clock.sleep(HOUR_MS);
    issuer.failNext('keyString', new Fault('unavailable', 'no answer'));
    expect(await purge()).toMatchObject([{ step: 'prove', outcome: 'failed', why: 'no answer' }]);
  });
});

describe('while the clock disagrees with Google’s', () => {
  test.each([
    ['is not deleted', {}],
    ['has no version destroyed', { deletedAt: NOW, provenDeadAt: NOW }],
  ])('an old key %s', async (_, fields) => {
    const { secret, ports, order, clock, states, deleted } = await purgeStage(fields);
    const wrong = { ...clock, aheadMs: () => Promise.resolve(-DAY_MS) };
    await clock.sleep(60 * DAY_MS);
    const { secretPolicy } = order();
    const lines = await purgeSecret({ ...ports, clock: wrong }, secret, {
      secretPolicy,
      dryRun: false,
      urgentOnly: false,
      holders: NOBODY,
    });
    expect(lines).toMatchObject([{ outcome: 'refused', why: expect.stringContaining('behind Google’s') }]);
    expect([await deleted(), await states()]).toEqual([false, ['disabled', 'enabled']]);
  });

  test('a leaked one is', async () => {
    const { secret, ports, order, clock, deleted } = await purgeStage({ urgent: true });
    const wrong = { ...clock, aheadMs: () => Promise.resolve(-DAY_MS) };
    await purgeSecret({ ...ports, clock: wrong }, secret, {
      ...order(),
      dryRun: false,
      urgentOnly: true,
      holders: NOBODY,
    });
    expect(await deleted()).toBe(true);
  });
});

describe('a retirement that lies ahead of the clock', () => {
  test('counts from now on, and is written down so', async () => {
    const { purge, ledger, clock } = await purgeStage({ at: plusMs(NOW, 400 * DAY_MS) });
    expect(await purge()).toMatchObject([{ step: 'date', outcome: 'done' }]);
    expect(await ledger()).toMatchObject([{ at: NOW }]);
    expect(await purge()).toMatchObject([{ step: 'wait', until: NOW + 7 * DAY_MS }]);
    await clock.sleep(7 * DAY_MS);
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
  });

  test('keeps no leaked key alive', async () => {
    const { purge, deleted } = await purgeStage({ at: plusMs(NOW, 400 * DAY_MS), urgent: true });
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(await deleted()).toBe(true);
  });
});

test('an entry without a key destroys nothing: the version stays, and a person is told (I16)', async () => {
  const { purge, clock, ledger, states } = await purgeStage({ key: undefined });
  await clock.sleep(37 * DAY_MS);
  expect(await purge()).toMatchObject([{ step: 'forget', outcome: 'done', why: expect.stringContaining('by hand') }]);
  expect(await ledger()).toEqual([]);
  expect(await states()).toEqual(['disabled', 'enabled']);
});

describe('the destruction', () => {
  const proven = { deletedAt: NOW, provenDeadAt: NOW };
  const goneStage = async () => {
    const on = await purgeStage(proven);
    await on.issuer.delete(on.key.name, false);
    return on;
  };

  test('is refused for a version that somebody enabled again', async () => {
    const { purge, vault, secret, clock, states } = await goneStage();
    await vault.enable(secret, await vault.lookVersion(secret, 1));
    await clock.sleep(30 * DAY_MS);
    expect(await purge()).toMatchObject([
      { step: 'destroy', outcome: 'refused', why: expect.stringContaining('somebody enabled version 1 again') },
    ]);
    expect(await states()).toEqual(['enabled', 'enabled']);
  });

  test('is done when somebody else did it, or the version is no more', async () => {
    const first = await goneStage();
    await first.clock.sleep(30 * DAY_MS);
    await first.vault.destroy(first.secret, await first.vault.lookVersion(first.secret, 1));
    expect(await first.purge()).toMatchObject([{ outcome: 'done' }]);
    const second = await goneStage();
    await second.clock.sleep(30 * DAY_MS);
    second.vault.failNext('lookVersion', new Fault('not_found', 'no such version'));
    expect(await second.purge()).toMatchObject([{ outcome: 'done' }]);
    expect(await second.ledger()).toEqual([]);
  });

  test('is refused while the issuer does not say that the key is deleted, and waits while it says nothing (I16)', async () => {
    const { purge, clock, states, issuer, key } = await purgeStage(proven);
    await clock.sleep(30 * DAY_MS);
    expect(await purge()).toMatchObject([
      {
        step: 'destroy',
        outcome: 'refused',
        why: expect.stringContaining('is deleted, so version 1 is not destroyed'),
      },
    ]);
    issuer.failNext('look', new Fault('unavailable', 'busy'));
    expect(await purge()).toMatchObject([{ outcome: 'failed', why: 'busy' }]);
    expect(await states()).toEqual(['disabled', 'enabled']);
    await issuer.delete(key.name, false);
    expect(await purge()).toMatchObject([{ step: 'destroy', outcome: 'done' }]);
  });

  test('waits while the version cannot be looked at', async () => {
    const { purge, vault, clock } = await goneStage();
    await clock.sleep(30 * DAY_MS);
    vault.failNext('lookVersion', new Fault('unavailable', 'no answer'));
    expect(await purge()).toMatchObject([{ step: 'destroy', outcome: 'failed', why: 'no answer' }]);
  });
});

describe('a run over all secrets', () => {
  test('goes on past a secret that is not understood, and says so', async () => {
    const { fleet, secret, remember, vault } = await purgeStage({ urgent: true });
    const broken = vault.create(SCOPE, 'broken', { labels: { 'key-warden': 'managed' } });
    await vault.commit(await vault.look(broken), { annotations: { [RETIRED_ANNOTATION]: '{"v":9}' } });
    const run = await fleet();
    vault.create(SCOPE, 'plain', { labels: { 'key-warden': 'managed' } });
    expect(run).toMatchObject({ dryRun: false, secrets: 2, purged: [{ secret, outcome: 'done' }], swept: [] });
    expect(run.problems).toEqual([expect.stringContaining(`${RETIRED_ANNOTATION} of ${broken}`)]);
    await remember({ [ROTATION_ANNOTATION]: '{"v":9}' });
    expect((await fleet()).problems.join()).toContain(`${ROTATION_ANNOTATION} of ${secret}`);
  });

  test('is counted by outcome', async () => {
    const { fleet } = await purgeStage();
    expect(purgeJson(await fleet(true))).toMatchObject({
      schema: 'key-warden/purge/v1',
      dryRun: true,
      counts: { done: 0, would_do: 0, waiting: 1, refused: 0, failed: 0 },
      purged: [{ version: 1, until: new Date(NOW + 7 * DAY_MS).toISOString() }],
    });
  });

  test('names a secret that could not be looked at, and keys that could not be listed', async () => {
    const { ports, secret, order, issuer, vault } = await purgeStage();
    vault.failNext('look', new Fault('denied', 'you may not'));
    const { secretPolicy } = order();
    const scope = { scopes: [], concurrency: 1, secretPolicy, dryRun: false };
    expect(await purgeFleet(ports, { ...scope, secrets: [secret] })).toMatchObject({
      problems: [`${secret}: you may not`],
    });
    issuer.failNext('list', new Fault('denied', 'you may not'));
    expect((await purgeFleet(ports, { ...scope, secrets: [secret] })).problems).toEqual([
      `the keys of project ${SCOPE.project} were not swept: you may not`,
    ]);
  });

  test('sweeps the project that a secret’s own policy names, or else the secret’s', async () => {
    const { ports, remember, order, issuer, secret } = await purgeStage();
    const { secretPolicy } = order();
    const scope = { scopes: [], secrets: [secret], concurrency: 1, dryRun: false };
    issuer.failNext('list', new Fault('denied', 'no'));
    await remember({ 'key-warden.policy': '{"v":1,"keyProject":"999999"}' });
    expect((await purgeFleet(ports, { ...scope, secretPolicy })).problems[0]).toContain('project 999999');
    await remember({ 'key-warden.policy': null });
    issuer.failNext('list', new Fault('denied', 'no'));
    expect((await purgeFleet(ports, { ...scope, secretPolicy: { ...secretPolicy, mint: {} } })).problems[0]).toContain(
      'project 123456789012',
    );
  });
});

describe('a run over many secrets', () => {
  test('looks at none in which nothing is due', async () => {
    const { fleet, vault } = await purgeStage();
    const before = vault.calls.length;
    expect((await fleet()).purged).toMatchObject([{ outcome: 'waiting', until: NOW + 7 * DAY_MS }]);
    expect(vault.calls.slice(before)).toEqual(['list']);
  });

  test('begins forty in a minute, and leaves to the next run what it does not reach', async () => {
    const { ports, vault, clock, order } = await purgeStage();
    for (let one = 0; one < 130; one += 1) {
      const name = vault.create(SCOPE, `s${one}`, { labels: { 'key-warden': 'managed' } });
      const gone = { version: 3, at: NOW, rotation: 'kw-0' };
      await vault.commit(await vault.look(name), { annotations: { [RETIRED_ANNOTATION]: writeRetired([gone]) } });
    }
    await clock.sleep(37 * DAY_MS);
    const run = (budgetSeconds: number) =>
      purgeFleet(ports, {
        scopes: [SCOPE],
        concurrency: 4,
        secretPolicy: order().secretPolicy,
        dryRun: false,
        budgetSeconds,
      });
    const first = await run(130);
    const done = first.purged.filter(({ outcome }) => outcome === 'done').length;
    expect(done).toBeGreaterThanOrEqual(99);
    expect(first.unreached).toBe(131 + 1 - first.purged.length);
    expect(purgeJson(first)).toMatchObject({ unreached: first.unreached, problems: [] });
    expect(await run(300)).toMatchObject({ unreached: 0 });
    expect((await run(300)).purged).toMatchObject([
      { outcome: 'waiting', why: expect.stringContaining('half an hour') },
    ]);
  });
});

describe('an old key that another secret serves (I13)', () => {
  async function servedByAds() {
    const on = await purgeStage();
    const ads = on.vault.create(SCOPE, 'ads', { labels: MANAGED });
    await on.vault.add(ads, new TextEncoder().encode(on.characters));
    await on.clock.sleep(7 * DAY_MS);
    return { ...on, ads };
  }

  test('is kept and the secret is named; deleted once that has another key and the old version is disabled', async () => {
    const { fleet, ads, vault, deleted } = await servedByAds();
    expect((await fleet()).purged).toMatchObject([
      { step: 'delete', outcome: 'refused', why: expect.stringContaining(`${ads} version 1 (latest)`) },
    ]);
    expect(await deleted()).toBe(false);
    await vault.add(ads, new TextEncoder().encode(GOOD_KEY));
    expect((await fleet()).purged).toMatchObject([
      {
        outcome: 'refused',
        why: expect.stringContaining(`${ads} version 1 (by its number alone). Disable what nobody`),
      },
    ]);
    expect(await deleted()).toBe(false);
    await vault.disable(ads, await vault.lookVersion(ads, 1));
    expect((await fleet()).purged).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(await deleted()).toBe(true);
  });

  test('is kept while another version of its own secret holds it, by whatever number, unless it leaked', async () => {
    const { fleet, vault, secret, characters, clock, deleted, add } = await purgeStage();
    const copy = await add(characters);
    await add(GOOD_KEY);
    await clock.sleep(7 * DAY_MS);
    expect((await fleet()).purged).toMatchObject([
      {
        outcome: 'refused',
        why: expect.stringMatching(new RegExp(`^version ${copy} is enabled and holds this very key`)),
      },
    ]);
    expect(await deleted()).toBe(false);
    await vault.disable(secret, await vault.lookVersion(secret, copy));
    expect((await fleet()).purged).toMatchObject([{ outcome: 'done' }]);
  });

  test('waits for the rollback of another secret that retired it later, and is deleted when the last one’s time is over (I8)', async () => {
    const { fleet, vault, secret: own, key, clock, deleted } = await purgeStage();
    const [ads, bids] = [
      vault.create(SCOPE, 'ads', { labels: MANAGED }),
      vault.create(SCOPE, 'bids', { labels: MANAGED }),
    ];
    const retire = async (fields: Partial<Retired>, name = ads) => {
      const retired = writeRetired([{ version: 1, key, at: clock.now(), rotation: 'kw-1', ...fields }]);
      await vault.commit(await vault.look(name), { annotations: { [RETIRED_ANNOTATION]: retired } });
    };
    await clock.sleep(2 * DAY_MS);
    await retire({}, bids);
    await clock.sleep(DAY_MS);
    await retire({});
    const until = plusMs(clock.now(), 7 * DAY_MS);
    await clock.sleep(5 * DAY_MS);
    expect((await fleet()).purged.find(({ secret }) => secret === own)).toMatchObject({
      step: 'delete',
      outcome: 'waiting',
      until,
      why: `${ads} retired the same key, and keeps it for a rollback of its own until ${spokenMinute(until)}`,
    });
    expect(await deleted()).toBe(false);
    await clock.sleep(DAY_MS);
    await retire({ urgent: true });
    await fleet();
    expect(await deleted()).toBe(true);
  });

  test('is not deleted while nobody can tell who else retired it', async () => {
    const { ports, order, secret, clock } = await purgeStage();
    await clock.sleep(7 * DAY_MS);
    const holders = { ...NOBODY, listed: () => Promise.reject(new Fault('unavailable', 'no answer')) };
    const one = { secretPolicy: order().secretPolicy, dryRun: true, urgentOnly: false, holders };
    expect(await purgeSecret(ports, secret, one)).toMatchObject([{ outcome: 'failed', why: 'no answer' }]);
  });

  describe('and that leaked goes by the date that somebody set at its issuer', () => {
    async function dated(by: Instant | string) {
      const on = await purgeStage({ urgent: true });
      const ads = on.vault.create(SCOPE, 'ads', { labels: MANAGED });
      await on.vault.add(ads, new TextEncoder().encode(on.characters));
      await on.issuer.mark(on.key.name, typeof by === 'string' ? { [DELETION_MARK]: by } : deletionMark(by));
      return { ...on, ads };
    }

    test('not before, which the refusal says', async () => {
      const by = plusMs(NOW, HOUR_MS);
      const { fleet, deleted, announced } = await dated(by);
      const why = expect.stringContaining(
        `It is deleted all the same from ${spokenMinuteBy(by)} on, as somebody asked for`,
      );
      expect((await fleet()).purged).toMatchObject([{ outcome: 'refused', why }]);
      expect([await deleted(), announced]).toEqual([false, []]);
    });

    test('and then, once people were told who serves it still (I13)', async () => {
      const { fleet, deleted, announced, ports, order, ads, key } = await dated(NOW);
      const deaf = { ...ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
      const { secretPolicy } = order();
      const run = await purgeFleet(deaf, { scopes: [SCOPE], concurrency: 2, secretPolicy, dryRun: false });
      expect([run.purged[0]?.outcome, await deleted()]).toEqual(['failed', false]);
      expect((await fleet()).purged).toMatchObject([{ outcome: 'done' }]);
      expect(await deleted()).toBe(true);
      expect(announced).toMatchObject([
        {
          because: 'shared_key_deleted',
          why: `its leaked key ${key.name} is deleted now, as somebody asked for, and other secrets serve it still: ${ads} version 1 (latest)`,
        },
      ]);
    });

    test('but never where the issuer says that it has no such key, and has', async () => {
      const { fleet, deleted, issuer } = await dated(NOW);
      issuer.failNext('look', new Fault('not_found', 'no such key'));
      expect((await fleet()).purged).toMatchObject([{ outcome: 'refused' }]);
      expect(await deleted()).toBe(false);
    });

    test('but no key that did not leak, and none by what a secret’s own annotation says (I17)', async () => {
      const { fleet, deleted, remember, key, clock } = await dated(NOW);
      await remember({ [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: NOW, rotation: 'kw-0' }]) });
      await clock.sleep(7 * DAY_MS);
      await fleet();
      const forged = await dated('never');
      await forged.remember({ [DELETION_MARK]: isoOf(NOW) });
      await forged.fleet();
      expect([await deleted(), await forged.deleted()]).toEqual([false, false]);
    });
  });

  test('is kept also where one secret alone is purged', async () => {
    const { ports, order, secret, deleted } = await servedByAds();
    const { secretPolicy } = order();
    await purgeFleet(ports, { scopes: [SCOPE], secrets: [secret], concurrency: 2, secretPolicy, dryRun: false });
    expect(await deleted()).toBe(false);
  });

  test('is kept while the issuer does not say what the key is', async () => {
    const { fleet, issuer, vault, ports, order, secret, deleted } = await servedByAds();
    const { secretPolicy } = order();
    // Consumers have no version that could be compared with it, so nobody asks before.
    await vault.disable(secret, await vault.lookVersion(secret, 2));
    issuer.failNext('keyString', new Fault('unavailable', 'no answer'));
    const one = { secretPolicy, dryRun: false, urgentOnly: false, holders: NOBODY };
    expect(await purgeSecret(ports, secret, one)).toMatchObject([{ outcome: 'failed', why: 'no answer' }]);
    expect(await deleted()).toBe(false);
    expect((await fleet()).purged).toMatchObject([{ outcome: 'refused' }]);
  });

  test('is nobody’s when the issuer no longer knows it', async () => {
    const { purge, issuer } = await servedByAds();
    issuer.failNext('keyString', new Fault('not_found', 'no such key'));
    expect(await purge()).toMatchObject([{ step: 'delete', outcome: 'done' }]);
  });

  test('is deleted where a secret may not be read, which is said', async () => {
    const { ports, order, vault, ads, deleted } = await servedByAds();
    const read: typeof vault.read = (name, version) =>
      name === ads ? Promise.reject(new Fault('denied', 'you may not')) : vault.read(name, version);
    const { secretPolicy } = order();
    const scope = { scopes: [SCOPE], concurrency: 2, secretPolicy, dryRun: false };
    const { problems } = await purgeFleet({ ...ports, vault: { ...vault, read } }, scope);
    expect(problems).toEqual([expect.stringContaining(`1 place, of which the first: ${ads}: you may not`)]);
    expect(await deleted()).toBe(true);
  });
});

describe('an old key whose name is not proven (I16)', () => {
  async function foreignStage() {
    const on = await purgeStage();
    const foreign = on.issuer.plant({ project: SCOPE.project, keyId: 'foreign' });
    const entry = { version: 1, key: { name: foreign.name, uid: 'u' }, at: NOW, rotation: 'kw-0', urgent: true };
    await on.remember({ [RETIRED_ANNOTATION]: writeRetired([entry]) });
    return { ...on, foreign };
  }

  test('is refused, with an alarm of its own once a day', async () => {
    const { purge, announced, secret, issuer, foreign } = await foreignStage();
    expect(await purge()).toMatchObject([{ outcome: 'refused', why: expect.stringContaining('is not proven') }]);
    expect(announced).toMatchObject([
      { type: 'name.unproven', secret, on: 'version 1 in the list of old keys', times: 1, at: dayOf(NOW) },
    ]);
    expect((await issuer.look(foreign.name)).deletedAt).toBeUndefined();
  });

  test('waits without an alarm where somebody deleted the key before it could be marked, until its issuer forgot it', async () => {
    const { purge, announced, issuer, foreign } = await foreignStage();
    await issuer.delete(foreign.name, false);
    expect(await purge()).toMatchObject([
      { step: 'delete', outcome: 'waiting', why: expect.stringContaining('is deleted already, and nothing proves') },
    ]);
    expect(announced).toEqual([]);
  });

  test('is refused, and says so where nobody could be told', async () => {
    const { secret, ports, order } = await foreignStage();
    const deaf = { ...ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    const { secretPolicy } = order();
    const about = { secretPolicy, dryRun: false, urgentOnly: false, holders: NOBODY };
    expect(await purgeSecret(deaf, secret, about)).toMatchObject([
      { outcome: 'refused', why: expect.stringContaining('nobody could be told of it: no topic') },
    ]);
  });
});
