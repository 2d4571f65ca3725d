import { expect, test } from '@jest/globals';
import { promote } from '../../../../src/app/rotation/acts/promote.ts';
import { Fault } from '../../../../src/app/ports/fault.ts';
import { rotationStage } from '../../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../../support/stage.ts';

const AT = { phase: 'verified', to: 2 } as const;

test('a version that is still enabled may become current (I1)', async () => {
  const { scene, vault, secret } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  expect(await promote(scene(AT))).toEqual({ kind: 'done' });
  expect((await vault.look(secret)).aliases).toEqual({ current: 1 });
});

test('one that somebody disabled meanwhile may not, and is no candidate from now on (I1)', async () => {
  const { scene, vault, secret } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  await vault.disable(secret, await vault.lookVersion(secret, 2));
  expect(await promote(scene(AT))).toEqual({
    kind: 'refused',
    why: 'version 2 was disabled by somebody else',
    learned: { passOver: [2] },
  });
});

test('a version that is not there is refused, trouble is not', async () => {
  const { scene, vault } = await rotationStage([GOOD_KEY]);
  expect(await promote(scene(AT))).toMatchObject({ kind: 'refused', why: expect.stringContaining('not found') });
  vault.failNext('lookVersion', new Fault('timeout', 'no answer'));
  expect(await promote(scene(AT))).toEqual({ kind: 'unsure', why: 'no answer', hold: false, passes: true });
});

test('a journal that names no new version cannot go on', async () => {
  const { scene } = await rotationStage();
  expect(await promote(scene({ ...AT, to: undefined }))).toEqual({
    kind: 'refused',
    why: 'the journal names no new version',
  });
});
