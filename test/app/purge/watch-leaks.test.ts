import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { watchLeaks } from '../../../src/app/purge/watch-leaks.ts';
import { LEAKS_ANNOTATION, type Leak } from '../../../src/core/record/leaks.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { LEAK_MARK, SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { writeJournal, writeRetired } from '../../support/annotations.ts';
import { ago, inFlight, MINUTE_MS, NOW } from '../../support/journals.ts';
import type { Holders } from '../../../src/app/listing/holders.ts';
import { NOBODY, OVERLOADED, rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const INVALID = {
  status: 400,
  body: {
    error: {
      code: 400,
      message: 'API key not valid.',
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
    },
  },
};

type Answered = typeof INVALID | typeof OVERLOADED;

/** Version 1 leaked and version 2 is current; `leak` is what is on record of it. */
async function leakStage(
  leak: Partial<Leak> = {},
  versions: readonly string[] = [GOOD_KEY, STANDARD_KEY],
  holders: Holders = NOBODY,
) {
  const on = await rotationStage(versions);
  const { vault, secret, ports, order } = on;
  const { issued, characters } = await on.key('old');
  const remember = async (leaks: readonly Leak[]) =>
    vault.commit(await vault.look(secret), {
      annotations: changeOf(recordOf({}), { leaks }),
      aliases: { current: versions.length },
    });
  await remember([{ version: 1, at: ago(1), told: 0, ...leak }]);
  return {
    ...on,
    issued,
    characters,
    remember,
    script: (answer: Answered) => on.prober.script(characters, 'list', answer),
    watch: () => watchLeaks(ports, { secret, project: 'demo-project', secretPolicy: order().secretPolicy, holders }),
    leaks: async () => valueOf((await vault.look(secret)).record.leaks),
  };
}

const told = ({ announced }: RotationStage) => announced.at(-1);

describe('a leaked key whose issuer is known', () => {
  test('is told of, too, where the list of old keys cannot be read', async () => {
    const { watch, vault, secret, ...on } = await leakStage({ key: 'projects/demo-project/locations/global/keys/old' });
    await vault.commit(await vault.look(secret), { annotations: { [RETIRED_ANNOTATION]: '{"v":9}' } });
    await watch();
    expect(told({ ...on, vault, secret })).toMatchObject({ step: 'See who else reads it, and delete it:' });
  });

  test('is told at once while it is not deleted, with what to do, and remembered by its name', async () => {
    const { issued, watch, leaks, ...on } = await leakStage({ key: 'projects/demo-project/locations/global/keys/old' });
    await watch();
    expect(told(on)).toMatchObject({
      type: 'leak.open',
      version: 1,
      told: 0,
      key: issued.name,
      why: expect.stringContaining('it is not deleted'),
      next: 'key-warden revoke --secret projects/demo-project/secrets/gemini',
    });
    expect(await leaks()).toMatchObject([{ key: issued.name, toldAt: NOW, told: 1 }]);
    await watch();
    expect(on.announced).toHaveLength(1);
  });

  test('is left to the purge where it is on the list of old keys, and people see why it is not deleted', async () => {
    const { issued, watch, ...on } = await leakStage({ key: 'projects/demo-project/locations/global/keys/old' });
    const old = { version: 1, key: { name: issued.name, uid: issued.uid }, at: NOW, rotation: 'kw-0', urgent: true };
    await on.vault.commit(await on.vault.look(on.secret), {
      annotations: { [RETIRED_ANNOTATION]: writeRetired([old]) },
    });
    await watch();
    expect(told(on)).toMatchObject({
      next: 'key-warden purge --dry-run --secret projects/demo-project/secrets/gemini',
    });
  });

  test.each<[string, Holders['othersOf'], RegExp]>([
    [
      'names who else serves it',
      () => Promise.resolve([{ secret: 'projects/1/secrets/ads', version: 4, readAs: 'current' }]),
      /and it is not deleted: other secrets serve it: projects\/1\/secrets\/ads version 4 \(current\)$/,
    ],
    ['names nobody who is not known', () => Promise.reject(new Fault('unavailable', 'no list')), /it is not deleted$/],
  ])('on the list of old keys %s (I13)', async (_, othersOf, why) => {
    const key = 'projects/demo-project/locations/global/keys/old';
    const { issued, watch, ...on } = await leakStage({ key }, undefined, { ...NOBODY, othersOf });
    const old = { version: 1, key: { name: issued.name, uid: issued.uid }, at: NOW, rotation: 'kw-0', urgent: true };
    await on.vault.commit(await on.vault.look(on.secret), {
      annotations: { [RETIRED_ANNOTATION]: writeRetired([old]) },
    });
    await watch();
    expect(told(on)).toMatchObject({ type: 'leak.open', why: expect.stringMatching(why) });
  });

  test('is replaced first where consumers read it', async () => {
    const { watch, ...on } = await leakStage({ key: 'projects/demo-project/locations/global/keys/old' }, [GOOD_KEY]);
    await watch();
    expect(told(on)).toMatchObject({
      step: 'Consumers read it. Replace it:',
      next: 'key-warden rotate --secret projects/demo-project/secrets/gemini --emergency',
    });
  });

  test('is proven dead by its deletion and by refusals of half an hour (I18)', async () => {
    const { issued, issuer, clock, watch, leaks, script, ...on } = await leakStage();
    await on.vault.commit(await on.vault.look(on.secret), {
      annotations: {
        [ROTATION_ANNOTATION]: writeJournal(inFlight({ fromKey: { name: issued.name, uid: issued.uid } })),
      },
    });
    await issuer.delete(issued.name, false);
    await watch();
    expect(on.announced).toEqual([]);
    await clock.sleep(30 * MINUTE_MS);
    await watch();
    expect(told({ ...on, clock, issuer })).toMatchObject({
      why: expect.stringContaining('Gemini still answers it'),
      next: 'gcloud services api-keys describe old --project=123456789012',
    });
    script(INVALID);
    await watch();
    expect(await leaks()).toMatchObject([{ refusedSince: clock.now() }]);
    await clock.sleep(29 * MINUTE_MS);
    await watch();
    expect(await leaks()).toHaveLength(1);
    await clock.sleep(MINUTE_MS);
    await watch();
    expect(on.announced.map(({ type }) => type)).toEqual(['leak.open', 'leak.closed']);
    expect(await leaks()).toEqual([]);
    expect((await on.vault.look(on.secret)).annotations).not.toHaveProperty([LEAKS_ANNOTATION]);
  });

  test('stays as it was where nobody can tell', async () => {
    const { issued, issuer, watch, leaks, script, ...on } = await leakStage({ refusedSince: ago(2) });
    const key = issued.name;
    await on.vault.commit(await on.vault.look(on.secret), {
      annotations: changeOf(recordOf({}), { leaks: [{ version: 1, key, at: ago(1), refusedSince: ago(2), told: 0 }] }),
    });
    issuer.failNext('look', new Fault('unavailable', 'no answer'));
    await watch();
    await issuer.delete(key, false);
    issuer.failNext('keyString', new Fault('unavailable', 'no answer'));
    await watch();
    script(OVERLOADED);
    await watch();
    expect(await leaks()).toMatchObject([{ refusedSince: ago(2) }]);
    expect(on.announced).toEqual([]);
  });

  test('is left to the emergency that is at it', async () => {
    const { watch, write, ...on } = await leakStage({}, [GOOD_KEY]);
    await write(inFlight({ phase: 'minted', emergency: true }));
    await watch();
    expect(on.announced).toEqual([]);
    await write(inFlight({ phase: 'minted', emergency: true, from: 7 }));
    await watch();
    expect(on.announced).toHaveLength(1);
  });
});

describe('a leaked key that none of our projects made', () => {
  test.each([
    ['nothing is on record', undefined],
    ['what is on record is no key of ours', 'projects/demo-project/locations/global/keys/foreign'],
    ['what is on record is no key at all', 'projects/demo-project/locations/global/keys/gone'],
  ])('is alive while Gemini takes it, and its owner has to delete it: %s', async (_, key) => {
    const { issuer, watch, leaks, ...on } = await leakStage({ key });
    issuer.plant({ project: 'demo-project', keyId: 'foreign', annotations: { [SECRET_MARK]: 'projects/p/secrets/x' } });
    await watch();
    expect(told({ ...on, issuer })).toMatchObject({
      type: 'leak.open',
      why: expect.stringContaining('whoever owns its project has to delete it'),
    });
    expect(await leaks()).toMatchObject([{ told: 1 }]);
  });

  test('names the project that Google names', async () => {
    const { watch, prober, ...on } = await leakStage();
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_SERVICE_BLOCKED',
        metadata: { consumer: 'projects/987654321098' },
      },
    ];
    prober.script(GOOD_KEY, 'list', {
      status: 403,
      body: { error: { code: 403, message: 'Blocked.', status: 'PERMISSION_DENIED', details } },
    });
    await watch();
    expect(told({ ...on, prober })).toMatchObject({
      why: expect.stringContaining('whoever owns project 987654321098'),
    });
  });

  test('is dead once Gemini knew no such key for half an hour', async () => {
    const { watch, leaks, clock, ...on } = await leakStage({}, [DEAD_KEY, STANDARD_KEY]);
    await watch();
    expect(await leaks()).toMatchObject([{ refusedSince: NOW }]);
    await clock.sleep(30 * MINUTE_MS);
    await watch();
    expect(on.announced).toMatchObject([{ type: 'leak.closed', version: 1 }]);
    expect(await leaks()).toEqual([]);
  });

  test('cannot be seen to be dead while its version is disabled: people are told how to show it', async () => {
    const { watch, vault, secret, ...on } = await leakStage();
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    await watch();
    expect(told({ ...on, vault, secret })).toMatchObject({
      why: expect.stringContaining('version 1 cannot be read to try it'),
      step: expect.stringContaining('Have the owner of the project that made it delete it'),
      next: 'gcloud secrets versions enable 1 --secret=gemini --project=demo-project',
    });
  });

  test('is not judged by trouble on the way', async () => {
    const { watch, vault, prober, ...on } = await leakStage();
    vault.failNext('read', new Fault('unavailable', 'no answer'));
    await watch();
    prober.script(GOOD_KEY, 'list', OVERLOADED);
    await watch();
    expect(on.announced).toEqual([]);
  });
});

