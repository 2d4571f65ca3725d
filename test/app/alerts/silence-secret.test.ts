import { expect, test } from '@jest/globals';
import { silenceSecret } from '../../../src/app/alerts/silence-secret.ts';
import { SILENCE_ANNOTATION } from '../../../src/core/record/silence.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { ago, ahead, NOW } from '../../support/journals.ts';
import { GOOD_KEY, stage } from '../../support/stage.ts';

const SILENCE = { owner: 'ada', reason: 'moving', until: ahead(1) };

test('a silence is written, replaced and ended; what others wrote stays (I10)', async () => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY], { annotations: { theirs: 'x' } });
  const annotations = async () => (await vault.look(name)).annotations;
  expect(await silenceSecret(ports, name, SILENCE, false)).toEqual({ outcome: 'silent' });
  expect((await annotations())[SILENCE_ANNOTATION]).toContain('"owner":"ada"');
  expect(await silenceSecret(ports, name, { ...SILENCE, owner: 'grace' }, false)).toEqual({ outcome: 'silent' });
  expect(await silenceSecret(ports, name, undefined, false)).toEqual({ outcome: 'ended' });
  const over = JSON.stringify({ v: 1, ...SILENCE, owner: 'grace', until: isoOf(NOW) });
  expect(await annotations()).toEqual({ theirs: 'x', [SILENCE_ANNOTATION]: over });
  expect(await silenceSecret(ports, name, undefined, false)).toEqual({ outcome: 'none' });
});

test('what is no silence is taken away by its end', async () => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY], { annotations: { [SILENCE_ANNOTATION]: 'hush' } });
  expect(await silenceSecret(ports, name, undefined, false)).toEqual({ outcome: 'ended' });
  expect((await vault.look(name)).annotations).toEqual({});
});

test('a dry run answers the same and writes nothing', async () => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY]);
  expect(await silenceSecret(ports, name, SILENCE, true)).toEqual({ outcome: 'silent' });
  expect((await vault.look(name)).annotations).toEqual({});
  await silenceSecret(ports, name, SILENCE, false);
  expect(await silenceSecret(ports, name, undefined, true)).toEqual({ outcome: 'ended' });
  expect((await vault.look(name)).annotations).toHaveProperty([SILENCE_ANNOTATION]);
});

test.each([
  [{ ...SILENCE, until: ago(1) }, 'is past'],
  [{ ...SILENCE, until: ahead(31 * 24) }, 'more than 30 days'],
  [{ ...SILENCE, owner: ' ' }, 'names no owner'],
])('what the pipeline would not take for a silence is refused: %j', async (silence, why) => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY]);
  expect(await silenceSecret(ports, name, silence, false)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining(why),
  });
  expect((await vault.look(name)).annotations).toEqual({});
});
