import { describe, expect, test } from '@jest/globals';
import { discard as discardAfter } from '../../../../src/app/rotation/acts/discard.ts';
import type { ActInput } from '../../../../src/app/rotation/acts/act-input.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { KeyText } from '../../../../src/core/key/key-text.ts';
import { NOW } from '../../../support/journals.ts';
import { OVERLOADED, rotationStage } from '../../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../../support/stage.ts';

/** On the secret as it is now. */
const discard = async (scene: ActInput) => discardAfter(scene, await scene.ports.vault.look(scene.secret));

/** A stage whose rotation has minted a key and, with `written`, added it as version 2. */
async function discardStage(written: boolean, old = GOOD_KEY) {
  const set = await rotationStage([old]);
  const { issued, characters } = await set.key('kw-1');
  const toKey = { name: issued.name, uid: issued.uid };
  const to = written ? await set.add(characters) : undefined;
  return { ...set, characters, issued, at: { phase: 'abandoned', id: 'kw-1', to, toKey } as const };
}

describe('an abandoned rotation takes back', () => {
  test('its key, deleted at the issuer, when nothing was written (I5)', async () => {
    const { issuer, scene, at, issued, states } = await discardStage(false);
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [] });
    expect(await issuer.look(issued.name)).toHaveProperty('deletedAt', NOW);
    expect(await states()).toEqual(['enabled']);
  });

  test('its key also when the answer to minting it was lost, by the id it was asked for under (I5)', async () => {
    const { issuer, scene, at, issued } = await discardStage(false);
    expect(await discard(scene({ ...at, toKey: undefined }))).toMatchObject({ kind: 'done' });
    expect(await issuer.look(issued.name)).toHaveProperty('deletedAt');
  });

  test('its version, but gives readers of latest the old key first, proven (I3)', async () => {
    const { vault, secret, scene, at, states, prober } = await discardStage(true);
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2, 3] });
    expect(await states()).toEqual(['enabled', 'disabled', 'enabled']);
    expect(new TextDecoder().decode((await vault.read(secret, 'latest')).bytes)).toBe(GOOD_KEY);
    expect(vault.calls.lastIndexOf('add')).toBeLessThan(vault.calls.indexOf('disable'));
    expect(prober.probes.every(({ key }) => key.equals(new KeyText(GOOD_KEY)))).toBe(true);
  });

  test('every copy that a lost answer left', async () => {
    const { add, scene, at, states, characters } = await discardStage(true);
    await add(characters);
    await add(STANDARD_KEY);
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2] });
    expect(await states()).toEqual(['enabled', 'disabled', 'disabled', 'enabled']);
  });

  test('the version on record when nobody can say any more which key it was', async () => {
    for (const toKey of [undefined, { name: 'projects/1/locations/global/keys/gone', uid: 'gone' }]) {
      const { add, scene, at, states, characters } = await discardStage(true);
      await add(characters);
      await add(STANDARD_KEY);
      expect(await discard(scene({ ...at, toKey, candidate: 'supplied' }))).toEqual({ kind: 'done', passOver: [2] });
      expect(await states()).toEqual(['enabled', 'disabled', 'enabled', 'enabled']);
    }
  });

  test('no version whose key it should have made and nobody knows (I16), until a person has disabled that', async () => {
    for (const toKey of [undefined, { name: 'projects/1/locations/global/keys/gone', uid: 'gone' }]) {
      const { vault, secret, scene, at, states } = await discardStage(true);
      const unknown = scene({ ...at, id: 'kw-never', toKey });
      expect(await discard(unknown)).toMatchObject({
        kind: 'unsure',
        hold: true,
        why: expect.stringContaining('version 2 of projects/123456789012/secrets/gemini is not proven'),
      });
      expect(await states()).toEqual(['enabled', 'enabled']);
      await vault.disable(secret, await vault.lookVersion(secret, 2));
      expect(await discard(unknown)).toMatchObject({ kind: 'done' });
    }
  });

  test('nothing twice', async () => {
    const { scene, at, states } = await discardStage(true);
    await discard(scene(at));
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2, 3] });
    expect(await states()).toEqual(['enabled', 'disabled', 'enabled']);
  });
});

