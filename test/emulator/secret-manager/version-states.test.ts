import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  base64,
  invalid,
  NUMBER,
  precondition,
  PROJECT,
  startRig,
  textOf,
  type Rig,
} from '../../support/secret-manager-rig.ts';

const X = `projects/${PROJECT}/secrets/x`;
const V1 = `${X}/versions/1`;
const DAY_MS = 86_400_000;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.vault.reset());
afterAll(() => rig.close());

type From = 'ENABLED' | 'DISABLED' | 'DISABLED, scheduled' | 'DESTROYED';
type Verb = 'enable' | 'disable' | 'destroy';

const DELAY = { versionDestroyTtl: '86400s' };

async function bring(from: From): Promise<void> {
  rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'] });
  if (from === 'DISABLED') await rig.ask('POST', `${V1}:disable`);
  if (from === 'DESTROYED') await rig.ask('POST', `${V1}:destroy`);
  if (from === 'DISABLED, scheduled') {
    await rig.ask('PATCH', `${X}?updateMask=versionDestroyTtl`, DELAY);
    await rig.ask('POST', `${V1}:destroy`);
    await rig.ask('PATCH', `${X}?updateMask=versionDestroyTtl`, {});
  }
}

async function setDelay(delayed: boolean): Promise<void> {
  if (delayed) await rig.ask('PATCH', `${X}?updateMask=versionDestroyTtl`, DELAY);
}

const GONE = precondition('SecretVersion.state is already DESTROYED');
const SCHEDULED = precondition('SecretVersion is already scheduled for DESTRUCTION.');

describe('every state under every call', () => {
  test.each<[From, Verb, boolean, object]>([
    ['ENABLED', 'enable', false, { state: 'ENABLED' }],
    ['ENABLED', 'disable', false, { state: 'DISABLED' }],
    ['ENABLED', 'destroy', false, { state: 'DESTROYED', destroyTime: expect.any(String) }],
    ['ENABLED', 'destroy', true, { state: 'DISABLED', scheduledDestroyTime: expect.any(String) }],
    ['DISABLED', 'enable', false, { state: 'ENABLED' }],
    ['DISABLED', 'disable', false, { state: 'DISABLED' }],
    ['DISABLED', 'destroy', false, { state: 'DESTROYED', destroyTime: expect.any(String) }],
    ['DISABLED', 'destroy', true, { state: 'DISABLED', scheduledDestroyTime: expect.any(String) }],
    ['DISABLED, scheduled', 'enable', true, { state: 'ENABLED' }],
    ['DISABLED, scheduled', 'disable', true, { state: 'DISABLED' }],
  ])('%s, %s, delay set: %s', async (from, verb, delayed, expected) => {
    await bring(from);
    await setDelay(delayed);
    const before = await rig.ask('GET', V1);
    const heard = await rig.ask('POST', `${V1}:${verb}`);
    expect(heard).toEqual({
      status: 200,
      body: {
        name: `projects/${NUMBER}/secrets/x/versions/1`,
        createTime: textOf(before, 'createTime'),
        replicationStatus: { automatic: {} },
        etag: expect.stringMatching(/^"[0-9a-f]{14}"$/),
        ...expected,
      },
    });
    expect(textOf(heard, 'etag') > textOf(before, 'etag')).toBe(true);
    expect(await rig.ask('GET', V1)).toEqual(heard);
  });

  test.each<[From, Verb, boolean, object]>([
    ['DISABLED, scheduled', 'destroy', false, SCHEDULED],
    ['DISABLED, scheduled', 'destroy', true, SCHEDULED],
    ['DESTROYED', 'enable', false, GONE],
    ['DESTROYED', 'disable', false, GONE],
    ['DESTROYED', 'destroy', false, GONE],
    ['DESTROYED', 'destroy', true, GONE],
  ])('%s, %s, delay set: %s, is refused and changes nothing', async (from, verb, delayed, expected) => {
    await bring(from);
    await setDelay(delayed);
    const before = await rig.ask('GET', V1);
    expect(await rig.ask('POST', `${V1}:${verb}`)).toEqual(expected);
    expect(await rig.ask('GET', V1)).toEqual(before);
  });

  test.each<[From, string]>([
    ['ENABLED', 'one'],
    ['DISABLED', 'DISABLED'],
    ['DISABLED, scheduled', 'DISABLED'],
    ['DESTROYED', 'DESTROYED'],
  ])('access in state %s', async (from, expected) => {
    await bring(from);
    const heard = await rig.ask('GET', `${V1}:access`);
    if (from === 'ENABLED') expect(heard.body).toMatchObject({ payload: { data: base64(expected) } });
    else
      expect(heard).toEqual(
        precondition(`Secret Version [projects/${NUMBER}/secrets/x/versions/1] is in ${expected} state.`),
      );
  });
});

