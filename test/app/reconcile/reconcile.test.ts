import { changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { ReconcileOrder } from '../../../src/app/reconcile/resume-from-list.ts';
import { gather } from '../../../src/app/listing/gather.ts';
import { stopsOnRecord } from '../../../src/app/reconcile/stops-on-record.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { HEALTH_ANNOTATION } from '../../../src/core/record/health-text.ts';
import { readJournal, writeHealth, writeJournal, writeRetired } from '../../support/annotations.ts';
import { judge } from '../../../src/core/health/health.ts';
import { severityOf } from '../../../src/core/alerts/notice.ts';
import type { Rest } from '../../../src/core/record/journal.ts';
import { UNSEEN } from '../../../src/core/record/health-state.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { LEAKS_ANNOTATION } from '../../../src/core/record/leaks.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { deletionMark } from '../../../src/app/keys/deletion-date.ts';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import type { ToldStep } from '../../../src/core/record/outbox.ts';
import { ago, ahead, FIRST_LOOK_MS, HOUR_MS, inFlight, LAG_MS, NOW, resting } from '../../support/journals.ts';
import { hourly, usage } from '../../support/used-hours.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, MANAGED, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

async function fleetStage(versions?: readonly string[]) {
  const on = await rotationStage(versions);
  const { ports, vault, order } = on;
  const usual = order().secretPolicy;
  // Room for daily rotations, as a fleet that has them needs it.
  const secretPolicy = { ...usual, rotation: { ...usual.rotation, destroyAfterDays: 1 } };
  const base: ReconcileOrder = {
    scopes: [SCOPE],
    concurrency: 2,
    me: 'worker-1',
    secretPolicy,
    rotationsMax: 5,
    runEveryMinutes: 5,
    budgetSeconds: 60,
  };
  return {
    ...on,
    secretPolicy,
    run: (fields: Partial<ReconcileOrder> = {}, over = ports) => reconcile(over, { ...base, ...fields }),
    annotate: async (name: string, annotations: Record<string, string | null>) =>
      vault.commit(await vault.look(name), { annotations }),
  };
}

const QUIET = { inFlight: 0, held: 0, begun: 0, oldestSeconds: 0, lines: [], problems: [] };

describe('a run over the fleet', () => {
  test('does nothing where nothing is due, and says how many it looked at', async () => {
    const { run } = await fleetStage();
    expect(await run()).toMatchObject({ ...QUIET, secrets: 1, startedAt: NOW, finishedAt: NOW });
  });

  test('tells what an earlier run recorded and could not tell, at rest, in a drain and on hold (I15)', async () => {
    const { run, write, secret, vault, announced } = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    const leave = async (step: ToldStep, id: string) => {
      const seen = await vault.look(secret);
      await vault.commit(seen, { annotations: changeOf(seen.record, { outbox: [{ step, id }] }) });
    };
    const drain = { phase: 'promoted', id: 'kw-7', notBefore: ahead(5), promotedAt: ago(1) } as const;
    await vault.commit(await vault.look(secret), { aliases: { current: 2 } });
    await write(inFlight(drain));
    await leave('promoted', 'kw-7');
    expect(await run()).toMatchObject({ inFlight: 1, problems: [] });
    await write(inFlight({ ...drain, held: true, holds: 1, why: 'look' }));
    await leave('held', 'kw-7');
    await run();
    await write(resting({ passedOver: [2] }));
    const seen = await vault.look(secret);
    const past = { id: 'kw-7', reason: 'request', outcome: 'completed', from: 1, to: 2, at: ago(1) } as const;
    const outbox = [{ step: 'completed', id: 'kw-7' }] as const;
    await vault.commit(seen, { annotations: changeOf(seen.record, { history: [past], outbox }) });
    await run();
    await run();
    expect(announced.map(({ type }) => type)).toEqual(['rotation.promoted', 'rotation.held', 'rotation.completed']);
    expect((await vault.look(secret)).record.outbox).toMatchObject({ value: [] });
  });

  test('takes a rotation in flight as far as it goes now', async () => {
    const { run, write, secret } = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'verified', candidate: 'supplied' }));
    expect(await run()).toMatchObject({
      inFlight: 1,
      held: 0,
      begun: 0,
      oldestSeconds: 3600,
      lines: [{ secret, phase: 'promoted', did: 'wait', until: NOW + FIRST_LOOK_MS }],
    });
  });

  test('recalls what waits for a person once an episode would be critical, then every week, and tells all of them the end', async () => {
    const { run, write, clock, announced, secret, vault } = await fleetStage();
    await write(inFlight({ phase: 'written', held: true, holds: 1, why: 'look at it' }));
    const told = () =>
      announced.splice(0).map((notice) => [notice.type, severityOf(notice), 'recalls' in notice && notice.recalls]);
    await clock.sleep(24 * HOUR_MS - 1);
    await run();
    expect(told()).toEqual([]);
    await clock.sleep(1);
    await run();
    await run();
    expect(told()).toEqual([['rotation.held', 'critical', 1]]);
    await clock.sleep(168 * HOUR_MS);
    await run();
    expect(told()).toEqual([['rotation.held', 'critical', 2]]);
    const { record } = await vault.look(secret);
    await write({ ...inFlight({ phase: 'written', candidate: 'adopted', held: true, holds: 1 }), wish: 'abort' });
    expect(record.announcedUnreadable.text).toMatch(/^held-\w{1,7}-2$/);
    await run();
    expect(told()).toEqual([['rotation.abandoned', 'warning', 2]]);
  });

  test('that could not recall it, or not note that, says so and recalls it again under the same number', async () => {
    const { run, write, clock, announced, ports, vault, secret } = await fleetStage();
    await write(inFlight({ phase: 'written', held: true, holds: 1, why: 'look at it' }));
    await clock.sleep(24 * HOUR_MS);
    const mute = { ...ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    expect((await run({}, mute)).problems).toEqual([
      `that the rotation of ${secret} waits was not told anew: no topic`,
    ]);
    vault.failNext('commit', new Fault('denied', 'may not'));
    expect((await run()).problems).toEqual([`that the rotation of ${secret} waits was not told anew: may not`]);
    await run();
    expect(announced).toMatchObject([{ recalls: 1 }, { recalls: 1 }]);
  });

  test('leaves alone what waits or is held, without a call, and takes up a person’s wish all the same', async () => {
    const { run, write, vault, secret } = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    const calls = async () => {
      const before = vault.calls.length;
      const line = (await run()).lines[0];
      return { line, calls: vault.calls.slice(before) };
    };
    const current = async (version: number) =>
      vault.commit(await vault.look(secret), { aliases: { current: version } });
    await current(2);
    await write(inFlight({ phase: 'promoted', notBefore: ahead(1), why: 'draining' }));
    expect(await calls()).toMatchObject({ line: { did: 'wait', why: 'draining', until: ahead(1) }, calls: ['list'] });
    await current(1);
    await write(inFlight({ phase: 'written', held: true, why: 'look at it' }));
    expect(await calls()).toMatchObject({ line: { secret, did: 'held', why: 'look at it' }, calls: ['list'] });
    expect(await run()).toMatchObject({ inFlight: 1, held: 1 });
    await write(inFlight({ phase: 'written', candidate: 'adopted', held: true, wish: 'abort' }));
    expect(await run()).toMatchObject({ ...QUIET, oldestSeconds: 3600, lines: [{ phase: 'resting' }] });
    await write(inFlight({ phase: 'verified', candidate: 'supplied', notBefore: NOW }));
    expect(await run()).toMatchObject({ lines: [{ phase: 'promoted' }] });
  });

  test('gives consumers the old key back in the middle of a drain when a check found the new one dead', async () => {
    const { run, write, annotate, secret, vault, clock } = await fleetStage([GOOD_KEY, DEAD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2 } });
    await write(inFlight({ phase: 'promoted', candidate: 'adopted', promotedAt: NOW, notBefore: ahead(6) }));
    expect(await run()).toMatchObject({ lines: [{ phase: 'promoted', did: 'wait' }] });
    await clock.sleep(HOUR_MS);
    const { health } = judge(secret, UNSEEN, diagnosisOf('key_invalid', 'no'), DEFAULT_CHECK_POLICY, clock.now());
    await annotate(secret, { [HEALTH_ANNOTATION]: writeHealth(health) });
    await run();
    // One moment of Google's is not enough; a minute later it is so still.
    expect((await vault.look(secret)).aliases).toMatchObject({ current: 2 });
    await clock.sleep(60_000);
    await run();
    expect((await vault.look(secret)).aliases).toMatchObject({ current: 1 });
  });

  describe('what this release does not read', () => {
    test.each([ROTATION_ANNOTATION, RETIRED_ANNOTATION, HISTORY_ANNOTATION])(
      'is told once, with both ways out, and left alone: %s',
      async (annotation) => {
        const { run, annotate, secret, announced, vault } = await fleetStage();
        await annotate(secret, { [annotation]: '{"v":9}' });
        const line = { secret, phase: 'unknown', did: 'held', why: expect.stringContaining('deploy that one') };
        expect(await run()).toMatchObject({ inFlight: 1, held: 1, oldestSeconds: 0, lines: [line] });
        const remove = `gcloud secrets update gemini --remove-annotations=${annotation} --project=demo-project`;
        expect(announced).toMatchObject([
          { type: 'rotation.held', secret, project: 'demo-project', holds: 1, why: expect.stringContaining(remove) },
        ]);
        expect(await run()).toMatchObject({ held: 1, lines: [line] });
        expect(announced).toHaveLength(1);
        expect((await vault.look(secret)).annotations[annotation]).toBe('{"v":9}');
        await annotate(secret, { [annotation]: '{"v":10}' });
        await run();
        expect(announced).toHaveLength(2);
      },
    );

    test('is left to the next run when somebody wrote it since the secret was listed', async () => {
      const { run, write, ports, vault, secret, announced } = await fleetStage();
      await write(inFlight({ phase: 'verified', notBefore: NOW }));
      const look = async (name: string) => ({
        ...(await vault.look(name)),
        annotations: { [ROTATION_ANNOTATION]: '{"v":9}' },
        record: recordOf({ [ROTATION_ANNOTATION]: '{"v":9}' }),
      });
      vault.failNext('commit', new Fault('stale', 'somebody wrote'));
      expect((await run({}, { ...ports, vault: { ...vault, look } })).lines).toMatchObject([
        { secret, phase: 'unknown', did: 'held', why: expect.stringContaining('--project=demo-project') },
      ]);
      expect(announced.map(({ type }) => type)).not.toContain('rotation.held');
    });

    test('is told again where that could not be recorded, and recorded only where it was told', async () => {
      const { run, annotate, secret, announced, vault } = await fleetStage();
      await annotate(secret, { [ROTATION_ANNOTATION]: '{"v":9}' });
      vault.failNext('commit', new Fault('denied', 'you may not'));
      expect((await run()).lines).toMatchObject([{ did: 'failed', why: expect.stringContaining('; you may not') }]);
      await run();
      await run();
      expect(announced).toHaveLength(2);
    });
  });

  describe('a policy that asks for more than the settings allow (I17)', () => {
    const greedy = { 'key-warden.policy': '{"v":1,"retentionDays":1}' };

    test('is told once for each text, with what to do, and begins nothing', async () => {
      const { run, annotate, secret, announced, clock } = await fleetStage();
      await annotate(secret, greedy);
      await clock.sleep(100 * 24 * HOUR_MS);
      expect(await run()).toMatchObject({ begun: 0 });
      expect(announced).toMatchObject([
        { type: 'rotation.held', secret, why: expect.stringContaining('retentionDays may only rise from 7') },
      ]);
      await run();
      expect(announced).toHaveLength(1);
      await annotate(secret, { 'key-warden.policy': '{"v":1,"retentionDays":2}' });
      await run();
      expect(announced).toHaveLength(2);
    });

    test('is told again where that could not be recorded; one that somebody changes meanwhile is left to the next run', async () => {
      const { run, annotate, secret, vault } = await fleetStage();
      await annotate(secret, greedy);
      vault.failNext('commit', new Fault('denied', 'you may not'));
      expect((await run()).problems).toEqual([expect.stringMatching(/retentionDays may only rise.*; you may not$/)]);
      vault.failNext('commit', new Fault('stale', 'somebody wrote'));
      expect((await run()).problems).toEqual([]);
    });
  });

  test('goes on past a secret that fails, which keeps its place', async () => {
    const { run, write, vault, secret } = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'verified', candidate: 'supplied' }));
    vault.failNext('commit', new Fault('denied', 'you may not'));
    expect(await run()).toMatchObject({
      inFlight: 1,
      lines: [{ secret, phase: 'unknown', did: 'failed', why: 'you may not' }],
    });
  });

  test('says what cannot work, whatever it does', async () => {
    const { run, annotate, secret, secretPolicy } = await fleetStage();
    await annotate(secret, { 'key-warden.policy': '{"v":1,"maxAgeDays":1}' });
    const slow = { ...secretPolicy, rotation: { ...secretPolicy.rotation, destroyAfterDays: 30 } };
    expect((await run({ secretPolicy: slow })).problems).toEqual([
      expect.stringContaining('lower KEY_WARDEN_DESTROY_AFTER_DAYS'),
    ]);
  });

  test('says what it did not reach in time', async () => {
    const { run, write } = await fleetStage();
    await write(inFlight({ phase: 'verified' }));
    expect((await run({ budgetSeconds: 0 })).problems).toEqual([
      '1 of 1 rotations in flight were not reached within 0 s: the next run goes on',
    ]);
  });

  test('names scopes that could not be listed, and secrets that could not be looked at', async () => {
    const { run, vault, secret } = await fleetStage();
    vault.failNext('list', new Fault('denied', 'you may not'));
    expect((await run()).problems[0]).toContain('was not listed to the end: you may not');
    vault.failNext('look', new Fault('denied', 'you may not'));
    expect((await run({ secrets: [secret] })).problems).toEqual([`${secret}: you may not`]);
  });
});

