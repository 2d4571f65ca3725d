import { describe, expect, test } from '@jest/globals';
import { isMarkedFor, LEAK_MARK } from '../../../src/app/keys/key-marks.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { confirm } from '../../../src/app/rotation/acts/confirm.ts';
import { discard } from '../../../src/app/rotation/acts/discard.ts';
import { retire } from '../../../src/app/rotation/acts/retire.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { ask, rollbackOf } from '../../../src/app/rotation/wishes.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { changeOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { openLeaksIn } from '../../../src/core/rotation/open-leaks.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, inFlight, JANE, MINUTE_MS, NOW } from '../../support/journals.ts';
import { rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const unseen = (): void => undefined;
const THIRD = `AI${'za'}SyThird${'t'.repeat(28)}`;
const IN_A_MINUTE = { use: 'unknown', at: NOW, deadSince: plusMs(NOW, -MINUTE_MS) } as const;

const remember = async (
  { vault, secret }: RotationStage,
  change: RecordChange,
  aliases: Readonly<Record<string, number>> = {},
) => {
  const seen = await vault.look(secret);
  return vault.commit(seen, { annotations: changeOf(seen.record, change), aliases });
};

/** An emergency that gave consumers version 2, which holds `successor`; version 1 holds a leaked key of the issuer's. */
async function promoted(successor: string, fields: Partial<InFlight> = {}, old?: string) {
  const on = await rotationStage([]);
  const { issued, characters } = await on.key('leaked');
  await on.add(old ?? characters);
  await on.add(successor);
  const fromKey = { name: issued.name, uid: issued.uid };
  const journal = inFlight({ phase: 'promoted', emergency: true, promotedAt: ago(1), fromKey, ...fields });
  const change = { rotation: journal, leaks: [{ version: 1, at: ago(1), told: 0 }], lastCurrent: { version: 2 } };
  await remember(on, change, { current: 2, previous: 1 });
  return {
    ...on,
    issued,
    fromKey,
    isDeleted: async () => (await on.issuer.look(issued.name)).deletedAt !== undefined,
    isMarked: async () => isMarkedFor(await on.issuer.look(issued.name), on.secret, LEAK_MARK),
    current: async () => (await on.vault.look(on.secret)).aliases['current'],
  };
}

describe('an emergency whose new key is dead never goes back to the leaked one', () => {
  test('it ends the leaked key, and another is made at once, whatever the policy says of dead keys', async () => {
    const on = await promoted(DEAD_KEY, { drain: IN_A_MINUTE });
    await drive(on.ports, on.order(), unseen);
    expect(await on.isDeleted()).toBe(true);
    expect(await on.states()).toEqual(['disabled', 'enabled']);
    expect(await on.journal()).toMatchObject({
      phase: 'minted',
      reason: 'dead',
      from: 2,
      emergency: false,
      note: 'the new key of the emergency kw-1-abc is dead',
    });
    expect(openLeaksIn((await on.vault.look(on.secret)).record)).toMatchObject([{ version: 1, key: on.issued.name }]);
    expect(on.announced).toMatchObject([
      {
        type: 'rotation.completed',
        why: 'the old key was disabled, and is deleted at its issuer next; the new key is dead, so that consumers are without one until another is made, which begins now',
        next: expect.stringContaining('key-warden status'),
      },
      { type: 'rotation.opened', from: 2 },
    ]);
  });

  test('which is told, too, where nobody knows the leaked one at an issuer', async () => {
    const fromKeyUnknown = 'the old key is none of ours';
    const on = await promoted(DEAD_KEY, { drain: IN_A_MINUTE, fromKey: undefined, fromKeyUnknown }, GOOD_KEY);
    await drive(on.ports, on.order(), unseen);
    expect(on.announced[0]).toMatchObject({
      type: 'rotation.completed',
      leavesLeak: true,
      why: expect.stringMatching(/^the old key was disabled; the old key is none of ours; the new key is dead/),
    });
  });

  test('and where the new one works again, after one look that found it dead, none is made', async () => {
    const on = await promoted(STANDARD_KEY, { drain: IN_A_MINUTE });
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'rest' });
    expect(on.announced).toMatchObject([{ type: 'rotation.completed', why: expect.not.stringContaining('is dead') }]);
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
  });

  test.each(['disabled', 'destroyed'] as const)('nor where the new version was %s', async (state) => {
    const on = await promoted(STANDARD_KEY);
    const to = await on.vault.lookVersion(on.secret, 2);
    await (state === 'disabled' ? on.vault.disable(on.secret, to) : on.vault.destroy(on.secret, to));
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'rest' });
    expect(await on.states()).toEqual(['disabled', state]);
    expect(await on.isDeleted()).toBe(true);
    expect(await on.current()).toBe(2);
  });

  test('nor where somebody says only during the drain that the key leaked: its leak is open', async () => {
    const on = await promoted(DEAD_KEY, { emergency: false, drain: IN_A_MINUTE, openedAt: ago(2) });
    await drive(on.ports, on.order(), unseen);
    expect(await on.states()).toEqual(['disabled', 'enabled']);
    expect(valueOf((await on.vault.look(on.secret)).record.retired)).toMatchObject([{ version: 1, urgent: true }]);
  });

  test('nor where an earlier release was on its way back', async () => {
    const on = await promoted(STANDARD_KEY, { phase: 'reverting' });
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'rest' });
    expect(await on.states()).toEqual(['disabled', 'enabled']);
    expect(await on.current()).toBe(2);
  });

  test('nor where the leak becomes known while a person’s rollback is under way: nothing moves', async () => {
    const on = await promoted(STANDARD_KEY, { phase: 'reverting', emergency: false, reason: 'rollback' });
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'wait' });
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
    expect(await on.current()).toBe(2);
  });
});

