import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

const TOPIC = `projects/${PROJECT}/topics/orders`;
const KEY = 'projects/p/locations/global/keyRings/r/cryptoKeys/k';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

const create = (topic: object) => cloud.ask('PUT', `/v1/${TOPIC}`, { body: topic });
const patch = (topic: object, updateMask: string) =>
  cloud.ask('PATCH', `/v1/${TOPIC}`, { body: { topic: { name: TOPIC, ...topic }, updateMask } });

const FULL = {
  labels: { team: 'search' },
  messageRetentionDuration: '600s',
  messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'], enforceInTransit: true },
  kmsKeyName: KEY,
};

test('every field that is taken is kept and shown, and can be changed alone', async () => {
  expect((await create(FULL)).json()).toEqual({ name: TOPIC, ...FULL });
  expect((await cloud.ask('GET', `/v1/${TOPIC}`)).json()).toEqual({ name: TOPIC, ...FULL });
  const messageStoragePolicy = { allowedPersistenceRegions: ['us-east1'] };
  expect((await patch({ messageStoragePolicy }, 'message_storage_policy')).json()).toEqual({
    name: TOPIC,
    ...FULL,
    messageStoragePolicy,
  });
  expect((await patch({}, 'kmsKeyName,labels')).json()).not.toHaveProperty('kmsKeyName');
});

test.each([
  [{ messageRetentionDuration: '599s' }, 'message_retention_duration'],
  [{ messageRetentionDuration: '2678401s' }, 'message_retention_duration'],
  [{ kmsKeyName: 'my-key' }, 'kms_key_name'],
  [{ messageStoragePolicy: { allowedPersistenceRegions: ['atlantis-east1'] } }, 'allowed_persistence_regions'],
  [{ labels: { Team: 'a' } }, 'labels'],
])('%j is refused', async (topic, argument) => {
  expect((await create(topic)).json()).toMatchObject({
    error: { code: 400, message: expect.stringContaining(argument) },
  });
});

test.each([
  ['schemaSettings', { schema: 'projects/p/schemas/s' }],
  ['ingestionDataSourceSettings', { awsKinesis: {} }],
  ['messageTransforms', [{ disabled: true }]],
  ['tags', { 'tagKeys/1': 'tagValues/1' }],
])('%s is not served', async (field, value) => {
  expect((await create({ [field]: value })).json()).toMatchObject({
    error: { code: 501, message: expect.stringContaining(`Topic.${field}`) },
  });
});

test.each(['name', 'schema_settings', 'nothing', ''])('a mask of %j is refused', async (mask) => {
  await create({});
  expect((await patch({}, mask)).status).toBe(400);
});