describe('what is due is begun', () => {
  const old = '{"v":1,"maxAgeDays":1,"destroyAfterDays":1}';

  test('a version that somebody added', async () => {
    const { run, add, secret } = await fleetStage();
    await add(STANDARD_KEY);
    expect(await run()).toMatchObject({ begun: 1, inFlight: 1, lines: [{ secret, phase: 'promoted' }] });
  });

  test('a dead key before all others, as its policy says', async () => {
    const { run, vault, secretPolicy, annotate, secret } = await fleetStage();
    const dead = vault.create(SCOPE, 'zz-dead', { labels: MANAGED });
    await vault.add(dead, new TextEncoder().encode(GOOD_KEY));
    const { health } = judge(dead, UNSEEN, diagnosisOf('key_invalid', 'x'), DEFAULT_CHECK_POLICY, NOW);
    await annotate(dead, { [HEALTH_ANNOTATION]: writeHealth(health) });
    await annotate(secret, { 'key-warden.policy': old });
    const eager = { ...secretPolicy, rotation: { ...secretPolicy.rotation, rotateWhenDead: 1 } };
    expect(await run({ rotationsMax: 1, secretPolicy: eager, concurrency: 1 })).toMatchObject({
      begun: 1,
      lines: [{ secret: dead }],
    });
    expect(await run()).toMatchObject({ begun: 0 });
  });

  test('no more than there is room for, counting those that consumers have not got yet', async () => {
    const { run, clock, annotate, write, secret, vault } = await fleetStage();
    await annotate(secret, { 'key-warden.policy': old });
    await clock.sleep(48 * HOUR_MS);
    expect(await run({ rotationsMax: 0 })).toMatchObject({ begun: 0 });
    const busy = vault.create(SCOPE, 'busy', { labels: MANAGED });
    const waiting = { phase: 'opened', notBefore: ahead(999) } as const;
    await annotate(busy, { [ROTATION_ANNOTATION]: writeJournal(inFlight(waiting)) });
    expect(await run({ rotationsMax: 1 })).toMatchObject({ begun: 0, inFlight: 1 });
    await annotate(busy, { [ROTATION_ANNOTATION]: writeJournal(inFlight({ ...waiting, held: true })) });
    expect(await run({ rotationsMax: 1 })).toMatchObject({ begun: 1, inFlight: 2 });
    await write(resting());
    await annotate(busy, { [ROTATION_ANNOTATION]: writeJournal(inFlight({ ...waiting, phase: 'promoted' })) });
    expect(await run({ rotationsMax: 1 })).toMatchObject({ begun: 1, inFlight: 2 });
  });

  test('as soon as those in flight make room, in the same run', async () => {
    const { run, clock, annotate, write, vault } = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'verified', candidate: 'supplied' }));
    const due = vault.create(SCOPE, 'due', { labels: MANAGED });
    await vault.add(due, new TextEncoder().encode(GOOD_KEY));
    await annotate(due, { 'key-warden.policy': old });
    await clock.sleep(48 * HOUR_MS);
    expect(await run({ rotationsMax: 1 })).toMatchObject({
      begun: 1,
      lines: [{ phase: 'promoted' }, { secret: due, phase: 'minted' }],
    });
  });

  test('but none while rotations in flight were not listed', async () => {
    const { run, vault, clock, annotate, secret } = await fleetStage();
    await annotate(secret, { 'key-warden.policy': old });
    await clock.sleep(48 * HOUR_MS);
    const scopes = [SCOPE, { ...SCOPE, location: 'europe-west1' }];
    vault.failNext('list', new Fault('unavailable', 'no answer'));
    expect(await run({ scopes: scopes.toReversed() })).toMatchObject({ begun: 0, secrets: 1 });
    vault.failNext('list', new Fault('denied', 'you may not'));
    expect(await run({ scopes: scopes.toReversed() })).toMatchObject({ begun: 1 });
  });

  test('past a secret that cannot be looked at, which takes no room', async () => {
    const { run, vault, clock, annotate, secret } = await fleetStage();
    await annotate(secret, { 'key-warden.policy': old });
    const first = vault.create(SCOPE, 'a-first', { labels: MANAGED });
    await clock.sleep(48 * HOUR_MS);
    vault.failNext('lookVersion', new Fault('denied', 'you may not'));
    expect(await run({ rotationsMax: 1, concurrency: 1 })).toMatchObject({
      begun: 1,
      lines: [
        { secret: first, did: 'failed' },
        { secret, phase: 'minted' },
      ],
    });
  });

  test('but one that was opened before trouble came takes its room', async () => {
    const { run, vault, ports, clock, annotate, secret } = await fleetStage();
    await annotate(secret, { 'key-warden.policy': old });
    const first = vault.create(SCOPE, 'a-first', { labels: MANAGED, annotations: { 'key-warden.policy': old } });
    await vault.add(first, new TextEncoder().encode(GOOD_KEY));
    await vault.commit(await vault.look(first), { aliases: { current: 1 } });
    await clock.sleep(48 * HOUR_MS);
    let commits = 0;
    const commit: typeof vault.commit = (...change) => {
      commits += 1;
      return commits === 2 ? Promise.reject(new Fault('denied', 'you may not')) : vault.commit(...change);
    };
    const order = { rotationsMax: 1, concurrency: 1 };
    expect((await run(order, { ...ports, vault: { ...vault, commit } })).lines).toEqual([
      { secret: first, phase: 'opened', did: 'failed', why: expect.stringContaining('you may not') },
    ]);
  });

  test('but not in a project where five rotations came to nothing within a day; a dead key is replaced all the same', async () => {
    const { run, vault, clock, secretPolicy, annotate, secret } = await fleetStage();
    await annotate(secret, { 'key-warden.policy': old });
    await clock.sleep(48 * HOUR_MS);
    const since = clock.now();
    const held = writeJournal(inFlight({ phase: 'opened', held: true, why: 'you may not', since }));
    for (let at = 0; at < 5; at += 1)
      await annotate(vault.create(SCOPE, `held-${at}`, { labels: MANAGED }), { [ROTATION_ANNOTATION]: held });
    const stopped = await run();
    expect(stopped).toMatchObject({ begun: 0, held: 5 });
    expect(stopped.problems).toEqual([expect.stringContaining('5 rotations were held or given up within a day')]);
    const { health } = judge(secret, UNSEEN, diagnosisOf('key_invalid', 'x'), DEFAULT_CHECK_POLICY, since);
    await annotate(secret, { [HEALTH_ANNOTATION]: writeHealth(health) });
    const eager = { ...secretPolicy, rotation: { ...secretPolicy.rotation, rotateWhenDead: 1 } };
    expect(await run({ secretPolicy: eager })).toMatchObject({ begun: 1 });
    await clock.sleep(25 * HOUR_MS);
    expect((await run()).problems).toEqual([]);
  });

  test('and no more than the project’s keys leave room for', async () => {
    const { run, vault, clock, annotate } = await fleetStage();
    const at = clock.now();
    const many = Array.from({ length: 20 }, (_, version) => ({
      version: version + 10,
      key: { name: `projects/1/locations/global/keys/k${version}`, uid: `u${version}` },
      at,
      rotation: 'kw-0',
    }));
    for (let one = 0; one < 13; one += 1) {
      const full = vault.create(SCOPE, `full-${one}`, { labels: MANAGED });
      await annotate(full, { [RETIRED_ANNOTATION]: writeRetired(one === 0 ? many.slice(0, 14) : many) });
    }
    // 1 + 15 + 12 × 21 keys, and 20 secrets more with one each: room for 2.
    for (let one = 0; one < 20; one += 1) {
      const due = vault.create(SCOPE, `due-${one}`, { labels: MANAGED });
      await vault.add(due, new TextEncoder().encode(GOOD_KEY));
    }
    await clock.sleep(90 * 24 * HOUR_MS);
    expect(await run({ rotationsMax: 10 })).toMatchObject({ begun: 2, problems: [] });
    const next = await run({ rotationsMax: 10 });
    expect(next).toMatchObject({ begun: 0 });
    expect(next.problems).toEqual([expect.stringContaining('290 of the 300 keys')]);
  });

  test('and what fails to begin is named', async () => {
    const { run, vault, secret } = await fleetStage();
    vault.failNext('lookVersion', new Fault('denied', 'you may not'));
    expect(await run()).toMatchObject({ lines: [{ secret, did: 'failed', why: 'you may not' }] });
  });

  test('a fleet too large for one run is looked at in turns', async () => {
    const { run, vault } = await fleetStage();
    for (let at = 0; at < 200; at += 1) vault.create(SCOPE, `s${at}`, { labels: MANAGED });
    const before = vault.calls.length;
    await run();
    const looks = vault.calls.slice(before).filter((call) => call === 'lookVersion').length;
    expect(looks).toBeGreaterThan(50);
    expect(looks).toBeLessThan(151);
    expect(vault.calls.slice(before)).not.toContain('look');
  });
});

