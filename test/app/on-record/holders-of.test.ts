import { describe, expect, test } from '@jest/globals';
import { holdersOnRecord, holdersRead, sharedJson } from '../../../src/app/on-record/holders-of.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { gather } from '../../../src/app/listing/gather.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { FROM_KEY, inFlight, NOW, TO_KEY } from '../../support/journals.ts';
import { GOOD_KEY, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';

const SCOPES = { scopes: [SCOPE], concurrency: 2, secretPolicy: DEFAULT_SECRET_POLICY };
const PAST = { id: 'kw-0', reason: 'request', outcome: 'completed', from: 1, at: NOW } as const;

async function recordStage() {
  const on = stage();
  const { vault, secret } = on;
  const put = async (id: string, aliases: Readonly<Record<string, number>>, change: RecordChange) => {
    const name = await secret(id, ['a', 'b'], { current: null });
    const annotations = changeOf(recordOf({}), change);
    await vault.commit(await vault.look(name), { aliases, annotations });
    return name;
  };
  const asked = async () => {
    const { found } = await gather(vault, SCOPES);
    return holdersOnRecord(found.map(({ sighting }) => sighting));
  };
  return { ...on, put, asked };
}

describe('who shares a key, as the records name it (I13)', () => {
  test('is known of what a secret serves and of what it drains or has retired, by the name that others serve it by', async () => {
    const { put, asked } = await recordStage();
    const drains = await put('drains', { current: 2 }, { rotation: inFlight({ from: 1, fromKey: FROM_KEY }) });
    const retired = await put(
      'retired',
      { current: 2 },
      {
        retired: [
          { version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-0' },
          { version: 1, key: TO_KEY, at: NOW, rotation: 'kw-0', deletedAt: NOW },
        ],
      },
    );
    const serves = await put('serves', { stable: 2, current: 2 }, { history: [{ ...PAST, to: 2, toKey: FROM_KEY }] });
    const also = await put('also', { current: 2 }, { history: [{ ...PAST, to: 2, toKey: TO_KEY }] });
    const found = await asked();
    const holder = { secret: serves, version: 2, readAs: 'current' };
    expect([drains, retired, serves, also].map((name) => found.get(name))).toEqual([
      [holder],
      [holder],
      undefined,
      undefined,
    ]);
  });

  test('is nothing where records name no key, or cannot be read', async () => {
    const { put, asked, vault } = await recordStage();
    const name = await put('a', { current: 1 }, {});
    await put('b', { current: 1 }, { retired: [{ version: 1, key: TO_KEY, at: NOW, rotation: 'kw-0' }] });
    await put('c', {}, { retired: [{ version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-0' }] });
    await vault.commit(await vault.look(name), {
      annotations: { 'key-warden.rotation': '{"v":9}', 'key-warden.retired': '{"v":9}' },
    });
    expect(await asked()).toEqual(new Map());
  });
});

describe('who shares a key, by a reading of all of them,', () => {
  test('is named on both sides, in whatever form it is stored', async () => {
    const { vault, secret } = stage();
    const a = await secret('a', [GOOD_KEY]);
    const b = await secret('b', [STANDARD_KEY, JSON.stringify({ key: GOOD_KEY })]);
    await secret('c', [STANDARD_KEY]);
    await secret('d', ['no key']);
    const { found } = await gather(vault, SCOPES);
    const { holders, notLooked } = await holdersRead(vault, SCOPES, found);
    expect([...holders].toSorted()).toEqual([
      [a, [{ secret: b, version: 2, readAs: 'current' }]],
      [b, [{ secret: a, version: 1, readAs: 'current' }]],
    ]);
    expect(notLooked).toEqual([]);
  });

  test('says what it could not look at', async () => {
    const { vault, secret } = stage();
    const a = await secret('a', [GOOD_KEY]);
    const { found } = await gather(vault, SCOPES);
    vault.failNext('read', new Fault('denied', 'you may not'));
    vault.failNext('list', new Fault('denied', 'no list'));
    expect((await holdersRead(vault, SCOPES, found)).notLooked).toEqual([
      expect.stringContaining('no list'),
      `${a}: you may not`,
    ]);
  });

  test('costs two accesses a secret and one list, at 2,000 secrets that were rotated once', async () => {
    const { vault, secret } = stage();
    for (let at = 0; at < 2_000; at += 1) {
      const name = await secret(`s-${at}`, [STANDARD_KEY, `AI${'za'}${at}`.padEnd(39, 'k')]);
      await vault.commit(await vault.look(name), { aliases: { previous: 1 } });
    }
    const { found } = await gather(vault, SCOPES);
    const before = vault.calls.length;
    const { holders } = await holdersRead(vault, { ...SCOPES, concurrency: 16 }, found);
    const calls = vault.calls.slice(before);
    expect(calls.filter((call) => call === 'read')).toHaveLength(4_000);
    expect([calls.length, holders.size]).toEqual([4_001, 2_000]);
  });
});

test('in JSON, what nobody looked for is not said to be nobody', () => {
  const other = { secret: 'projects/1/secrets/b', version: 1, readAs: 'current' };
  const holders = new Map([['projects/1/secrets/a', [other]]]);
  const of = (isRead: boolean) => ['a', 'c'].map((id) => sharedJson(holders, isRead)(`projects/1/secrets/${id}`));
  expect(of(false)).toEqual([{ holders: { known: 'on record', others: [other] } }, {}]);
  expect(of(true)).toEqual([
    { holders: { known: 'by reading', others: [other] } },
    { holders: { known: 'by reading', others: [] } },
  ]);
});
