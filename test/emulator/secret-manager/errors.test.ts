import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AUTOMATIC,
  base64,
  invalid,
  notFound,
  NUMBER,
  precondition,
  PROJECT,
  refusal,
  startRig,
  textOf,
  type Heard,
  type Rig,
} from '../../support/secret-manager-rig.ts';

const ROOT = `projects/${PROJECT}`;
const S = `projects/${NUMBER}/secrets/x`;
const X = `${ROOT}/secrets/x`;
const TOPIC = `${ROOT}/topics/t`;
const DAY = 86_400_000;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => {
  rig.vault.reset();
  rig.setTopic(TOPIC, 'ok');
});
afterAll(() => rig.close());

/** One version, enabled, in a secret called x. */
function seedX(): void {
  rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'] });
}

function patch(body: object, mask: string): Promise<Heard> {
  return rig.ask('PATCH', `${X}?updateMask=${mask}`, body);
}

function create(body: object, id = 'y'): Promise<Heard> {
  return rig.ask('POST', `${ROOT}/secrets?secretId=${id}`, { ...AUTOMATIC, ...body });
}

const at = (millisecondsAhead: number): string => new Date(rig.clock.now() + millisecondsAhead).toISOString();
const entries = (count: number, value: unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));

interface Row {
  readonly situation: string;
  /** Called with the secret x and its one enabled version in place. */
  readonly act: () => Promise<Heard>;
  readonly answer: Heard;
}

const STALE =
  "The etag provided in the request does not match the resource's current etag. Please retry the whole read-modify-write with exponential backoff.";
const BAD = 'Request contains an invalid argument.';
const LABEL_KEY = '[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}';
const LABEL_VALUE = '[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}';
const ANNOTATION_RULE =
  'must follow pattern [a-z0-9A-Z]+([_\\.\\-]*[a-z0-9A-Z]+)*), be less than 64 characters, and must have a UTF encoding of less than 128 bytes';
const ALIAS_RULE =
  'must follow pattern [a-zA-Z][a-Aa-Z0-9_-]+, be less than 64 characters and cannot be "latest" or "NEW"';
const AGENT = `service-${NUMBER}@gcp-sa-secretmanager.iam.gserviceaccount.com`;

const after = async (move: string, act: () => Promise<Heard>): Promise<Heard> => {
  await rig.ask('POST', `${X}/versions/1:${move}`);
  return act();
};
const access = (ref: string): Promise<Heard> => rig.ask('GET', `${X}/versions/${ref}:access`);
const move = (ref: string, verb: string): Promise<Heard> => rig.ask('POST', `${X}/versions/${ref}:${verb}`);
const rotated = (rotation: object): object => ({ topics: [{ name: TOPIC }], rotation });

