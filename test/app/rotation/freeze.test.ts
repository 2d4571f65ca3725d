import { describe, expect, test } from '@jest/globals';
import { freezesOn, onceLookedUp } from '../../../src/app/listing/freezes.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { freeze, unfreeze } from '../../../src/app/rotation/freeze.ts';
import { plannedGate } from '../../../src/app/rotation/planned-gate.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { annotationOf } from '../../../src/core/record/secret-record.ts';
import { ahead, JANE } from '../../support/journals.ts';
import { GOOD_KEY, SCOPE, stage } from '../../support/stage.ts';

const SILENCE = { owner: 'ops', reason: 'year end', until: ahead(48) };
type About = Parameters<typeof freeze>[2]['about'];

async function withBook(annotations: Record<string, string> = {}) {
  const on = stage();
  const book = await on.secret('book', [], { labels: {}, annotations });
  const app = await on.secret('app', [GOOD_KEY]);
  const place = { book, scopes: [SCOPE] };
  const set = (about: About, more: object = {}, dryRun = false) =>
    freeze(on.ports, place, { about, by: JANE, dryRun, silence: { ...SILENCE, ...more } });
  const lift = (about: About, id?: string, dryRun = false) =>
    unfreeze(on.ports, place, { about, by: JANE, dryRun, id });
  const name = (await on.vault.look(app)).name;
  const gate = () =>
    plannedGate(
      freezesOn(on.vault, book),
      { secret: name, policy: DEFAULT_SECRET_POLICY, now: on.clock.now() },
      { reason: 'age', emergency: false },
    );
  return { ...on, book, app, place, set, lift, gate };
}

const ABOUT: readonly [string, (app: string) => About][] = [
  ['all secrets', () => ({ all: true })],
  ['a project', () => ({ project: SCOPE.project })],
  ['a secret', (app) => ({ secret: app })],
];

