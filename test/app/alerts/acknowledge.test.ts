import { expect, test } from '@jest/globals';
import { acknowledge } from '../../../src/app/alerts/acknowledge.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { SILENCE_ANNOTATION } from '../../../src/core/record/silence.ts';
import { HOUR_MS, plusMs, isoOf } from '../../../src/core/values/time.ts';
import { GOOD_KEY, SCOPE, stage } from '../../support/stage.ts';

const ORDER = { scopes: [{ project: 'elsewhere', location: 'global' }, SCOPE], hours: 4 };

async function staged(labels?: Readonly<Record<string, string>>) {
  const on = stage();
  const named = await on.secret('app', [GOOD_KEY], labels === undefined ? {} : { labels });
  const { name } = await on.vault.look(named);
  const at = on.clock.now();
  const heard = (key = `${name}/aging`) => ({ is: 'acknowledged', key, who: 'Jane', at }) as const;
  return { ...on, name, heard, annotations: async () => (await on.vault.look(name)).annotations };
}

test('an acknowledgement silences its secret as a person would, under a name that is claimed', async () => {
  const { ports, heard, name, annotations, clock, announced } = await staged();
  expect(await acknowledge(ports, ORDER, heard())).toEqual({ outcome: 'heard', secret: name, silence: 'silent' });
  expect(JSON.parse((await annotations())[SILENCE_ANNOTATION] ?? '')).toEqual({
    v: 1,
    owner: 'Jane at PagerDuty',
    reason: 'acknowledged at PagerDuty',
    until: isoOf(plusMs(clock.now(), 4 * HOUR_MS)),
    by: { who: 'Jane at PagerDuty', is: 'claimed' },
  });
  expect(announced).toMatchObject([{ type: 'silence.set', secret: name }]);
  expect(await acknowledge(ports, ORDER, heard())).toMatchObject({ why: 'it is silenced already' });
  const back = await acknowledge(ports, ORDER, { ...heard(), is: 'unacknowledged' });
  expect(back).toEqual({ outcome: 'heard', secret: name, silence: 'ended' });
});

test('what is not looked after here is left alone', async () => {
  const { ports, heard, name, annotations } = await staged({});
  const why = async (key?: string, order = ORDER) => acknowledge(ports, order, heard(key));
  const strange = { outcome: 'ignored', why: 'its incident is about no secret that is looked after here' };
  expect(await why()).toEqual(strange);
  expect(await why('projects/123/secrets/nobody/aging')).toEqual(strange);
  expect(await why('projects/123/locations/europe-west1/secrets/app/aging')).toEqual(strange);
  expect(await why('outage')).toEqual({ outcome: 'ignored', why: 'its incident is not about a secret of ours' });
  expect(await annotations()).not.toHaveProperty([SILENCE_ANNOTATION]);
  expect(name).toContain('app');
});

test('an incident may name the project by its id, as the settings do', async () => {
  const { ports, heard, name } = await staged();
  const key = `projects/${SCOPE.project}/secrets/app/rotations/kw-1`;
  expect(await acknowledge(ports, ORDER, heard(key))).toMatchObject({ secret: name, silence: 'silent' });
});

test('a namesake in another project is another secret', async () => {
  const { ports, heard, annotations } = await staged();
  expect(await acknowledge(ports, ORDER, heard('projects/999999999999/secrets/app/aging'))).toEqual({
    outcome: 'ignored',
    why: 'its incident is about no secret that is looked after here',
  });
  expect(await annotations()).not.toHaveProperty([SILENCE_ANNOTATION]);
});

test('an incident that is over here silences nothing', async () => {
  const { ports, heard, name } = await staged();
  expect(await acknowledge(ports, ORDER, heard(`${name}#20261124-1`))).toEqual({
    outcome: 'ignored',
    why: 'its incident is over here',
  });
});

test('trouble that passes is no answer', async () => {
  const { ports, heard, vault } = await staged();
  vault.failNext('look', new Fault('unavailable', 'no answer'));
  await expect(acknowledge(ports, ORDER, heard())).rejects.toThrow('no answer');
});
