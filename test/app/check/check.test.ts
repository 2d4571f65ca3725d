import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { check } from '../../../src/app/check/check.ts';
import { reportOf } from '../../../src/core/health/check-run.ts';
import { inPool } from '../../../src/app/listing/pool.ts';
import { silenceSecret } from '../../../src/app/alerts/silence-secret.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { writeJournal } from '../../support/annotations.ts';
import { isoOf, plusMs } from '../../../src/core/values/time.ts';
import { HOUR_MS, inFlight, JANE } from '../../support/journals.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, SCOPE, STANDARD_KEY, stage, type Stage } from '../../support/stage.ts';

const causes = (run: Awaited<ReturnType<typeof check>>) =>
  Object.fromEntries(run.checked.map(({ finding }) => [finding.secret.split('/').at(-1), finding.diagnosis.cause]));

describe('a run over managed secrets', () => {
  test('finds each one’s own trouble and lets none stop the others', async () => {
    const on = stage();
    await on.secret('good', [GOOD_KEY]);
    await on.secret('dead', [DEAD_KEY]);
    await on.secret('empty', []);
    await on.secret('bytes', [`"${GOOD_KEY}"`]);
    const run = await check(on.ports, ORDER);
    expect(causes(run)).toEqual({
      good: 'ok',
      dead: 'key_invalid',
      empty: 'version_missing',
      bytes: 'stored_bytes_unclean',
    });
    expect(run).toMatchObject({ expected: 4, problems: [], outages: [] });
  });

  test('leaves unmanaged secrets alone', async () => {
    const on = stage();
    await on.secret('good', [GOOD_KEY]);
    await on.secret('other', [DEAD_KEY], { labels: { team: 'ads' } });
    expect(causes(await check(on.ports, ORDER))).toEqual({ good: 'ok' });
  });

  test('announces what it finds once, over many runs', async () => {
    const on = stage();
    await on.secret('dead', [DEAD_KEY]);
    for (let round = 0; round < 3; round += 1) await check(on.ports, ORDER);
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy']);
  });

  test('pages nobody about a new secret that waits for its first key, and says so in the report', async () => {
    const on = stage();
    await on.secret('empty', [], { current: null });
    const runs = [];
    for (let round = 0; round < 5; round += 1) runs.push(await check(on.ports, ORDER));
    expect(on.announced).toEqual([]);
    expect(runs.at(-1)?.checked[0]?.finding.notes).toEqual([expect.stringContaining('no version yet')]);
  });

  test('reports a project that cannot be listed and checks the others', async () => {
    const on = stage();
    await on.secret('good', [GOOD_KEY]);
    on.vault.failNext('list', new Fault('denied', 'secretmanager.secrets.list is missing'));
    const run = await check(on.ports, { ...ORDER, scopes: [{ project: 'locked-project', location: 'global' }, SCOPE] });
    expect(run.problems).toEqual([
      'project locked-project (global) was not listed to the end: secretmanager.secrets.list is missing',
    ]);
    expect(causes(run)).toEqual({ good: 'ok' });
  });

  test('that runs out of time counts what it did not reach', async () => {
    const on = stage();
    for (const id of ['a', 'b', 'c']) await on.secret(id, [DEAD_KEY]);
    const run = await check(on.ports, { ...ORDER, concurrency: 1, budgetSeconds: 3 });
    expect(run).toMatchObject({
      expected: 3,
      checked: [{}],
      problems: ['2 of 3 secrets were not reached within 3 s: raise the time budget or the concurrency'],
    });
    expect(run.finishedAt).toBe(plusMs(run.startedAt, 4000));
  });

  test('without --record writes and announces nothing', async () => {
    const on = stage();
    const name = await on.secret('dead', [DEAD_KEY]);
    const run = await check(on.ports, { ...ORDER, record: false });
    expect(run.checked).toMatchObject([{ health: 'unknown', announced: [] }]);
    expect(on.announced).toEqual([]);
    expect((await on.vault.look(name)).annotations).toEqual({});
  });

  test('writes down the first good run of 200 keys at most, and of the others in later runs', async () => {
    const on = stage();
    for (let number = 0; number < 201; number += 1) await on.secret(`key-${number}`, [GOOD_KEY]);
    const writes = () => on.vault.calls.filter((call) => call === 'commit').length;
    const before = writes();
    await check(on.ports, ORDER);
    expect(writes() - before).toBe(200);
    await check(on.ports, ORDER);
    await check(on.ports, ORDER);
    expect(writes() - before).toBe(201);
  });

  test('takes a secret’s own policy, and notes what is wrong with it', async () => {
    const on = stage();
    await on.secret('dead', [DEAD_KEY], {
      annotations: { 'key-warden.policy': '{"v":1,"confirmAnswers":1,"typo":1}' },
    });
    const run = await check(on.ports, ORDER);
    expect(run.checked[0]?.finding).toMatchObject({
      answers: 1,
      notes: [expect.stringContaining('legacy'), expect.stringContaining('unknown field "typo"')],
    });
  });

  test.each([
    ['always', 'deep'],
    ['never', 'shallow'],
  ] as const)('probes %s at depth %s', async (deep, depth) => {
    const on = stage();
    await on.secret('good', [GOOD_KEY]);
    expect((await check(on.ports, { ...ORDER, deep })).checked[0]?.finding.depth).toBe(depth);
  });

  test('probes deep when it is due, which is always for runs rarer than the period', async () => {
    const on = stage();
    await on.secret('good', [GOOD_KEY]);
    const run = await check(on.ports, { ...ORDER, deep: 'when_due', runEveryMinutes: 1440 });
    expect(run.checked[0]?.finding.depth).toBe('deep');
  });
});

