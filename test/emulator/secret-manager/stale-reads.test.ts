import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { base64, NUMBER, precondition, PROJECT, START, startRig, type Rig } from '../../support/secret-manager-rig.ts';

const X = `projects/${PROJECT}/secrets/x`;
const TOPIC = `projects/${PROJECT}/topics/t`;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one', 'two'], aliases: { current: 1 } });
  rig.clock.advance(60_000);
});
afterEach(() => rig.close());

const payloadAt = async (ref: string): Promise<unknown> => (await rig.ask('GET', `${X}/versions/${ref}:access`)).body;
const holding = (text: string): object =>
  expect.objectContaining({ payload: expect.objectContaining({ data: base64(text) }) });

test('by default every read sees every write at once', async () => {
  await rig.ask('PATCH', `${X}?updateMask=version_aliases`, { versionAliases: { current: 2 } });
  expect(await payloadAt('current')).toEqual(holding('two'));
  await rig.ask('POST', `${X}/versions/2:disable`);
  expect((await rig.ask('GET', `${X}/versions/2:access`)).status).toBe(400);
});

test('aliases and latest lag behind by the time asked for, numbers never', async () => {
  rig.vault.setLag({ aliasLagMs: 5000 });
  await rig.ask('PATCH', `${X}?updateMask=version_aliases`, { versionAliases: { current: 2 } });
  await rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('three') } });
  expect(await payloadAt('3')).toEqual(holding('three'));
  rig.clock.advance(4999);
  expect(await payloadAt('current')).toEqual(holding('one'));
  expect(await payloadAt('latest')).toEqual(holding('two'));
  rig.clock.advance(2);
  expect(await payloadAt('current')).toEqual(holding('two'));
  expect(await payloadAt('latest')).toEqual(holding('three'));
});

test('a first version is latest at once, since there is nothing older to see', async () => {
  rig.vault.setLag({ aliasLagMs: 5000 });
  rig.vault.seed({ project: PROJECT, secretId: 'y', payloads: ['new'] });
  expect((await rig.ask('GET', `projects/${PROJECT}/secrets/y/versions/latest:access`)).body).toEqual(holding('new'));
});

test('a version just disabled or destroyed is served until the state got through', async () => {
  rig.vault.setLag({ stateLagMs: 5000 });
  await rig.ask('POST', `${X}/versions/1:disable`);
  await rig.ask('POST', `${X}/versions/2:destroy`);
  expect((await rig.ask('GET', `${X}/versions/1`)).body['state']).toBe('DISABLED');
  rig.clock.advance(4999);
  expect(await payloadAt('1')).toEqual(holding('one'));
  expect(await payloadAt('2')).toEqual(holding('two'));
  rig.clock.advance(2);
  expect((await rig.ask('GET', `${X}/versions/1:access`)).status).toBe(400);
  expect(await rig.ask('GET', `${X}/versions/2:access`)).toEqual(
    precondition(`Secret Version [projects/${NUMBER}/secrets/x/versions/2] is in DESTROYED state.`),
  );
});

test('a version enabled again is refused until the state got through', async () => {
  await rig.ask('POST', `${X}/versions/1:disable`);
  rig.clock.advance(60_000);
  rig.vault.setLag({ stateLagMs: 5000 });
  await rig.ask('POST', `${X}/versions/1:enable`);
  expect((await rig.ask('GET', `${X}/versions/1:access`)).status).toBe(400);
  rig.clock.advance(5001);
  expect(await payloadAt('1')).toEqual(holding('one'));
});

test('events of global secrets are held back by the time asked for, those of regional ones are not', () => {
  rig.vault.setLag({ eventDelayMs: 18_000 });
  rig.vault.seed({ project: PROJECT, secretId: 'g', topics: [TOPIC] });
  expect(Math.floor(rig.sent.at(-1)?.availableAt ?? 0)).toBe(START + 60_000 + 18_000);
  rig.vault.seed({ project: PROJECT, secretId: 'r', location: 'us-east1', topics: [TOPIC] });
  expect(rig.sent.at(-1)).not.toHaveProperty('availableAt');
});