describe('a person who wants to go back to a leaked key', () => {
  test('is told what to do instead, and nothing is noted', async () => {
    const on = await promoted(STANDARD_KEY, { held: true });
    for (const to of ['rollback', 'abort'] as const)
      expect(await ask(on.vault, on.secret, { to, by: JANE })).toEqual({
        outcome: 'refused',
        why: expect.stringMatching(/The earlier key leaked, so nobody goes back to it.*key-warden rotate --secret/),
      });
    expect(await on.journal()).not.toHaveProperty('wish');
  });

  test('may give up before consumers have the new one: the leak stays open', async () => {
    const on = await promoted(STANDARD_KEY, { phase: 'written', promotedAt: undefined });
    expect(await ask(on.vault, on.secret, { to: 'rollback', by: JANE })).toEqual({ outcome: 'noted' });
  });

  test('has no rollback at rest either while its leak is open, however it was retired', async () => {
    const on = await promoted(STANDARD_KEY);
    await remember(on, {
      rotation: { phase: 'resting', failures: 0, passedOver: [] },
      history: [{ id: 'kw-0', reason: 'age', outcome: 'completed', from: 1, to: 2, at: ago(9) }],
      retired: [{ version: 1, key: on.fromKey, at: ago(9), rotation: 'kw-0' }],
    });
    expect(await rollbackOf(on.vault, on.secret)).toContain('the earlier key leaked');
  });

  test('is told so, too, where the list of leaks cannot be read; without an emergency nothing is known then', async () => {
    const on = await promoted(STANDARD_KEY);
    const annotations = { 'key-warden.leaks': '{"v":9}' };
    await on.vault.commit(await on.vault.look(on.secret), { annotations });
    expect(await ask(on.vault, on.secret, { to: 'rollback', by: JANE })).toMatchObject({ outcome: 'refused' });
    await remember(on, {
      history: [{ id: 'kw-0', reason: 'age', outcome: 'completed', from: 1, to: 2, at: ago(9) }],
      retired: [{ version: 1, key: on.fromKey, at: ago(9), rotation: 'kw-0' }],
    });
    expect(await rollbackOf(on.vault, on.secret)).toMatchObject({ reason: 'rollback' });
  });

  test('and whose wish an earlier release noted is not obeyed', async () => {
    const on = await promoted(STANDARD_KEY, { wish: 'rollback' });
    expect(await drive(on.ports, on.order(), unseen)).toMatchObject({ did: 'rest' });
    expect(await on.states()).toEqual(['disabled', 'enabled']);
  });
});