describe('what a run says for those who watch', () => {
  test('how long the trouble of a key took to be told, once, against what is promised', async () => {
    const on = stage();
    await on.secret('dead', [DEAD_KEY]);
    const detections = async (order = ORDER) =>
      (await check(on.ports, order)).checked.map(({ detection }) => detection);
    expect(await detections({ ...ORDER, record: false })).toEqual([undefined]);
    const [told] = await detections();
    expect(told).toMatchObject({ depth: 'shallow', secondsMax: 1500, late: false });
    expect(told?.seconds).toBeGreaterThanOrEqual(600);
    expect(await detections()).toEqual([undefined]);
  });

  test('what nothing was learned of, until people are told of it', async () => {
    const on = stage();
    await on.secret('good', [GOOD_KEY]);
    await on.secret('slow', [STANDARD_KEY]);
    on.prober.script(STANDARD_KEY, 'list', { noAnswer: 'timeout', detail: 'no answer' });
    const untold = [];
    for (let round = 0; round < 4; round += 1) untold.push((await check(on.ports, ORDER)).untoldUnclear);
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unclear']);
    expect(untold).toEqual([1, 1, 0, 0]);
  });

  test('which keys there are: their kind as it was seen, their age as it is on record, also where there was no time', async () => {
    const on = stage();
    const name = await on.secret('good', [GOOD_KEY]);
    const madeAt = plusMs(on.clock.now(), -100 * 24 * HOUR_MS);
    const past = {
      id: 'kw-1',
      reason: 'age',
      outcome: 'completed',
      from: 0,
      to: 1,
      toKeyMadeAt: madeAt,
      at: madeAt,
    } as const;
    const sighting = await on.vault.look(name);
    await on.vault.commit(sighting, { annotations: changeOf(sighting.record, { history: [past] }) });
    await on.secret('standard', [STANDARD_KEY]);
    await on.secret('empty', [], { current: null });
    const { census } = await check(on.ports, ORDER);
    const age = 'up_to_180_days';
    expect(census).toEqual({
      groups: [
        { kind: 'standard', age: 'unknown', count: 1 },
        { kind: 'auth', age, count: 1 },
        { kind: 'unknown', age: 'unknown', count: 1 },
      ],
      due: 1,
      overdue: 1,
    });
    const late = await check(on.ports, { ...ORDER, concurrency: 1, budgetSeconds: 0 });
    expect(late.census.groups).toContainEqual({ kind: 'unknown', age, count: 1 });
  });
});

