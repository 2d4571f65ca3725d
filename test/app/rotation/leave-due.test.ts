import { describe, expect, test } from '@jest/globals';
import { freezesOn } from '../../../src/app/listing/freezes.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { takeUp } from '../../../src/app/on-record/take-up-event.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { plausibleJournal } from '../../../src/core/rotation/plausible.ts';
import type { Rest } from '../../../src/core/record/journal.ts';
import { HOUR_MS, DAY_MS, instantOf, isoOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { writeJournal } from '../../support/annotations.ts';
import { inFlight, NOW } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { MANAGED, SCOPE } from '../../support/stage.ts';

/** Rotations may begin from the moment on, so many hours from now, for a day. */
async function closedFor(hours: number) {
  const on = await rotationStage();
  const opens = plusMs(on.clock.now(), hours * HOUR_MS);
  const windows = `${isoOf(opens).slice(0, 10)} ${isoOf(opens).slice(11, 16)}+24h UTC`;
  const order = on.order();
  const secretPolicy = { ...order.secretPolicy, calendar: { windows } };
  return { ...on, windows, given: { ...order, secretPolicy }, opens };
}

const due = (on: RotationStage) => ({ is: 'due', secret: on.secret, at: on.clock.now() }) as const;
const restOf = async (on: RotationStage): Promise<Rest | undefined> => {
  const journal = await on.journal();
  return journal?.phase === 'resting' ? journal : undefined;
};

async function run(on: Awaited<ReturnType<typeof closedFor>>, rotationsMax = 20) {
  const { ports, given } = on;
  return reconcile(ports, {
    scopes: [SCOPE],
    concurrency: 2,
    secretPolicy: given.secretPolicy,
    me: 'w',
    rotationsMax,
    runEveryMinutes: 10,
    budgetSeconds: 100,
  });
}

describe('the schedule of a secret, which fires once', () => {
  test('leaves one commit out of a window, which reconcile takes up when it opens', async () => {
    const on = await closedFor(2);
    const event = due(on);
    expect(await takeUp(on.ports, on.given, event)).toMatchObject({
      did: 'drove',
      why: expect.stringContaining('it waits'),
    });
    expect(await restOf(on)).toMatchObject({ due: { since: event.at, reason: 'schedule' } });
    const left = await on.vault.look(on.secret);
    expect(await takeUp(on.ports, on.given, event)).toMatchObject({
      did: 'ignored',
      why: expect.stringContaining('it is due since'),
    });
    await run(on);
    expect(await on.vault.look(on.secret)).toEqual(left);
    expect(on.announced).toEqual([]);
    await on.clock.sleep(2 * HOUR_MS);
    await run(on);
    expect(await on.journal()).toMatchObject({ reason: 'schedule', requestId: `schedule-${event.at}` });
    expect((await on.journal())?.phase).not.toBe('resting');
    expect(JSON.stringify(await on.journal())).not.toContain('"due"');
  });

  test('that waits for days is told once', async () => {
    const on = await closedFor(24 * 4);
    await takeUp(on.ports, on.given, due(on));
    await run(on);
    expect(on.announced).toMatchObject([
      {
        type: 'rotation.due',
        reason: 'schedule',
        why: expect.stringContaining(on.windows),
        next: expect.stringContaining('key-warden status'),
      },
    ]);
  });

  test('over the pace leaves one commit too, and so does a list that nobody can read', async () => {
    const on = await closedFor(0);
    const annotations = { [ROTATION_ANNOTATION]: writeJournal(inFlight({ phase: 'minted' })) ?? '' };
    on.vault.create(SCOPE, 'other', { labels: MANAGED, annotations });
    const pace = (rotationsMax: number) => ({ ...on.given, pace: { scopes: [SCOPE], rotationsMax } });
    expect(await takeUp(on.ports, pace(1), due(on))).toMatchObject({
      did: 'ignored',
      why: 'it is due, and 1 rotations are under way already (KEY_WARDEN_ROTATIONS_MAX): reconcile begins it',
    });
    expect(await restOf(on)).toMatchObject({ due: { reason: 'schedule' } });
    const unlisted = await closedFor(0);
    unlisted.vault.failNext('list', new Fault('denied', 'may not list'));
    const narrow = { ...unlisted.given, pace: { scopes: [SCOPE], rotationsMax: 1 } };
    expect(await takeUp(unlisted.ports, narrow, due(unlisted))).toMatchObject({
      why: expect.stringContaining('how many rotations are under way is not known'),
    });
    expect(await restOf(unlisted)).toMatchObject({ due: { reason: 'schedule' } });
  });

  test.each([0, 2])('begins at once where the worker may have %i under way', async (rotationsMax) => {
    const on = await closedFor(0);
    const held = { [ROTATION_ANNOTATION]: writeJournal(inFlight({ phase: 'minted', held: true })) ?? '' };
    on.vault.create(SCOPE, 'other', { labels: MANAGED, annotations: held });
    on.vault.create(SCOPE, 'spoilt', { labels: MANAGED, annotations: { [ROTATION_ANNOTATION]: '?' } });
    const order = { ...on.given, pace: { scopes: [SCOPE], rotationsMax } };
    expect(await takeUp(on.ports, order, due(on))).toMatchObject({ did: 'drove' });
    expect((await on.journal())?.phase).not.toBe('resting');
  });
});

describe('a run', () => {
  const withBook = async () => {
    const on = await closedFor(0);
    const book = on.vault.create(SCOPE, 'book', { labels: {}, annotations: {} });
    return { ...on, book, ports: { ...on.ports, freezes: freezesOn(on.vault, book) } };
  };

  test('says that nothing planned begins, where it is not known what is frozen', async () => {
    const on = await withBook();
    expect((await run(on)).problems).toEqual([]);
    on.vault.failNext('look', new Fault('denied', 'may not'));
    expect((await run(on)).problems).toEqual([
      expect.stringMatching(/^no planned rotation begins, for it is not known what is frozen: .*may not$/),
    ]);
  });
});

describe('a key that grows old', () => {
  const old = (on: RotationStage) => on.clock.sleep(91 * DAY_MS);

  test('while a freeze lasts for days is told once, and on record from then on', async () => {
    const on = await closedFor(24 * 100);
    await old(on);
    await run(on);
    const rest = await restOf(on);
    expect(rest).toMatchObject({ due: { reason: 'age' } });
    expect(on.announced).toMatchObject([{ type: 'rotation.due', reason: 'age', since: rest?.due?.since }]);
    const left = await on.vault.look(on.secret);
    await on.clock.sleep(DAY_MS);
    await run(on);
    expect(on.announced).toHaveLength(1);
    expect(await on.vault.look(on.secret)).toEqual(left);
  });

  test('and waits for a night is not told', async () => {
    const on = await closedFor(24 * 91 + 12);
    await old(on);
    await run(on);
    expect(on.announced).toEqual([]);
    expect(await restOf(on)).toMatchObject({ phase: 'resting', failures: 0 });
  });

  test('is told in the next run, where nobody could be told or somebody wrote the secret meanwhile', async () => {
    const on = await closedFor(24 * 100);
    await old(on);
    const mute = { ...on.ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    await expect(drive(mute, on.given, () => undefined)).rejects.toThrow('no topic');
    expect(await restOf(on)).not.toHaveProperty('due');
    on.vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    expect(await drive(on.ports, on.given, () => undefined)).toMatchObject({ did: 'wait' });
    expect(await restOf(on)).toMatchObject({ due: { reason: 'age' } });
  });
});

test('a moment that lies ahead is taken for now', () => {
  const ahead: Instant = instantOf(NOW + DAY_MS);
  const rest: Rest = { phase: 'resting', failures: 0, passedOver: [], due: { since: ahead, reason: 'age' } };
  expect(plausibleJournal(rest, NOW)).toMatchObject({ due: { since: NOW, reason: 'age' } });
});