const ROWS: readonly Row[] = [
  {
    situation: 'access to a disabled version by number',
    act: () => after('disable', () => access('1')),
    answer: precondition(`Secret Version [${S}/versions/1] is in DISABLED state.`),
  },
  {
    situation: 'access to a disabled version as latest, under its resolved number',
    act: () => after('disable', () => access('latest')),
    answer: precondition(`Secret Version [${S}/versions/1] is in DISABLED state.`),
  },
  {
    situation: 'access to a destroyed version by alias, under its resolved number',
    act: async () => {
      await patch({ versionAliases: { current: '1' } }, 'version_aliases');
      return after('destroy', () => access('current'));
    },
    answer: precondition(`Secret Version [${S}/versions/1] is in DESTROYED state.`),
  },
  ...['destroy', 'enable', 'disable'].map((verb) => ({
    situation: `${verb} of a destroyed version`,
    act: () => after('destroy', () => move('1', verb)),
    answer: precondition('SecretVersion.state is already DESTROYED'),
  })),
  {
    situation: 'a second destroy during the delay',
    act: async () => {
      await patch({ versionDestroyTtl: '86400s' }, 'version_destroy_ttl');
      return after('destroy', () => move('1', 'destroy'));
    },
    answer: precondition('SecretVersion is already scheduled for DESTRUCTION.'),
  },
  { situation: 'a stale etag on update', act: () => patch({ etag: '"1"' }, ''), answer: precondition(STALE) },
  {
    situation: 'a stale etag on delete',
    act: () => rig.ask('DELETE', `${X}?etag=%221%22`),
    answer: precondition(STALE),
  },
  ...['destroy', 'enable', 'disable'].map((verb) => ({
    situation: `a stale etag on ${verb}`,
    act: () => rig.ask('POST', `${X}/versions/1:${verb}`, { etag: '"1"' }),
    answer: precondition(STALE),
  })),
  ...['destroy', 'enable', 'disable'].flatMap((verb) =>
    ['latest', 'current'].map((ref) => ({
      situation: `${verb} of ${ref}`,
      act: async () => {
        await patch({ versionAliases: { current: 1 } }, 'version_aliases');
        return move(ref, verb);
      },
      answer: invalid(
        `The provided Secret Version ID [${S}/versions/${ref}] does not match the expected format [projects/*/secrets/*/versions*]`,
      ),
    })),
  ),
  {
    situation: 'a missing secret',
    act: () => rig.ask('GET', `${ROOT}/secrets/nope`),
    answer: notFound(`Secret [projects/${NUMBER}/secrets/nope] not found.`),
  },
  {
    situation: 'a number out of range',
    act: () => access('9'),
    answer: notFound(`Secret Version [${S}/versions/9] not found.`),
  },
  {
    situation: 'enable of a number out of range',
    act: () => move('9', 'enable'),
    answer: notFound(`Secret Version [${S}/versions/9] not found.`),
  },
  {
    situation: 'latest with no versions',
    act: async () => {
      await create({});
      return rig.ask('GET', `${ROOT}/secrets/y/versions/latest`);
    },
    answer: notFound(`Secret Version [projects/${NUMBER}/secrets/y/versions/latest] not found.`),
  },
  { situation: 'an unknown alias', act: () => access('nope'), answer: notFound(`Secret [${S}] has no alias [nope]`) },
  {
    situation: 'create twice',
    act: () => create({}, 'x'),
    answer: refusal(409, 'ALREADY_EXISTS', `Secret [${S}] already exists.`),
  },
  {
    situation: 'create without id',
    act: () => rig.ask('POST', `${ROOT}/secrets`, AUTOMATIC),
    answer: invalid('Secret ID must be provided.'),
  },
  {
    situation: 'create with an empty id',
    act: () => create({}, ''),
    answer: invalid('Secret ID must be provided.'),
  },
  {
    situation: 'create with a malformed id',
    act: () => create({}, 'a.b'),
    answer: invalid(expect.stringContaining('[a.b]')),
  },
  {
    situation: 'replication missing on a global secret',
    act: () => rig.ask('POST', `${ROOT}/secrets?secretId=y`, {}),
    answer: invalid('Secret.replication must be provided.'),
  },
  {
    situation: 'replication present on a regional secret',
    act: () => rig.ask('POST', `${ROOT}/locations/us-east1/secrets?secretId=y`, AUTOMATIC),
    answer: invalid('Secret.replication should not be provided.'),
  },
  ...[{}, { payload: {} }, { payload: { data: '' } }].map((body) => ({
    situation: `the empty payload ${JSON.stringify(body)}`,
    act: () => rig.ask('POST', `${X}:addVersion`, body),
    answer: invalid('SecretPayload.data must not be empty.'),
  })),
  {
    situation: 'a wrong checksum on add',
    act: () => rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('two'), dataCrc32c: '1' } }),
    answer: invalid('Provided SecretPayload.data crc32c does not match calculated crc32c.'),
  },
  {
    situation: 'a payload over 65,536 bytes',
    act: () => rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('x'.repeat(65_537)) } }),
    answer: invalid(expect.any(String)),
  },
  { situation: 'no mask', act: () => rig.ask('PATCH', X, {}), answer: invalid('Field [update_mask] is required.') },
  ...['*', 'nope', 'labels.team', 'annotations.a', 'version_aliases.current', 'labels,,topics', 'secret.labels'].map(
    (mask) => ({ situation: `the mask ${mask}`, act: () => patch({}, mask), answer: invalid(BAD) }),
  ),
  {
    situation: 'another place of replication',
    act: () => patch({ replication: { userManaged: { replicas: [{ location: 'us-east1' }] } } }, 'replication'),
    answer: invalid(BAD),
  },
  ...['secret_type', 'policy_member'].map((path) => ({
    situation: `the immutable path ${path}`,
    act: () => patch({}, path),
    answer: invalid(`Field '${path}' is immutable and cannot be updated.`),
  })),
  ...[[], [{}], [{ location: 'us-east1' }, { location: 'us-east1' }]].map((replicas) => ({
    situation: `replication to ${JSON.stringify(replicas)}`,
    act: () => rig.ask('POST', `${ROOT}/secrets?secretId=y`, { replication: { userManaged: { replicas } } }),
    answer: invalid('Request contains an invalid argument.'),
  })),
  {
    situation: 'an unknown JSON field',
    act: () => create({ x: 1 }),
    answer: invalid(`Invalid JSON payload received. Unknown name "x" at 'secret': Cannot find field.`),
  },
  {
    situation: 'an alias to a missing version',
    act: () => patch({ versionAliases: { current: '2' } }, 'version_aliases'),
    answer: invalid("Aliases cannot be assigned to versions that don't exist"),
  },
  {
    situation: 'any alias on create',
    act: () => create({ versionAliases: { current: '1' } }),
    answer: invalid("Aliases cannot be assigned to versions that don't exist"),
  },
  {
    situation: '51 aliases',
    act: () => patch({ versionAliases: entries(51, '1') }, 'version_aliases'),
    answer: invalid('No more than 50 aliases can be assgined to any given secret'),
  },
  ...['latest', 'NEW', '1a', 'a.b', '', 'ü', 'a'.repeat(64)].map((alias) => ({
    situation: `the alias "${alias}"`,
    act: () => patch({ versionAliases: { [alias]: '1' } }, 'version_aliases'),
    answer: invalid(`[${alias}] ${ALIAS_RULE}`),
  })),
  {
    situation: '65 labels',
    act: () => patch({ labels: entries(65, 'v') }, 'labels'),
    answer: invalid('Invalid field "labels"; at most 64 entries allowed but found 65'),
  },
  ...['Team', '1a', '', 'a.b'].map((key) => ({
    situation: `the label key "${key}"`,
    act: () => patch({ labels: { [key]: 'v' } }, 'labels'),
    answer: invalid(`Invalid field "labels"; key "${key}" does not conform to regular expression "${LABEL_KEY}"`),
  })),
  {
    situation: 'a label key of 64 characters',
    act: () => patch({ labels: { ['k'.repeat(64)]: 'v' } }, 'labels'),
    answer: invalid(`Invalid field "labels"; key "${'k'.repeat(64)}" exceeds maximum character length 63`),
  },
  {
    situation: 'a label key of 129 bytes',
    act: () => patch({ labels: { ['ア'.repeat(43)]: 'v' } }, 'labels'),
    answer: invalid(`Invalid field "labels"; key "${'ア'.repeat(43)}" exceeds maximum byte length 128`),
  },
  {
    situation: 'a label value in capitals',
    act: () => patch({ labels: { team: 'Search' } }, 'labels'),
    answer: invalid(
      `Invalid field "labels.team"; value "Search" does not conform to regular expression "${LABEL_VALUE}"`,
    ),
  },
  {
    situation: 'a label value of 64 characters',
    act: () => patch({ labels: { team: 'v'.repeat(64) } }, 'labels'),
    answer: invalid(`Invalid field "labels.team"; value "${'v'.repeat(64)}" exceeds maximum value length 63`),
  },
  {
    situation: 'a label value of 129 bytes',
    act: () => patch({ labels: { team: 'ア'.repeat(43) } }, 'labels'),
    answer: invalid(`Invalid field "labels.team"; value "${'ア'.repeat(43)}" exceeds maximum byte length 128`),
  },
  ...['', '.a', 'a.', 'a/b', 'ü', 'a'.repeat(65)].map((key) => ({
    situation: `the annotation key "${key}"`,
    act: () => patch({ annotations: { [key]: 'v' } }, 'annotations'),
    answer: invalid(`[${key}] ${ANNOTATION_RULE}`),
  })),
  {
    situation: 'annotations of 16,385 bytes',
    act: () => patch({ annotations: { k: 'ä'.repeat(8192) } }, 'annotations'),
    answer: invalid('Annotation map must not exceed 16kib.'),
  },
  ...[{ ttl: '59s' }, { ttl: '-1s' }, { expireTime: '2026-10-05T09:00:59.999999Z' }].map((body) => ({
    situation: `the expiry ${JSON.stringify(body)}, too soon`,
    act: () => create(body),
    answer: invalid('Expiration time must be at least [1m] in the future.'),
  })),
  ...[{ ttl: '3153600001s' }, { expireTime: '9999-01-01T00:00:00Z' }].map((body) => ({
    situation: `the expiry ${JSON.stringify(body)}, too late`,
    act: () => patch(body, 'ttl,expire_time'),
    answer: invalid('Expiration time cannot be more than [876000h] from now.'),
  })),
  {
    situation: 'both ttl and expire_time',
    act: () => create({ ttl: '3600s', expireTime: '2027-01-01T00:00:00Z' }),
    answer: invalid(
      `Invalid value at 'secret' (oneof), oneof field 'expiration' is already set. Cannot set 'expireTime'`,
    ),
  },
  {
    situation: 'a destroy delay under a day',
    act: () => patch({ versionDestroyTtl: '86399s' }, 'version_destroy_ttl'),
    answer: invalid('Version destroy TTL must be at least [24h].'),
  },
  {
    situation: 'a destroy delay over 1,000 days',
    act: () => create({ versionDestroyTtl: '86400001s' }),
    answer: invalid('Version destroy TTL cannot be more than [24000h].'),
  },
  {
    situation: '11 topics',
    act: () => create({ topics: Array.from({ length: 11 }, (_, index) => ({ name: `${TOPIC}${index}` })) }),
    answer: invalid('No more than 10 topics can be configured on a secret.'),
  },
  {
    situation: 'the same topic twice',
    act: () => create({ topics: [{ name: TOPIC }, { name: TOPIC }] }),
    answer: invalid('Topics must have distinct names.'),
  },
  ...['t', 'topics/t', `${TOPIC}/x`, ''].map((name) => ({
    situation: `the topic name "${name}"`,
    act: () => patch({ topics: [{ name }] }, 'topics'),
    answer: invalid(`Failed to Publish to topic [${name}], got an error from Pub/Sub.`),
  })),
  {
    situation: 'a missing topic',
    act: () => {
      rig.setTopic(TOPIC, 'missing');
      return create({ topics: [{ name: TOPIC }] });
    },
    answer: notFound(`Topic [${TOPIC}] not found.`),
  },
  {
    situation: 'a topic the service agent may not publish to',
    act: () => {
      rig.setTopic(TOPIC, 'forbidden');
      return create({ topics: [{ name: TOPIC }] });
    },
    answer: precondition(
      `Permission 'pubsub.topics.publish' denied for ${AGENT} for pubsub topic: ${TOPIC} or the topic doesn't exist. Grant the 'pubsub.topic.publish' permission (or 'roles/pubsub.publisher') on this topic to ${AGENT}.`,
    ),
  },
  {
    situation: 'rotation without topics',
    act: () => create({ rotation: { nextRotationTime: at(DAY) } }),
    answer: invalid('There must be at least one topic configured when a Rotation policy is set.'),
  },
  {
    situation: 'taking the last topic from under a rotation',
    act: async () => {
      await create(rotated({ nextRotationTime: at(DAY) }));
      return rig.ask('PATCH', `${ROOT}/secrets/y?updateMask=topics`, {});
    },
    answer: invalid('There must be at least one topic configured when a Rotation policy is set.'),
  },
  {
    situation: 'a next rotation in 299 seconds',
    act: () => create(rotated({ nextRotationTime: at(299_999) })),
    answer: invalid('Next rotation time must be at least [5m] in the future.'),
  },
  {
    situation: 'a next rotation in over 100 years',
    act: () => create(rotated({ nextRotationTime: '2127-01-01T00:00:00Z' })),
    answer: invalid('Next rotation time cannot be more than [876000h] from now.'),
  },
  {
    situation: 'a period under an hour',
    act: () => create(rotated({ nextRotationTime: at(DAY), rotationPeriod: '3599s' })),
    answer: invalid('Rotation period cannot be shorter than [1h].'),
  },
  {
    situation: 'a period over 100 years',
    act: () => create(rotated({ nextRotationTime: at(DAY), rotationPeriod: '3153600001s' })),
    answer: invalid(expect.stringContaining('[876000h]')),
  },
  {
    situation: 'a period without a time',
    act: () => create(rotated({ rotationPeriod: '3600s' })),
    answer: precondition('Next rotation time must be set while the rotation period is set.'),
  },
  {
    situation: 'no permission',
    act: () => {
      rig.iam.register('stranger', 'stranger@test-proj.iam.gserviceaccount.com');
      return rig.ask('GET', `${X}/versions/latest:access`, undefined, 'stranger');
    },
    answer: refusal(
      403,
      'PERMISSION_DENIED',
      `Permission 'secretmanager.versions.access' denied for resource '${X}/versions/latest' (or it may not exist).`,
    ),
  },
  {
    situation: 'a stale IAM policy etag',
    act: () => rig.ask('POST', `${X}:setIamPolicy`, { policy: { etag: 'BwAAAAAAAAE=' } }),
    answer: refusal(409, 'ABORTED', expect.any(String)),
  },
];