describe('trouble that only a deep probe sees', () => {
  const PREPAID = { status: 402, body: { error: { code: 402, message: 'Your prepayment credits are depleted.' } } };
  /** Rarely for one secret; by the clock of these tests never for `good`. */
  const RARELY = { ...ORDER, deep: 'when_due', runEveryMinutes: 1 } as const;

  async function depleted() {
    const on = stage();
    const name = await on.secret('good', [GOOD_KEY]);
    on.prober.script(GOOD_KEY, 'generate', PREPAID);
    await check(on.ports, { ...ORDER, deep: 'always' });
    return { on, name };
  }

  test('is not over because the list of models answers', async () => {
    const { on } = await depleted();
    for (let round = 0; round < 5; round += 1) await check(on.ports, RARELY);
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy']);
    on.prober.script(GOOD_KEY, 'generate', WORKING.generate);
    for (let round = 0; round < 5; round += 1) await check(on.ports, RARELY);
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy', 'key.recovered']);
  });

  test('costs a token in every run until then, and none afterwards', async () => {
    const { on } = await depleted();
    const depths = async () => (await check(on.ports, RARELY)).checked[0]?.finding.depth;
    expect([await depths(), await depths()]).toEqual(['deep', 'deep']);
    on.prober.script(GOOD_KEY, 'generate', WORKING.generate);
    expect([await depths(), await depths(), await depths()]).toEqual(['deep', 'shallow', 'shallow']);
  });

  test('a record that this release does not read asks for no deep probe', async () => {
    const on = stage();
    await on.secret('good', [GOOD_KEY], { annotations: { 'key-warden.health': '{"v":2}' } });
    expect((await check(on.ports, RARELY)).checked[0]?.finding.depth).toBe('shallow');
  });
});

describe('named secrets', () => {
  test('are looked at one by one, the missing ones too', async () => {
    const on = stage();
    const name = await on.secret('good', [GOOD_KEY]);
    const run = await check(on.ports, { ...ORDER, secrets: [name, 'projects/demo-project/secrets/ghost'] });
    expect(causes(run)).toEqual({ good: 'ok', ghost: 'secret_missing' });
    expect(run).toMatchObject({ expected: 2, problems: [] });
    expect(run.checked.map(({ finding }) => finding.project)).toContain('demo-project');
  });

  test('that may not be seen are a matter of permission', async () => {
    const on = stage();
    const name = await on.secret('good', [GOOD_KEY]);
    on.vault.failNext('look', new Fault('denied', 'no'));
    expect(causes(await check(on.ports, { ...ORDER, secrets: [name] }))).toEqual({ good: 'access_denied' });
  });

  test('with a malformed name are a finding as well', async () => {
    const on = stage();
    const run = await check(on.ports, { ...ORDER, secrets: ['nonsense'] });
    expect(run.checked[0]?.finding).toMatchObject({ secret: 'nonsense', project: '' });
  });

  test('that are not managed are checked and not remembered', async () => {
    const on = stage();
    const name = await on.secret('other', [DEAD_KEY], { labels: {} });
    const run = await check(on.ports, { ...ORDER, secrets: [name] });
    expect(run.checked).toMatchObject([
      { health: 'unknown', announced: [], finding: { diagnosis: { cause: 'key_invalid' } } },
    ]);
    expect(on.announced).toEqual([]);
  });
});

