import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AUTOMATIC, NUMBER, PROJECT, START, startRig, type Rig, type Sent } from '../../support/secret-manager-rig.ts';

const X = `projects/${PROJECT}/secrets/x`;
const S = `projects/${NUMBER}/secrets/x`;
const TOPIC = `projects/${PROJECT}/topics/rotations`;
const HOUR_MS = 3_600_000;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const types = (): readonly unknown[] => rig.sent.map(({ attributes }) => attributes['eventType']);
const last = (): Sent | undefined => rig.sent.at(-1);
const dataOf = (sent: Sent | undefined): unknown => JSON.parse(sent?.data ?? 'null');

function seedX(more: object = {}): void {
  rig.vault.seed({ project: PROJECT, secretId: 'x', topics: [TOPIC], payloads: ['one'], more: { ...more } });
}

describe('what is told', () => {
  test('every change of a secret and its versions is, in order, and no read or policy change', async () => {
    seedX();
    await rig.ask('GET', `${X}/versions/1:access`);
    await rig.ask('POST', `${X}:setIamPolicy`, { policy: {} });
    for (const verb of ['disable', 'enable', 'destroy']) await rig.ask('POST', `${X}/versions/1:${verb}`);
    await rig.ask('PATCH', `${X}?updateMask=labels`, { labels: { a: 'b' } });
    await rig.ask('DELETE', X);
    expect(types()).toEqual([
      'TOPIC_CONFIGURED',
      'SECRET_CREATE',
      'SECRET_VERSION_ADD',
      'SECRET_VERSION_DISABLE',
      'SECRET_VERSION_ENABLE',
      'SECRET_VERSION_DESTROY',
      'SECRET_UPDATE',
      'SECRET_DELETE',
    ]);
    expect(last()?.attributes).toMatchObject({ deleteType: 'REQUESTED', secretId: S });
  });

  test('a configured topic gets one attribute and no data', () => {
    seedX();
    expect(rig.sent[0]).toEqual({ topic: TOPIC, attributes: { eventType: 'TOPIC_CONFIGURED' } });
  });

  test('a version event names the version in full and carries its metadata, never its payload', async () => {
    seedX();
    const { body } = await rig.ask('GET', `${X}/versions/1`);
    expect(last()).toEqual({
      topic: TOPIC,
      attributes: {
        dataFormat: 'JSON_API_V1',
        eventType: 'SECRET_VERSION_ADD',
        secretId: S,
        timestamp: expect.stringMatching(/^2026-10-05T02:00:00\.\d{0,5}[1-9]-07:00$/),
        versionId: `${S}/versions/1`,
      },
      data: JSON.stringify(body),
    });
  });

  test('regional events carry the regional name', () => {
    rig.vault.seed({ project: PROJECT, secretId: 'r', location: 'us-east1', topics: [TOPIC] });
    expect(last()?.attributes['secretId']).toBe(`projects/${NUMBER}/locations/us-east1/secrets/r`);
  });

  test('a scheduled destruction is told when it is scheduled and again when it happens', async () => {
    seedX({ versionDestroyTtl: '86400s' });
    await rig.ask('POST', `${X}/versions/1:destroy`);
    expect(last()?.attributes['eventType']).toBe('SECRET_VERSION_DESTROY_SCHEDULED');
    expect(dataOf(last())).toMatchObject({ state: 'DISABLED', scheduledDestroyTime: expect.any(String) });
    rig.clock.advance(24 * HOUR_MS + 1);
    await rig.ask('GET', X);
    expect(last()?.attributes['eventType']).toBe('SECRET_VERSION_DESTROY');
    expect(dataOf(last())).toMatchObject({ state: 'DESTROYED' });
  });

  test('each topic gets its own copy, and a secret without topics tells nobody', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'quiet' });
    expect(rig.sent).toEqual([]);
    await rig.ask('PATCH', `projects/${PROJECT}/secrets/quiet?updateMask=topics`, {
      topics: [{ name: TOPIC }, { name: `${TOPIC}2` }],
    });
    expect(rig.sent.map(({ topic }) => topic)).toEqual([TOPIC, `${TOPIC}2`, TOPIC, `${TOPIC}2`]);
  });

  test('a create that is refused later has configured its topics all the same', async () => {
    await rig.ask('POST', `projects/${PROJECT}/secrets?secretId=y`, {
      ...AUTOMATIC,
      topics: [{ name: TOPIC }],
      labels: { BAD: '' },
    });
    expect(types()).toEqual(['TOPIC_CONFIGURED']);
    expect((await rig.ask('GET', `projects/${PROJECT}/secrets/y`)).status).toBe(404);
  });
});

