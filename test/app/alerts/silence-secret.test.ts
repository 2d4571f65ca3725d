import { expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { silenceSecret } from '../../../src/app/alerts/silence-secret.ts';
import { SILENCE_ANNOTATION } from '../../../src/core/record/silence.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { ago, ahead, JANE, NOW } from '../../support/journals.ts';
import { GOOD_KEY, stage } from '../../support/stage.ts';

const SILENCE = { owner: 'ada', reason: 'moving', until: ahead(1) };

test('a silence is written, replaced and ended; what others wrote stays (I10)', async () => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY], { annotations: { theirs: 'x' } });
  const annotations = async () => (await vault.look(name)).annotations;
  expect(await silenceSecret(ports, name, { silence: SILENCE, by: JANE }, false)).toEqual({ outcome: 'silent' });
  expect((await annotations())[SILENCE_ANNOTATION]).toContain('"owner":"ada"');
  expect(await silenceSecret(ports, name, { silence: { ...SILENCE, owner: 'grace' }, by: JANE }, false)).toEqual({
    outcome: 'silent',
  });
  expect(await silenceSecret(ports, name, { silence: undefined, by: JANE }, false)).toEqual({ outcome: 'ended' });
  const over = JSON.stringify({ v: 1, ...SILENCE, owner: 'grace', until: isoOf(NOW), by: JANE });
  expect(await annotations()).toEqual({ theirs: 'x', [SILENCE_ANNOTATION]: over });
  expect(await silenceSecret(ports, name, { silence: undefined, by: JANE }, false)).toEqual({ outcome: 'none' });
});

test('what is no silence is taken away by its end', async () => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY], { annotations: { [SILENCE_ANNOTATION]: 'hush' } });
  expect(await silenceSecret(ports, name, { silence: undefined, by: JANE }, false)).toEqual({ outcome: 'ended' });
  expect((await vault.look(name)).annotations).toEqual({});
});

test('a dry run answers the same and writes nothing', async () => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY]);
  expect(await silenceSecret(ports, name, { silence: SILENCE, by: JANE }, true)).toEqual({ outcome: 'silent' });
  expect((await vault.look(name)).annotations).toEqual({});
  await silenceSecret(ports, name, { silence: SILENCE, by: JANE }, false);
  expect(await silenceSecret(ports, name, { silence: undefined, by: JANE }, true)).toEqual({ outcome: 'ended' });
  expect((await vault.look(name)).annotations).toHaveProperty([SILENCE_ANNOTATION]);
});

test.each([
  [{ ...SILENCE, until: ago(1) }, 'is past'],
  [{ ...SILENCE, until: ahead(31 * 24) }, 'more than 30 days'],
  [{ ...SILENCE, owner: ' ' }, 'names no owner'],
])('what the pipeline would not take for a silence is refused: %j', async (silence, why) => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY]);
  expect(await silenceSecret(ports, name, { silence, by: JANE }, false)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining(why),
  });
  expect((await vault.look(name)).annotations).toEqual({});
});

test('what is silenced and what is heard again is told, by whose hand, once it is so', async () => {
  const { ports, secret, announced, vault } = stage();
  const name = await secret('app', [GOOD_KEY]);
  await silenceSecret(ports, name, { silence: SILENCE, by: JANE }, true);
  vault.failNext('commit', new Fault('stale', 'somebody wrote'));
  await expect(silenceSecret(ports, name, { silence: SILENCE, by: JANE }, false)).rejects.toThrow('somebody wrote');
  expect(announced).toEqual([]);
  await silenceSecret(ports, name, { silence: SILENCE, by: JANE }, false);
  const by = { who: 'ops@ops-prod.iam.gserviceaccount.com', is: 'verified' } as const;
  await silenceSecret(ports, name, { silence: undefined, by }, false);
  const about = { secret: name, project: '123456789012', ...SILENCE, at: NOW };
  expect(announced).toMatchObject([
    { type: 'silence.set', ...about, by: JANE, next: `key-warden silence --end --secret ${name}` },
    { type: 'silence.ended', ...about, by },
  ]);
});

test('words of a silence are told without a key (I9)', async () => {
  const { ports, secret, announced } = stage();
  const name = await secret('app', [GOOD_KEY]);
  const reason = `leaked AIza${'x'.repeat(35)}`;
  await silenceSecret(ports, name, { silence: { ...SILENCE, reason }, by: JANE }, false);
  expect(JSON.stringify(announced)).not.toContain('AIza');
});

test.each([
  [SILENCE, 'is silenced, and nobody could be told of it: no topic'],
  [undefined, 'is heard again, and nobody could be told of it: no topic'],
])('a silence that could not be told stands, and whoever set it hears that: %j', async (silence, says) => {
  const { ports, secret, vault } = stage();
  const name = await secret('app', [GOOD_KEY]);
  await silenceSecret(ports, name, { silence: SILENCE, by: JANE }, false);
  const deaf = { ...ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
  await expect(silenceSecret(deaf, name, { silence, by: JANE }, false)).rejects.toThrow(says);
  expect((await vault.look(name)).annotations).toHaveProperty([SILENCE_ANNOTATION]);
});
