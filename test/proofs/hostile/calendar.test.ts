import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { isoOf, instantOf } from '../../../src/core/values/time.ts';
import { DAY_MS, PROJECT, START } from '../../support/cloud.ts';
import { violationsIn } from './witness.ts';
import { BOOK, hostileWorld, MINE, THEIRS, type HostileWorld } from './world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld({ KEY_WARDEN_SILENCES: `projects/${PROJECT}/secrets/book` });
});
afterAll(() => world.close());

const freezesAbout = (about: object, days: number) =>
  JSON.stringify({
    v: 1,
    freezes: [{ id: 'a', about, owner: 'ops', reason: 'year end', until: isoOf(instantOf(START + days * DAY_MS)) }],
  });
const policy = (fields: object) => ({ 'key-warden.policy': JSON.stringify({ v: 1, ...fields }) });
const resting = (fields: object) => ({
  'key-warden.rotation': JSON.stringify({ v: 1, phase: 'resting', failures: 0, passedOver: [], ...fields }),
});

/** What somebody may write who wants a rotation in a freeze, besides a journal in flight, which is a rotation that he begins himself. */
const LIFTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['nothing', {}],
  ['windows of its own that are always open', policy({ windows: 'UTC', maxAgeDays: 1 })],
  ['freezes of its own that are over', policy({ freezes: '2020-01-01 UTC' })],
  ['an empty list of freezes', { 'key-warden.freezes': '{"v":1,"freezes":[]}' }],
  ['a list of freezes that nobody can read', { 'key-warden.freezes': 'ice' }],
  ['a schedule that was due long ago', resting({ due: { since: '2020-01-01T00:00:00.000Z', reason: 'schedule' } })],
  [
    'that its key is used as never before',
    { ...policy({ rotateWhenUnusual: 1 }), ...resting({ due: { since: '2020-01-01T00:00:00.000Z', reason: 'use' } }) },
  ],
  ['one that is due in the year 9999', resting({ due: { since: '9999-01-01T00:00:00.000Z', reason: 'schedule' } })],
];

/** What somebody may write who wants that others’ keys are not rotated. */
const FREEZES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a freeze of all secrets', { 'key-warden.freezes': freezesAbout({ all: true }, 30) }],
  ['a freeze of the other one', { 'key-warden.freezes': freezesAbout({ secret: THEIRS }, 30) }],
  ['windows that never open', policy({ windows: '2020-01-01 UTC' })],
];

async function live(): Promise<void> {
  await world.call('reconcile');
  await world.push({ secretId: MINE, timestamp: isoOf(instantOf(START)), eventType: 'SECRET_ROTATE' });
  await world.call('rotate', { secret: MINE });
  await world.cloud.advance(8 * DAY_MS);
  await world.call('reconcile');
}

/** How many keys the worker has made for a secret. */
const madeFor = (secret: string) =>
  world.cloud.keyring.all().filter(({ annotations }) => annotations[SECRET_MARK] === secret).length;

describe('I17: while all is frozen', () => {
  test.each(LIFTS)('no rotation begins although somebody writes %s', async (_, annotations) => {
    world.startOver();
    const book = { name: BOOK, annotations: { 'key-warden.freezes': freezesAbout({ all: true }, 30) } };
    world.cloud.secrets.call('updateSecret', {}, { secret: book, updateMask: 'annotations' });
    world.write(annotations);
    await live();
    expect([madeFor(MINE), violationsIn(world)]).toEqual([0, []]);
    expect(await world.call('rotate', { secret: MINE, mode: 'emergency' })).toBe(202);
    expect(madeFor(MINE)).toBeGreaterThan(0);
  });

  test('it begins once the freeze is over, which the witness sees', async () => {
    world.startOver();
    const book = { name: BOOK, annotations: { 'key-warden.freezes': freezesAbout({ all: true }, 1) } };
    world.cloud.secrets.call('updateSecret', {}, { secret: book, updateMask: 'annotations' });
    await live();
    expect([madeFor(MINE), violationsIn(world)]).toEqual([1, []]);
  });
});

describe('a forgery on one secret', () => {
  test.each(FREEZES)('keeps no other from being rotated, and no emergency: %s', async (_, annotations) => {
    world.startOver();
    world.write(annotations);
    const before = madeFor(THEIRS);
    expect(await world.call('rotate', { secret: THEIRS })).toBe(202);
    expect(madeFor(THEIRS)).toBe(before + 1);
    const code = await world.call('rotate', { secret: MINE, mode: 'emergency' });
    expect([code, code === 202 ? '' : world.said.at(-1)]).toEqual([202, '']);
    expect(madeFor(MINE)).toBeGreaterThan(0);
  });
});