describe('a grant that goes away', () => {
  test('lets writes succeed and delivers the events once it is back', async () => {
    seedX();
    const before = rig.sent.length;
    rig.setTopic(TOPIC, 'forbidden');
    expect((await rig.ask('POST', `${X}/versions/1:disable`)).status).toBe(200);
    expect((await rig.ask('POST', `${X}/versions/1:enable`)).status).toBe(200);
    expect(rig.sent.length).toBe(before);
    rig.setTopic(TOPIC, 'ok');
    await rig.ask('GET', X);
    expect(types().slice(before)).toEqual(['SECRET_VERSION_DISABLE', 'SECRET_VERSION_ENABLE']);
  });

  test('does not keep events for a topic that is gone', async () => {
    seedX();
    const before = rig.sent.length;
    rig.setTopic(TOPIC, 'missing');
    await rig.ask('POST', `${X}/versions/1:disable`);
    rig.setTopic(TOPIC, 'ok');
    await rig.ask('GET', X);
    expect(rig.sent.length).toBe(before);
  });
});

describe('rotation', () => {
  const rotation = { nextRotationTime: '2026-10-05T10:00:00Z', rotationPeriod: '86400s' };

  test('when due tells, shows the next time, moves the etag and changes no version', async () => {
    seedX({ rotation });
    const before = (await rig.ask('GET', X)).body;
    rig.clock.advance(HOUR_MS);
    const after = (await rig.ask('GET', X)).body;
    expect(after).toEqual({
      ...before,
      etag: expect.any(String),
      rotation: { nextRotationTime: '2026-10-06T10:00:00Z', rotationPeriod: '86400s' },
    });
    expect(after['etag']).not.toBe(before['etag']);
    expect(last()?.attributes).toEqual({
      dataFormat: 'JSON_API_V1',
      eventType: 'SECRET_ROTATE',
      secretId: S,
      timestamp: '2026-10-05T03:00:00-07:00',
    });
    expect(dataOf(last())).toEqual(after);
    expect((await rig.ask('GET', `${X}/versions`)).body['totalSize']).toBe(1);
  });

  test('without a period fires once and is dropped', async () => {
    seedX({ rotation: { nextRotationTime: '2026-10-05T10:00:00Z' } });
    rig.clock.advance(48 * HOUR_MS);
    expect((await rig.ask('GET', X)).body).not.toHaveProperty('rotation');
    expect(types().filter((type) => type === 'SECRET_ROTATE')).toHaveLength(1);
  });

  test('fires once for each period that passed, across the end of summer time', async () => {
    seedX({ rotation: { ...rotation, nextRotationTime: '2026-10-31T10:00:00Z' } });
    rig.clock.advance(Date.parse('2026-11-02T10:00:00Z') - START);
    await rig.ask('GET', X);
    expect(rig.sent.slice(-3).map(({ attributes }) => attributes['timestamp'])).toEqual([
      '2026-10-31T03:00:00-07:00',
      '2026-11-01T02:00:00-08:00',
      '2026-11-02T02:00:00-08:00',
    ]);
  });

  test('after a leap over many periods catches up with a bounded number', async () => {
    seedX({ rotation: { ...rotation, rotationPeriod: '3600s' } });
    rig.clock.advance(1000 * HOUR_MS);
    await rig.ask('GET', X);
    expect(types().filter((type) => type === 'SECRET_ROTATE').length).toBeLessThan(110);
    expect((await rig.ask('GET', X)).body).toMatchObject({ rotation: { nextRotationTime: '2026-11-16T02:00:00Z' } });
  });
});

describe('expiry', () => {
  test('deletes the secret for good and tells', async () => {
    seedX({ ttl: '3600s' });
    rig.clock.advance(HOUR_MS - 1);
    expect((await rig.ask('GET', X)).status).toBe(200);
    rig.clock.advance(1);
    expect((await rig.ask('GET', X)).status).toBe(404);
    expect(last()?.attributes).toMatchObject({
      eventType: 'SECRET_DELETE',
      deleteType: 'EXPIRATION',
      timestamp: '2026-10-05T03:00:00-07:00',
    });
  });

  test('ends a rotation schedule at its own time, not later', async () => {
    seedX({ ttl: '5400s', rotation: { nextRotationTime: '2026-10-05T10:00:00Z', rotationPeriod: '3600s' } });
    rig.clock.advance(10 * HOUR_MS);
    await rig.ask('GET', X);
    expect(types().slice(-2)).toEqual(['SECRET_ROTATE', 'SECRET_DELETE']);
  });
});