describe('a freeze', () => {
  test.each(ABOUT)('of %s keeps planned rotations from beginning until it is lifted, and is told', async (_, about) => {
    const { set, lift, gate, app, announced, vault, book } = await withBook({ theirs: 'x' });
    expect(await set(about(app))).toMatchObject({ outcome: 'frozen' });
    expect(await gate()).toMatchObject({
      is: 'later',
      until: SILENCE.until,
      why: expect.stringContaining('ops froze'),
    });
    expect(await lift(about(app))).toMatchObject({ outcome: 'lifted' });
    expect(await lift(about(app))).toEqual({ outcome: 'none' });
    expect(await gate()).toEqual({ is: 'now' });
    expect((await vault.look(book)).annotations).toMatchObject({ theirs: 'x' });
    expect(announced).toMatchObject([
      { type: 'freeze.set', secret: book, owner: 'ops', next: expect.stringMatching(/^key-warden unfreeze --id \w+$/) },
      { type: 'freeze.ended' },
    ]);
  });

  test('of another secret or project keeps nothing from beginning', async () => {
    const { set, gate, secret } = await withBook();
    const other = await secret('other', [GOOD_KEY]);
    await set({ secret: other });
    expect(await gate()).toEqual({ is: 'now' });
  });

  test('is written by no dry run, and asked for twice it is one', async () => {
    const { set, lift, gate, vault, book } = await withBook();
    expect(await set({ all: true }, {}, true)).toMatchObject({ outcome: 'frozen' });
    expect(await gate()).toEqual({ is: 'now' });
    await set({ all: true });
    const before = await vault.look(book);
    expect(await set({ all: true })).toMatchObject({ outcome: 'frozen' });
    expect(await vault.look(book)).toEqual(before);
    expect(await lift({ all: true }, undefined, true)).toMatchObject({ outcome: 'lifted' });
    expect(await gate()).toMatchObject({ is: 'later' });
  });

  test('beside another about the same counts with its own end, and the id says which is lifted', async () => {
    const { set, lift, gate } = await withBook();
    await set({ all: true });
    const second = await set({ all: true }, { until: ahead(96), owner: 'sre' });
    expect(await gate()).toMatchObject({ until: ahead(96), why: expect.stringMatching(/ops froze .*; sre froze/) });
    expect(await lift({ all: true })).toMatchObject({
      outcome: 'refused',
      why: expect.stringMatching(
        /^2 freezes are about all secrets, each with its own end: key-warden unfreeze --id \w+ \(ops/,
      ),
    });
    const id = 'freeze' in second ? second.freeze.id : '';
    expect(await lift({}, id)).toMatchObject({ outcome: 'lifted', freeze: { owner: 'sre' } });
    expect(await gate()).toMatchObject({ until: SILENCE.until });
  });

  test.each<[string, About, object, RegExp]>([
    ['has no end that lies ahead', { all: true }, { until: ahead(-1) }, /its end .* is past/],
    ['ends too late', { all: true }, { until: ahead(91 * 24) }, /more than 90 days/],
    ['has no owner', { all: true }, { owner: ' ' }, /names no owner/],
    ['is about a project of nobody', { project: 'elsewhere' }, {}, /none of the projects of the settings/],
  ])('is refused where it %s', async (_, about, more, why) => {
    const { set } = await withBook();
    expect(await set(about, more)).toEqual({ outcome: 'refused', why: expect.stringMatching(why) });
  });

  test('is refused where it has no place, no room, or nothing is under care', async () => {
    const { set, ports, vault, app } = await withBook();
    const nowhere = { book: undefined, scopes: [SCOPE] };
    const wish = { about: { all: true }, by: JANE, dryRun: false };
    for (const done of [
      await freeze(ports, nowhere, { ...wish, silence: SILENCE }),
      await unfreeze(ports, nowhere, wish),
    ])
      expect(done).toMatchObject({
        outcome: 'refused',
        unset: true,
        why: expect.stringContaining('KEY_WARDEN_SILENCES'),
      });
    for (let at = 0; at < 20; at += 1) await set({ all: true }, { until: ahead(50 + at) });
    expect(await set({ all: true })).toMatchObject({ why: '20 hold already: lift one of them first' });
    const full = await withBook({ theirs: 'x'.repeat(16_300) });
    expect(await full.set({ all: true })).toMatchObject({ why: expect.stringContaining('has no room for one more') });
    await vault.commit(await vault.look(app), { labels: { 'key-warden': null } });
    const bare = await withBook();
    await bare.vault.commit(await bare.vault.look(bare.app), { labels: { 'key-warden': null } });
    expect(await bare.set({ project: SCOPE.project })).toMatchObject({
      why: expect.stringContaining('nothing to freeze'),
    });
    expect(await bare.lift({ project: SCOPE.project })).toMatchObject({ outcome: 'refused' });
  });

  test('stands although nobody could be told of it, which is said', async () => {
    const { ports, place, gate } = await withBook();
    const mute = { ...ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    const wish = { about: { all: true }, by: JANE, dryRun: false, silence: SILENCE };
    await expect(freeze(mute, place, wish)).rejects.toThrow('that is done, and nobody could be told of it: no topic');
    expect(await gate()).toMatchObject({ is: 'later' });
  });
});

describe('where it is not known what is frozen', () => {
  test('a planned rotation waits, and nothing is written over what is not understood', async () => {
    const { set, lift, gate, vault } = await withBook({ [annotationOf('freezes')]: 'ice' });
    expect(await gate()).toMatchObject({ is: 'later', why: expect.stringContaining('is not understood') });
    expect(await set({ all: true })).toMatchObject({ outcome: 'refused' });
    expect(await lift({ all: true })).toMatchObject({ outcome: 'refused' });
    vault.failNext('look', new Fault('denied', 'may not'));
    expect(await gate()).toMatchObject({ is: 'later', why: expect.stringContaining('may not') });
  });

  test('without a place for freezes there are none, and a run looks once', async () => {
    const { vault, book } = await withBook();
    expect(await freezesOn(vault, undefined)()).toEqual({ freezes: [] });
    let looks = 0;
    const once = onceLookedUp(() => {
      looks += 1;
      return freezesOn(vault, book)();
    });
    await Promise.all([once(), once()]);
    expect(looks).toBe(1);
  });
});