describe('trouble common to all', () => {
  async function blockedFleet(count: number) {
    const on = stage();
    for (let n = 0; n < count; n += 1) {
      const key = `${GOOD_KEY}${n}`;
      on.prober.script(key, 'list', {
        status: 403,
        contentType: 'text/html',
        body: '<!DOCTYPE html><title>403</title>',
      });
      await on.secret(`key-${(n + 1) % count}`, [key]);
    }
    return on;
  }

  test('is one announcement, and no key is blamed', async () => {
    const on = await blockedFleet(5);
    const run = await check(on.ports, ORDER);
    expect(run.outages).toMatchObject([{ type: 'fleet.outage', cause: 'egress_blocked', failing: 5, seen: 5 }]);
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage']);
    expect(run.checked.every(({ health }) => health === 'unknown')).toBe(true);
    expect(run.open).toEqual([{ cause: 'egress_blocked', severity: 'error', openedAt: run.startedAt }]);
    expect(run.untoldUnclear).toBe(0);
  });

  test('shows as any mix of causes, and none of those keys is blamed', async () => {
    const on = stage();
    for (const [n, noAnswer] of (['timeout', 'network', 'network', 'timeout', 'network'] as const).entries()) {
      on.prober.script(`${GOOD_KEY}${n}`, 'list', { noAnswer, detail: 'x' });
      await on.secret(`key-${n}`, [`${GOOD_KEY}${n}`]);
    }
    for (let round = 0; round < 4; round += 1) await check(on.ports, ORDER);
    expect(on.announced).toMatchObject([{ type: 'fleet.outage', cause: 'network', failing: 5 }]);
  });

  test('does not hide the dead key among them', async () => {
    const on = await blockedFleet(5);
    await on.secret('dead', [DEAD_KEY]);
    const { open } = await check(on.ports, ORDER);
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage', 'key.unhealthy']);
    expect(open.map(({ secret }) => secret?.split('/').at(-1))).toEqual([undefined, 'dead']);
  });

  test('that cannot be announced is a problem of the run', async () => {
    const on = await blockedFleet(3);
    const mute = { ...on.ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    expect((await check(mute, ORDER)).problems).toEqual([
      expect.stringMatching(/^key-warden.outage of .*key-0 was not recorded: no topic$/),
    ]);
    await check(on.ports, ORDER);
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage']);
  });

  const mended = (on: Stage, count: number) => {
    for (let n = 0; n < count; n += 1) on.prober.script(`${GOOD_KEY}${n}`, 'list', WORKING.list);
  };
  const all = (on: Stage) => Array.fromAsync(on.vault.list(SCOPE, 'labels.key-warden=managed'));
  const told = (on: Stage) =>
    on.announced.map((notice) => `${notice.type} ${'episode' in notice ? notice.episode.id : ''}`);

  test('is said once, recalled at growing gaps, closed once, and a later one is another', async () => {
    const on = await blockedFleet(4);
    for (let hour = 0; hour < 30; hour += 1) {
      await check(on.ports, ORDER);
      await on.clock.sleep(HOUR_MS);
    }
    expect(told(on)).toEqual(Array.from({ length: 4 }, () => 'fleet.outage outage#20270115-1'));
    mended(on, 4);
    for (let round = 0; round < 3; round += 1) await check(on.ports, ORDER);
    expect(told(on).slice(4)).toEqual(['fleet.recovered outage#20270115-1']);
  });

  test('is neither recalled nor over in a run that shows nothing either way', async () => {
    const on = await blockedFleet(4);
    await check(on.ports, ORDER);
    await on.clock.sleep(30 * HOUR_MS);
    mended(on, 2);
    on.prober.script(`${GOOD_KEY}3`, 'list', { status: 418, contentType: 'text/plain', body: 'short and stout' });
    const run = await check(on.ports, ORDER);
    expect([run.outages, told(on).filter((line) => line.startsWith('fleet.'))]).toEqual([
      [],
      ['fleet.outage outage#20270115-1'],
    ]);
    expect(run.open).toMatchObject([{ cause: 'egress_blocked' }]);
  });

  test('leaves open what was open of a key before, which is counted on', async () => {
    const on = await blockedFleet(4);
    mended(on, 4);
    await on.secret('dead', [DEAD_KEY]);
    await check(on.ports, ORDER);
    for (const key of [0, 1, 2, 3].map((n) => `${GOOD_KEY}${n}`).concat(DEAD_KEY))
      on.prober.script(key, 'list', {
        status: 403,
        contentType: 'text/html',
        body: '<!DOCTYPE html><title>403</title>',
      });
    const { open } = await check(on.ports, ORDER);
    expect(open.map(({ secret, cause }) => [secret?.split('/').at(-1), cause])).toEqual([
      [undefined, 'egress_blocked'],
      ['dead', expect.any(String)],
    ]);
  });

  test('is remembered by one secret, which need not be the first by name later on', async () => {
    const on = await blockedFleet(3);
    await check(on.ports, ORDER);
    await on.secret('a-new-one', [GOOD_KEY]);
    await check(on.ports, ORDER);
    expect(told(on)).toEqual(['fleet.outage outage#20270115-1']);
    const keepers = (await all(on)).filter(({ annotations }) => 'key-warden.outage' in annotations);
    expect(keepers.map(({ name }) => name.split('/').at(-1))).toEqual(['key-0']);
  });

  test('that was said and not recorded is said again under the same id', async () => {
    const on = await blockedFleet(3);
    for (let time = 0; time < 2; time += 1) on.vault.failNext('commit', new Fault('unavailable', 'the line broke'));
    expect((await check(on.ports, ORDER)).problems).toHaveLength(1);
    await check(on.ports, ORDER);
    await check(on.ports, ORDER);
    expect(told(on)).toEqual(['fleet.outage outage#20270115-1', 'fleet.outage outage#20270115-1']);
  });

  test('is for a run over the whole fleet to tell: one over named secrets only reports it', async () => {
    const on = await blockedFleet(3);
    const secrets = (await all(on)).map(({ name }) => name);
    expect((await check(on.ports, { ...ORDER, secrets })).outages).toMatchObject([{ failing: 3 }]);
    expect(on.announced).toEqual([]);
  });

  test('is not announced by a person who only looks', async () => {
    const on = await blockedFleet(3);
    expect((await check(on.ports, { ...ORDER, record: false })).outages).toHaveLength(1);
    expect(on.announced).toEqual([]);
  });
});

describe('trouble of one project', () => {
  const NO_BILLING = {
    status: 403,
    body: {
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: 'Billing is disabled.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'BILLING_DISABLED',
            domain: 'googleapis.com',
          },
        ],
      },
    },
  };
  const OTHER = { project: '222222222222', location: 'global' };
  const BOTH = { ...ORDER, scopes: [SCOPE, OTHER] };
  const told = (on: Stage) =>
    on.announced.map((notice) => `${notice.type} ${'episode' in notice ? notice.episode.id : ''}`);

  /** Keys of a project without billing beside good ones of another. */
  async function broke(count: number, probe: 'list' | 'generate' = 'list') {
    const on = stage();
    for (let n = 0; n < count; n += 1) {
      on.prober.script(`${GOOD_KEY}${n}`, 'list', WORKING.list);
      on.prober.script(`${GOOD_KEY}${n}`, probe, NO_BILLING);
      await on.secret(`key-${n}`, [`${GOOD_KEY}${n}`]);
    }
    for (let n = 0; n < 9; n += 1) await on.secret(`good-${n}`, [GOOD_KEY], { project: OTHER.project });
    return on;
  }

  test('is one incident, however many keys it stops and however few of the fleet they are', async () => {
    const on = await broke(4);
    const run = await check(on.ports, BOTH);
    expect(run.outages).toEqual([
      {
        type: 'fleet.outage',
        project: SCOPE.project,
        cause: 'billing_disabled',
        failing: 4,
        seen: 4,
        message: expect.stringContaining('Billing is disabled'),
      },
    ]);
    await check(on.ports, BOTH);
    expect(told(on)).toEqual([`fleet.outage projects/${SCOPE.project}/outage#20270115-1`]);
    for (let n = 0; n < 4; n += 1) on.prober.script(`${GOOD_KEY}${n}`, 'list', WORKING.list);
    for (let round = 0; round < 3; round += 1) await check(on.ports, BOTH);
    expect(told(on).slice(1)).toEqual([`fleet.recovered projects/${SCOPE.project}/outage#20270115-1`]);
    expect(on.announced.at(-1)).toMatchObject({ project: SCOPE.project, seen: 4 });
  });

  test('of two keys is told of each', async () => {
    const on = await broke(2);
    await check(on.ports, BOTH);
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy', 'key.unhealthy']);
  });

  test('does not hide a dead key of the same project', async () => {
    const on = await broke(4);
    await on.secret('dead', [DEAD_KEY]);
    await check(on.ports, BOTH);
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage', 'key.unhealthy']);
  });

  test('is remembered in its own project, beside what the fleet remembers', async () => {
    const on = await broke(3);
    await check(on.ports, BOTH);
    const keepers: string[] = [];
    for (const scope of BOTH.scopes)
      for await (const { name, annotations } of on.vault.list(scope, ''))
        if ('key-warden.project-outage' in annotations) keepers.push(name.split('/').at(-1) ?? '');
    expect(keepers).toEqual(['key-0']);
  });

  test('that only a deep probe sees stays open while most probes are shallow, and is over when a deep one says so', async () => {
    const rarely = { ...BOTH, deep: 'when_due', runEveryMinutes: 1 } as const;
    const on = await broke(4, 'generate');
    await on.secret('a-good-one', [GOOD_KEY]);
    await check(on.ports, { ...BOTH, deep: 'always' });
    for (let round = 0; round < 3; round += 1) await check(on.ports, rarely);
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage']);
    for (let n = 0; n < 4; n += 1) on.prober.script(`${GOOD_KEY}${n}`, 'generate', WORKING.generate);
    for (let round = 0; round < 3; round += 1) await check(on.ports, rarely);
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage', 'fleet.recovered']);
  });
});