describe('a scheduled destruction', () => {
  test('happens at its time, even when the delay was cleared meanwhile', async () => {
    await bring('DISABLED, scheduled');
    const { scheduledDestroyTime, etag } = (await rig.ask('GET', V1)).body;
    rig.clock.advance(DAY_MS - 1);
    expect((await rig.ask('GET', V1)).body).toMatchObject({ state: 'DISABLED', etag });
    rig.clock.advance(2);
    const after = (await rig.ask('GET', V1)).body;
    expect(after).toMatchObject({ state: 'DESTROYED', destroyTime: scheduledDestroyTime });
    expect(after).not.toHaveProperty('scheduledDestroyTime');
    expect(after['etag']).not.toBe(etag);
  });

  test('does not happen once the version was enabled again', async () => {
    await bring('DISABLED, scheduled');
    await rig.ask('POST', `${V1}:enable`);
    rig.clock.advance(2 * DAY_MS);
    expect((await rig.ask('GET', `${V1}:access`)).status).toBe(200);
  });

  test('is overtaken by deleting the secret, which destroys everything at once', async () => {
    await bring('DISABLED, scheduled');
    expect(await rig.ask('DELETE', X)).toEqual({ status: 200, body: {} });
    expect((await rig.ask('GET', V1)).status).toBe(404);
  });
});

describe('latest, aliases and numbers', () => {
  test('latest is the most recently created version in any state', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one', 'two'] });
    await rig.ask('POST', `${X}/versions/2:destroy`);
    expect((await rig.ask('GET', `${X}/versions/latest`)).body).toMatchObject({
      name: `projects/${NUMBER}/secrets/x/versions/2`,
      state: 'DESTROYED',
    });
  });

  test('an alias is followed by get and access, which answer the number', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one', 'two'], aliases: { current: 1 } });
    const name = `projects/${NUMBER}/secrets/x/versions/1`;
    expect((await rig.ask('GET', `${X}/versions/current`)).body['name']).toBe(name);
    expect((await rig.ask('GET', `${X}/versions/current:access`)).body['name']).toBe(name);
  });

  test('aliases are case-sensitive and a map has no inherited ones', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'], aliases: { current: 1 } });
    expect((await rig.ask('GET', `${X}/versions/Current`)).status).toBe(404);
    expect((await rig.ask('GET', `${X}/versions/constructor`)).status).toBe(404);
  });

  test('destroying a version keeps its aliases', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'], aliases: { current: 1 } });
    await rig.ask('POST', `${V1}:destroy`);
    expect((await rig.ask('GET', X)).body['versionAliases']).toEqual({ current: '1' });
  });

  test('the number "01" reads as 1', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'] });
    const heard = await rig.ask('PATCH', `${X}?updateMask=version_aliases`, { version_aliases: { current: '01' } });
    expect(heard.body['versionAliases']).toEqual({ current: '1' });
  });

  test('numbers rise and are not used again after everything was destroyed', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one', 'two'] });
    await rig.ask('POST', `${X}/versions/2:destroy`);
    const added = await rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('three') } });
    expect(added.body['name']).toBe(`projects/${NUMBER}/secrets/x/versions/3`);
  });
});

describe('checksums', () => {
  test.each(['3808858755', 3808858755])(
    'a right one, %p, is remembered and said to be the client’s',
    async (dataCrc32c) => {
      rig.vault.seed({ project: PROJECT, secretId: 'x' });
      const added = await rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('123456789'), dataCrc32c } });
      expect(added.body).toMatchObject({ state: 'ENABLED', clientSpecifiedPayloadChecksum: true });
      expect((await rig.ask('GET', `${V1}:access`)).body).toEqual({
        name: `projects/${NUMBER}/secrets/x/versions/1`,
        payload: { data: base64('123456789'), dataCrc32c: String(dataCrc32c) },
      });
    },
  );

  test('without one the server computes it and does not call it the client’s', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['123456789'] });
    expect((await rig.ask('GET', V1)).body).not.toHaveProperty('clientSpecifiedPayloadChecksum');
    expect((await rig.ask('GET', `${V1}:access`)).body).toMatchObject({ payload: { dataCrc32c: '3808858755' } });
  });

  test('a payload that is not base64 is refused without repeating it', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x' });
    const heard = await rig.ask('POST', `${X}:addVersion`, { payload: { data: 'not*base64' } });
    expect(heard).toMatchObject(invalid("Invalid value at 'payload.data' (TYPE_BYTES), Base64 decoding failed"));
  });
});