describe('a secret that serves a key which another secret’s drain finds used still (I13)', () => {
  /** `gemini` drains, its old key is used, and `ads` serves it too; answers what a run made of `ads`. */
  async function sharedDrain(
    aliases: Readonly<Record<string, number>> = { current: 1 },
    { maxAgeDays = 90, rest = {} }: { maxAgeDays?: number; rest?: Partial<Rest> } = {},
  ) {
    const { vault, write, meter, secret, key, run, secretPolicy } = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    const { issued } = await key('old');
    const fromKey = { name: issued.name, uid: issued.uid };
    await write(inFlight({ phase: 'promoted', promotedAt: ago(12), to: 2, fromKey }));
    meter.script(issued.uid, usage(hourly(ago(200), plusMs(NOW, -LAG_MS), 5)));
    const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
    for (const characters of [GOOD_KEY, STANDARD_KEY]) await vault.add(ads, new TextEncoder().encode(characters));
    const annotations = { [ROTATION_ANNOTATION]: writeJournal({ ...resting(), passedOver: [2], ...rest }) };
    await vault.commit(await vault.look(ads), { aliases, annotations });
    const rotation = { ...secretPolicy.rotation, maxAgeDays };
    const { lines, begun } = await run({ secretPolicy: { ...secretPolicy, rotation } });
    const [drain, ...others] = lines;
    expect(drain).toMatchObject({ secret, phase: 'promoted', did: 'wait' });
    const journal = readJournal((await vault.look(ads)).annotations[ROTATION_ANNOTATION]);
    return { why: drain?.why, begun, others, ads, journal };
  }

  test('is named by the drain, and gets a rotation of its own in the same run', async () => {
    const { why, begun, others, ads, journal } = await sharedDrain();
    expect(journal).toMatchObject({ reason: 'request', note: 'its key is being replaced in another secret', from: 1 });
    expect(why).toContain(
      `Others serve the same key, and may be its users, or our own check of them: ${ads} version 1`,
    );
    expect([begun, others]).toMatchObject([1, [{ secret: ads }]]);
  });

  test.each([
    ['nothing is rotated because of age', { current: 1 }, { maxAgeDays: 0 }],
    ['its own last rotation failed lately', { current: 1 }, { rest: { failures: 1, notBefore: ahead(1) } }],
    ['its `current` is another key', { current: 2, stable: 1 }, {}],
  ])('is named, and nothing is begun where %s', async (_, aliases, fields) => {
    const { why, begun, others, ads } = await sharedDrain(aliases, fields);
    expect(why).toContain(ads);
    expect([begun, others]).toEqual([0, []]);
  });
});