describe('a silence', () => {
  const SILENCE = { owner: 'ana', reason: 'moving' };
  /** All but that somebody set or ended the silence, which is told as well. */
  const toldOfKeys = ({ announced }: Stage) =>
    announced.map(({ type }) => type).filter((type) => !type.startsWith('silence.'));

  test('that ends while its key is dead is followed by a reminder in the next run, whoever ended it', async () => {
    for (const early of [false, true]) {
      const on = stage();
      const name = await on.secret('dead', [DEAD_KEY]);
      await silenceSecret(
        on.ports,
        name,
        { silence: { ...SILENCE, until: plusMs(on.clock.now(), HOUR_MS) }, by: JANE },
        false,
      );
      await check(on.ports, ORDER);
      await on.clock.sleep(1000);
      if (early) await silenceSecret(on.ports, name, { silence: undefined, by: JANE }, false);
      await on.clock.sleep(early ? 600_000 : HOUR_MS + 60_000);
      for (let round = 0; round < 3; round += 1) await check(on.ports, ORDER);
      expect(toldOfKeys(on)).toEqual(['key.unhealthy', 'key.reminder']);
    }
  });

  test.each([
    ['that held something back', HOUR_MS, 'moving'],
    ['that was over before the trouble began', -1, undefined],
  ])('%s is named by the end of the trouble', async (_, lastsMs, reason) => {
    const on = stage();
    const silence = { ...SILENCE, until: plusMs(on.clock.now(), lastsMs) };
    const annotations = { 'key-warden.silence': JSON.stringify({ v: 1, ...silence, until: isoOf(silence.until) }) };
    await on.secret('dead', [DEAD_KEY], { annotations });
    await check(on.ports, ORDER);
    on.prober.script(DEAD_KEY, 'list', WORKING.list);
    for (let round = 0; round < 3; round += 1) await check(on.ports, ORDER);
    const told = on.announced.map((notice) => [notice.type, 'silence' in notice ? notice.silence?.reason : undefined]);
    expect(told).toEqual([
      ['key.unhealthy', undefined],
      ['key.recovered', reason],
    ]);
  });

  test('of one secret says nothing about an outage, which no silence holds back', async () => {
    const on = stage();
    for (const id of ['a', 'b', 'c']) {
      on.prober.script(`${GOOD_KEY}${id}`, 'list', { noAnswer: 'network', detail: 'x' });
      await on.secret(id, [`${GOOD_KEY}${id}`]);
    }
    const until = plusMs(on.clock.now(), HOUR_MS);
    await silenceSecret(
      on.ports,
      'projects/demo-project/secrets/a',
      { silence: { ...SILENCE, until }, by: JANE },
      false,
    );
    await check(on.ports, ORDER);
    await on.clock.sleep(HOUR_MS + 60_000);
    await check(on.ports, ORDER);
    expect(toldOfKeys(on)).toEqual(['fleet.outage']);
  });
});

