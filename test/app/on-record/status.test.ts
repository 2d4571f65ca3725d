import { expect, test } from '@jest/globals';
import { statusOf } from '../../../src/app/on-record/status.ts';
import { check } from '../../../src/app/check/check.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, stage } from '../../support/stage.ts';

test('the secret of every managed secret is read without reading a key or asking Gemini', async () => {
  const on = stage();
  await on.secret('good', [GOOD_KEY]);
  await on.secret('dead', [DEAD_KEY]);
  await on.secret('odd', [GOOD_KEY], { annotations: { 'key-warden.health': 'written by hand' } });
  await check(on.ports, ORDER);
  const [reads, probes] = [on.vault.calls.length, on.prober.probes.length];
  const { secrets, problems } = await statusOf(on.vault, ORDER);
  const by = Object.fromEntries(secrets.map((secret) => [secret.secret.split('/').at(-1), secret]));
  expect(by['good']).toMatchObject({ managed: true, aliases: { current: 1 }, health: { is: 'well' } });
  expect(by['dead']).toMatchObject({ health: { is: 'sick', episode: { cause: 'key_invalid' } } });
  expect(by['odd']?.health).toBeUndefined();
  expect(problems).toEqual([]);
  expect(on.vault.calls.slice(reads)).toEqual(['list']);
  expect(on.prober.probes).toHaveLength(probes);
});

test('a secret that cannot be looked at is a problem, and the others are shown', async () => {
  const on = stage();
  const name = await on.secret('other', [GOOD_KEY], { labels: {} });
  const { secrets, problems, barred } = await statusOf(on.vault, {
    ...ORDER,
    secrets: [name, 'projects/demo-project/secrets/ghost'],
  });
  expect(secrets).toMatchObject([{ secret: name, managed: false }]);
  expect(problems).toEqual([expect.stringMatching(/^projects\/demo-project\/secrets\/ghost: .*not found/)]);
  expect(barred).toBe(true);
});
