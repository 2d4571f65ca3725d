import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SecretName, SecretScope, SecretSighting, Vault } from '../../src/app/ports/ports.ts';

/** A vault to be examined, and the one thing that its port cannot do: making secrets. */
export interface VaultWorld {
  readonly vault: Vault;
  create(scope: SecretScope, id: string, fields?: NewSecretFields): SecretName;
  close(): Promise<void>;
}

/** What a new secret begins with; with a delay, destroying a version only schedules it. */
export interface NewSecretFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly destroyDelayMs?: number;
}

const GLOBAL: SecretScope = { project: 'demo-project', location: 'global' };
const REGION: SecretScope = { project: 'demo-project', location: 'europe-west1' };
const A_DAY_MS = 86_400_000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What every `Vault` does. The twin in memory is only as good as this list, and the real one is held to it too. */
export function vaultContract(title: string, open: () => Promise<VaultWorld>): void {
  describe(`${title} keeps the contract of a vault:`, () => {
    let world: VaultWorld;
    let vault: Vault;
    beforeEach(async () => {
      world = await open();
      ({ vault } = world);
    });
    afterEach(() => world.close());

    const listed = async (scope: SecretScope, filter: string): Promise<string[]> => {
      const names: string[] = [];
      for await (const { name } of vault.list(scope, filter)) names.push(name.split('/').at(-1) ?? name);
      return names;
    };

    describe('secrets', () => {
      test('are seen with their maps, an etag and the project number in their name', async () => {
        const name = world.create(GLOBAL, 'gemini', { labels: { team: 'search' }, annotations: { owner: 'ann' } });
        const seen = await vault.look('projects/demo-project/secrets/gemini');
        expect(seen).toMatchObject({ name, labels: { team: 'search' }, annotations: { owner: 'ann' }, aliases: {} });
        expect(seen.name).toMatch(/^projects\/\d+\/secrets\/gemini$/);
        expect(seen.etag).toMatch(/^".+"$/);
        expect(await vault.look(name)).toEqual(seen);
      });

      test('that are missing are not found, whatever is asked of them', async () => {
        const name = 'projects/demo-project/secrets/missing';
        const created = world.create(GLOBAL, 'present');
        const read: SecretSighting = { ...(await vault.look(created)), name };
        const version = await vault.add(created, bytesOf('k'));
        const notFound = { code: 'not_found' };
        await expect(vault.look(name)).rejects.toMatchObject(notFound);
        await expect(vault.read(name, 'latest')).rejects.toMatchObject(notFound);
        await expect(vault.versions(name)).rejects.toMatchObject(notFound);
        await expect(vault.lookVersion(name, 1)).rejects.toMatchObject(notFound);
        await expect(vault.commit(read, { labels: { a: 'b' } })).rejects.toMatchObject(notFound);
        await expect(vault.add(name, bytesOf('k'))).rejects.toMatchObject(notFound);
        await expect(vault.disable(name, version)).rejects.toMatchObject(notFound);
      });

      test('are listed newest first, only those that the label filter matches', async () => {
        world.create(GLOBAL, 'one', { labels: { 'key-warden': 'managed' } });
        world.create(GLOBAL, 'other', { labels: { 'key-warden': 'ignored' } });
        world.create(GLOBAL, 'two', { labels: { 'key-warden': 'managed' } });
        expect(await listed(GLOBAL, 'labels.key-warden=managed')).toEqual(['two', 'one']);
        expect(await listed(GLOBAL, '')).toEqual(['two', 'other', 'one']);
      });

      test('of a region are a namespace of their own', async () => {
        world.create(GLOBAL, 'gemini');
        const regional = world.create(REGION, 'regional');
        expect(await listed(GLOBAL, '')).toEqual(['gemini']);
        expect(await listed(REGION, '')).toEqual(['regional']);
        expect(regional).toContain('/locations/europe-west1/');
        expect(await vault.look(regional)).toMatchObject({ name: regional });
        await expect(vault.look('projects/demo-project/secrets/regional')).rejects.toMatchObject({ code: 'not_found' });
      });

      test('of a region take, give and move versions like global ones', async () => {
        const name = world.create(REGION, 'regional');
        const added = await vault.add(name, bytesOf('k'));
        expect(await vault.read(name, 'latest')).toEqual({ number: 1, bytes: bytesOf('k') });
        expect(await vault.disable(name, added)).toMatchObject({ state: 'disabled' });
      });

      test('tell which permissions on them are held', async () => {
        const name = world.create(GLOBAL, 'gemini');
        const asked = ['secretmanager.versions.access', 'secretmanager.secrets.update'];
        expect(await vault.permitted(name, asked)).toEqual(asked);
      });
    });

    describe('versions', () => {
      let name: SecretName;
      beforeEach(() => {
        name = world.create(GLOBAL, 'gemini');
      });

      test('are numbered from 1 and hold their bytes unchanged', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
        expect(await vault.add(name, bytes)).toMatchObject({ number: 1, state: 'enabled' });
        expect(await vault.add(name, bytesOf('key\n'))).toMatchObject({ number: 2, state: 'enabled' });
        expect(await vault.read(name, 1)).toEqual({ number: 1, bytes });
        expect(await vault.read(name, 2)).toEqual({ number: 2, bytes: bytesOf('key\n') });
      });

      test('are listed newest first by number, also past nine', async () => {
        for (let number = 1; number <= 11; number += 1) await vault.add(name, bytesOf(`key ${number}`));
        const numbers = (await vault.versions(name)).map(({ number }) => number);
        expect(numbers).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      });

      test('are looked at by number, by alias and as latest', async () => {
        const first = await vault.add(name, bytesOf('a'));
        const second = await vault.add(name, bytesOf('b'));
        await vault.commit(await vault.look(name), { aliases: { current: 1 } });
        expect(await vault.lookVersion(name, 1)).toEqual(first);
        expect(await vault.lookVersion(name, 'current')).toEqual(first);
        expect(await vault.lookVersion(name, 'latest')).toEqual(second);
        expect(await vault.versions(name)).toEqual([second, first]);
      });

      test('that are missing, and aliases that are not set, are not found', async () => {
        await expect(vault.read(name, 'latest')).rejects.toMatchObject({ code: 'not_found' });
        await vault.add(name, bytesOf('a'));
        await expect(vault.read(name, 2)).rejects.toMatchObject({ code: 'not_found' });
        await expect(vault.read(name, 'current')).rejects.toMatchObject({ code: 'not_found' });
        await expect(vault.lookVersion(name, 'current')).rejects.toMatchObject({ code: 'not_found' });
      });

      test('hold between 1 and 65,536 bytes', async () => {
        await expect(vault.add(name, new Uint8Array())).rejects.toMatchObject({ code: 'invalid' });
        await expect(vault.add(name, new Uint8Array(65_537))).rejects.toMatchObject({ code: 'invalid' });
        expect(await vault.add(name, new Uint8Array(65_536))).toMatchObject({ number: 1 });
      });

      test('of latest are the newest in any state: a disabled one is not skipped (I3)', async () => {
        await vault.add(name, bytesOf('a'));
        await vault.disable(name, await vault.add(name, bytesOf('b')));
        await expect(vault.read(name, 'latest')).rejects.toMatchObject({ code: 'disabled' });
        expect(await vault.lookVersion(name, 'latest')).toMatchObject({ number: 2, state: 'disabled' });
      });

      test('are disabled and enabled again, which moves their etag and keeps their bytes', async () => {
        const added = await vault.add(name, bytesOf('a'));
        const disabled = await vault.disable(name, added);
        expect(disabled).toMatchObject({ number: 1, state: 'disabled' });
        await expect(vault.read(name, 1)).rejects.toMatchObject({ code: 'disabled' });
        const enabled = await vault.enable(name, disabled);
        expect(enabled).toMatchObject({ number: 1, state: 'enabled' });
        expect(new Set([added.etag, disabled.etag, enabled.etag]).size).toBe(3);
        expect(await vault.read(name, 1)).toEqual({ number: 1, bytes: bytesOf('a') });
      });

      test('may be disabled and enabled twice, under the etag of the first time', async () => {
        const disabled = await vault.disable(name, await vault.add(name, bytesOf('a')));
        const again = await vault.disable(name, disabled);
        expect(again.state).toBe('disabled');
        expect(again.etag).not.toBe(disabled.etag);
        expect((await vault.enable(name, await vault.enable(name, again))).state).toBe('enabled');
      });

      test('are not moved under an etag that is no longer current (I7)', async () => {
        const added = await vault.add(name, bytesOf('a'));
        const disabled = await vault.disable(name, added);
        const stale = { code: 'stale' };
        await expect(vault.disable(name, added)).rejects.toMatchObject(stale);
        await expect(vault.enable(name, added)).rejects.toMatchObject(stale);
        await expect(vault.destroy(name, added)).rejects.toMatchObject(stale);
        expect(await vault.lookVersion(name, 1)).toEqual(disabled);
      });

      test('are destroyed for good, and stay visible', async () => {
        const destroyed = await vault.destroy(name, await vault.add(name, bytesOf('a')));
        expect(destroyed).toMatchObject({ number: 1, state: 'destroyed' });
        await expect(vault.read(name, 1)).rejects.toMatchObject({ code: 'destroyed' });
        await expect(vault.enable(name, destroyed)).rejects.toMatchObject({ code: 'destroyed' });
        await expect(vault.disable(name, destroyed)).rejects.toMatchObject({ code: 'destroyed' });
        await expect(vault.destroy(name, destroyed)).rejects.toMatchObject({ code: 'destroyed' });
        expect(await vault.versions(name)).toEqual([destroyed]);
        expect(await vault.add(name, bytesOf('b'))).toMatchObject({ number: 2 });
      });

      test('are told stale before destroyed when both are true', async () => {
        const added = await vault.add(name, bytesOf('a'));
        await vault.destroy(name, added);
        await expect(vault.enable(name, added)).rejects.toMatchObject({ code: 'stale' });
      });
    });

    describe('versions of a secret with a delay', () => {
      test('are only scheduled when destroyed, until somebody enables or disables them', async () => {
        const name = world.create(GLOBAL, 'delayed', { destroyDelayMs: A_DAY_MS });
        const scheduled = await vault.destroy(name, await vault.add(name, bytesOf('a')));
        expect(scheduled.state).toBe('disabled');
        expect(scheduled.scheduledDestroyAt).toBeGreaterThanOrEqual(scheduled.createdAt + A_DAY_MS);
        await expect(vault.destroy(name, scheduled)).rejects.toMatchObject({ code: 'wrong_state' });

        const disabled = await vault.disable(name, scheduled);
        expect(disabled.scheduledDestroyAt).toBeUndefined();
        const enabled = await vault.enable(name, await vault.destroy(name, disabled));
        expect(enabled.state).toBe('enabled');
        expect(enabled.scheduledDestroyAt).toBeUndefined();
        expect(await vault.read(name, 1)).toMatchObject({ bytes: bytesOf('a') });
      });
    });

    describe('a commit', () => {
      let name: SecretName;
      let read: SecretSighting;
      beforeEach(async () => {
        name = world.create(GLOBAL, 'gemini', { labels: { team: 'search' }, annotations: { owner: 'ann' } });
        await vault.add(name, bytesOf('a'));
        await vault.add(name, bytesOf('b'));
        read = await vault.look(name);
      });

      test('moves an alias and writes an annotation in one, and keeps what others wrote (I10)', async () => {
        const written = await vault.commit(read, { aliases: { current: 1 }, annotations: { 'key-warden.x': '1' } });
        expect(written).toMatchObject({
          name,
          labels: { team: 'search' },
          annotations: { owner: 'ann', 'key-warden.x': '1' },
          aliases: { current: 1 },
        });
        expect(written.etag).not.toBe(read.etag);
        expect(await vault.look(name)).toEqual(written);
        expect(await vault.read(name, 'current')).toMatchObject({ number: 1 });
      });

      test('removes what is set to null, down to the last entry', async () => {
        const written = await vault.commit(read, { annotations: { owner: null }, labels: { team: null } });
        expect(written).toMatchObject({ labels: {}, annotations: {} });
        expect(await vault.look(name)).toEqual(written);
      });

      test('keeps the aliases that it does not name', async () => {
        const first = await vault.commit(read, { aliases: { current: 1, mine: 2 } });
        const second = await vault.commit(first, { aliases: { current: 2, previous: 1 } });
        expect(second.aliases).toEqual({ current: 2, previous: 1, mine: 2 });
      });

      test('under an etag that is no longer current changes nothing (I7)', async () => {
        const won = await vault.commit(read, { annotations: { a: 'won' } });
        await expect(vault.commit(read, { annotations: { a: 'lost' } })).rejects.toMatchObject({ code: 'stale' });
        expect(await vault.look(name)).toEqual(won);
      });

      test('that writes what is there already moves the etag all the same', async () => {
        const written = await vault.commit(read, { annotations: { owner: 'ann' } });
        expect(written.etag).not.toBe(read.etag);
        await expect(vault.commit(read, { annotations: { owner: 'ann' } })).rejects.toMatchObject({ code: 'stale' });
      });

      test('of nothing changes nothing and moves the etag', async () => {
        const written = await vault.commit(read, {});
        expect(written.etag).not.toBe(read.etag);
        expect(written).toEqual({ ...read, etag: written.etag });
      });

      test('is not disturbed by versions that were added or disabled meanwhile', async () => {
        const added = await vault.add(name, bytesOf('c'));
        await vault.disable(name, added);
        expect(await vault.look(name)).toEqual(read);
        expect(await vault.commit(read, { aliases: { current: 3 } })).toMatchObject({ aliases: { current: 3 } });
        await expect(vault.read(name, 'current')).rejects.toMatchObject({ code: 'disabled' });
      });

      test('keeps an alias on a version that is destroyed', async () => {
        const written = await vault.commit(read, { aliases: { current: 1 } });
        await vault.destroy(name, await vault.lookVersion(name, 1));
        expect((await vault.look(name)).aliases).toEqual(written.aliases);
        await expect(vault.read(name, 'current')).rejects.toMatchObject({ code: 'destroyed' });
      });

      test.each([
        ['an alias to a version that does not exist', { aliases: { current: 9 } }],
        ['the alias latest', { aliases: { latest: 1 } }],
        ['the alias NEW', { aliases: { NEW: 1 } }],
        ['more than 16 KiB of annotations', { annotations: { big: 'x'.repeat(16_384) } }],
      ])('of %s is refused whole', async (_, change) => {
        await expect(vault.commit(read, change)).rejects.toMatchObject({ code: 'invalid' });
        expect(await vault.look(name)).toEqual(read);
      });
    });
  });
}
