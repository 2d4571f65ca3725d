import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AUTOMATIC,
  NUMBER,
  precondition,
  PROJECT,
  startRig,
  textOf,
  type Heard,
  type Rig,
} from '../../support/secret-manager-rig.ts';

const X = `projects/${PROJECT}/secrets/x`;
const TOPIC = { name: `projects/${PROJECT}/topics/t` };

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.vault.reset());
afterAll(() => rig.close());

function patch(body: object, mask: string): Promise<Heard> {
  return rig.ask('PATCH', `${X}?updateMask=${encodeURIComponent(mask)}`, body);
}

function seedX(more: object = {}): void {
  rig.vault.seed({
    project: PROJECT,
    secretId: 'x',
    payloads: ['one', 'two'],
    labels: { team: 'search' },
    annotations: { owner: 'ada' },
    aliases: { current: 1 },
    more: { ...more },
  });
}

const etagNow = async (path = X): Promise<string> => textOf(await rig.ask('GET', path), 'etag');

describe('a patch', () => {
  test('replaces a named map whole and leaves what is not named', async () => {
    seedX();
    const { body } = await patch({ labels: { tier: 'gold' }, annotations: { owner: 'bob' } }, 'labels');
    expect(body).toMatchObject({ labels: { tier: 'gold' }, annotations: { owner: 'ada' } });
    expect(body['labels']).toEqual({ tier: 'gold' });
  });

  test('clears what is named and absent', async () => {
    seedX({ ttl: '3600s', versionDestroyTtl: '86400s', topics: [TOPIC] });
    const mask = 'labels,annotations,version_aliases,expire_time,version_destroy_ttl,topics';
    const { body } = await patch({}, mask);
    expect(Object.keys(body).toSorted()).toEqual(['createTime', 'etag', 'name', 'replication']);
  });

  test.each(['version_aliases,version_destroy_ttl', 'versionAliases,versionDestroyTtl', 'versionAliases, labels'])(
    'takes the mask %s',
    async (mask) => {
      seedX();
      const sent = { versionAliases: { current: 2 }, version_destroy_ttl: '86400s', labels: { team: 'search' } };
      expect((await patch(sent, mask)).body).toMatchObject({ versionAliases: { current: '2' } });
    },
  );

  test('takes the mask under its snake_case name too', async () => {
    seedX();
    const heard = await rig.ask('PATCH', `${X}?update_mask=labels`, { labels: { a: 'b' } });
    expect(heard.body['labels']).toEqual({ a: 'b' });
  });

  test('accepts and ignores name, create_time, tags and etag in the mask', async () => {
    seedX();
    const before = (await rig.ask('GET', X)).body;
    const sent = { name: 'other', createTime: '2000-01-01T00:00:00Z', tags: { a: 'b' } };
    const { status, body } = await patch(sent, 'name,create_time,createTime,tags,etag');
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, etag: expect.any(String) });
  });

  test('with an empty mask changes nothing, moves the etag and tells of an update', async () => {
    seedX({ topics: [TOPIC] });
    const before = (await rig.ask('GET', X)).body;
    const told = rig.sent.length;
    const { status, body } = await patch({ labels: {} }, '');
    expect(status).toBe(200);
    expect({ ...body, etag: '' }).toEqual({ ...before, etag: '' });
    expect(body['etag']).not.toBe(before['etag']);
    expect(rig.sent.slice(told).map(({ attributes }) => attributes['eventType'])).toEqual(['SECRET_UPDATE']);
  });

  test('reaches into rotation by nested path and keeps the other half', async () => {
    seedX({ topics: [TOPIC], rotation: { nextRotationTime: '2026-11-01T00:00:00Z', rotationPeriod: '3600s' } });
    const moved = await patch({ rotation: { nextRotationTime: '2026-12-01T00:00:00Z' } }, 'rotation.nextRotationTime');
    expect(moved.body['rotation']).toEqual({ nextRotationTime: '2026-12-01T00:00:00Z', rotationPeriod: '3600s' });
    const slower = await patch({ rotation: { rotationPeriod: '7200s' } }, 'rotation.rotation_period');
    expect(slower.body['rotation']).toEqual({ nextRotationTime: '2026-12-01T00:00:00Z', rotationPeriod: '7200s' });
    const once = await patch({}, 'rotation.rotation_period');
    expect(once.body['rotation']).toEqual({ nextRotationTime: '2026-12-01T00:00:00Z' });
    expect((await patch({}, 'rotation')).body).not.toHaveProperty('rotation');
  });

  test('may not clear the next time while a period stays', async () => {
    seedX({ topics: [TOPIC], rotation: { nextRotationTime: '2026-11-01T00:00:00Z', rotationPeriod: '3600s' } });
    expect(await patch({}, 'rotation.next_rotation_time')).toEqual(
      precondition('Next rotation time must be set while the rotation period is set.'),
    );
  });

  test('turns a time to live into the moment it ends, to the microsecond', async () => {
    seedX();
    expect((await patch({ ttl: '3600.5s' }, 'ttl')).body['expireTime']).toBe('2026-10-05T10:00:00.500Z');
    const sent = { expireTime: '2026-12-24T18:00:00.123456789+01:00' };
    expect((await patch(sent, 'expire_time')).body['expireTime']).toBe('2026-12-24T17:00:00.123456Z');
    expect((await patch({}, 'ttl')).body).not.toHaveProperty('expireTime');
  });

  test('may name the replication when it stays where it is, to change an encryption key', async () => {
    seedX();
    const replication = {
      automatic: { customerManagedEncryption: { kmsKeyName: 'projects/p/locations/global/keyRings/r/cryptoKeys/k' } },
    };
    expect((await patch({ replication }, 'replication')).body['replication']).toEqual(replication);
  });

  test('keeps the encryption key of a regional secret', async () => {
    const regional = `projects/${PROJECT}/locations/us-east1/secrets/r`;
    rig.vault.seed({ project: PROJECT, secretId: 'r', location: 'us-east1' });
    const customerManagedEncryption = { kmsKeyName: 'projects/p/locations/us-east1/keyRings/r/cryptoKeys/k' };
    const heard = await rig.ask('PATCH', `${regional}?updateMask=customer_managed_encryption`, {
      customerManagedEncryption,
    });
    expect(heard.body['customerManagedEncryption']).toEqual(customerManagedEncryption);
  });
});

