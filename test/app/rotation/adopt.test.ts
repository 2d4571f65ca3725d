import { describe, expect, test } from '@jest/globals';
import { adopt } from '../../../src/app/rotation/adopt.ts';
import { keyAgesOf } from '../../../src/app/keys/key-ages.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { DAY_MS } from '../../support/cloud.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import { inFlight, NOW } from '../../support/journals.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { DEAD_KEY, GOOD_KEY, MANAGED, ORDER, SCOPE, STANDARD_KEY, stage } from '../../support/stage.ts';

describe('putting a secret under care', () => {
  test('sets the label and the alias in one write, and keeps what was there', async () => {
    const on = stage();
    const name = await on.secret('app-key', [DEAD_KEY, GOOD_KEY], { labels: { team: 'ads' }, current: null });
    const adoption = await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false });
    expect(adoption).toMatchObject({
      outcome: 'adopted',
      changes: ['label key-warden=managed', 'alias current → version 2'],
    });
    expect(await on.vault.look(name)).toMatchObject({
      labels: { team: 'ads', 'key-warden': 'managed' },
      aliases: { current: 2 },
    });
    expect(on.vault.calls.filter((call) => call === 'commit')).toHaveLength(1);
  });

  test('does only what is missing', async () => {
    const on = stage();
    const labelled = await on.secret('a', [GOOD_KEY], { current: null });
    const aliased = await on.secret('b', [GOOD_KEY], { labels: {} });
    expect(await adopt(on.ports, { secret: labelled, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      changes: ['alias current → version 1'],
    });
    expect(await adopt(on.ports, { secret: aliased, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      changes: ['label key-warden=managed'],
    });
  });

  test('twice changes nothing the second time', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    expect(await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      outcome: 'already',
      changes: [],
    });
  });

  test('as a dry run says what it would do and writes nothing', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {}, current: null });
    expect(await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: true })).toMatchObject({
      outcome: 'would_adopt',
      changes: ['label key-warden=managed', 'alias current → version 1'],
    });
    expect((await on.vault.look(name)).labels).toEqual({});
  });

  test.each([
    ['a dead key', [DEAD_KEY], 'dead', ['label key-warden=managed', 'alias current → version 1']],
    ['bytes that are no key', [' '], 'blocked', ['label key-warden=managed', 'alias current → version 1']],
    ['no version', [], 'unclear', ['label key-warden=managed']],
  ])('takes one with %s, and says how its key fares', async (_, payloads, verdict, changes) => {
    const on = stage();
    const name = await on.secret('app-key', payloads, { labels: {}, current: null });
    expect(await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      outcome: 'adopted',
      changes,
      finding: { diagnosis: { verdict } },
    });
    expect((await on.vault.look(name)).labels).toMatchObject({ 'key-warden': 'managed' });
  });

  test('takes one whose newest version is disabled: that is the one that consumers read', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY, GOOD_KEY], { labels: {}, current: null });
    const { vault } = on;
    await vault.disable(name, await vault.lookVersion(name, 2));
    expect(await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      changes: ['label key-warden=managed', 'alias current → version 2'],
      finding: { version: 2, diagnosis: { cause: 'version_disabled' } },
      notRotated: expect.stringMatching(/^version 2 cannot be read any more/),
    });
  });

  test('sets no alias on a version whose bytes are gone', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {}, current: null });
    const { vault } = on;
    await vault.destroy(name, await vault.lookVersion(name, 1));
    expect(await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      changes: ['label key-warden=managed'],
      finding: { version: undefined, diagnosis: { cause: 'version_destroyed' } },
    });
  });

  test('takes one whose bytes we may not read', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {}, current: null });
    const vault = { ...on.vault, read: () => Promise.reject(new Fault('denied', 'no')) };
    const order = { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false };
    expect(await adopt({ ...on.ports, vault }, order)).toMatchObject({
      outcome: 'adopted',
      changes: ['label key-warden=managed', 'alias current → version 1'],
      finding: { version: 1, diagnosis: { cause: 'access_denied' } },
      notRotated: undefined,
    });
  });

  test('passes over one that a filter found and that holds no key', async () => {
    const on = stage();
    const order = { secretPolicy: ORDER.secretPolicy, found: true, dryRun: false };
    const other = await on.secret('password', ['hunter2 and more'], { labels: {}, current: null });
    expect(await adopt(on.ports, { ...order, secret: other })).toMatchObject({ outcome: 'passed_over', changes: [] });
    const dead = await on.secret('app-key', [DEAD_KEY], { labels: {}, current: null });
    expect(await adopt(on.ports, { ...order, secret: dead })).toMatchObject({ outcome: 'adopted' });
    expect(on.vault.calls.filter((call) => call === 'commit')).toHaveLength(1);
  });

  test('of a secret that is not there rejects with what Secret Manager said', async () => {
    for (const secret of ['projects/1/secrets/ghost', 'nonsense'])
      await expect(adopt(stage().ports, { secret, secretPolicy: ORDER.secretPolicy, dryRun: false })).rejects.toThrow(
        Fault,
      );
  });

  test('I7: that somebody else wrote meanwhile is refused by the etag', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {}, current: null });
    on.vault.failNext('commit', new Fault('stale', 'The etag does not match'));
    await expect(
      adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false }),
    ).rejects.toMatchObject({ code: 'stale' });
    expect((await on.vault.look(name)).labels).not.toEqual(MANAGED);
  });
});