describe('the old key that a discard cut short has added again is no candidate', () => {
  /** Version 2 is the rotation’s and gone, version 3 holds the old key or `above`. */
  async function cutShort(above = GOOD_KEY) {
    const set = await discardStage(true);
    const { vault, secret, add } = set;
    await add(above);
    await vault.disable(secret, await vault.lookVersion(secret, 2));
    return set;
  }

  test('whoever goes on passes it over', async () => {
    const { scene, at, states } = await cutShort();
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2, 3] });
    expect(await states()).toEqual(['enabled', 'disabled', 'enabled']);
  });

  test('what a person added above is one', async () => {
    const { scene, at } = await cutShort(STANDARD_KEY);
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2] });
  });

  test.each(['disable', 'destroy'] as const)(
    'an old key that somebody did away with (%s) was not added',
    async (call) => {
      const { vault, secret, scene, at } = await cutShort();
      await vault[call](secret, await vault.lookVersion(secret, 1));
      expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2] });
    },
  );

  test('trouble with looking is no answer', async () => {
    const { vault, scene, at } = await cutShort(STANDARD_KEY);
    vault.failNext('read', new Fault('timeout', 'no answer'));
    const keyless = scene({ ...at, toKey: undefined, candidate: 'supplied' });
    expect(await discard(keyless)).toMatchObject({ kind: 'unsure', why: 'no answer' });
  });
});

describe('it leaves alone', () => {
  test('what a person added: that is passed over, not disabled (I10)', async () => {
    const { issuer, scene, at, states } = await discardStage(true);
    expect(await discard(scene({ ...at, candidate: 'adopted' }))).toEqual({ kind: 'done', passOver: [2] });
    expect(await states()).toEqual(['enabled', 'enabled']);
    expect(issuer.calls).not.toContain('delete');
  });

  test('the old version, also when the new key is the same one', async () => {
    const { scene, states } = await rotationStage();
    const same = scene(
      { phase: 'abandoned', candidate: 'supplied', to: undefined },
      { supplied: new KeyText(GOOD_KEY) },
    );
    expect(await discard(same)).toEqual({ kind: 'done', passOver: [] });
    expect(await states()).toEqual(['enabled']);
  });

  test('a key that consumers may have read: it is for the purge (I5)', async () => {
    const { issuer, scene, at } = await discardStage(true);
    expect(await discard(scene({ ...at, promotedAt: NOW }))).toMatchObject({ kind: 'done' });
    expect(issuer.calls).not.toContain('delete');
  });

  test('the key that consumers read, whatever the journal calls it (I5, I16)', async () => {
    const { issuer, scene, at, vault, secret } = await discardStage(true);
    await vault.commit(await vault.look(secret), { aliases: { current: 2 } });
    expect(await discard(scene({ ...at, from: 9, to: undefined }))).toMatchObject({ kind: 'done' });
    expect(issuer.calls).not.toContain('delete');
  });

  test('everything but the version that a rollback leaves', async () => {
    const { issuer, add, scene, at, states, characters } = await discardStage(true);
    await add(characters);
    const journal = { ...at, reason: 'rollback', candidate: 'adopted', promotedAt: NOW } as const;
    expect(await discard(scene(journal))).toEqual({ kind: 'done', passOver: [2] });
    expect(await states()).toEqual(['enabled', 'disabled', 'enabled']);
    expect(issuer.calls).not.toContain('delete');
  });
});

describe('readers of latest keep what they have', () => {
  test('when neither key works: a person must add one', async () => {
    const { scene, at, states } = await discardStage(true, DEAD_KEY);
    expect(await discard(scene(at))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/^neither the new key nor the old one works \(key_invalid: .*then resume$/),
    });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });

  test('when the old version holds no key', async () => {
    const { scene, at, states } = await discardStage(true, ' ');
    expect(await discard(scene(at))).toEqual({
      kind: 'refused',
      why: 'version 1 cannot be read by consumers again: it holds no key',
    });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });

  test('while nobody can tell whether the old key works', async () => {
    const { prober, scene, at, states } = await discardStage(true);
    prober.script(GOOD_KEY, 'list', OVERLOADED);
    expect(await discard(scene(at))).toMatchObject({ kind: 'unsure' });
    expect(await states()).toEqual(['enabled', 'enabled']);
  });
});

