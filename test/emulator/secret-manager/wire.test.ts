import { Buffer } from 'node:buffer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AUTOMATIC, base64, invalid, NUMBER, PROJECT, startRig, type Rig } from '../../support/secret-manager-rig.ts';

const ROOT = `projects/${PROJECT}`;
const X = `${ROOT}/secrets/x`;
const X_NAME = `projects/${NUMBER}/secrets/x`;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.vault.reset());
afterAll(() => rig.close());

describe('bodies nobody can read', () => {
  const ROOT_FAULT = 'Invalid JSON payload received. Unknown name "": Root element must be a message.';

  test.each<[string, string, string]>([
    ['{', 'secrets?secretId=y', 'Invalid JSON payload received. Unexpected token.'],
    ['[]', 'secrets?secretId=y', ROOT_FAULT],
    ['null', 'secrets/x:addVersion', ROOT_FAULT],
    ['"text"', 'secrets/x:addVersion', ROOT_FAULT],
    ['{"x":1}', 'secrets/x:addVersion', 'Invalid JSON payload received. Unknown name "x": Cannot find field.'],
    [
      '{"__proto__":1}',
      'secrets/x:addVersion',
      'Invalid JSON payload received. Unknown name "__proto__": Cannot find field.',
    ],
    [
      '{"payload":{"y":1,"z":2}}',
      'secrets/x:addVersion',
      `Invalid JSON payload received. Unknown name "y" at 'payload': Cannot find field.\n` +
        `Invalid JSON payload received. Unknown name "z" at 'payload': Cannot find field.`,
    ],
    [
      '{"rotation":{"x":1}}',
      'secrets?secretId=y',
      `Invalid JSON payload received. Unknown name "x" at 'secret.rotation': Cannot find field.`,
    ],
    [
      '{"topics":[{"name":"projects/p/topics/t"},{"x":1}]}',
      'secrets?secretId=y',
      `Invalid JSON payload received. Unknown name "x" at 'secret.topics[1]': Cannot find field.`,
    ],
    ['{"etag":7}', 'secrets/x/versions/1:enable', "Invalid value at 'etag' (TYPE_STRING), 7"],
    [
      '{"payload":7}',
      'secrets/x:addVersion',
      "Invalid value at 'payload' (type.googleapis.com/google.cloud.secretmanager.v1.SecretPayload), 7",
    ],
    [
      '{"payload":{"data":7}}',
      'secrets/x:addVersion',
      "Invalid value at 'payload.data' (TYPE_BYTES), Base64 decoding failed",
    ],
    [
      '{"payload":{"data":"YQ==","dataCrc32c":"x"}}',
      'secrets/x:addVersion',
      `Invalid value at 'payload.data_crc32c' (TYPE_INT64), "x"`,
    ],
    [
      '{"labels":[]}',
      'secrets?secretId=y',
      `Invalid JSON payload received. Unknown name "labels" at 'secret': Proto field is not repeating, cannot start list.`,
    ],
    ['{"labels":{"a":1}}', 'secrets?secretId=y', "Invalid value at 'secret.labels[0].value' (TYPE_STRING), 1"],
    ['{"ttl":{}}', 'secrets?secretId=y', "Invalid value at 'secret' (ttl), Starting an object on a scalar field"],
    ['{"etag":{}}', 'secrets/x/versions/1:enable', 'Invalid value (etag), Starting an object on a scalar field'],
    [
      '{"payload":{"data":"YQ=="},"x":'.concat('['.repeat(200), ']'.repeat(200), '}'),
      'secrets/x:addVersion',
      'Invalid JSON payload received. Message too deep.',
    ],
    [
      '{"expireTime":"tomorrow"}',
      'secrets?secretId=y',
      `Invalid value at 'secret.expire_time' (type.googleapis.com/google.protobuf.Timestamp), "tomorrow"`,
    ],
    [
      '{"expireTime":"2026-13-45T00:00:00Z"}',
      'secrets?secretId=y',
      `Invalid value at 'secret.expire_time' (type.googleapis.com/google.protobuf.Timestamp), "2026-13-45T00:00:00Z"`,
    ],
    [
      '{"ttl":3600}',
      'secrets?secretId=y',
      "Invalid value at 'secret.ttl' (type.googleapis.com/google.protobuf.Duration), 3600",
    ],
    [
      '{"secretType":"NOPE"}',
      'secrets?secretId=y',
      `Invalid value at 'secret.secret_type' (type.googleapis.com/google.cloud.secretmanager.v1.Secret.SecretType), "NOPE"`,
    ],
    [
      '{"versionAliases":{"a":1.5}}',
      'secrets?secretId=y',
      "Invalid value at 'secret.version_aliases[0].value' (TYPE_INT64), 1.5",
    ],
  ])('%s', async (body, path, message) => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'] });
    const heard = await rig.ask('POST', `${ROOT}/${path}`, body);
    expect(heard).toMatchObject(invalid(message));
    const [violations] = [heard.body['error']].map(
      (error) =>
        (error as { details: readonly { fieldViolations: readonly { description: string }[] }[] }).details[0]
          ?.fieldViolations ?? [],
    );
    expect(violations?.map(({ description }) => description).join('\n')).toBe(message);
  });

  test('each flaw is named in the details with the message that it is in', async () => {
    const heard = await rig.ask('POST', `${ROOT}/secrets?secretId=y`, { rotation: { x: 1 }, y: 2 });
    const unknown = (name: string, at: string) =>
      `Invalid JSON payload received. Unknown name "${name}" at '${at}': Cannot find field.`;
    expect(heard.body).toMatchObject({
      error: {
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [
              { field: 'secret.rotation', description: unknown('x', 'secret.rotation') },
              { field: 'secret', description: unknown('y', 'secret') },
            ],
          },
        ],
      },
    });
  });

  test.each(['foo=bar', 'secretID=z', 'updateMask=labels', 'update_mask=labels'])(
    'a query with %s is refused by name',
    async (stray) => {
      const [name] = stray.split('=');
      const heard = await rig.ask('POST', `${ROOT}/secrets?secretId=y&${stray}`, AUTOMATIC);
      expect(heard).toMatchObject(
        invalid(
          `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
        ),
      );
    },
  );

  test('one over the front end’s bound gets 413 in the same envelope', async () => {
    const heard = await rig.ask('POST', `${X}:addVersion`, Buffer.alloc(10 * 1024 * 1024 + 1, 'a').toString());
    expect(heard).toMatchObject({ status: 413, body: { error: { code: 413, status: 'INVALID_ARGUMENT' } } });
  });
});

describe('paths and methods nobody serves', () => {
  test.each([
    ['GET', 'secrets/'],
    ['GET', 'secrets/x/'],
    ['GET', 'secrets/x/nope'],
    ['GET', 'secrets/x/versions/1/more'],
    ['GET', 'secrets/x:nope'],
    ['GET', 'secrets/x:'],
    ['GET', 'secrets/x:addVersion'],
    ['PUT', 'secrets/x'],
    ['PATCH', 'secrets/x/versions/1'],
    ['DELETE', 'secrets/x/versions/1'],
    ['POST', 'secrets/x/versions/1:access'],
    ['POST', 'locations'],
    ['GET', 'locations/us-east1/nope'],
  ])('%s %s gets the page of Google’s front end', async (method, path) => {
    const heard = await fetch(`${rig.url}/v1/${ROOT}/${path}`, { method });
    expect([heard.status, heard.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(await heard.text()).toContain(
      `The requested URL <code>/v1/${ROOT}/${path}</code> was not found on this server.`,
    );
  });

  test('a path of another API is left to it', () => {
    const request = {
      method: 'GET',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
      callerIp: '',
    };
    for (const path of ['/v1/projects/p/topics', '/v2/projects/p/locations/global/keys', '/v1/projects/p', '/'])
      expect(rig.vault.answer({ ...request, path })).toBeUndefined();
  });

  test.each(['secrets/%', 'secrets/a%2Fb', 'secrets/x/versions/a%2Fb'])('the name %s is refused', async (path) => {
    expect(await rig.ask('GET', `${ROOT}/${path}`)).toEqual(invalid('Request contains an invalid argument.'));
  });

  test('a percent-encoded name is the same name', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x' });
    expect((await rig.ask('GET', `${ROOT}/secrets/%78`)).status).toBe(200);
  });

  test('a secret called "versions" or "secrets" is a secret like any other', async () => {
    for (const secretId of ['versions', 'secrets']) rig.vault.seed({ project: PROJECT, secretId, payloads: ['one'] });
    expect((await rig.ask('GET', `${ROOT}/secrets/versions`)).body).toHaveProperty('replication');
    expect((await rig.ask('GET', `${ROOT}/secrets/secrets/versions/1:access`)).status).toBe(200);
  });
});

describe('the system parameter fields', () => {
  test.each([
    ['name', { name: X_NAME }],
    ['labels/team', { labels: { team: 'a' } }],
    ['labels(team,tier),name', { name: X_NAME, labels: { team: 'a', tier: 'b' } }],
    ['replication/*', { replication: { automatic: {} } }],
    ['expireTime', {}],
  ])('%s leaves %j of a secret', async (fields, left) => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', labels: { team: 'a', tier: 'b', more: 'c' } });
    expect((await rig.ask('GET', `${X}?fields=${fields}`)).body).toEqual(left);
    expect((await rig.ask('GET', `${ROOT}/secrets?fields=secrets(${fields})`)).body).toEqual({ secrets: [left] });
  });

  test.each(['a(', 'a,', '(a)', 'a/', 'a)b', 'a b', '!'])('%s cannot be read', async (fields) => {
    rig.vault.seed({ project: PROJECT, secretId: 'x' });
    const heard = await rig.ask('GET', `${X}?fields=${encodeURIComponent(fields)}`);
    expect(heard).toEqual(invalid('Request contains an invalid argument.'));
  });

  test('says nothing about a refusal', async () => {
    expect((await rig.ask('GET', `${X}?fields=name`)).body).toHaveProperty('error.message');
  });
});

describe('forms of the same thing', () => {
  test('fields in snake_case, null for unset, url-safe base64, system parameters', async () => {
    const created = await rig.ask('POST', `${ROOT}/secrets?secret_id=y&prettyPrint=false&$alt=json&quotaUser=me`, {
      ...AUTOMATIC,
      version_destroy_ttl: '86400s',
      labels: null,
      topics: null,
      rotation: null,
      annotations: null,
      expireTime: null,
      ttl: null,
      etag: null,
      secretType: null,
      versionAliases: null,
    });
    expect(created.body).toMatchObject({ versionDestroyTtl: '86400s' });
    const payload = { data: '-_8', data_crc32c: null };
    expect((await rig.ask('POST', `${ROOT}/secrets/y:addVersion`, { payload })).status).toBe(200);
    const read = await rig.ask('GET', `${ROOT}/secrets/y/versions/1:access`);
    expect(read.body).toMatchObject({ payload: { data: base64(Uint8Array.of(0xfb, 0xff)) } });
  });

  test('enums come as numbers when asked for, in single answers and in lists', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one', 'two'], more: { secretType: 'OTHER' } });
    await rig.ask('POST', `${X}/versions/1:disable`);
    const int = '$alt=json%3Benum-encoding=int';
    expect((await rig.ask('GET', `${X}?${int}`)).body['secretType']).toBe(50);
    expect((await rig.ask('GET', `${X}/versions/1?${int}`)).body['state']).toBe(2);
    expect((await rig.ask('GET', `${X}/versions?${int}`)).body).toMatchObject({
      versions: [{ state: 1 }, { state: 2 }],
    });
    expect((await rig.ask('GET', `${ROOT}/secrets?${int}`)).body).toMatchObject({ secrets: [{ secretType: 50 }] });
    expect((await rig.ask('GET', `${X}/versions/1?alt=json`)).body['state']).toBe('DISABLED');
  });

  test('a label called state is not taken for an enum', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', annotations: { state: 'ENABLED' } });
    const { body } = await rig.ask('GET', `${X}?$alt=json%3Benum-encoding=int`);
    expect(body['annotations']).toEqual({ state: 'ENABLED' });
  });
});
