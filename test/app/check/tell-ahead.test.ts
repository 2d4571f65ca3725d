import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/app/check/check.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { MANAGED_SINCE_FORM } from '../../../src/core/record/managed-since.ts';
import type { GroupedNotice, Notice } from '../../../src/core/alerts/notice.ts';
import { isoOf, plusMs } from '../../../src/core/values/time.ts';
import { HOUR_MS } from '../../support/journals.ts';
import { GOOD_KEY, ORDER, stage, STANDARD_KEY, type Stage } from '../../support/stage.ts';

const DAY_MS = 24 * HOUR_MS;
const { rotation } = ORDER.secretPolicy;
/** A run every day finds every project's moment. */
const DAILY = {
  ...ORDER,
  runEveryMinutes: 1440,
  noticeDays: 7,
  secretPolicy: { ...ORDER.secretPolicy, rotation: { ...rotation, maxAgeDays: 90 } },
};

/** A secret that is under care since its key was made, so many days ago. */
async function aged(on: Stage, id: string, days: number, key = GOOD_KEY, more: Record<string, string> = {}) {
  const since = plusMs(on.clock.now(), -days * DAY_MS);
  const written = MANAGED_SINCE_FORM.write({ since, key: { version: 1, madeAt: since } });
  return on.secret(id, [key], { annotations: { 'key-warden.managed-since': written ?? '', ...more } });
}

const toldOf = (on: Stage) =>
  on.announced.filter((notice) => notice.type === 'rotation.planned' || notice.type === 'key.aging');

/** So many days, a run on each. */
async function live(on: Stage, days: number, order = DAILY): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    await check(on.ports, order);
    await on.clock.sleep(DAY_MS);
  }
}

describe('owners are told some days before a key gets too old', () => {
  test('once, with the day on which its rotation begins and how to see what it does', async () => {
    const on = stage();
    const secret = await aged(on, 'app', 80);
    const begins = plusMs(on.clock.now(), 10 * DAY_MS);
    await live(on, 20);
    expect(toldOf(on)).toEqual([
      {
        type: 'rotation.planned',
        secret,
        project: 'demo-project',
        version: 1,
        createdAt: plusMs(begins, -90 * DAY_MS),
        startsAt: begins,
        ageDaysMax: 90,
        step: 'Nothing, if the day suits you. To see what it will do:',
        next: 'key-warden rotate --dry-run --secret projects/demo-project/secrets/app',
      },
    ]);
  });

  test('with when a second person is asked, where one is: as early as an approval would hold, and not before it is due', async () => {
    const asksFrom = async (windows?: string) => {
      const on = stage();
      await aged(on, 'app', 80);
      const { secretPolicy } = DAILY;
      const asking = { ...secretPolicy, rotation: { ...secretPolicy.rotation, approval: 1 }, calendar: { windows } };
      await live(on, 20, { ...DAILY, secretPolicy: asking, approvalHours: 48 });
      const [told] = toldOf(on);
      if (told?.type !== 'rotation.planned') throw new Error('nothing was told');
      return [told.startsAt, told.asksFrom].map((at) => isoOf(at ?? on.clock.now()).slice(0, 16));
    };
    const [due, asked] = await asksFrom();
    expect(asked).toBe(due);
    expect(await asksFrom('mon 08:00-10:00 UTC')).toEqual(['2027-01-25T08:00', due]);
    expect(await asksFrom('wed 08:00-10:00 UTC')).toEqual(['2027-01-27T08:00', '2027-01-25T08:00']);
  });

  test('for the first window after it is due, and not at all where none opens', async () => {
    const on = stage();
    const own = { 'key-warden.policy': '{"v":1,"windows":"mon-fri 06:00-20:00 UTC"}' };
    await aged(on, 'app', 80, GOOD_KEY, own);
    const { secretPolicy } = DAILY;
    const mondays = { windows: 'mon 08:00-10:00 UTC' };
    const never = { windows: 'mon 08:00-10:00 UTC', freezes: '2027-01-01..2029-01-01 UTC' };
    await live(on, 1, { ...DAILY, secretPolicy: { ...secretPolicy, calendar: never } });
    await live(on, 20, { ...DAILY, secretPolicy: { ...secretPolicy, calendar: mondays } });
    const [told, ...others] = toldOf(on);
    expect(others).toEqual([]);
    expect(isoOf(told && 'startsAt' in told ? told.startsAt : on.clock.now())).toBe('2027-01-25T08:00:00.000Z');
  });

  test('and asked to rotate, where no rotation begins by itself', async () => {
    const on = stage();
    const secret = await aged(on, 'app', 80);
    await live(on, 20, { ...DAILY, rotationsMax: 0 });
    expect(toldOf(on)).toMatchObject([
      { type: 'key.aging', secret, ageDays: 84, next: 'key-warden rotate --secret projects/demo-project/secrets/app' },
    ]);
  });

  test('each in a look of its project, and all of that day together', async () => {
    const on = stage();
    for (const id of ['a', 'b', 'c']) await aged(on, id, 82);
    const silence = `{"v":1,"owner":"ana","reason":"known","until":"2027-01-20T08:00:00.000Z"}`;
    await aged(on, 'quiet', 82, GOOD_KEY, { 'key-warden.silence': silence });
    const groups: (readonly string[])[] = [];
    const announcer = {
      announce: (notice: Notice, together: readonly GroupedNotice[] = []) => {
        if (notice.type === 'rotation.planned') groups.push(together.map((one) => ('secret' in one ? one.secret : '')));
        return Promise.resolve();
      },
    };
    await live({ ...on, ports: { ...on.ports, announcer } }, 3);
    expect(groups.map((group) => group.length)).toEqual([3, 3, 3, 1]);
  });

  test('but not by a person’s own check, nor where nobody asked for it, nor at another moment of the day', async () => {
    const on = stage();
    await aged(on, 'app', 82.99);
    await live(on, 1, { ...DAILY, record: false });
    await live(on, 1, { ...DAILY, noticeDays: 0 });
    await live(on, 1, { ...DAILY, runEveryMinutes: 1 });
    expect(toldOf(on)).toEqual([]);
  });

  test('and not of a key whose successor has no account: that is told every day', async () => {
    const on = stage();
    await aged(on, 'app', 80, STANDARD_KEY);
    await live(on, 9);
    expect(toldOf(on)).toEqual([]);
    expect(on.announced.map(({ type }) => type)).toContain('secret.warning');
  });

  test('what could not be told is a problem of the run, which goes on', async () => {
    const on = stage();
    const secret = await aged(on, 'app', 82.99);
    const announcer = {
      announce: ({ type }: Notice) =>
        type === 'rotation.planned' ? Promise.reject(new Fault('unavailable', 'no topic')) : Promise.resolve(),
    };
    await on.clock.sleep(DAY_MS);
    const run = await check({ ...on.ports, announcer }, DAILY);
    expect(run.problems).toEqual([`${secret}: that its key gets old was not told: no topic`]);
  });
});
