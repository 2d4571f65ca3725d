import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/app/check/check.ts';
import { fleetOf, freshMsOf, type FleetOrder } from '../../../src/app/on-record/fleet.ts';
import { memberJson, newestRun, totalsOf } from '../../../src/app/on-record/fleet-json.ts';
import type { LookUpFreezes } from '../../../src/app/listing/freezes.ts';
import type { CalendarPolicy } from '../../../src/core/calendar/calendar-policy.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { GoogleReader } from '../../../src/app/ports/google-reader.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { HISTORY_FORM, type Past } from '../../../src/core/record/ledger.ts';
import { DAY_MS, isoOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { inFlight, resting } from '../../support/journals.ts';
import { DEAD_KEY, GOOD_KEY, MANAGED, ORDER, stage, STANDARD_KEY, type Stage } from '../../support/stage.ts';

const FLEET: FleetOrder = { ...ORDER, logProjects: ['demo-project'], ages: true };

/** A log that holds one complete run. */
function logOf(at: Instant | undefined): GoogleReader {
  const heartbeat = { expected: 1, seen: 1, listed: ['demo-project/global'] };
  const entries = at === undefined ? [] : [{ timestamp: isoOf(at), jsonPayload: { heartbeat } }];
  return { read: () => Promise.resolve({ json: { entries } }) };
}
const CLOSED: GoogleReader = { read: () => Promise.resolve('denied') };

const annotationsOf = (change: RecordChange) =>
  Object.fromEntries(
    Object.entries(changeOf(recordOf({}), change)).flatMap(([name, text]) => (text === null ? [] : [[name, text]])),
  );

async function membersOf(on: Stage, reader: GoogleReader, order: Partial<FleetOrder> = {}) {
  const fleet = await fleetOf({ ...on.ports, reader }, { ...FLEET, ...order });
  return { fleet, by: new Map(fleet.members.map((member) => [member.secret.split('/').at(-1), member])) };
}

const PAST: Past = {
  id: 'kw-1',
  reason: 'age',
  outcome: 'completed',
  from: 1,
  to: 2,
  at: plusMs(stage().clock.now(), -DAY_MS),
};

describe('what is on record about a fleet', () => {
  test('tells what was seen well from what nobody has looked at, and reads no key', async () => {
    const on = stage();
    await on.secret('seen', [STANDARD_KEY]);
    await on.secret('dead', [DEAD_KEY]);
    await check(on.ports, ORDER);
    await on.secret('new', [GOOD_KEY]);
    const probes = on.prober.probes.length;
    const { by, fleet } = await membersOf(on, logOf(on.clock.now()));
    expect(by.get('seen')).toMatchObject({ condition: 'well', checked: { is: 'at' }, key: { kind: 'standard' } });
    expect(by.get('dead')).toMatchObject({ condition: 'failing', checked: { is: 'at' }, key: {} });
    expect(by.get('new')).toMatchObject({ condition: 'unchecked', checked: { is: 'never' } });
    expect(totalsOf(fleet.members)).toMatchObject({ well: 1, failing: 1, unchecked: 1, held: 0 });
    expect(on.prober.probes).toHaveLength(probes);
    expect(on.vault.calls.filter((call) => call === 'read')).toHaveLength(2);
  });

  test('says that nobody looks any more, where the log tells of no run since', async () => {
    const on = stage();
    await on.secret('seen', [GOOD_KEY]);
    await check(on.ports, ORDER);
    const checkedAt = on.clock.now();
    await on.clock.sleep(3 * DAY_MS);
    expect((await membersOf(on, logOf(checkedAt))).by.get('seen')).toMatchObject({
      condition: 'unwatched',
      checked: { is: 'at', at: checkedAt },
    });
    await on.clock.sleep(5 * DAY_MS);
    const { by, fleet } = await membersOf(on, logOf(undefined));
    expect(by.get('seen')).toMatchObject({ condition: 'unwatched', checked: { is: 'not_found' } });
    expect(newestRun(fleet)).toBeUndefined();
    const byScope = new Map([checkedAt, on.clock.now(), checkedAt].map((at, scope) => [String(scope), at]));
    expect(newestRun({ runs: { ...fleet.runs, byScope } })).toBe(on.clock.now());
  });

  test('does not know when it was checked last without the right to see the log', async () => {
    const on = stage();
    await on.secret('seen', [GOOD_KEY]);
    await check(on.ports, ORDER);
    const { by } = await membersOf(on, CLOSED);
    const seen = by.get('seen');
    expect(seen).toMatchObject({ condition: 'well', checked: { is: 'unknown' } });
    expect(seen && memberJson(seen)).toMatchObject({
      checkedAt: null,
      checkedAtUnknown: expect.stringContaining('logging.logEntries.list'),
      key: { kind: 'auth', by: 'version' },
    });
  });

  test('believes no run of the worker about a secret that it does not look after', async () => {
    const on = stage();
    const name = await on.secret('other', [GOOD_KEY], {
      labels: {},
      annotations: annotationsOf({ health: { is: 'well', episodes: 0, since: on.clock.now() } }),
    });
    await on.clock.sleep(DAY_MS);
    const { by } = await membersOf(on, logOf(on.clock.now()), { secrets: [name] });
    expect(by.get('other')).toMatchObject({ managed: false, condition: 'unwatched' });
  });

  test('knows a run over its own region, and takes none over another for it', async () => {
    const on = stage();
    const annotations = annotationsOf({ health: { is: 'well', episodes: 0, since: on.clock.now() } });
    on.vault.create({ project: 'demo-project', location: 'europe-west1' }, 'app', { labels: MANAGED, annotations });
    await on.clock.sleep(DAY_MS);
    const scopes = [{ project: 'demo-project', location: 'europe-west1' }];
    const { by } = await membersOf(on, logOf(on.clock.now()), { scopes });
    expect(by.get('app')).toMatchObject({ condition: 'unwatched' });
  });

  test('takes the age of the key from the rotation that made it, and else from the version', async () => {
    const on = stage();
    const now = on.clock.now();
    const madeAt = plusMs(now, -10 * DAY_MS);
    const history = [{ ...PAST, toKeyMadeAt: madeAt }];
    await on.secret('rotated', [GOOD_KEY, GOOD_KEY], { annotations: annotationsOf({ history }) });
    await on.secret('by-hand', [GOOD_KEY], { current: null });
    const rotation = inFlight({ phase: 'promoted', promotedAt: now, from: 1, to: 2, toKeyMadeAt: madeAt });
    const health = { is: 'well', episodes: 0, since: plusMs(now, -DAY_MS), keyKind: 'standard' } as const;
    await on.secret('draining', [GOOD_KEY, GOOD_KEY], { annotations: annotationsOf({ rotation, health }) });
    await on.secret('empty', []);
    const { by } = await membersOf(on, logOf(now));
    const due = { is: 'at', at: plusMs(madeAt, 90 * DAY_MS) };
    expect(by.get('rotated')).toMatchObject({ key: { madeAt, by: 'key' }, due });
    expect(by.get('draining')).toMatchObject({ key: { madeAt, by: 'key', kind: undefined }, due });
    expect(by.get('by-hand')).toMatchObject({ key: { madeAt: now, by: 'version' } });
    expect(by.get('empty')).toMatchObject({ key: { kind: undefined }, due: { is: 'unknown' } });
    expect([...by.values()].map((member) => memberJson(member)).find(({ lastRotation }) => lastRotation)).toMatchObject(
      {
        key: { madeAt: isoOf(madeAt), by: 'key' },
        due: isoOf(due.at),
        lastRotation: { id: 'kw-1', outcome: 'completed', at: isoOf(PAST.at), toKeyMadeAt: isoOf(madeAt) },
      },
    );
  });

  test('a key is due after a failed rotation may be tried again, and never by a policy that says so', async () => {
    const on = stage();
    const notBefore = plusMs(on.clock.now(), 200 * DAY_MS);
    await on.secret('failed', [GOOD_KEY], {
      annotations: annotationsOf({ rotation: resting({ failures: 1, notBefore }) }),
    });
    const soon = resting({ failures: 1, notBefore: plusMs(on.clock.now(), DAY_MS) });
    await on.secret('tried', [GOOD_KEY], { annotations: annotationsOf({ rotation: soon }) });
    await on.secret('odd', [GOOD_KEY], {
      annotations: { 'key-warden.rotation': 'by hand', [HISTORY_FORM.annotation]: 'by hand', 'key-warden.health': '?' },
    });
    const { by } = await membersOf(on, logOf(on.clock.now()));
    expect(by.get('failed')?.due).toEqual({ is: 'at', at: notBefore });
    expect(by.get('tried')?.due).toEqual({ is: 'at', at: plusMs(on.clock.now(), 90 * DAY_MS) });
    const { secretPolicy } = ORDER;
    const never = { ...secretPolicy, rotation: { ...secretPolicy.rotation, maxAgeDays: 0 } };
    const kept = (await membersOf(on, CLOSED, { secretPolicy: never })).by.get('failed');
    expect(kept && memberJson(kept)).toMatchObject({ due: 'never' });
    const odd = by.get('odd');
    expect(odd).toMatchObject({ condition: 'unreadable', history: undefined, due: { is: 'at' } });
    expect(odd && memberJson(odd)).toMatchObject({ lastRotation: null });
  });

  test('looks up the versions of a hundred secrets at most, and counts the others', async () => {
    const on = stage();
    for (let number = 0; number < 103; number += 1) await on.secret(`key-${number}`, [GOOD_KEY]);
    const { fleet } = await membersOf(on, logOf(undefined));
    expect(on.vault.calls.filter((call) => call === 'lookVersion')).toHaveLength(100);
    expect(fleet.notLooked).toBe(3);
    expect((await membersOf(on, logOf(undefined), { ages: false })).fleet.notLooked).toBe(0);
    expect(on.vault.calls.filter((call) => call === 'lookVersion')).toHaveLength(100);
    expect(fleet.members.filter(({ due }) => due.is === 'unknown')).toHaveLength(3);
  });

  test('is shown where versions may not be looked at, and where a secret is not there', async () => {
    const on = stage();
    await on.secret('app', [GOOD_KEY]);
    on.vault.failNext('lookVersion', new Fault('denied', 'No.'));
    const { by, fleet } = await membersOf(on, logOf(on.clock.now()), {
      secrets: ['projects/demo-project/secrets/app', 'projects/demo-project/secrets/ghost'],
    });
    expect(by.get('app')).toMatchObject({ key: {}, due: { is: 'unknown' } });
    expect(fleet.problems).toHaveLength(1);
    expect(fleet.barred).toBe(true);
  });
});

test('a check counts as fresh for three runs, and for an hour at least', () => {
  expect(freshMsOf(10)).toBe(3_600_000);
  expect(freshMsOf(60)).toBe(3 * 3_600_000);
});

describe('when a rotation may begin', () => {
  /** The stage stands at 08:00 UTC on Friday, 2027-01-15. */
  const SATURDAY = { windows: 'sat 10:00-12:00 UTC' };
  const dueOf = async (
    calendar: CalendarPolicy,
    change: RecordChange = {},
    more: { readonly maxAgeDays?: number; readonly freezes?: LookUpFreezes } = {},
  ) => {
    const on = stage();
    await on.secret('app', [GOOD_KEY], { annotations: annotationsOf(change) });
    await on.clock.sleep(DAY_MS / 2);
    const { maxAgeDays = 90, freezes } = more;
    const rotation = { ...FLEET.secretPolicy.rotation, maxAgeDays };
    const order = { ...FLEET, secretPolicy: { ...FLEET.secretPolicy, rotation, calendar } };
    const fleet = await fleetOf({ ...on.ports, reader: CLOSED, freezes }, order);
    const [due] = fleet.members.map((member) => member.due);
    return { due: due?.is === 'at' ? isoOf(due.at) : due?.is, problems: fleet.problems };
  };
  const schedule = { rotation: resting({ due: { since: PAST.at, reason: 'schedule' } }) };

  test('is told by windows: of a key that is too old already, of one that will be, and of what a schedule asked for', async () => {
    const old = { rotation: resting({ notBefore: plusMs(PAST.at, DAY_MS / 2) }) };
    expect((await dueOf(SATURDAY)).due).toBe('2027-04-17T10:00:00.000Z');
    expect((await dueOf(SATURDAY, schedule)).due).toBe('2027-01-16T10:00:00.000Z');
    expect((await dueOf({}, old, { maxAgeDays: 1 })).due).toBe('2027-01-16T08:00:00.000Z');
    expect((await dueOf({ windows: '2020-01-01 UTC' }, schedule)).due).toBe('never');
  });

  test('is told by freezes that people set, and where they are not known, that is said', async () => {
    const until = plusMs(PAST.at, 4 * DAY_MS);
    const freeze = { id: 'a', about: { all: true }, owner: 'ops', reason: 'a launch', until };
    const set = () => Promise.resolve({ freezes: [freeze] });
    expect((await dueOf({}, schedule, { freezes: set })).due).toBe(isoOf(until));
    const unknown = await dueOf({}, schedule, { freezes: () => Promise.resolve({ unknown: 'may not' }) });
    expect(unknown.problems).toEqual(['which freezes are set is not known: may not']);
  });

  test('is told of a key that grew old while nothing was open, and of one that is late although it may', async () => {
    const on = stage();
    await on.secret('app', [GOOD_KEY]);
    await on.clock.sleep(100 * DAY_MS);
    const at = async (windows: string) => {
      const order = { ...FLEET, secretPolicy: { ...FLEET.secretPolicy, calendar: { windows } } };
      const { members } = await fleetOf({ ...on.ports, reader: CLOSED }, order);
      return members.map(({ due }) => (due.is === 'at' ? isoOf(due.at) : due.is));
    };
    expect(await at('sat 10:00-12:00 UTC')).toEqual(['2027-05-01T10:00:00.000Z']);
    expect(await at('mon-sun UTC')).toEqual(['2027-04-15T08:00:00.000Z']);
  });
});