describe('a version that was staged above `current`', () => {
  test('is named and left alone, so that putting the secret under care changes nothing for consumers', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY, STANDARD_KEY, STANDARD_KEY], { labels: {}, current: 1 });
    const { vault } = on;
    await vault.disable(name, await vault.lookVersion(name, 2));
    const adoption = await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false });
    expect(adoption).toMatchObject({
      changes: ['label key-warden=managed', expect.stringMatching(/^version 3 was staged before and is left alone/)],
    });
    const { record } = await vault.look(name);
    expect(record.rotation).toMatchObject({ value: { phase: 'resting', passedOver: [3] } });
  });

  test('is left to the rotation that knows it where one is in flight', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY, STANDARD_KEY], { labels: {}, current: 1 });
    const { vault } = on;
    const flight = changeOf((await vault.look(name)).record, { rotation: inFlight({ phase: 'promoted' }) });
    await vault.commit(await vault.look(name), { annotations: flight });
    await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false });
    expect((await vault.look(name)).record.rotation).toMatchObject({ value: { phase: 'promoted' } });
  });
});

describe('a value of which no rotation could keep the form', () => {
  const TWO = `{"A":"${GOOD_KEY}","B":"AIza${'x'.repeat(35)}"}`;

  test('is checked, and it is said that it is not rotated, and why', async () => {
    const on = stage();
    const unknown = 'a-key-of-a-kind-that-is-not-known-yet';
    on.prober.script(unknown, 'list', WORKING.list);
    const name = await on.secret('app-key', [unknown], { labels: {} });
    const adoption = await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false });
    expect(adoption).toMatchObject({
      outcome: 'adopted',
      notRotated: expect.stringMatching(/^version 1 holds nothing that looks like a Gemini key, so it is not rotated/),
    });
  });

  test('that holds two keys is said with the command that names one of them', async () => {
    const on = stage();
    const name = await on.secret('app-key', [TWO], { labels: {} });
    expect(await adopt(on.ports, { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false })).toMatchObject({
      outcome: 'adopted',
      notRotated: expect.stringMatching(
        /Name the field that consumers use, one of \/A, \/B: key-warden init --secret \S+ --key-field \/A\./,
      ),
    });
  });

  test('can be told which field is meant, which joins the policy that people wrote', async () => {
    const on = stage();
    const name = await on.secret('app-key', [TWO]);
    const { vault } = on;
    await vault.commit(await vault.look(name), { annotations: { 'key-warden.policy': '{"v":1,"maxAgeDays":30}' } });
    const order = { secret: name, secretPolicy: ORDER.secretPolicy, keyField: '/A', dryRun: false };
    expect(await adopt(on.ports, order)).toMatchObject({
      outcome: 'adopted',
      changes: ['policy keyField=/A'],
      finding: { lint: [] },
      notRotated: undefined,
    });
    expect((await vault.look(name)).annotations['key-warden.policy']).toBe('{"v":1,"maxAgeDays":30,"keyField":"/A"}');
    const again = { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: false };
    expect(await adopt(on.ports, again)).toMatchObject({ outcome: 'already', notRotated: undefined });
  });

  test('is not told that over a policy that cannot be read: people wrote it', async () => {
    const on = stage();
    const name = await on.secret('app-key', [TWO]);
    const { vault } = on;
    await vault.commit(await vault.look(name), { annotations: { 'key-warden.policy': '{"v":9}' } });
    const order = { secret: name, secretPolicy: ORDER.secretPolicy, keyField: '/A', dryRun: false };
    await expect(adopt(on.ports, order)).rejects.toThrow(
      /^key-warden\.policy of \S+ has version 9; .* Nothing was changed/,
    );
    expect((await vault.look(name)).annotations['key-warden.policy']).toBe('{"v":9}');
  });

  test('a version that went away while it was looked at is said to be that', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY], { labels: {} });
    let reads = 0;
    const vault = {
      ...on.vault,
      read: (secret: string, version: string | number) =>
        (reads += 1) === 1 ? on.vault.read(secret, version) : Promise.reject(new Fault('destroyed', 'gone')),
    };
    const order = { secret: name, secretPolicy: ORDER.secretPolicy, dryRun: true };
    expect(await adopt({ ...on.ports, vault }, order)).toMatchObject({
      outcome: 'would_adopt',
      notRotated: expect.stringMatching(/^version 1 cannot be read any more/),
    });
  });
});

