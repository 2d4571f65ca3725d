import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { ask, rollbackOf } from '../../../src/app/rotation/wishes.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION, type Past } from '../../../src/core/record/ledger.ts';
import { writeHistory, writeRetired } from '../../support/annotations.ts';
import { ago, FROM_KEY, inFlight, JANE, NOW, TO_KEY } from '../../support/journals.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const BROKEN = '{"v":2}';
const PAST: Past = { id: 'kw-0', reason: 'age', outcome: 'completed', from: 1, to: 2, toKey: TO_KEY, at: ago(9) };
const ABANDONED: Past = { ...PAST, outcome: 'abandoned' };

describe('what a person asks of a rotation in flight', () => {
  test.each(['abort', 'rollback'] as const)('%s is noted for the next tick', async (wish) => {
    const { vault, secret, write, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const before = inFlight({ held: true, tries: 3 });
    await write(before);
    expect(await ask(vault, secret, { to: wish, by: JANE })).toEqual({ outcome: 'noted' });
    expect(await journal()).toEqual({ ...before, wish, steered: { to: wish, by: JANE } });
  });

  test('resume lets a held rotation go on at once', async () => {
    const { vault, secret, write, journal } = await rotationStage();
    const before = inFlight({ held: true, tries: 3, why: 'busy' });
    await write({ ...before, notBefore: NOW });
    expect(await ask(vault, secret, { to: 'resume', by: JANE })).toEqual({ outcome: 'noted' });
    expect(await journal()).toEqual({ ...before, held: false, tries: 0, steered: { to: 'resume', by: JANE } });
  });

  describe('of a drain that is held because the old key is still used', () => {
    const drain = { use: 'busy', requests: 600, at: NOW, overdue: true } as const;
    const before = inFlight({ phase: 'promoted', held: true, tries: 1, promotedAt: ago(175), drain });

    test('resume has it measured again, and cuts nobody off', async () => {
      const { vault, secret, write, journal } = await rotationStage();
      await write(before);
      expect(await ask(vault, secret, { to: 'resume', by: JANE })).toEqual({ outcome: 'noted' });
      const steered = { to: 'resume', by: JANE };
      expect(await journal()).toEqual({ ...before, held: false, tries: 0, drain: undefined, steered });
    });

    test('its users are cut off by name', async () => {
      const { vault, secret, write, journal } = await rotationStage();
      await write(before);
      expect(await ask(vault, secret, { to: 'cut-off-users', by: JANE })).toEqual({ outcome: 'noted' });
      const steered = { to: 'cut-off-users', by: JANE };
      expect(await journal()).toEqual({ ...before, held: false, tries: 0, steered });
    });

    test.each([
      ['drains still', { held: false }],
      ['is held for something else', { drain: { ...drain, overdue: undefined } }],
      ['is not promoted yet', { phase: 'verified' }],
    ] as const)('nobody is cut off where a rotation %s', async (_, fields) => {
      const { vault, secret, write, journal } = await rotationStage();
      await write({ ...before, ...fields });
      expect(await ask(vault, secret, { to: 'cut-off-users', by: JANE })).toEqual({
        outcome: 'refused',
        why: 'no drain is held because the old key is still used, so there is nobody to cut off',
      });
      expect(await journal()).toEqual({ ...before, ...fields });
    });
  });

  test.each([
    [ago(3), '2027-01-15T05:00:00.000Z'],
    [undefined, '2027-01-15T08:00:00.000Z'],
  ])('abort is refused after the promotion (%s), with what to do instead', async (promotedAt, at) => {
    const { vault, secret, write, journal } = await rotationStage();
    const before = inFlight({ phase: 'promoted', promotedAt });
    await write(before);
    expect(await ask(vault, secret, { to: 'abort', by: JANE })).toEqual({
      outcome: 'refused',
      why: `consumers read the new key since ${at}: to go back, key-warden rollback --secret ${secret}`,
    });
    expect(await journal()).toEqual(before);
  });

  test('abort of what is given up already is refused, with what goes on', async () => {
    const { vault, secret, write } = await rotationStage();
    await write(inFlight({ phase: 'abandoned', held: true }));
    expect(await ask(vault, secret, { to: 'abort', by: JANE })).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('given up already'),
    });
  });

  test('abort is the way out when the old key cannot be brought back: consumers keep what they read', async () => {
    const { vault, secret, write, ports, order, states, journal } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: 2, previous: 1 } });
    await vault.destroy(secret, await vault.lookVersion(secret, 1));
    await write(inFlight({ phase: 'promoted', candidate: 'adopted', promotedAt: NOW, wish: 'rollback' }));
    const held = { did: 'held', why: expect.stringContaining('cannot be brought back') };
    expect(await drive(ports, order(), () => undefined)).toMatchObject(held);
    await ask(vault, secret, { to: 'resume', by: JANE });
    expect(await drive(ports, order(), () => undefined)).toMatchObject(held);
    expect(await ask(vault, secret, { to: 'abort', by: JANE })).toEqual({ outcome: 'noted' });
    await drive(ports, order(), () => undefined);
    expect(await journal()).toMatchObject({ phase: 'resting' });
    expect((await vault.look(secret)).aliases).toMatchObject({ current: 2 });
    expect(await states()).toEqual(['destroyed', 'enabled']);
  });

  test('abort is the way out when somebody made a third version current, which is theirs (I7)', async () => {
    const { vault, secret, write, ports, order, states, journal, add } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    const third = await add(`${STANDARD_KEY}-theirs`);
    await vault.commit(await vault.look(secret), { aliases: { current: third } });
    await write(inFlight({ phase: 'promoted', candidate: 'supplied', promotedAt: NOW, toKey: undefined }));
    for (const again of [1, 2]) {
      expect({ again, ...(await drive(ports, order(), () => undefined)) }).toMatchObject({ did: 'held' });
      await ask(vault, secret, { to: 'resume', by: JANE });
    }
    expect(await ask(vault, secret, { to: 'abort', by: JANE })).toEqual({ outcome: 'noted' });
    await drive(ports, order(), () => undefined);
    expect(await journal()).toMatchObject({ phase: 'resting' });
    expect((await vault.look(secret)).aliases).toMatchObject({ current: third });
    expect(await states()).toEqual(['enabled', 'disabled', 'enabled']);
  });

  test('is refused at rest, and of a journal that is not understood', async () => {
    const { vault, secret } = await rotationStage();
    expect(await ask(vault, secret, { to: 'resume', by: JANE })).toEqual({
      outcome: 'refused',
      why: 'no rotation is in flight',
    });
    await vault.commit(await vault.look(secret), { annotations: { [ROTATION_ANNOTATION]: BROKEN } });
    expect(await ask(vault, secret, { to: 'resume', by: JANE })).toEqual({
      outcome: 'refused',
      why: 'the annotation key-warden.rotation is not in a form this release reads',
    });
  });

  test('is not noted over what somebody else wrote (I7)', async () => {
    const { vault, secret, write } = await rotationStage();
    await write(inFlight());
    vault.failNext('commit', new Fault('stale', 'somebody wrote'));
    await expect(ask(vault, secret, { to: 'abort', by: JANE })).rejects.toMatchObject({ code: 'stale' });
  });
});