describe('a secret that serves an old key which nobody uses, but which cannot be deleted for it (I13)', () => {
  const DAY = 24;
  /** `gemini` retired its key so many hours ago, of which seven days are its retention; `ads` serves the key. */
  async function keptKey(hours: number, aliases: Readonly<Record<string, number>> = { current: 1 }) {
    const on = await fleetStage([GOOD_KEY, STANDARD_KEY]);
    const { vault, secret, key, annotate } = on;
    const { issued, characters } = await key('old');
    const old = { version: 1, key: { name: issued.name, uid: issued.uid }, at: ago(hours), rotation: 'kw-0' };
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    await annotate(secret, { [RETIRED_ANNOTATION]: writeRetired([old]) });
    const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
    await vault.add(ads, new TextEncoder().encode(characters));
    await vault.commit(await vault.look(ads), { aliases });
    const journal = async () => readJournal((await vault.look(ads)).annotations[ROTATION_ANNOTATION]);
    return { ...on, issued, ads, journal };
  }

  test.each([
    ['it reads the key as current', { current: 1 }],
    ['it has no current, and the key is its newest', {}],
  ])('gets a rotation of its own once a day of purges could not delete it: %s', async (_, aliases) => {
    const { run, journal, ads } = await keptKey(8 * DAY, aliases);
    expect(await run()).toMatchObject({ begun: 1, lines: [{ secret: ads }], problems: [] });
    expect(await journal()).toMatchObject({ reason: 'request', note: 'its key is being replaced in another secret' });
  });

  test.each([
    ['before that day is over', 8 * DAY - 1],
    ['in the other runs of a day', 8 * DAY + 1],
  ])('is not looked for %s', async (_, hours) => {
    const { run, vault, journal } = await keptKey(hours);
    const before = vault.calls.length;
    expect(await run()).toMatchObject({ begun: 0, problems: [] });
    expect([vault.calls.slice(before).includes('read'), (await journal())?.phase]).toEqual([false, 'resting']);
  });

  test('is not rotated for a key that is under another name than `current`', async () => {
    const { run, vault, ads } = await keptKey(8 * DAY);
    await vault.add(ads, new TextEncoder().encode(STANDARD_KEY));
    await vault.commit(await vault.look(ads), { aliases: { current: 2, stable: 1 } });
    expect(await run()).toMatchObject({ begun: 0, problems: [] });
  });

  test('is looked for by no name that an annotation gave and nothing proves (I16)', async () => {
    const { run, annotate, secret, issuer } = await keptKey(8 * DAY);
    const theirs = issuer.plant({ project: SCOPE.project, keyId: 'theirs' });
    const key = { name: theirs.name, uid: theirs.uid };
    await annotate(secret, {
      [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: ago(8 * DAY), rotation: 'kw-0' }]),
    });
    expect(await run()).toMatchObject({ begun: 0, problems: [] });
  });

  test('is not known while trouble passes, which the run says', async () => {
    const { run, issuer, secret, journal } = await keptKey(8 * DAY);
    issuer.failNext('keyString', new Fault('unavailable', 'no answer'));
    const { problems } = await run();
    expect(problems).toEqual([`${secret}: who still serves the old key of version 1 is not known: no answer`]);
    expect((await journal())?.phase).toBe('resting');
  });

  test('gets one in the run that would have deleted it, where the key leaked', async () => {
    const { run, annotate, secret, issued, journal } = await keptKey(1);
    const key = { name: issued.name, uid: issued.uid };
    await annotate(secret, {
      [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: ago(1), rotation: 'kw-0', urgent: true }]),
    });
    const { begun, problems } = await run();
    expect([begun, problems]).toEqual([1, [expect.stringContaining('other secrets serve this very key')]]);
    expect(await journal()).toMatchObject({ emergency: false, note: 'its key is being replaced in another secret' });
  });
});