describe('while a rotation replaces a key', () => {
  test('what is wrong with the old one is neither announced nor recorded, for two hours', async () => {
    const on = stage();
    const openedAt = on.clock.now();
    const journal = writeJournal(inFlight({ phase: 'minted', to: undefined, openedAt })) ?? '';
    const name = await on.secret('dead', [DEAD_KEY], { annotations: { [ROTATION_ANNOTATION]: journal } });
    const run = await check(on.ports, ORDER);
    expect(run.checked[0]).toMatchObject({ health: 'unknown', announced: [], problems: [] });
    expect(run.checked[0]?.finding.notes.at(-1)).toContain('alerts are held back: rotation kw-1-abc');
    expect((await on.vault.look(name)).annotations).toEqual({ [ROTATION_ANNOTATION]: journal });
    await on.clock.sleep(2 * HOUR_MS);
    await check(on.ports, ORDER);
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy']);
  });
});

describe('a pool', () => {
  test('never runs more than its width at once, and keeps the order of the items', async () => {
    let running = 0;
    let most = 0;
    const results = await inPool(
      [3, 1, 2, 5, 4],
      2,
      () => true,
      async (item) => {
        most = Math.max(most, (running += 1));
        for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
        running -= 1;
        return item * 10;
      },
    );
    expect(results).toEqual([30, 10, 20, 50, 40]);
    expect(most).toBe(2);
  });
});