describe('what Secret Manager refuses, and how', () => {
  test.each(ROWS)('$situation', async ({ act, answer }) => {
    seedX();
    expect(await act()).toMatchObject(answer);
  });
});

describe('what lies just inside the limits', () => {
  test.each([
    ['50 aliases', 'version_aliases', { versionAliases: entries(50, '1') }],
    ['an alias of 63 characters', 'version_aliases', { versionAliases: { ['a'.repeat(63)]: '1' } }],
    ['Latest and new, which only look reserved', 'version_aliases', { versionAliases: { Latest: '1', new: 1 } }],
    ['64 labels', 'labels', { labels: entries(64, 'v') }],
    ['a label of 63 characters with an empty value', 'labels', { labels: { ['k'.repeat(63)]: '' } }],
    ['a label in another script', 'labels', { labels: { 'ア-1': '値_2' } }],
    ['an annotation key of 64 characters', 'annotations', { annotations: { ['K'.repeat(64)]: '' } }],
    ['annotations of 16,384 bytes with newlines', 'annotations', { annotations: { 'k.a_b-c': '\n'.repeat(16_377) } }],
    ['a life of one minute', 'ttl', { ttl: '60s' }],
    ['a life of 100 years', 'ttl', { ttl: '3153600000s' }],
    ['a destroy delay of a day', 'version_destroy_ttl', { versionDestroyTtl: '86400s' }],
    ['a destroy delay of 1,000 days', 'version_destroy_ttl', { versionDestroyTtl: '86400000s' }],
    [
      '10 topics',
      'topics',
      { topics: Array.from({ length: 10 }, (_, index) => ({ name: `projects/p/topics/t${index}` })) },
    ],
    [
      'a rotation in five minutes, every hour',
      'topics,rotation',
      rotated({ nextRotationTime: '2026-10-05T09:05:00Z', rotationPeriod: '3600s' }),
    ],
  ])('%s', async (_, mask, body) => {
    seedX();
    expect((await patch(body, mask)).status).toBe(200);
  });

  test('a payload of 65,536 bytes of any value comes back unchanged', async () => {
    seedX();
    const data = base64(Uint8Array.from({ length: 65_536 }, (_, index) => index));
    await rig.ask('POST', `${X}:addVersion`, { payload: { data } });
    expect((await access('2')).body).toMatchObject({ payload: { data } });
  });
});

