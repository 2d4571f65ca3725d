import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hostOf, secretManagerClients } from '../../../src/edge/secret-manager/clients.ts';
import { closedPort } from '../../support/loopback.ts';

describe('the host of a location', () => {
  test('is the global one for global secrets', () => {
    expect(hostOf('global')).toBe('secretmanager.googleapis.com');
  });

  test('is one of its own for each region', () => {
    expect(hostOf('europe-west1')).toBe('secretmanager.europe-west1.rep.googleapis.com');
  });
});

describe('clients', () => {
  test('are made once per host and shared by all locations of one', async () => {
    const clients = secretManagerClients({ url: `http://127.0.0.1:${await closedPort()}` });
    const [one, two] = await Promise.all([clients.at('global'), clients.at('europe-west1')]);
    expect(two).toBe(one);
    await clients.close();
  });

  test('are closed, so that none asks again, and made anew after that', async () => {
    const clients = secretManagerClients({ url: `http://127.0.0.1:${await closedPort()}` });
    const before = await clients.at('global');
    await clients.close();
    await expect(before.getSecret({ name: 'projects/1/secrets/x' })).rejects.not.toMatchObject({ code: 14 });
    expect(await clients.at('global')).not.toBe(before);
    await clients.close();
  });
});

describe('without credentials', () => {
  const NAME = 'GOOGLE_APPLICATION_CREDENTIALS';
  const before = process.env[NAME];
  beforeEach(() => {
    process.env[NAME] = '/nonexistent/credentials.json';
  });
  afterEach(() => {
    if (before === undefined) delete process.env[NAME];
    else process.env[NAME] = before;
  });

  test('the call is refused and the process lives on', async () => {
    const clients = secretManagerClients({});
    await expect(clients.at('global')).rejects.toMatchObject({
      code: 'unauthenticated',
      message:
        'Cannot reach Secret Manager: there are no usable Google credentials. ' +
        'Run `gcloud auth application-default login`, or attach a service account to the function.',
    });
    await expect(clients.at('global')).rejects.toMatchObject({ code: 'unauthenticated' });
    await clients.close();
  });

  test('closing while a client fails to open is quiet', async () => {
    const clients = secretManagerClients({});
    const opening = clients.at('europe-west1');
    await clients.close();
    await expect(opening).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('while the library would print every answer', () => {
  const NAME = 'GOOGLE_SDK_NODE_LOGGING';
  afterEach(() => {
    delete process.env[NAME];
  });

  test('no client is made, and one is made as soon as it would not (I9)', async () => {
    const clients = secretManagerClients({ url: `http://127.0.0.1:${await closedPort()}` });
    process.env[NAME] = 'secret-manager';
    await expect(clients.at('global')).rejects.toMatchObject({
      code: 'invalid',
      message: `Secret Manager is not used while ${NAME} is set: Google's library would print new keys. Unset it.`,
    });
    delete process.env[NAME];
    await expect(clients.at('global')).resolves.toBeDefined();
    await clients.close();
  });
});
