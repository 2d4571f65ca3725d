import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/app/ports/fault.ts';
import type { SecretName } from '../../src/app/ports/ports.ts';
import { GLOBAL } from '../../src/core/google/resource-names.ts';
import { secretManagerVault } from '../../src/edge/secret-manager/secret-manager.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { stillClock } from '../support/still-clock.ts';
import { memoryVault, type MemoryVault } from '../support/twins/memory-vault.ts';
import { vaultContract, type VaultWorld } from './vault.contract.ts';
import { pretendCloud } from '../support/cloud.ts';

const BYTES = new TextEncoder().encode('payload');

function memoryWorld(): Promise<VaultWorld> {
  const vault = memoryVault();
  const create: VaultWorld['create'] = (scope, id, fields) => vault.create(scope, id, fields);
  return Promise.resolve({ vault, create, close: () => Promise.resolve() });
}

async function pretendWorld() {
  const cloud = await pretendCloud();
  const vault = secretManagerVault({ url: cloud.url, clock: stillClock(), random: () => 0 });
  const create: VaultWorld['create'] = ({ project, location }, secretId, { destroyDelayMs, ...maps } = {}) =>
    cloud.secrets.seed({
      project,
      secretId,
      ...(location === GLOBAL ? {} : { location }),
      ...maps,
      ...(destroyDelayMs === undefined ? {} : { more: { versionDestroyTtl: `${destroyDelayMs / 1000}s` } }),
    });
  const close = async (): Promise<void> => {
    await vault.close();
    await cloud.close();
  };
  return { cloud, vault, create, close };
}

vaultContract('the twin in memory', memoryWorld);
vaultContract('Secret Manager over REST', pretendWorld);

describe('Secret Manager over REST when the line is bad', () => {
  let world: VaultWorld & { readonly cloud: PretendCloud };
  let name: SecretName;
  beforeEach(async () => {
    world = await pretendWorld();
    name = world.create({ project: 'demo-project', location: GLOBAL }, 'gemini');
    await world.vault.add(name, BYTES);
  });
  afterEach(() => world.close());

  test('a read is repeated through errors and broken connections', async () => {
    const { faults } = world.cloud;
    faults.plant({ path: ':access' }, 2, { act: 'drop' });
    expect(await world.vault.read(name, 'latest')).toMatchObject({ number: 1, bytes: BYTES });
    expect(faults.remaining()).toBe(0);
  });

  test('a commit whose answer is lost is applied once and reported as done', async () => {
    const read = await world.vault.look(name);
    world.cloud.faults.plant({ method: 'PATCH' }, 1, { act: 'lostAnswer' });
    const written = await world.vault.commit(read, { aliases: { current: 1 } });
    expect(written).toEqual(await world.vault.look(name));
    expect(written.aliases).toEqual({ current: 1 });
  });

  test('a disable whose answer is lost is reported as done', async () => {
    const version = await world.vault.lookVersion(name, 1);
    world.cloud.faults.plant({ path: ':disable' }, 1, { act: 'lostAnswer' });
    expect(await world.vault.disable(name, version)).toMatchObject({ state: 'disabled' });
  });

  test('an add whose answer is lost is not repeated: the version is there once', async () => {
    world.cloud.faults.plant({ path: ':addVersion' }, 1, { act: 'lostAnswer' });
    await expect(world.vault.add(name, BYTES)).rejects.toBeInstanceOf(Fault);
    expect(await world.vault.versions(name)).toHaveLength(2);
  });
});

describe('the twin in memory fails where a test wants it to', () => {
  const LOST = new Fault('unavailable', 'the line is bad');
  let vault: MemoryVault;
  let name: SecretName;
  beforeEach(() => {
    vault = memoryVault();
    name = vault.create({ project: 'demo-project', location: GLOBAL }, 'gemini');
  });

  test('failNext: the call rejects and nothing happens, the one after works', async () => {
    vault.failNext('add', LOST);
    await expect(vault.add(name, BYTES)).rejects.toBe(LOST);
    expect(await vault.versions(name)).toEqual([]);
    expect(await vault.add(name, BYTES)).toMatchObject({ number: 1 });
  });

  test('loseNext: the call happens and rejects', async () => {
    vault.loseNext('add', LOST);
    await expect(vault.add(name, BYTES)).rejects.toBe(LOST);
    expect(await vault.versions(name)).toHaveLength(1);
  });

  test('other calls pass, and all are on record', async () => {
    vault.failNext('add', LOST);
    await vault.look(name);
    await vault.add(name, BYTES).catch(() => undefined);
    expect(vault.calls).toEqual(['look', 'add']);
  });

  test('allowOnly: other permissions are not held', async () => {
    vault.allowOnly('secretmanager.versions.access');
    const asked = ['secretmanager.versions.add', 'secretmanager.versions.access'];
    expect(await vault.permitted(name, asked)).toEqual(['secretmanager.versions.access']);
  });

  test('what it gave out is not what it keeps', async () => {
    const seen = await vault.look(name);
    Object.assign(seen.labels, { planted: 'yes' });
    expect((await vault.look(name)).labels).toEqual({});
  });
});
