import { describe, expect, test } from '@jest/globals';
import { reportOf, type ReportOrder } from '../../../src/app/audit/report.ts';
import { isWhole, reportJson } from '../../../src/app/audit/report-json.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { GoogleReader } from '../../../src/app/ports/google-reader.ts';
import { HISTORY_ANNOTATION, HISTORY_MAX, RETIRED_ANNOTATION, type Past } from '../../../src/core/record/ledger.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { LEAKS_ANNOTATION, LEAKS_FORM } from '../../../src/core/record/leaks.ts';
import { DAY_MS, isoOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { writeHistory } from '../../support/annotations.ts';
import { FROM_KEY, JANE } from '../../support/journals.ts';
import { entryAt } from '../../support/log-entries.ts';
import { GOOD_KEY, ORDER, SCOPE, stage } from '../../support/stage.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';

/** A log with these lines of either kind, kept for so many days. */
function logOf(entries: readonly unknown[], retentionDays: number | null = 400): GoogleReader {
  return {
    read: ({ method, body }) => {
      if (method === 'GET') return Promise.resolve({ json: retentionDays === null ? {} : { retentionDays } });
      const part = String(body?.['filter']).includes('oldKey') ? 'oldKey' : 'notice';
      return Promise.resolve({
        json: { entries: entries.filter((entry) => JSON.stringify(entry).includes(`"${part}"`)) },
      });
    },
  };
}

function reportStage(entries: readonly unknown[] = [], reader = logOf(entries)) {
  const on = stage();
  const issuer = memoryIssuer(on.clock.now);
  const now = on.clock.now();
  const order: ReportOrder = { ...ORDER, from: plusMs(now, -90 * DAY_MS), to: now, logs: ['projects/demo-project'] };
  return {
    ...on,
    issuer,
    now,
    order,
    told: (fields: Partial<ReportOrder> = {}) => reportOf({ ...on.ports, reader, issuer }, { ...order, ...fields }),
  };
}

const past = (at: Instant, number: number): Past => ({
  id: `kw-${number}`,
  reason: 'age',
  outcome: 'completed',
  from: number,
  to: number + 1,
  at,
});

describe('every key stands in a report', () => {
  test('by its secret, with its age, and with the age that its policy allows', async () => {
    const { secret, clock, told } = reportStage();
    await secret('b', [GOOD_KEY]);
    await secret('a', [GOOD_KEY], { annotations: { 'key-warden.policy': '{"v":1,"maxAgeDays":30}' } });
    await clock.sleep(60 * DAY_MS);
    const { keys, exceptions } = await told();
    expect(
      keys.map(({ secret: name, ageDays, maxAgeDays, isOverAge }) => [name.at(-1), ageDays, maxAgeDays, isOverAge]),
    ).toEqual([
      ['a', 60, 30, true],
      ['b', 60, 90, false],
    ]);
    expect(exceptions).toMatchObject([{ is: 'key over age', about: keys[0]?.secret }]);
  });

  test('also one whose age nobody can tell', async () => {
    const { secret, vault, told } = reportStage();
    await secret('a', [GOOD_KEY]);
    vault.failNext('lookVersion', new Fault('denied', 'you may not'));
    const report = await told();
    expect(report.keys).toMatchObject([{ ageDays: undefined, isOverAge: false }]);
    expect(reportJson(report).keys).toMatchObject([{ ageDays: null, kind: 'unknown', madeAt: null, madeAtBy: null }]);
  });

  test('two thousand of them at the pace of a long list', async () => {
    const { secret, told, clock, now } = reportStage();
    for (let number = 0; number < 2_000; number += 1) await secret(`s-${number}`, [GOOD_KEY]);
    expect((await told()).keys).toHaveLength(2_000);
    expect(clock.now() - now).toBe(4 * 60_000);
  });
});

describe('what is missing is said', () => {
  const full = (now: Instant) =>
    Array.from({ length: HISTORY_MAX }, (_, at) => past(plusMs(now, -at * DAY_MS), 9 - at));

  test('of each key whose record does not reach back, where the log does not either', async () => {
    for (const [reader, why] of [
      [logOf([], 30), /keeps nothing from the beginning/],
      [logOf([], null), /how far back the log .* goes is not known: its bucket does not say/],
      [{ read: () => Promise.resolve('denied') } satisfies GoogleReader, /was not read: it takes/],
    ] as const) {
      const on = reportStage([], reader);
      await on.secret('a', [GOOD_KEY], { annotations: { [HISTORY_ANNOTATION]: writeHistory(full(on.now)) ?? '' } });
      await on.secret('b', [GOOD_KEY]);
      const report = await on.told();
      expect(report.keys).toMatchObject([{ missing: expect.stringMatching(why) }, { missing: undefined }]);
      expect(report.missing).toMatch(why);
      expect(isWhole(report)).toBe(false);
    }
  });

  test('not where the log makes up for it, or the record reaches back', async () => {
    const on = reportStage();
    await on.secret('a', [GOOD_KEY], { annotations: { [HISTORY_ANNOTATION]: writeHistory(full(on.now)) ?? '' } });
    expect(isWhole(await on.told())).toBe(true);
    const short = await on.told({ from: plusMs(on.now, -2 * DAY_MS), logs: [] });
    expect(short.keys).toMatchObject([{ missing: undefined }]);
    expect(short.missing).toBe('no log was looked at');
  });

  test('of records that this release does not read', async () => {
    const on = reportStage();
    const annotations = {
      [HISTORY_ANNOTATION]: '{"v":9}',
      [RETIRED_ANNOTATION]: '{"v":9}',
      [LEAKS_ANNOTATION]: '{"v":9}',
    };
    await on.secret('a', [GOOD_KEY], { annotations });
    const { problems, keys } = await on.told({ logs: [] });
    expect(keys).toMatchObject([{ missing: expect.stringMatching(/form that this release does not read; no log/) }]);
    expect(problems).toEqual([
      expect.stringMatching(/list of old keys is in a form/),
      expect.stringMatching(/list of leaks is in a form/),
    ]);
    expect(isWhole(await on.told())).toBe(false);
  });

  test('of freezes that nobody can read, and those that stand are told', async () => {
    const on = reportStage();
    const book = await on.secret('book', [], { labels: {} });
    const until = plusMs(on.now, DAY_MS);
    const freezes = [{ id: 'f-1', about: { all: true }, owner: 'ops', reason: 'a launch', until }];
    const sighting = await on.vault.look(book);
    await on.vault.commit(sighting, { annotations: changeOf(sighting.record, { freezes }) });
    expect((await on.told({ book })).exceptions).toMatchObject([{ is: 'freeze', about: 'all secrets', until }]);
    await on.vault.commit(await on.vault.look(book), { annotations: { 'key-warden.freezes': '{"v":9}' } });
    expect((await on.told({ book })).problems).toEqual([expect.stringMatching(/^which freezes are set is not known/)]);
  });

  test('where the issuer cannot be asked when it deleted keys', async () => {
    const on = reportStage();
    await on.secret('a', [GOOD_KEY]);
    on.issuer.failNext('list', new Fault('denied', 'you may not'));
    expect((await on.told()).problems).toEqual([expect.stringMatching(/was not asked: you may not/)]);
  });

  test('and what the log tells of secrets that are not among the keys', async () => {
    const now = stage().clock.now();
    const gone = 'projects/123456789012/secrets/gone';
    const oldKey = { did: 'deleted', secret: gone, version: 1 };
    const on = reportStage([
      entryAt(now, { oldKey }),
      entryAt(now, { notice: { type: 'leak.open', secret: 'projects/123456789012/secrets/also', version: 1 } }),
    ]);
    expect((await on.told()).notAmongKeys).toEqual(['projects/123456789012/secrets/also', gone]);
  });
});

test('rotations, exceptions and open leaks are joined with the log, and told as JSON', async () => {
  const at = plusMs(stage().clock.now(), -DAY_MS);
  const name = `projects/123456789012/secrets/a`;
  const on = reportStage([
    entryAt(at, {
      notice: {
        type: 'rotation.completed',
        secret: name,
        rotation: 'kw-0',
        reason: 'leaked',
        by: JANE,
        from: 1,
        to: 2,
        openedAt: at,
      },
    }),
    entryAt(at, { notice: { type: 'silence.set', secret: name, owner: 'ops', reason: 'r', until: at, at, by: JANE } }),
    entryAt(at, { oldKey: { did: 'deleted', secret: name, version: 1, key: FROM_KEY.name } }),
  ]);
  const leaks = LEAKS_FORM.write([{ version: 1, at, refusedSince: at, told: 0 }]) ?? '';
  await on.secret('a', [GOOD_KEY], { annotations: { [LEAKS_ANNOTATION]: leaks } });
  await on.secret('b', [GOOD_KEY], {
    annotations: { [LEAKS_ANNOTATION]: LEAKS_FORM.write([{ version: 2, key: 'k', at, told: 0 }]) ?? '' },
  });
  on.issuer.plant({ project: SCOPE.project });
  const planted = on.issuer.plant({ project: SCOPE.project });
  await on.issuer.delete(planted.name, false);
  const json = reportJson(await on.told());
  expect(json).toMatchObject({
    schema: 'key-warden/evidence/v1',
    rotations: [
      {
        rotation: 'kw-0',
        who: 'jane',
        whoIs: 'claimed',
        why: null,
        oldKey: { is: 'deleted', deletedAt: isoOf(at), refusedAt: null, isProven: false },
      },
    ],
    exceptions: [
      { is: 'silence', owner: 'ops', who: 'jane' },
      { is: 'emergency', owner: null },
    ],
    openLeaks: [
      { secret: name, version: 1, key: null, refusedSince: isoOf(at) },
      { version: 2, key: 'k', refusedSince: null },
    ],
  });
});