describe('a run over more secrets than it keeps', () => {
  test('asks for the next secret only when somebody is free to look at it', async () => {
    const on = stage();
    for (let n = 0; n < 30; n += 1) await on.secret(`app-${n}`, [GOOD_KEY]);
    let [listed, looked, apart] = [0, 0, 0];
    const vault = {
      ...on.vault,
      async *list(...of: Parameters<typeof on.vault.list>) {
        for await (const one of on.vault.list(...of)) {
          listed += 1;
          apart = Math.max(apart, listed - looked);
          yield one;
        }
      },
    };
    const run = await check({ ...on.ports, vault }, { ...ORDER, looked: (done) => void (looked = done) });
    expect(run).toMatchObject({ expected: 30, problems: [] });
    expect(apart).toBeLessThanOrEqual(ORDER.concurrency);
  });

  test('lists those in trouble, counts the others, and says how many these are', async () => {
    const on = stage();
    for (let n = 0; n < 5; n += 1) await on.secret(`good-${n}`, [GOOD_KEY]);
    await check(on.ports, ORDER);
    await on.secret('late-dead', [DEAD_KEY]);
    const run = await check(on.ports, { ...ORDER, listedMax: 3 });
    expect(Object.values(causes(run)).toSorted()).toEqual(['key_invalid', 'ok', 'ok']);
    const verdicts = { works: 5, dead: 1, blocked: 0, throttled: 0, unclear: 0 };
    expect(reportOf(run)).toMatchObject({ expected: 6, seen: 6, unlisted: 3, verdicts });
    expect(reportOf(await check(on.ports, ORDER))).not.toHaveProperty('unlisted');
  });

  test('records so many at most, says so, and the next runs go on until all are told', async () => {
    const on = stage();
    for (let n = 0; n < 5; n += 1) await on.secret(`dead-${n}`, [DEAD_KEY]);
    const problems = [];
    for (let round = 0; round < 4; round += 1)
      problems.push((await check(on.ports, { ...ORDER, recordedMax: 2 })).problems);
    const further = (count: string) =>
      `trouble of ${count} was not recorded in this run, which records so many at most: the next ones do`;
    expect(problems).toEqual([[further('3 further secrets')], [further('1 further secret')], [], []]);
    const told = on.announced.map((notice) =>
      'finding' in notice ? notice.finding.secret.split('/').at(-1) : notice.type,
    );
    expect(told.toSorted()).toEqual(['dead-0', 'dead-1', 'dead-2', 'dead-3', 'dead-4']);
  });

  test('does not call what an outage accounts for unrecorded', async () => {
    const on = stage();
    for (let n = 0; n < 5; n += 1) await on.secret(`app-${n}`, [GOOD_KEY]);
    on.prober.script(GOOD_KEY, 'list', { noAnswer: 'timeout', detail: 'no answer' });
    const run = await check(on.ports, { ...ORDER, recordedMax: 1 });
    expect(run).toMatchObject({ problems: [], untoldUnclear: 0, outages: [{ cause: 'timeout', failing: 5 }] });
    expect(run.checked.map(({ health }) => health)).toEqual(Array(5).fill('unknown'));
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage']);
  });

  test('has the first secret by name that shows an outage remember it, whatever way it fails', async () => {
    const on = stage();
    const names = [];
    const keys = { b: GOOD_KEY, a: STANDARD_KEY, c: DEAD_KEY };
    for (const [id, key] of Object.entries(keys)) names.push(await on.secret(id, [key]));
    on.prober.script(GOOD_KEY, 'list', { noAnswer: 'timeout', detail: 'no answer' });
    on.prober.script(STANDARD_KEY, 'list', { noAnswer: 'network', detail: 'broke' });
    on.prober.script(DEAD_KEY, 'list', {
      status: 500,
      body: { error: { code: 500, message: 'x', status: 'INTERNAL' } },
    });
    await check(on.ports, ORDER);
    const remembering = [];
    for (const name of names) if ((await on.vault.look(name)).record.outage.text !== undefined) remembering.push(name);
    expect(remembering).toEqual([names[1]]);
  });

  test('a fault of ours while it lists is no trouble of a project', async () => {
    const on = stage();
    const vault = {
      ...on.vault,
      list: () => {
        throw new TypeError('a bug');
      },
    };
    await expect(check({ ...on.ports, vault }, ORDER)).rejects.toThrow('a bug');
  });
});
