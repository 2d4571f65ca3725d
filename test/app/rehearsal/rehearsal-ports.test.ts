import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Issuer } from '../../../src/app/ports/ports.ts';
import { usage } from '../../support/used-hours.ts';
import { rehearsedMeter } from '../../../src/app/rehearsal/gemini.ts';
import { rehearsedIssuer } from '../../../src/app/rehearsal/issuer.ts';
import type { ToldCall } from '../../../src/app/rehearsal/told.ts';
import { rehearsedVault } from '../../../src/app/rehearsal/vault.ts';
import { lintStoredBytes } from '../../../src/core/key/stored-bytes.ts';
import { ago, ahead, NOW } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, MANAGED, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

const ORDER = { project: SCOPE.project, keyId: 'kw-1', displayName: 'gemini', restrictions: {}, annotations: {} };
const bytesOf = (text: string) => new TextEncoder().encode(text);

function vaultOf({ vault, clock }: RotationStage) {
  const told: ToldCall[] = [];
  return { imagined: rehearsedVault(vault, clock.now, (call) => told.push(call)), told };
}

describe('a rehearsed vault', () => {
  test('imagines nothing of the other secrets that are listed to see who else serves a key', async () => {
    const on = await rotationStage();
    const other = on.vault.create(SCOPE, 'other', { labels: MANAGED });
    await on.vault.add(other, bytesOf('theirs'));
    const { imagined } = vaultOf(on);
    await imagined.versions(on.secret);
    await imagined.add(on.secret, bytesOf('second'));
    await imagined.commit(await imagined.look(on.secret), { aliases: { current: 2 } });
    for await (const { name } of imagined.list(SCOPE, 'labels.key-warden=managed'))
      expect((await imagined.read(name, 'latest')).bytes).toEqual(bytesOf(name === other ? 'theirs' : 'second'));
  });

  test('writes nothing, and answers later as if it had (I8)', async () => {
    const on = await rotationStage();
    const { imagined, told } = vaultOf(on);
    const version = await imagined.lookVersion(on.secret, 'current');
    for (const write of ['disable', 'enable', 'destroy'] as const) await imagined[write](on.secret, version);
    expect(told.map(({ kind, call, made }) => `${kind} ${call} ${made}`)).toEqual([
      'read vault.lookVersion true',
      'write vault.disable false',
      'write vault.enable false',
      'write vault.destroy false',
    ]);
    expect(await on.states()).toEqual(['enabled']);
    expect((await imagined.lookVersion(on.secret, 1)).state).toBe('destroyed');
    await expect(imagined.read(on.secret, 1)).rejects.toMatchObject({ code: 'destroyed' });
    await imagined.disable(on.secret, version);
    await expect(imagined.read(on.secret, 1)).rejects.toMatchObject({ code: 'disabled' });
    await expect(imagined.read(on.secret, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('has what was added as its newest version, and reads aliases as they were moved', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const { imagined } = vaultOf(on);
    await imagined.versions(on.secret);
    expect(await imagined.add(on.secret, bytesOf('third'))).toMatchObject({ number: 3, state: 'enabled' });
    expect(await imagined.add(on.secret, bytesOf('fourth'))).toMatchObject({ number: 4 });
    expect((await imagined.versions(on.secret)).map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    expect((await imagined.lookVersion(on.secret, 'latest')).number).toBe(4);
    await imagined.commit(await imagined.look(on.secret), {
      aliases: { current: 3, previous: null },
      labels: { team: 'other' },
    });
    expect(await imagined.read(on.secret, 'current')).toEqual({ number: 3, bytes: bytesOf('third') });
    expect(await imagined.look(on.secret)).toMatchObject({ aliases: { current: 3 }, labels: { team: 'other' } });
    expect((await on.vault.look(on.secret)).aliases).toEqual({ current: 1 });
    expect(await on.states()).toEqual(['enabled', 'enabled']);
  });
});

describe('a rehearsed issuer', () => {
  const issuerOf = (real: Issuer) => {
    const doubts: string[] = [];
    const told: ToldCall[] = [];
    const imagined = rehearsedIssuer(
      real,
      () => NOW,
      (call) => told.push(call),
      (text) => doubts.push(text),
    );
    return { imagined, doubts, told };
  };

  test('mints a key that is in nobody’s project, with characters that a secret could hold', async () => {
    const { issuer } = await rotationStage();
    const { imagined, doubts, told } = issuerOf(issuer);
    const { name } = await imagined.mint(ORDER);
    expect(issuer.keys()).toEqual([]);
    expect((await imagined.look(name)).name).toBe(name);
    const key = await imagined.keyString(name);
    expect(lintStoredBytes(bytesOf(key.reveal()))).toMatchObject({ findings: [], key });
    expect(key.kind).toBe('unknown');
    expect(doubts).toEqual([]);
    expect(told.map(({ made }) => made)).toEqual([false, false, false]);
  });

  test('refuses to mint where the project has all its keys, as the real one does', async () => {
    const { issuer } = await rotationStage();
    for (let made = 0; made < 300; made += 1) issuer.plant({ project: SCOPE.project });
    await expect(issuerOf(issuer).imagined.mint(ORDER)).rejects.toMatchObject({ code: 'limited' });
    const [{ name } = { name: '' }] = issuer.keys();
    await issuer.delete(name, false);
    const { imagined, doubts } = issuerOf(issuer);
    await imagined.mint(ORDER);
    expect(doubts).toEqual(['project demo-project has 299 keys and 1 deleted ones, which may count towards its 300']);
  });

  test('mints where keys cannot be counted, and says so', async () => {
    const { issuer } = await rotationStage();
    issuer.failNext('list', new Fault('denied', 'not yours'));
    const { imagined, doubts } = issuerOf(issuer);
    await imagined.mint(ORDER);
    expect(doubts).toEqual(['whether project demo-project has room for a key: not yours']);
  });

  test('deletes and brings back in mind only', async () => {
    const { issuer, key } = await rotationStage();
    const { issued } = await key();
    const { imagined } = issuerOf(issuer);
    await imagined.delete(issued.name, false);
    expect((await imagined.look(issued.name)).deletedAt).toBe(NOW);
    expect((await imagined.undelete(issued.name)).deletedAt).toBeUndefined();
    expect((await imagined.look(issued.name)).deletedAt).toBeUndefined();
    expect((await imagined.keyString(issued.name)).equals(await issuer.keyString(issued.name))).toBe(true);
    await expect(imagined.delete(`${issued.name}-not`, false)).rejects.toMatchObject({ code: 'not_found' });
    expect(issuer.calls).not.toContain('delete');
    expect(issuer.calls).not.toContain('undelete');
  });
});

test('a rehearsed meter asks for what has been, and takes a key to be unused in time to come', async () => {
  const told: ToldCall[] = [];
  const asked: (readonly [number, number])[] = [];
  const ask = (_: string, __: string, from: number, until: number) => {
    asked.push([from, until]);
    return Promise.resolve(usage([]));
  };
  const { usage: rehearsed } = rehearsedMeter({ usage: ask }, NOW, (call) => told.push(call));
  expect(await rehearsed('p', 'u', ago(9), ago(3))).toEqual(usage([]));
  expect(await rehearsed('p', 'u', ago(3), ahead(3))).toEqual(usage([]));
  expect(asked).toEqual([
    [ago(9), ago(3)],
    [ago(3), NOW],
  ]);
  expect(told.map(({ on }) => on)).toEqual(['key u', 'key u, taken to be unused from now on']);
});