describe('a leaked key that still waits for its deletion', () => {
  const leaked = (key?: { name: string; uid: string }) =>
    writeRetired([{ version: 1, key, at: ago(1), rotation: 'kw-0', urgent: true }]);

  test('is deleted', async () => {
    const { run, key, annotate, secret, issuer } = await fleetStage();
    const { issued } = await key('old');
    await annotate(secret, { [RETIRED_ANNOTATION]: leaked({ name: issued.name, uid: issued.uid }) });
    expect(await run()).toMatchObject(QUIET);
    expect((await issuer.look(issued.name)).deletedAt).toBe(NOW);
  });

  test('is a problem of the run while the issuer does not answer', async () => {
    const { run, key, annotate, secret, issuer } = await fleetStage();
    const { issued } = await key('old');
    await annotate(secret, { [RETIRED_ANNOTATION]: leaked({ name: issued.name, uid: issued.uid }) });
    issuer.failNext('delete', new Fault('unavailable', 'no answer'));
    expect((await run()).problems).toEqual([
      `the leaked key of ${secret} (version 1, ${issued.name}) was not deleted: no answer`,
    ]);
  });

  test('is a problem of the run as well while another purge is at it', async () => {
    const { run, key, annotate, secret } = await fleetStage();
    const { issued } = await key('old');
    const handle = { name: issued.name, uid: issued.uid };
    const old = { version: 1, key: handle, at: ago(1), rotation: 'kw-0', urgent: true, deletingUntil: ahead(0.01) };
    await annotate(secret, { [RETIRED_ANNOTATION]: writeRetired([old]) });
    expect((await run()).problems).toEqual([expect.stringMatching(/was not deleted: another purge is at it$/)]);
  });

  test('costs one reading of what all secrets serve, however many keys leaked', async () => {
    const { run, annotate, vault, issuer } = await fleetStage();
    const keys: string[] = [];
    for (const id of ['a', 'b', 'c']) {
      const name = vault.create(SCOPE, id, { labels: MANAGED });
      const issued = issuer.plant({ project: SCOPE.project, keyId: id, annotations: { [SECRET_MARK]: name } });
      await annotate(name, { [RETIRED_ANNOTATION]: leaked({ name: issued.name, uid: issued.uid }) });
      keys.push(issued.name);
    }
    const before = vault.calls.length;
    expect((await run()).problems).toEqual([]);
    for (const name of keys) expect((await issuer.look(name)).deletedAt).toBe(NOW);
    expect(vault.calls.slice(before).filter((call) => call === 'list')).toHaveLength(1);
  });

  test('is not asked for again and again where no issuer knows it', async () => {
    const { run, annotate, secret, vault } = await fleetStage();
    await annotate(secret, { [RETIRED_ANNOTATION]: leaked() });
    const before = vault.calls.length;
    expect(await run()).toMatchObject(QUIET);
    expect(vault.calls.slice(before)).toEqual(['list', 'lookVersion']);
  });

  test('is left alone where the ledger is not understood', async () => {
    const { run, annotate, secret } = await fleetStage();
    await annotate(secret, { [RETIRED_ANNOTATION]: '{"v":9}' });
    expect(await run()).toMatchObject({ lines: [{ secret, did: 'held' }] });
  });
});