describe('what a person made current meanwhile is theirs (I1, I7)', () => {
  test('it stays enabled, and its key stays', async () => {
    const { vault, secret, scene, at, states, issuer, issued, add, characters } = await discardStage(true);
    const copy = await add(characters);
    await vault.commit(await vault.look(secret), { aliases: { current: 2 } });
    expect(await discard(scene(at))).toEqual({ kind: 'done', passOver: [2, copy + 1] });
    expect(await states()).toEqual(['enabled', 'enabled', 'disabled', 'enabled']);
    expect(await issuer.look(issued.name)).not.toHaveProperty('deletedAt');
  });

  test('also when that happens between two looks', async () => {
    const { vault, secret, scene, at, states, issuer, issued } = await discardStage(true);
    const seen = await vault.look(secret);
    await vault.commit(seen, { aliases: { current: 2 } });
    expect(await discardAfter(scene(at), seen)).toMatchObject({
      kind: 'unsure',
      why: expect.stringContaining('wrote'),
    });
    expect(await states()).toEqual(['enabled', 'enabled', 'enabled']);
    expect(await issuer.look(issued.name)).not.toHaveProperty('deletedAt');
  });
});

describe('trouble is no refusal', () => {
  test.each(['versions', 'read', 'add', 'disable'] as const)('%s of the vault', async (call) => {
    const { vault, scene, at } = await discardStage(true);
    vault.failNext(call, new Fault('timeout', `no answer to ${call}`));
    expect(await discard(scene(at))).toEqual({
      kind: 'unsure',
      why: `no answer to ${call}`,
      hold: false,
      passes: true,
    });
  });

  test('reading the old key', async () => {
    const { vault, secret, scene, at } = await discardStage(true);
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    expect(await discard(scene(at))).toMatchObject({ kind: 'unsure', why: expect.stringContaining('DISABLED') });
  });

  test.each(['keyString', 'delete'] as const)('%s of the issuer', async (call) => {
    const { issuer, scene, at } = await discardStage(true);
    issuer.failNext(call, new Fault('denied', 'access is missing'));
    expect(await discard(scene(at))).toEqual({ kind: 'unsure', why: 'access is missing', hold: true, passes: false });
  });

  test('of the issuer, which may refuse to say whether a lost mint left a key: then the sweep finds it (I5)', async () => {
    const { issuer, scene, at } = await discardStage(false);
    const minting = scene({ ...at, toKey: undefined });
    issuer.failNext('look', new Fault('timeout', 'no answer'));
    expect(await discard(minting)).toEqual({ kind: 'unsure', why: 'no answer', hold: false, passes: true });
    issuer.failNext('look', new Fault('denied', 'access is missing'));
    expect(await discard(minting)).toMatchObject({ kind: 'done' });
    issuer.failNext('delete', new Fault('denied', 'access is missing'));
    expect(await discard(minting)).toMatchObject({ kind: 'done' });
    issuer.failNext('look', new Fault('switched_off', 'the API is off'));
    expect(await discard(minting)).toMatchObject({ kind: 'done' });
  });

  test('but a key that never was needs no deletion', async () => {
    const { issuer, scene, at } = await discardStage(false);
    expect(await discard(scene({ ...at, id: 'kw-never', toKey: undefined }))).toMatchObject({ kind: 'done' });
    expect(issuer.calls).not.toContain('delete');
  });

  test('but a key that is gone needs no deletion', async () => {
    const { issuer, scene, at } = await discardStage(false);
    issuer.failNext('delete', new Fault('not_found', 'is gone'));
    expect(await discard(scene(at))).toMatchObject({ kind: 'done' });
  });
});