describe('which write moves which etag', () => {
  test('adding, moving and policing leave the secret’s own alone', async () => {
    seedX();
    const before = await etagNow();
    await rig.ask('POST', `${X}:addVersion`, { payload: { data: 'dHdv' } });
    for (const verb of ['disable', 'enable', 'destroy']) await rig.ask('POST', `${X}/versions/1:${verb}`);
    await rig.ask('POST', `${X}:setIamPolicy`, { policy: {} });
    expect(await etagNow()).toBe(before);
  });

  test('a patch leaves the versions’ alone, and a move those of the other versions', async () => {
    seedX();
    const before = [await etagNow(`${X}/versions/1`), await etagNow(`${X}/versions/2`)];
    await patch({ labels: {} }, 'labels');
    await rig.ask('POST', `${X}/versions/2:disable`);
    expect(await etagNow(`${X}/versions/1`)).toBe(before[0]);
    expect(await etagNow(`${X}/versions/2`)).not.toBe(before[1]);
  });

  test('reading moves none', async () => {
    seedX();
    const before = await rig.ask('GET', X);
    await rig.ask('GET', `${X}/versions/latest:access`);
    await rig.ask('GET', `${X}/versions`);
    expect(await rig.ask('GET', X)).toEqual(before);
  });

  test('an etag is hexadecimal in its own double quotes, and an empty one is no condition', async () => {
    seedX();
    expect(await etagNow()).toMatch(/^"[0-9a-f]{14}"$/);
    expect((await patch({ etag: '' }, '')).status).toBe(200);
    expect((await rig.ask('POST', `${X}/versions/1:disable`, { etag: '' })).status).toBe(200);
    expect((await rig.ask('DELETE', `${X}?etag=`)).status).toBe(200);
  });

  test('a right etag lets enable, disable, destroy and delete through', async () => {
    seedX();
    for (const verb of ['disable', 'enable', 'destroy']) {
      const etag = await etagNow(`${X}/versions/1`);
      expect((await rig.ask('POST', `${X}/versions/1:${verb}`, { etag })).status).toBe(200);
    }
    expect((await rig.ask('DELETE', `${X}?etag=${encodeURIComponent(await etagNow())}`)).status).toBe(200);
  });
});

describe('names and shapes', () => {
  test('a created secret answers with the project number, whichever was sent', async () => {
    const heard = await rig.ask('POST', `projects/${PROJECT}/secrets?secretId=y`, {
      ...AUTOMATIC,
      topics: [TOPIC],
      secretType: 50,
      rotation: {},
    });
    expect(heard).toEqual({
      status: 200,
      body: {
        name: `projects/${NUMBER}/secrets/y`,
        ...AUTOMATIC,
        createTime: expect.stringMatching(/^2026-10-05T09:00:00(\.\d+)?Z$/),
        topics: [TOPIC],
        etag: expect.any(String),
        secretType: 'OTHER',
      },
    });
    expect((await rig.ask('GET', `projects/${NUMBER}/secrets/y`)).body).toEqual(heard.body);
  });

  test('regional secrets are a separate namespace without replication', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'r', location: 'us-east1', payloads: ['one'] });
    const regional = `projects/${PROJECT}/locations/us-east1/secrets/r`;
    const { body } = await rig.ask('GET', `${regional}/versions/latest`);
    expect(body['name']).toBe(`projects/${NUMBER}/locations/us-east1/secrets/r/versions/1`);
    expect(body).not.toHaveProperty('replicationStatus');
    expect((await rig.ask('GET', `projects/${PROJECT}/secrets/r`)).status).toBe(404);
    expect((await rig.ask('GET', `projects/${PROJECT}/locations/us-west1/secrets/r`)).status).toBe(404);
  });

  test('user-managed replication shows its places on every version', async () => {
    const replication = { userManaged: { replicas: [{ location: 'us-east1' }, { location: 'us-west1' }] } };
    rig.vault.seed({ project: PROJECT, secretId: 'u', payloads: ['one'], more: { replication } });
    const { body } = await rig.ask('GET', `projects/${PROJECT}/secrets/u/versions/1`);
    expect(body['replicationStatus']).toEqual(replication);
  });
});