test('a leaked key that others serve goes on its date, in whatever run that falls', async () => {
  const { run, key, annotate, secret, issuer, vault } = await fleetStage();
  const { issued, characters } = await key('old');
  const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
  await vault.add(ads, new TextEncoder().encode(characters));
  const old = { version: 1, key: { name: issued.name, uid: issued.uid }, at: ago(2.5), rotation: 'kw-0', urgent: true };
  await annotate(secret, { [RETIRED_ANNOTATION]: writeRetired([old]) });
  const isDeleted = async () => (await issuer.look(issued.name)).deletedAt !== undefined;
  const never = { rotationsMax: 0 };
  await issuer.mark(issued.name, deletionMark(ahead(1)));
  expect([(await run(never)).problems, await isDeleted()]).toEqual([
    [expect.stringContaining('It is deleted all the same from')],
    false,
  ]);
  await issuer.mark(issued.name, deletionMark(NOW));
  expect([(await run(never)).problems, await isDeleted()]).toEqual([[], true]);
});

describe('an open leak', () => {
  const OPEN = [{ version: 1, at: ago(1), told: 0 }];

  test('is looked at in every run, also where another annotation cannot be read (I18)', async () => {
    for (const broken of [{}, { [HISTORY_ANNOTATION]: '{"v":9}' }]) {
      const { run, annotate, secret, announced } = await fleetStage();
      await annotate(secret, { ...changeOf(recordOf({}), { leaks: OPEN }), ...broken });
      await run();
      expect(announced.filter(({ type }) => type === 'leak.open')).toMatchObject([
        { secret: expect.stringContaining('gemini'), project: SCOPE.project, version: 1 },
      ]);
    }
  });

  test('is counted as the run found it: late where it is not deleted, and not at all where its list cannot be read', async () => {
    const deleted = { version: 1, at: ago(1), rotation: 'kw-1', urgent: true, deletedAt: ago(1) };
    const counted = async (more: Record<string, string | null>) => {
      const { run, annotate, secret } = await fleetStage();
      await annotate(secret, { ...changeOf(recordOf({}), { leaks: OPEN }), ...more });
      const { leaksAlive, leaksLate, liveLeaks } = await run();
      return [leaksAlive, leaksLate, liveLeaks.map(({ secret: name }) => name === secret)];
    };
    expect(await counted({})).toEqual([1, 1, [true]]);
    expect(await counted({ [RETIRED_ANNOTATION]: writeRetired([deleted]) })).toEqual([1, 0, [true]]);
    expect(await counted({ [RETIRED_ANNOTATION]: '{"v":9}' })).toEqual([1, 1, [true]]);
    expect(await counted({ [LEAKS_ANNOTATION]: '{"v":9}' })).toEqual([0, 0, []]);
  });

  test('that cannot be looked at is a problem of the run', async () => {
    const { run, annotate, secret, vault, announced } = await fleetStage();
    await annotate(secret, changeOf(recordOf({}), { leaks: OPEN }));
    vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    expect((await run()).problems).toEqual(['a leak was not looked at: somebody wrote']);
    expect(announced).toHaveLength(1);
  });
});