test('what was told and could not be recorded is told again under the same id', async () => {
  const { watch, vault, ...on } = await leakStage();
  vault.failNext('commit', new Fault('stale', 'somebody wrote'));
  await expect(watch()).rejects.toMatchObject({ code: 'stale' });
  await watch();
  expect(on.announced).toMatchObject([{ told: 0 }, { told: 0 }]);
});

test('a list that cannot be read is left alone', async () => {
  const { watch, vault, secret, ...on } = await leakStage();
  await vault.commit(await vault.look(secret), { annotations: { [LEAKS_ANNOTATION]: '{"v":9}' } });
  await watch();
  expect(on.announced).toEqual([]);
  expect((await vault.look(secret)).annotations[LEAKS_ANNOTATION]).toBe('{"v":9}');
});

describe('a leaked key that its emergency marked at the issuer', () => {
  const OLD = 'projects/demo-project/locations/global/keys/old';

  /** Version 1 holds the marked key, and the emergency that replaced it is held. */
  async function markedStage(holders: Holders = NOBODY) {
    const on = await leakStage({ key: OLD }, [GOOD_KEY, STANDARD_KEY], holders);
    const { vault, secret, issuer, issued, characters } = on;
    await issuer.mark(issued.name, { [LEAK_MARK]: secret });
    const leaked = await on.add(characters);
    const held = inFlight({ phase: 'promoted', emergency: true, held: true, from: 1, to: 2 });
    const hold = async (journal: InFlight, aliases = {}) =>
      vault.commit(await vault.look(secret), {
        annotations: { [ROTATION_ANNOTATION]: writeJournal(journal) },
        aliases,
      });
    await hold(held, { current: 2 });
    return { ...on, leaked, held, hold, isDeleted: async () => (await issuer.look(OLD)).deletedAt !== undefined };
  }

  test('is deleted while that emergency is held, and then watched', async () => {
    const { watch, isDeleted, leaks, script, ...on } = await markedStage();
    script(INVALID);
    await watch();
    expect(await isDeleted()).toBe(true);
    expect(await leaks()).toMatchObject([{ refusedSince: NOW }]);
    expect(on.announced).toEqual([]);
  });

  test('although somebody brought consumers back to it, of which the hold has told', async () => {
    const { watch, isDeleted, hold, held, leaked } = await markedStage();
    await hold(held, { current: leaked });
    await watch();
    expect(await isDeleted()).toBe(true);
  });

  test('not by this look while the emergency goes on, or where the list of old keys has it: that is the purge’s', async () => {
    const { watch, isDeleted, hold, held, vault, secret } = await markedStage();
    await hold({ ...held, held: false });
    await watch();
    const retired = [{ version: 1, at: NOW, rotation: 'kw-0', urgent: true }];
    await vault.commit(await vault.look(secret), {
      annotations: { [ROTATION_ANNOTATION]: null, [RETIRED_ANNOTATION]: writeRetired(retired) },
    });
    await watch();
    await vault.commit(await vault.look(secret), { annotations: { [ROTATION_ANNOTATION]: '{"v":9}' } });
    await watch();
    expect(await isDeleted()).toBe(false);
  });

  test('not while another secret serves it, which is named (I13)', async () => {
    const ads = { secret: 'projects/123456789012/secrets/ads', version: 1, readAs: 'current' };
    const { watch, isDeleted, ...on } = await markedStage({
      ...NOBODY,
      othersBeforeDeletion: () => Promise.resolve([ads]),
    });
    await on.vault.commit(await on.vault.look(on.secret), { annotations: { [ROTATION_ANNOTATION]: null } });
    await watch();
    expect(await isDeleted()).toBe(false);
    expect(told(on)).toMatchObject({ type: 'leak.open', why: expect.stringContaining('secrets/ads version 1') });
  });

  test('is deleted, too, where the list of leaks has no room for it: the hold has told of it', async () => {
    const { watch, isDeleted, remember, leaks, ...on } = await markedStage();
    const four = [5, 6, 7, 8].map((version) => ({ version, at: NOW, told: 0, toldAt: NOW }));
    await remember(four);
    await on.hold({ ...on.held, fromKey: { name: on.issued.name, uid: on.issued.uid } }, { current: 2 });
    await watch();
    expect(await isDeleted()).toBe(true);
    expect(await leaks()).toEqual(four);
    expect(on.announced).toEqual([]);
  });
});
