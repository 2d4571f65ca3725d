import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { purgeSecret } from '../../../src/app/purge/purge.ts';
import { revoke, type Doomed, type RevokeOrder, type RevokePorts } from '../../../src/app/purge/revoke.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { LEAKS_ANNOTATION, type Leak } from '../../../src/core/record/leaks.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { writeRetired } from '../../support/annotations.ts';
import { ago, NOW } from '../../support/journals.ts';
import { NOBODY, rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, MANAGED, SCOPE } from '../../support/stage.ts';

const BY = { who: 'ana', is: 'claimed' } as const;
const STALE = new Fault('stale', 'somebody wrote');

/** Version 1 holds a key that another tool made; version 2, which is current, one of ours. */
async function revokeStage() {
  const on = await rotationStage([GOOD_KEY]);
  const { vault, secret, issuer, ports, order, clock } = on;
  const ours = await on.key('ours');
  const theirs = issuer.plant({ project: SCOPE.project, displayName: 'Gemini API key' });
  const characters = (await issuer.keyString(theirs.name)).reveal();
  const version = await on.add(characters);
  await on.add(ours.characters);
  await vault.commit(await vault.look(secret), { aliases: { current: 3 } });
  const { secretPolicy } = order();
  const warned: Doomed[] = [];
  return {
    ...on,
    ours: ours.issued,
    theirs,
    characters,
    version,
    warned,
    run: (fields: Partial<RevokeOrder> = {}, over: RevokePorts = ports) =>
      revoke(
        over,
        { secret, project: 'demo-project', secretPolicy, scopes: [SCOPE], concurrency: 2, by: BY, ...fields },
        (doomed) => warned.push(doomed),
      ),
    leaks: async () => valueOf((await vault.look(secret)).record.leaks),
    put: async (annotations: Readonly<Record<string, string | null>>) =>
      vault.commit(await vault.look(secret), { annotations }),
    isDeleted: async (name: string) => (await issuer.look(name)).deletedAt !== undefined,
    now: clock.now,
  };
}

describe('without the uid of a key', () => {
  test('it says which could be deleted, who reads each, and changes nothing', async () => {
    const { run, ours, theirs, vault, secret, issuer } = await revokeStage();
    const before = await vault.look(secret);
    const said = await run();
    expect(said).toMatchObject({
      outcome: 'would_delete',
      doomed: [
        { key: ours.name, uid: ours.uid, version: 3, readAs: 'current' },
        { key: theirs.name, uid: theirs.uid, displayName: 'Gemini API key', version: 2 },
      ],
    });
    expect(JSON.stringify(said)).not.toContain('alsoServed');
    expect((await vault.look(secret)).etag).toBe(before.etag);
    expect(issuer.calls).not.toContain('delete');
  });

  test('other secrets that serve a key are named, and what was not looked at (I13)', async () => {
    const { run, vault, characters, ...on } = await revokeStage();
    const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
    await vault.add(ads, new TextEncoder().encode(characters));
    const said = await run();
    expect(said).toMatchObject({
      doomed: [{}, { alsoServed: expect.stringMatching(/secrets\/ads version 1 \(latest\)$/) }],
    });
    vault.failNext('list', new Fault('unavailable', 'no answer'));
    expect(await run()).toMatchObject({ doomed: [{ notLooked: expect.stringContaining('is not known') }, {}] });
    expect(on.warned).toEqual([]);
  });

  test('a secret whose keys were made elsewhere is told so', async () => {
    const { run, issuer, ours, theirs } = await revokeStage();
    for (const { name } of [ours, theirs]) await issuer.delete(name, false);
    expect(await run()).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('one that was made elsewhere has to be deleted there'),
    });
  });
});