describe('a cause that rotations share is one incident', () => {
  const old = JSON.stringify({ v: 1, maxAgeDays: 30 });

  /** Twelve keys that are due, and no account to bind new ones to. */
  async function noAccountStage() {
    const on = await fleetStage([]);
    const { vault, clock, secretPolicy } = on;
    for (let one = 0; one < 12; one += 1) {
      const due = vault.create(SCOPE, `due-${one}`, { labels: MANAGED, annotations: { 'key-warden.policy': old } });
      await vault.add(due, new TextEncoder().encode(GOOD_KEY));
      await vault.commit(await vault.look(due), { aliases: { current: 1 } });
    }
    await clock.sleep(31 * 24 * HOUR_MS);
    const mint = { keyProject: SCOPE.project };
    const order = { secretPolicy: { ...secretPolicy, mint }, rotationsMax: 20, concurrency: 16 };
    const warnings = () => on.announced.filter(({ type }) => type === 'secret.warning');
    return { ...on, order, warnings };
  }

  test('told in the first run, once, with its cure, and by few rotations', async () => {
    const { run, order, announced, warnings, clock, vault } = await noAccountStage();
    const first = await run(order);
    expect(first.problems).toEqual([expect.stringContaining('2 rotations came to nothing or wait for a person alike')]);
    expect(announced.map(({ type }) => type)).toEqual(['rotation.opened', 'rotation.opened', 'secret.warning']);
    expect(warnings()).toMatchObject([
      {
        because: 'rotations_stopped',
        project: SCOPE.project,
        others: 12,
        why: expect.stringContaining('set KEY_WARDEN_KEY_SERVICE_ACCOUNT'),
        next: 'key-warden status',
      },
    ]);
    await clock.sleep(HOUR_MS);
    expect(await run(order)).toMatchObject({ begun: 0, problems: [expect.stringContaining('2 rotations')] });
    expect(announced).toHaveLength(3);
    const stops = stopsOnRecord(
      (await gather(vault, { scopes: [SCOPE], concurrency: 2 })).found,
      order.secretPolicy,
      clock.now(),
    );
    expect([...stops.keys()]).toEqual([SCOPE.project]);
  });

  test('also a permission that is missing: two wait for a person, and the others are not begun', async () => {
    const { run, order, secretPolicy, issuer, warnings, announced, ports } = await noAccountStage();
    const barred = { ...issuer, mint: () => Promise.reject(new Fault('denied', 'you lack apikeys.keys.create')) };
    const standard = { ...order, secretPolicy };
    expect(await run(standard, { ...ports, issuer: barred })).toMatchObject({ held: 2 });
    expect(announced.filter(({ type }) => type === 'rotation.held')).toHaveLength(2);
    expect(warnings()).toMatchObject([{ why: expect.stringContaining('you lack apikeys.keys.create') }]);
  });

  test('told again the next day while it lasts, and then one is tried again', async () => {
    const { run, order, warnings, clock } = await noAccountStage();
    await run(order);
    await clock.sleep(23 * HOUR_MS);
    await run(order);
    expect(warnings()).toHaveLength(2);
  });

  test('and once one goes on, the others follow in the same run', async () => {
    const { run, order, secretPolicy, vault, warnings } = await noAccountStage();
    vault.failNext('lookVersion', new Fault('unavailable', 'no answer'));
    expect((await run({ ...order, secretPolicy })).begun).toBe(11);
    expect(warnings()).toEqual([]);
  });

  test('what each says for itself stops nobody, and time or room end the search', async () => {
    const { run, order, annotate, vault, warnings } = await noAccountStage();
    for (let one = 0; one < 12; one += 1)
      await vault.add(`projects/${SCOPE.project}/secrets/due-${one}`, new TextEncoder().encode('no key at all'));
    for (let one = 0; one < 12; one += 1) {
      const name = `projects/${SCOPE.project}/secrets/due-${one}`;
      await vault.commit(await vault.look(name), { aliases: { current: 2 } });
      await annotate(name, { [HISTORY_ANNOTATION]: null });
    }
    expect(await run(order)).toMatchObject({ begun: 0, problems: [] });
    expect(await run({ ...order, rotationsMax: 0 })).toMatchObject({ begun: 0 });
    expect(warnings()).toEqual([]);
  });

  test('what could not be recorded is told again under the same id', async () => {
    const { run, order, warnings, ports } = await noAccountStage();
    const mute = {
      announce: (notice: Parameters<typeof ports.announcer.announce>[0]) =>
        notice.type === 'secret.warning'
          ? Promise.reject(new Fault('unavailable', 'no topic'))
          : ports.announcer.announce(notice),
    };
    expect((await run(order, { ...ports, announcer: mute })).problems).toContainEqual(
      expect.stringContaining('was not recorded: no topic'),
    );
    await run(order);
    expect(warnings()).toHaveLength(1);
  });

  test('a policy that several secrets have is told once, with their number', async () => {
    const { run, annotate, announced } = await noAccountStage();
    for (let one = 0; one < 3; one += 1)
      await annotate(`projects/${SCOPE.project}/secrets/due-${one}`, {
        'key-warden.policy': '{"v":1,"maxAgeDays":"9"}',
      });
    await run();
    await run();
    expect(announced.filter(({ type }) => type === 'rotation.held')).toMatchObject([
      { why: expect.stringContaining('the same is true of 2 more') },
    ]);
  });
});
