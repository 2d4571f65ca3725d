import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { Fault } from '../../src/app/ports/fault.ts';
import type { Clock, MintOrder } from '../../src/app/ports/ports.ts';
import { instantOf, plusMs } from '../../src/core/values/time.ts';
import { apiKeysIssuer, type IssuerOptions } from '../../src/edge/api-keys/api-keys.ts';
import { NO_RESTRICTIONS } from '../../src/emulator/world/restrictions.ts';
import type { PretendCloudOptions } from '../../src/emulator/server/server.ts';
import { memoryIssuer, type MemoryIssuer } from '../support/twins/memory-issuer.ts';
import { issuerContract, type IssuerWorld } from './issuer.contract.ts';
import { pretendCloud } from '../support/cloud.ts';

const ORDER: MintOrder = {
  project: 'demo-project',
  keyId: 'kw-1',
  displayName: 'gemini',
  restrictions: {},
  annotations: { 'key-warden-rotation': 'kw-1' },
};

function memoryWorld(): Promise<IssuerWorld> {
  let now = instantOf(1_800_000_000_000);
  const issuer = memoryIssuer(() => now);
  return Promise.resolve({
    issuer,
    plant: (project, fields) => Promise.resolve(issuer.plant({ project, ...fields })),
    use: ({ name }) => issuer.use(name),
    advance(milliseconds) {
      now = plusMs(now, milliseconds);
    },
    close: () => Promise.resolve(),
  });
}

async function pretendWorld(options: PretendCloudOptions = {}, issuerOptions: Partial<IssuerOptions> = {}) {
  const cloud = await pretendCloud({
    base: () => 1_800_000_000_000,
    projects: { elsewhere: '999999999999' },
    printBugs: true,
    ...options,
  });
  const clock: Clock = {
    now: () => instantOf(cloud.clock.now()),
    sleep: (milliseconds) => Promise.resolve(cloud.clock.advance(milliseconds)),
  };
  const issuer = apiKeysIssuer({ url: cloud.url, clock, random: () => 0.5, ...issuerOptions });
  return {
    cloud,
    issuer,
    async plant(project, { keyId, annotations = {} } = {}) {
      const made = cloud.keyring.issue(
        {
          project: cloud.names.numberOf(project),
          kind: 'standard',
          annotations,
          restrictions: NO_RESTRICTIONS,
          ...(keyId === undefined ? {} : { keyId }),
        },
        cloud.clock.now(),
      );
      return issuer.look(`projects/${project}/locations/global/keys/${made.keyId}`);
    },
    use({ uid }) {
      const key = cloud.keyring.all().find((known) => known.uid === uid);
      if (key !== undefined) cloud.meter.use(key, 'google.ai.generativelanguage.v1beta.X.Y', cloud.clock.now());
    },
    advance: (milliseconds) => cloud.clock.advance(milliseconds),
    async close() {
      await issuer.close();
      await cloud.close();
    },
  } satisfies IssuerWorld & Record<'cloud', unknown>;
}

issuerContract('the twin in memory', memoryWorld);
issuerContract('the API Keys API', () => pretendWorld());
issuerContract('the API Keys API with operations that take their time', () =>
  pretendWorld({ apiKeys: { operationMs: 3_000 } }),
);

