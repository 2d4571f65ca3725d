import { describe, expect, test } from '@jest/globals';
import { restore as restoreAfter } from '../../../../src/app/rotation/acts/restore.ts';
import type { ActInput } from '../../../../src/app/rotation/acts/act-input.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { ago, NOW } from '../../../support/journals.ts';
import { OVERLOADED, rotationStage } from '../../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../../support/stage.ts';

/** On the secret as it is now, whose alias `previous` names version 1. */
const restore = async (scene: ActInput) => {
  const seen = await scene.ports.vault.look(scene.secret);
  return restoreAfter(scene, { ...seen, aliases: { ...seen.aliases, previous: 1 } });
};

const AT = { phase: 'reverting' } as const;

describe('the old key is brought back', () => {
  test('by enabling its version and proving it, while current stays where it is (I1)', async () => {
    const { vault, secret, scene, states, prober } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    const { etag } = await vault.look(secret);
    expect(await restore(scene(AT))).toMatchObject({ kind: 'done' });
    expect(await states()).toEqual(['enabled', 'enabled']);
    expect((await vault.look(secret)).etag).toBe(etag);
    expect(prober.probes.map(({ depth }) => depth)).toEqual(['list', 'generate']);
  });

  test('enabled even when it is, so that a retire on its way is fenced (I7)', async () => {
    const { vault, secret, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const { etag } = await vault.lookVersion(secret, 1);
    await restore(scene(AT));
    expect((await vault.lookVersion(secret, 1)).etag).not.toBe(etag);
  });

  test('undeleted at the issuer where it was deleted, and left alone where it was not', async () => {
    const { issuer, key, add, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const { issued, characters } = await key();
    const at = { ...AT, from: await add(characters), fromKey: { name: issued.name, uid: issued.uid } };
    expect(await restore(scene(at))).toMatchObject({ kind: 'done' });
    expect(issuer.calls).not.toContain('undelete');
    await issuer.delete(issued.name, false);
    expect(await restore(scene(at))).toMatchObject({ kind: 'done' });
    expect(await issuer.look(issued.name)).not.toHaveProperty('deletedAt');
  });
});

describe('it cannot be brought back', () => {
  test('once its payload is destroyed', async () => {
    const { vault, secret, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.destroy(secret, await vault.lookVersion(secret, 1));
    expect(await restore(scene(AT))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/^the old key cannot be brought back: .*DESTROYED/),
    });
  });

  test('when there is no such version', async () => {
    const { scene } = await rotationStage([GOOD_KEY]);
    expect(await restore(scene({ ...AT, from: 9 }))).toMatchObject({ kind: 'refused' });
  });

  test('when its version holds no key', async () => {
    const { scene } = await rotationStage([' ', STANDARD_KEY]);
    expect(await restore(scene(AT))).toEqual({ kind: 'refused', why: 'version 1 holds no key' });
  });

  test('when it is dead: current never moves to a key that was not proven (I2)', async () => {
    const { scene } = await rotationStage([DEAD_KEY, STANDARD_KEY]);
    expect(await restore(scene(AT))).toMatchObject({ kind: 'refused', why: expect.stringContaining('key_invalid') });
    expect(await restore(scene({ ...AT, openedAt: NOW }))).toMatchObject({ kind: 'wait' });
  });
});

describe('a disabled version that the alias previous does not name (I16)', () => {
  test('is not enabled on the journal’s word', async () => {
    const { vault, secret, scene, states } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    expect(await restoreAfter(scene(AT), await vault.look(secret))).toEqual({
      kind: 'unsure',
      hold: true,
      passes: false,
      unproven: true,
      why: expect.stringContaining('version 1 of projects/123456789012/secrets/gemini is disabled'),
    });
    expect(await states()).toEqual(['disabled', 'enabled']);
  });

  test('is taken for meant once a person has enabled it', async () => {
    const { vault, secret, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    expect(await restoreAfter(scene(AT), await vault.look(secret))).toMatchObject({ kind: 'done' });
  });
});

test('trouble is no refusal', async () => {
  const { vault, prober, scene } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  vault.failNext('enable', new Fault('denied', 'access is missing'));
  expect(await restore(scene(AT))).toEqual({ kind: 'unsure', why: 'access is missing', hold: true, passes: false });
  prober.script(GOOD_KEY, 'list', OVERLOADED);
  expect(await restore(scene({ ...AT, openedAt: ago(99) }))).toMatchObject({ kind: 'unsure' });
});
