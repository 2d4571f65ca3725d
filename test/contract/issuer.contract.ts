import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { IssuedKey, Issuer, MintOrder } from '../../src/app/ports/ports.ts';
import { keyNameOf } from '../../src/core/google/resource-names.ts';

/** An issuer to be examined, and what its port cannot do: keys of other people, their use, and time. */
export interface IssuerWorld {
  readonly issuer: Issuer;
  /** A key made by somebody else, as in the console. */
  plant(project: string, fields?: Partial<Pick<MintOrder, 'keyId' | 'annotations'>>): Promise<IssuedKey>;
  /** Somebody calls the Gemini API with the key. */
  use(key: IssuedKey): void;
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

const PROJECT = 'demo-project';
const ELSEWHERE = '999999999999';
const DAY_MS = 86_400_000;
const ORDER: MintOrder = {
  project: PROJECT,
  keyId: 'kw-20261124-a1',
  displayName: 'gemini',
  restrictions: { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] },
  annotations: { 'key-warden-rotation': 'kw-20261124-a1', 'key-warden-secret': 'projects/1/secrets/gemini' },
};
const MISSING = keyNameOf(PROJECT, 'missing');

/** What every `Issuer` does. The twin in memory is only as good as this list, and the real one is held to it too. */
export function issuerContract(title: string, open: () => Promise<IssuerWorld>): void {
  describe(`${title} keeps the contract of an issuer:`, () => {
    let world: IssuerWorld;
    let issuer: Issuer;
    beforeEach(async () => {
      world = await open();
      ({ issuer } = world);
    });
    afterEach(() => world.close());

    const listed = async (withDeleted: boolean, project = PROJECT): Promise<readonly string[]> =>
      (await Array.fromAsync(issuer.list(project, withDeleted))).map(({ name }) => name).toSorted();

    describe('marking', () => {
      test('adds annotations and takes none away, twice as once', async () => {
        const planted = await world.plant(PROJECT, { keyId: 'k-1', annotations: { team: 'search' } });
        for (let time = 0; time < 2; time += 1)
          expect(await issuer.mark(planted.name, { owner: 'ours' })).toMatchObject({
            name: planted.name,
            uid: planted.uid,
            annotations: { team: 'search', owner: 'ours' },
          });
        expect((await issuer.look(planted.name)).annotations).toEqual({ team: 'search', owner: 'ours' });
      });

      test('of a key that is not there is not_found', async () => {
        await expect(issuer.mark(MISSING, { a: 'b' })).rejects.toMatchObject({ code: 'not_found' });
      });
    });

    describe('minting', () => {
      test('makes a key of the ordered id, named by its project number, with everything that was ordered', async () => {
        const { project: _, keyId, ...ordered } = ORDER;
        const minted = await issuer.mint(ORDER);
        expect(minted).toMatchObject(ordered);
        expect(minted.name).toMatch(new RegExp(`^projects/\\d+/locations/global/keys/${keyId}$`));
        expect(minted.deletedAt).toBeUndefined();
        expect(minted.serviceAccountEmail).toBeUndefined();
        expect(await issuer.look(minted.name)).toEqual(minted);
        expect(await issuer.look(keyNameOf(PROJECT, keyId))).toEqual(minted);
      });

      test('gives the key a uid of its own, which is not its id', async () => {
        const [one, two] = [await issuer.mint(ORDER), await issuer.mint({ ...ORDER, keyId: 'kw-2' })];
        for (const { uid } of [one, two]) expect(uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(one.uid).not.toBe(two.uid);
      });

      test('twice under one order gives the same key (I5)', async () => {
        const minted = await issuer.mint(ORDER);
        expect(await issuer.mint({ ...ORDER, displayName: 'another' })).toEqual(minted);
        expect(await listed(true)).toEqual([minted.name]);
      });

      test('binds the key to a service account, which makes it an auth key', async () => {
        const account = 'caller@demo-project.iam.gserviceaccount.com';
        const bound = await issuer.mint({ ...ORDER, serviceAccountEmail: account });
        expect(bound.serviceAccountEmail).toBe(account);
        expect((await issuer.keyString(bound.name)).kind).toBe('auth');
      });

      test.each([
        ['somebody else’s annotations', { 'key-warden-rotation': 'another' }],
        ['a part of the annotations', { 'key-warden-rotation': 'kw-20261124-a1' }],
        ['no annotations', {}],
      ])('under an id whose key has %s is refused, and the key left alone', async (_, annotations) => {
        const theirs = await world.plant(PROJECT, { keyId: ORDER.keyId, annotations });
        await expect(issuer.mint(ORDER)).rejects.toMatchObject({ code: 'exists' });
        expect(await issuer.look(theirs.name)).toEqual(theirs);
      });

      test('answers its own key also when somebody annotated it further', async () => {
        const annotations = { ...ORDER.annotations, owner: 'ann' };
        const found = await world.plant(PROJECT, { keyId: ORDER.keyId, annotations });
        expect(await issuer.mint(ORDER)).toEqual(found);
      });

      test('without annotations proves nothing, so a second time is refused', async () => {
        await issuer.mint({ ...ORDER, annotations: {} });
        await expect(issuer.mint({ ...ORDER, annotations: {} })).rejects.toMatchObject({ code: 'exists' });
      });

      test('under the id of a deleted key is refused for 30 days, also when it was ours', async () => {
        const minted = await issuer.mint(ORDER);
        await issuer.delete(minted.name, false);
        world.advance(29 * DAY_MS);
        await expect(issuer.mint(ORDER)).rejects.toMatchObject({ code: 'exists' });
        world.advance(DAY_MS);
        expect((await issuer.mint(ORDER)).uid).not.toBe(minted.uid);
      });

      test('is limited to 300 keys a project, and still answers what it made', async () => {
        const minted = await issuer.mint(ORDER);
        for (let made = 1; made < 300; made += 1) await world.plant(PROJECT);
        await expect(issuer.mint({ ...ORDER, keyId: 'one-more' })).rejects.toMatchObject({ code: 'limited' });
        expect(await issuer.mint(ORDER)).toEqual(minted);
        expect(await issuer.mint({ ...ORDER, project: ELSEWHERE })).toMatchObject({ displayName: 'gemini' });
      });

      test.each([
        ['an id with capitals', { keyId: 'Kw-1' }],
        ['an id that would change the path', { keyId: 'a/../b' }],
        ['what is not a project', { project: 'p/q' }],
      ])('with %s is refused', async (_, fields) => {
        await expect(issuer.mint({ ...ORDER, ...fields })).rejects.toMatchObject({ code: 'invalid' });
      });
    });

    describe('the key string', () => {
      test('can be asked for again and again, and is another for each key', async () => {
        const minted = await issuer.mint(ORDER);
        const first = await issuer.keyString(minted.name);
        expect(first.kind).toBe('standard');
        expect(first.equals(await issuer.keyString(minted.name))).toBe(true);
        expect(first.equals(await issuer.keyString((await world.plant(PROJECT)).name))).toBe(false);
      });
    });

    describe('deleting', () => {
      test('marks the key and keeps it for 30 days', async () => {
        const minted = await issuer.mint(ORDER);
        await issuer.delete(minted.name, false);
        const { deletedAt, ...rest } = await issuer.look(minted.name);
        expect(rest).toEqual(minted);
        expect(deletedAt).toBeGreaterThanOrEqual(minted.createdAt);
        world.advance(30 * DAY_MS);
        await expect(issuer.look(minted.name)).rejects.toMatchObject({ code: 'not_found' });
        await expect(issuer.delete(minted.name, false)).rejects.toMatchObject({ code: 'not_found' });
      });

      test.each([false, true])('twice is done at once, with usage checked or not (%s)', async (unlessUsed) => {
        const { name } = await issuer.mint(ORDER);
        await issuer.delete(name, unlessUsed);
        const deleted = await issuer.look(name);
        await issuer.delete(name, unlessUsed);
        expect(await issuer.look(name)).toEqual(deleted);
      });

      test('unless it was used leaves a key alone for the 7 days after its last use', async () => {
        const minted = await issuer.mint(ORDER);
        world.use(minted);
        await expect(issuer.delete(minted.name, true)).rejects.toMatchObject({ code: 'wrong_state' });
        expect(await issuer.look(minted.name)).toEqual(minted);
        world.advance(8 * DAY_MS);
        await issuer.delete(minted.name, true);
        expect((await issuer.look(minted.name)).deletedAt).toBeDefined();
      });

      test('without that check deletes a key in use', async () => {
        const minted = await issuer.mint(ORDER);
        world.use(minted);
        await issuer.delete(minted.name, false);
        expect((await issuer.look(minted.name)).deletedAt).toBeDefined();
      });
    });

    describe('undeleting', () => {
      test('brings the key back with the same string', async () => {
        const minted = await issuer.mint(ORDER);
        const before = await issuer.keyString(minted.name);
        await issuer.delete(minted.name, false);
        expect(await issuer.undelete(minted.name)).toEqual(minted);
        expect(await issuer.look(minted.name)).toEqual(minted);
        expect(before.equals(await issuer.keyString(minted.name))).toBe(true);
      });

      test('a key that is not deleted changes nothing', async () => {
        const minted = await issuer.mint(ORDER);
        expect(await issuer.undelete(minted.name)).toEqual(minted);
      });
    });

    test('a key that is missing is not found, whatever is asked of it', async () => {
      const notFound = { code: 'not_found' };
      await expect(issuer.look(MISSING)).rejects.toMatchObject(notFound);
      await expect(issuer.keyString(MISSING)).rejects.toMatchObject(notFound);
      await expect(issuer.delete(MISSING, false)).rejects.toMatchObject(notFound);
      await expect(issuer.delete(MISSING, true)).rejects.toMatchObject(notFound);
      await expect(issuer.undelete(MISSING)).rejects.toMatchObject(notFound);
    });

    test('what is not the name of a key is refused, whatever is asked of it', async () => {
      const [invalid, name] = [{ code: 'invalid' }, 'projects/demo-project/secrets/gemini'];
      await expect(issuer.look(name)).rejects.toMatchObject(invalid);
      await expect(issuer.keyString(name)).rejects.toMatchObject(invalid);
      await expect(issuer.delete(name, false)).rejects.toMatchObject(invalid);
      await expect(issuer.undelete(name)).rejects.toMatchObject(invalid);
      await expect(listed(false, 'p/q')).rejects.toMatchObject(invalid);
    });

    test('listing gives the keys of one project, page by page, the deleted ones only when asked for', async () => {
      const names: string[] = [];
      for (let made = 0; made < 101; made += 1) names.push((await world.plant(PROJECT)).name);
      const { name: deleted } = await issuer.mint(ORDER);
      await issuer.delete(deleted, false);
      await world.plant(ELSEWHERE);
      expect(await listed(false)).toEqual(names.toSorted());
      expect(await listed(true)).toEqual([...names, deleted].toSorted());
      expect(await listed(false, ELSEWHERE)).toHaveLength(1);
    });
  });
}