describe('going back to the key before', () => {
  const RETIRED = { version: 1, key: FROM_KEY, at: ago(9), rotation: 'kw-0' };
  const GOOD = { [HISTORY_ANNOTATION]: writeHistory([PAST]), [RETIRED_ANNOTATION]: writeRetired([RETIRED]) };
  const NONE = 'no earlier key is kept: the last rotation is not on record, or its old key was purged';

  async function rollbackStage(annotations: Readonly<Record<string, string | null>>, current: number | null = 2) {
    const set = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await set.vault.commit(await set.vault.look(set.secret), { annotations, aliases: { current, previous: 1 } });
    return { ...set, asked: await rollbackOf(set.vault, set.secret) };
  }

  test('is possible while it is on record', async () => {
    expect((await rollbackStage(GOOD)).asked).toEqual({
      reason: 'rollback',
      candidate: 'adopted',
      emergency: false,
      from: 1,
      to: 2,
      fromKey: FROM_KEY,
      toKey: TO_KEY,
    });
  });

  test.each([
    ['nothing is on record', {}, 2],
    ['there is no current', GOOD, null],
    ['current is no rotation’s', GOOD, 1],
    ['the rotation to it was abandoned', { ...GOOD, [HISTORY_ANNOTATION]: writeHistory([ABANDONED]) }, 2],
    ['the old key was purged', { ...GOOD, [RETIRED_ANNOTATION]: null }, 2],
    ['the history is not understood', { ...GOOD, [HISTORY_ANNOTATION]: BROKEN }, 2],
    ['the ledger is not understood', { ...GOOD, [RETIRED_ANNOTATION]: BROKEN }, 2],
  ])('is not when %s', async (_, annotations, current) => {
    expect((await rollbackStage(annotations, current)).asked).toBe(NONE);
  });

  test('moves current back once the old key was proven, and the other way round it is kept (I5)', async () => {
    const retired = writeRetired([{ ...RETIRED, key: undefined }]);
    const { asked, ports, order, vault, secret, states } = await rollbackStage({
      ...GOOD,
      [RETIRED_ANNOTATION]: retired,
    });
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    if (typeof asked === 'string') throw new Error(asked);
    await drive(ports, order({ asked }), () => undefined);
    const { aliases, annotations } = await vault.look(secret);
    expect(aliases).toEqual({ current: 1 });
    expect(await states()).toEqual(['enabled', 'disabled', 'enabled']);
    expect(annotations[RETIRED_ANNOTATION]).toContain('"version":2');
    expect(annotations[HISTORY_ANNOTATION]).toContain('"reason":"rollback","outcome":"completed"');
  });
});