describe('with the uid', () => {
  test('the key is deleted whoever reads it; its leak is told of first, and open (I18)', async () => {
    const { run, ours, leaks, announced, warned, isDeleted, logged } = await revokeStage();
    expect(await run({ confirm: ours.uid })).toMatchObject({ outcome: 'deleted', doomed: { key: ours.name } });
    expect(await isDeleted(ours.name)).toBe(true);
    expect(warned).toMatchObject([{ readAs: 'current' }]);
    expect(announced).toMatchObject([
      { type: 'leak.open', version: 3, key: ours.name, told: 0, by: BY, why: expect.stringContaining('asked for') },
    ]);
    expect(await leaks()).toEqual([{ version: 3, key: ours.name, at: NOW, toldAt: NOW, told: 1 }]);
    expect(logged).toEqual([expect.stringContaining('was deleted at its issuer, as somebody asked for')]);
  });

  test('a leak that is open goes on, with the name of its key', async () => {
    const { run, theirs, leaks, put, announced } = await revokeStage();
    const open: Leak = { version: 2, at: ago(9), told: 3, toldAt: ago(5) };
    await put(changeOf(recordOf({}), { leaks: [open] }));
    await run({ confirm: theirs.uid });
    expect(await leaks()).toEqual([{ ...open, key: theirs.name, told: 4, toldAt: NOW }]);
    expect(announced).toMatchObject([{ told: 3, at: ago(9) }]);
  });

  test('of another secret’s key, or of none, nothing is touched (I16)', async () => {
    const { run, issuer, announced, leaks, put } = await revokeStage();
    const foreign = issuer.plant({ project: SCOPE.project, keyId: 'foreign' });
    const elsewhere = issuer.plant({ project: '999999999999', keyId: 'elsewhere' });
    // Neither does a forged record make it this secret's.
    await put(changeOf(recordOf({}), { leaks: [{ version: 2, key: foreign.name, at: NOW, told: 0 }] }));
    for (const uid of [foreign.uid, elsewhere.uid, 'no-such-uid'])
      expect(await run({ confirm: uid })).toMatchObject({
        outcome: 'refused',
        why: expect.stringContaining(`has the uid ${uid} and is proven to be one of`),
      });
    expect(issuer.calls).not.toContain('delete');
    expect(announced).toEqual([]);
    expect(await leaks()).toHaveLength(1);
  });

  test('a key whose version is disabled is proven by our mark and the record', async () => {
    const { run, ours, vault, secret, put, isDeleted } = await revokeStage();
    await vault.disable(secret, await vault.lookVersion(secret, 3));
    expect(await run({ confirm: ours.uid })).toMatchObject({ outcome: 'refused' });
    const entry = { version: 3, key: { name: ours.name, uid: ours.uid }, at: NOW, rotation: 'kw-0' };
    // Whatever stands in the list of leaks.
    await put({ [RETIRED_ANNOTATION]: writeRetired([entry]), [LEAKS_ANNOTATION]: '{"v":9}' });
    expect(await run({ confirm: ours.uid })).toMatchObject({ outcome: 'deleted', doomed: { version: 3 } });
    expect(await isDeleted(ours.name)).toBe(true);
  });

  test('or by our mark and its open leak', async () => {
    const { run, ours, vault, secret, put } = await revokeStage();
    await vault.disable(secret, await vault.lookVersion(secret, 3));
    await put(changeOf(recordOf({}), { leaks: [{ version: 3, key: ours.name, at: NOW, told: 0 }] }));
    expect(await run({ confirm: ours.uid })).toMatchObject({ outcome: 'deleted', doomed: { version: 3 } });
  });

  test('a deleted key on the list of old ones goes on to its proof, although another secret serves it', async () => {
    const { run, ours, vault, secret, put, ports, order } = await revokeStage();
    const key = { name: ours.name, uid: ours.uid };
    await put({ [RETIRED_ANNOTATION]: writeRetired([{ version: 3, key, at: NOW, rotation: 'kw-0', urgent: true }]) });
    await run({ confirm: ours.uid });
    const others = () => Promise.resolve([{ secret: 'x', version: 1, readAs: 'current' }]);
    const served = { ...NOBODY, othersOf: others, othersBeforeDeletion: others };
    const purge = { secretPolicy: order().secretPolicy, dryRun: false, urgentOnly: true, holders: served };
    expect(await purgeSecret(ports, secret, purge)).toMatchObject([{ step: 'delete', outcome: 'done' }]);
    expect(valueOf((await vault.look(secret)).record.retired)).toMatchObject([{ deletedAt: NOW }]);
  });
});