describe('the API Keys API when the line is bad', () => {
  let world: Awaited<ReturnType<typeof pretendWorld>>;
  beforeEach(async () => {
    world = await pretendWorld();
  });
  afterEach(() => world.close());

  const asked = (): readonly string[] => world.cloud.requests().map(({ method }) => method);

  test('a mint whose answer is lost gives the one key that it made (I5)', async () => {
    world.cloud.faults.plant({ method: 'POST' }, 1, { act: 'lostAnswer' });
    const minted = await world.issuer.mint(ORDER);
    expect(minted).toMatchObject({ annotations: ORDER.annotations });
    expect(asked()).toEqual(['POST', 'POST', 'GET']);
    expect(world.cloud.keyring.all()).toHaveLength(1);
  });

  test('a mint whose answers are all lost looks for its key (I5)', async () => {
    world.cloud.faults.plant({ method: 'POST' }, 9, { act: 'lostAnswer' });
    expect(await world.issuer.mint(ORDER)).toMatchObject({ annotations: ORDER.annotations });
    expect(world.cloud.keyring.all()).toHaveLength(1);
  });

  test('a delete and an undelete whose answers are lost are done', async () => {
    const minted = await world.issuer.mint(ORDER);
    world.cloud.faults.plant({ method: 'DELETE' }, 1, { act: 'lostAnswer' });
    await world.issuer.delete(minted.name, true);
    expect((await world.issuer.look(minted.name)).deletedAt).toBeDefined();
    world.cloud.faults.plant({ path: ':undelete' }, 1, { act: 'lostAnswer' });
    expect(await world.issuer.undelete(minted.name)).toEqual(minted);
  });

  test('reads are repeated through errors and broken connections', async () => {
    const { name } = await world.issuer.mint(ORDER);
    world.cloud.faults.plant({ path: '/keyString' }, 2, { act: 'drop' });
    expect((await world.issuer.keyString(name)).kind).toBe('standard');
    expect(world.cloud.faults.remaining()).toBe(0);
  });

  test('no request has a key in its URL (I9)', async () => {
    const { name } = await world.issuer.mint(ORDER);
    const characters = (await world.issuer.keyString(name)).reveal();
    await world.issuer.delete(name, true);
    await Array.fromAsync(world.issuer.list(ORDER.project, true));
    expect(JSON.stringify(world.cloud.requests())).not.toContain(characters);
  });
});

test('a caller without the role is told which permission it lacks, and a role that has it', async () => {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'token' });
  const { cloud, issuer, close } = await pretendWorld({}, { authClient });
  cloud.iam.register('token', 'purge@demo-project.iam.gserviceaccount.com');
  await expect(issuer.mint(ORDER)).rejects.toMatchObject({
    code: 'denied',
    message: expect.stringMatching(
      /^Cannot mint the key kw-1 of project demo-project: Google says ".+" Grant apikeys\.keys\.create on projects\/demo-project\/locations\/global\/keys, for example with roles\/serviceusage\.apiKeysAdmin\./,
    ),
  });
  await close();
});

describe('the twin in memory fails where a test wants it to', () => {
  const LOST = new Fault('unavailable', 'the line is bad');
  let issuer: MemoryIssuer;
  beforeEach(() => {
    issuer = memoryIssuer();
  });

  test('failNext: the call rejects and nothing happens, the one after works', async () => {
    issuer.failNext('mint', LOST);
    await expect(issuer.mint(ORDER)).rejects.toBe(LOST);
    expect(issuer.keys()).toEqual([]);
    const minted = await issuer.mint(ORDER);
    expect(issuer.keys()).toEqual([minted]);
  });

  test('loseNext: the call happens and rejects', async () => {
    issuer.loseNext('mint', LOST);
    await expect(issuer.mint(ORDER)).rejects.toBe(LOST);
    expect(issuer.keys()).toHaveLength(1);
  });

  test('other calls pass, and all are on record', async () => {
    issuer.failNext('delete', LOST);
    const { name } = await issuer.mint(ORDER);
    await issuer.delete(name, false).catch(() => undefined);
    expect(issuer.calls).toEqual(['mint', 'delete']);
  });

  test('keys: those that are gone for good are gone here too', async () => {
    let now = instantOf(0);
    const mortal = memoryIssuer(() => now);
    const planted = mortal.plant({ project: 'p' });
    await mortal.delete(planted.name, false);
    expect(mortal.keys()).toMatchObject([{ name: planted.name, deletedAt: 0 }]);
    now = plusMs(now, 30 * 86_400_000);
    expect(mortal.keys()).toEqual([]);
  });

  test('what it gave out is not what it keeps', async () => {
    const minted = await issuer.mint(ORDER);
    Object.assign(minted.annotations, { planted: 'yes' });
    expect((await issuer.look(minted.name)).annotations).toEqual(ORDER.annotations);
  });
});