describe('order of checks', () => {
  test('a refused add stores nothing', async () => {
    seedX();
    await rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('two'), dataCrc32c: '1' } });
    expect(await access('2')).toEqual(notFound(`Secret Version [${S}/versions/2] not found.`));
  });

  test('a missing version is 404 even under a stale etag', async () => {
    seedX();
    expect((await rig.ask('POST', `${X}/versions/9:disable`, { etag: '"1"' })).status).toBe(404);
  });

  test('a missing secret is 404 even under a stale etag and without a mask', async () => {
    expect((await rig.ask('PATCH', `${ROOT}/secrets/nope`, { etag: '"1"' })).status).toBe(404);
  });

  test('a stale etag is told before the state of the version', async () => {
    seedX();
    expect(await after('destroy', () => rig.ask('POST', `${X}/versions/1:enable`, { etag: '"1"' }))).toEqual(
      precondition(STALE),
    );
  });

  test('a stale etag is told before the missing mask', async () => {
    seedX();
    expect(await rig.ask('PATCH', X, { etag: '"1"' })).toEqual(precondition(STALE));
  });

  test('a refused patch changes nothing, not even the etag', async () => {
    seedX();
    const before = await rig.ask('GET', X);
    await patch({ labels: { team: 'search' }, annotations: { '.': '' } }, 'labels,annotations');
    expect(await rig.ask('GET', X)).toEqual(before);
  });

  test('a caller without the permission is told 403 for a missing secret too', async () => {
    rig.iam.register('stranger', 'stranger@test-proj.iam.gserviceaccount.com');
    const heard = await rig.ask('DELETE', `${ROOT}/secrets/nope`, undefined, 'stranger');
    const message = `Permission 'secretmanager.secrets.delete' denied for resource '${ROOT}/secrets/nope' (or it may not exist).`;
    expect(heard).toMatchObject({ status: 403, body: { error: { status: 'PERMISSION_DENIED', message } } });
  });

  test('the etag that was read lets a write through once', async () => {
    seedX();
    const etag = textOf(await rig.ask('GET', X), 'etag');
    expect((await patch({ etag, labels: { a: 'b' } }, 'labels')).status).toBe(200);
    expect(await patch({ etag, labels: { a: 'c' } }, 'labels')).toEqual(precondition(STALE));
  });
});