test('an emergency that is given up for a third version adds that one’s key for readers of latest, not the leaked one', async () => {
  const on = await promoted(STANDARD_KEY);
  const third = await on.add(THIRD);
  const newest = await on.add(STANDARD_KEY);
  on.works(THIRD);
  await remember(on, {}, { current: third });
  const scene = on.scene({ phase: 'abandoned', candidate: 'supplied', emergency: true, to: newest }, { isLeak: true });
  const outcome = await discard(scene, await on.vault.look(on.secret));
  expect(outcome).toEqual({ kind: 'done', passOver: [newest, newest + 1] });
  expect(new TextDecoder().decode((await on.vault.read(on.secret, 'latest')).bytes)).toBe(THIRD);
  const gone = on.scene(
    { phase: 'abandoned', candidate: 'supplied', emergency: true, to: newest + 1 },
    { isLeak: true },
  );
  const unaliased = { ...(await on.vault.look(on.secret)), aliases: {} };
  expect(await discard(gone, unaliased)).toMatchObject({ kind: 'done' });
});

describe('the leaked key is marked at its issuer', () => {
  const scene = (on: Awaited<ReturnType<typeof promoted>>, fields: Partial<InFlight> = {}) =>
    on.scene(
      { phase: 'promoted', emergency: true, promotedAt: ago(1), fromKey: on.fromKey, ...fields },
      { isLeak: true },
    );

  test('as soon as consumers have the new one, once', async () => {
    const on = await promoted(STANDARD_KEY);
    expect(await confirm(scene(on))).toMatchObject({ kind: 'done' });
    expect(await on.isMarked()).toBe(true);
    const { annotations } = await on.issuer.look(on.issued.name);
    await retire(scene(on, { phase: 'drained' }), await on.vault.look(on.secret));
    expect((await on.issuer.look(on.issued.name)).annotations).toEqual(annotations);
  });

  test('at the latest where it is retired, if it cannot be at once', async () => {
    const on = await promoted(STANDARD_KEY);
    on.issuer.failNext('mark', new Fault('unavailable', 'busy'));
    expect(await confirm(scene(on))).toMatchObject({ kind: 'done' });
    expect(await on.isMarked()).toBe(false);
    await retire(scene(on, { phase: 'drained' }), await on.vault.look(on.secret));
    expect(await on.isMarked()).toBe(true);
  });

  test('never as leaked on a journal’s word: not where consumers read it, where the old version holds another, or cannot be read', async () => {
    const on = await promoted(STANDARD_KEY);
    await remember(on, {}, { current: 1 });
    await confirm(scene(on));
    expect(await on.isMarked()).toBe(false);
    await remember(on, {}, { current: 2 });
    const other = await on.add(GOOD_KEY);
    await confirm(scene(on, { from: other }));
    expect(await on.isMarked()).toBe(false);
    await on.vault.disable(on.secret, await on.vault.lookVersion(on.secret, 1));
    await confirm(scene(on));
    expect(await on.isMarked()).toBe(false);
  });

  test('not in an ordinary rotation, and not while it cannot be told', async () => {
    const on = await promoted(STANDARD_KEY);
    await retire(scene(on, { phase: 'drained', emergency: false }), await on.vault.look(on.secret));
    expect(await on.isMarked()).toBe(false);
    const busy = await promoted(STANDARD_KEY);
    busy.issuer.failNext('keyString', new Fault('unavailable', 'busy'));
    const outcome = await retire(scene(busy, { phase: 'drained' }), await busy.vault.look(busy.secret));
    expect(outcome).toMatchObject({ kind: 'unsure', why: 'busy' });
    expect(await busy.isMarked()).toBe(false);
  });
});