describe('nothing that cannot be read or written keeps the key alive', () => {
  test.each([ROTATION_ANNOTATION, RETIRED_ANNOTATION, LEAKS_ANNOTATION])('an annotation: %s', async (name) => {
    const { run, ours, put, isDeleted, leaks, vault, secret } = await revokeStage();
    await put({ [name]: '{"v":9}' });
    expect(await run({ confirm: ours.uid })).toMatchObject({ outcome: 'deleted' });
    expect(await isDeleted(ours.name)).toBe(true);
    expect(await leaks()).toMatchObject([{ version: 3 }]);
    const { annotations } = await vault.look(secret);
    expect(annotations[name === LEAKS_ANNOTATION ? `${name}-aside` : name]).toBe('{"v":9}');
  });

  test('an alert that cannot be sent, and a record that cannot be written', async () => {
    const { run, ours, ports, vault, isDeleted, logged } = await revokeStage();
    vault.failNext('commit', new Fault('denied', 'no permission'));
    const mute = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    expect(await run({ confirm: ours.uid }, { ...ports, announcer: mute })).toMatchObject({ outcome: 'deleted' });
    expect(await isDeleted(ours.name)).toBe(true);
    expect(logged.slice(0, 2)).toEqual([
      'ERROR the leak of version 3 was not told: no topic',
      'ERROR the leak of version 3 was not remembered: no permission',
    ]);
  });

  test('somebody who writes at the same time: the record is written once more, five times at most', async () => {
    const { run, ours, theirs, vault, leaks, logged } = await revokeStage();
    vault.failNext('commit', STALE);
    await run({ confirm: ours.uid });
    expect(await leaks()).toHaveLength(1);
    for (let race = 0; race < 5; race += 1) vault.failNext('commit', STALE);
    expect(await run({ confirm: theirs.uid })).toMatchObject({ outcome: 'deleted' });
    expect(await leaks()).toHaveLength(1);
    expect(logged).toContain('ERROR the leak of version 2 was not remembered: somebody wrote');
  });

  test('a list of leaks without room: it is told, deleted, and not watched', async () => {
    const { run, ours, leaks, put, announced, isDeleted } = await revokeStage();
    const four = [7, 8, 9, 10].map((version) => ({ version, at: NOW, told: 1 }));
    await put(changeOf(recordOf({}), { leaks: four }));
    expect(await run({ confirm: ours.uid })).toMatchObject({
      why: expect.stringContaining('its death is not watched, because the secret could not remember it'),
    });
    expect(await isDeleted(ours.name)).toBe(true);
    expect(announced).toHaveLength(1);
    expect(await leaks()).toEqual(four);
  });

  test('but trouble that hides what is there is trouble', async () => {
    const { run, vault, issuer } = await revokeStage();
    vault.failNext('read', new Fault('unavailable', 'no answer'));
    await expect(run()).rejects.toMatchObject({ code: 'unavailable' });
    issuer.failNext('keyString', new Fault('unavailable', 'no answer'));
    await expect(run()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('and what nobody can read, or was deleted meanwhile, is passed over', async () => {
    const { run, vault, issuer, theirs } = await revokeStage();
    vault.failNext('read', new Fault('corrupt', 'checksum'));
    issuer.failNext('keyString', new Fault('not_found', 'gone'));
    expect(await run()).toMatchObject({ doomed: [{ key: theirs.name }] });
    vault.failNext('lookVersion', new Fault('not_found', 'no such version'));
    expect(await run({ confirm: theirs.uid })).toMatchObject({ outcome: 'deleted' });
  });
});