describe('the age of the key that consumers read', () => {
  const MADE = NOW;
  const LATER = plusMs(NOW, 900 * DAY_MS);

  /** A secret that is put under care with the keys of its project at hand. */
  async function aged(fields: { readonly labels?: Record<string, string>; readonly payload?: string } = {}) {
    const on = await rotationStage([]);
    const old = on.issuer.plant({ project: SCOPE.project, keyId: 'old' });
    const gone = on.issuer.plant({ project: SCOPE.project, keyId: 'gone' });
    const characters = (await on.issuer.keyString(old.name)).reveal();
    await on.clock.sleep(900 * DAY_MS);
    await on.add(fields.payload ?? characters);
    const seen = await on.vault.look(on.secret);
    await on.vault.commit(seen, { labels: fields.labels ?? { 'key-warden': null }, aliases: { current: 1 } });
    const ages = keyAgesOf(on.issuer);
    const { secretPolicy } = on.order();
    return {
      ...on,
      gone,
      ages,
      take: (dryRun = false) => adopt(on.ports, { secret: on.secret, secretPolicy, ages, dryRun }),
      since: async () => valueOf((await on.vault.look(on.secret)).record.managedSince),
    };
  }
  const SINCE = plusMs(LATER, -9 * DAY_MS);
  const SAYS = 'its key counts as made 2027-01-15 08:00 UTC, which its issuer says';

  test('is asked of its issuer, and counts from then on', async () => {
    const on = await aged();
    expect((await on.take()).changes).toContain(SAYS);
    expect(await on.since()).toEqual({ since: LATER, key: { version: 1, madeAt: MADE } });
    const { secretPolicy } = on.order();
    const byAge = { ...secretPolicy, rotation: { ...secretPolicy.rotation, maxAgeDays: 899 } };
    await drive(on.ports, on.order({ secretPolicy: byAge }), () => undefined);
    expect(on.announced).toMatchObject([{ type: 'rotation.opened', reason: 'age' }]);
  });

  test('is learned of a secret that is under care already, once, and since when it is stays', async () => {
    const on = await aged({ labels: MANAGED });
    const seen = await on.vault.look(on.secret);
    await on.vault.commit(seen, { annotations: changeOf(seen.record, { managedSince: { since: SINCE } }) });
    expect(await on.take(true)).toMatchObject({ outcome: 'would_adopt', changes: [SAYS] });
    expect(await on.take()).toMatchObject({ outcome: 'adopted', changes: [SAYS] });
    expect(await on.since()).toEqual({ since: SINCE, key: { version: 1, madeAt: MADE } });
    expect(await on.take()).toMatchObject({ outcome: 'already' });
    await on.vault.commit(await on.vault.look(on.secret), { labels: { 'key-warden': null } });
    await on.take();
    expect(await on.since()).toEqual({ since: LATER, key: { version: 1, madeAt: MADE } });
  });

  test('is learned, too, where somebody else put the label on', async () => {
    const on = await aged({ labels: MANAGED });
    await on.take();
    expect(await on.since()).toEqual({ since: LATER, key: { version: 1, madeAt: MADE } });
  });

  test('counts from its version where its project has no such key, nobody may ask, or it cannot be read', async () => {
    const other = await aged({ payload: GOOD_KEY });
    await other.take();
    expect(await other.since()).toEqual({ since: LATER });
    const barred = await aged();
    barred.issuer.failNext('keyString', new Fault('denied', 'you may not'));
    await barred.take();
    expect(await barred.since()).toEqual({ since: LATER });
    const unread = await aged();
    await unread.vault.disable(unread.secret, await unread.vault.lookVersion(unread.secret, 1));
    await unread.take();
    expect(await unread.since()).toEqual({ since: LATER });
  });

  test('is asked for once, whoever comes under care in a run, and a key that is deleted meanwhile is passed over', async () => {
    const on = await aged();
    const ages = keyAgesOf(on.issuer);
    const key = await on.issuer.keyString(on.gone.name);
    on.issuer.failNext('keyString', new Fault('not_found', 'gone'));
    expect(await ages.madeAt(key, SCOPE.project)).toBe(NOW);
    on.issuer.failNext('list', new Fault('unavailable', 'busy'));
    expect(await ages.madeAt(key, SCOPE.project)).toBe(NOW);
  });

  test('is never less than that of its version, whatever an annotation says (I17)', async () => {
    const on = await aged({ labels: MANAGED });
    const seen = await on.vault.look(on.secret);
    const key = { version: 1, madeAt: plusMs(LATER, 900 * DAY_MS) };
    await on.vault.commit(seen, { annotations: changeOf(seen.record, { managedSince: { since: LATER, key } }) });
    await on.clock.sleep(91 * DAY_MS);
    await drive(on.ports, on.order(), () => undefined);
    expect(on.announced).toMatchObject([{ type: 'rotation.opened', reason: 'age' }]);
  });
});
