import { describe, expect, test } from '@jest/globals';
import { approvalsOf } from '../../../src/app/approval/approvals.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { writeHealth } from '../../support/annotations.ts';
import { HOUR_MS } from '../../support/journals.ts';
import { sick } from '../../support/members.ts';
import { OVERLOADED, rotationStage } from '../../support/rotation-stage.ts';
import { DEAD_KEY, GOOD_KEY, SCOPE } from '../../support/stage.ts';

interface Recorded {
  readonly cause?: Cause;
  readonly asks?: boolean;
  readonly isFrozen?: boolean;
}

/** A secret whose record calls its key dead, where dead keys are replaced unasked, and what stands in the way of planned rotations. */
async function recordedDead(key: string, { cause = 'key_invalid', asks = true, isFrozen = false }: Recorded = {}) {
  const on = await rotationStage([key]);
  const book = on.vault.create(SCOPE, 'key-warden-approvals', {});
  const now = on.clock.now();
  const at = plusMs(now, -HOUR_MS);
  const health = writeHealth(sick({ cause, openedAt: at, announcedAt: at }));
  await on.vault.commit(await on.vault.look(on.secret), { annotations: { 'key-warden.health': health } });
  const freeze = { id: 'f', about: { all: true }, owner: 'ops', reason: 'year end', until: plusMs(now, 9 * HOUR_MS) };
  const approvals = approvalsOf(on.ports, { book, hours: 72, scopes: [SCOPE], concurrency: 2 });
  const freezes = () => Promise.resolve({ freezes: isFrozen ? [freeze] : [] });
  const base = on.order().secretPolicy;
  const rotation = { ...base.rotation, rotateWhenDead: 1, approval: asks ? 1 : 0 };
  const order = on.order({ secretPolicy: { ...base, rotation } });
  const go = () => drive({ ...on.ports, approvals, freezes }, order, () => undefined);
  return { ...on, go };
}

const WAITS = {
  did: 'wait',
  why: expect.stringContaining('Google does not refuse it just now'),
  journal: { phase: 'resting' },
};

describe('a rotation that begins because the record calls the key dead', () => {
  test.each([
    ['approval', {}],
    ['a freeze', { asks: false, isFrozen: true }],
    ['approval, also where it says that the key leaked', { cause: 'key_leaked' }],
  ] as const)('waits for %s in no way where the key works: anybody may have written that', async (_, fields) => {
    const { go, announced } = await recordedDead(GOOD_KEY, fields);
    expect(await go()).toMatchObject(WAITS);
    expect(announced).toEqual([]);
  });

  test('waits for neither where Google refuses the key', async () => {
    for (const fields of [{}, { asks: false, isFrozen: true }]) {
      const { go, journal } = await recordedDead(DEAD_KEY, fields);
      await go();
      expect(await journal()).toMatchObject({ reason: 'dead', phase: 'minted' });
    }
  });

  test('is looked at again where Google says nothing of the key', async () => {
    const { go, prober } = await recordedDead(DEAD_KEY);
    prober.script(DEAD_KEY, 'list', OVERLOADED);
    expect(await go()).toMatchObject(WAITS);
  });

  test('begins where nobody can read the key, or the version holds none; other trouble is told', async () => {
    const { go, vault, journal } = await recordedDead(GOOD_KEY);
    vault.failNext('read', new Fault('unavailable', 'No answer.'));
    await expect(go()).rejects.toThrow('No answer.');
    vault.failNext('read', new Fault('disabled', 'It is disabled.'));
    await go();
    expect((await journal())?.phase).not.toBe('resting');
    const empty = await recordedDead('no key at all');
    expect(await empty.go()).not.toMatchObject(WAITS);
  });

  test('where nothing stands in its way, it goes by the record alone', async () => {
    const { go, journal } = await recordedDead(GOOD_KEY, { asks: false });
    await go();
    expect(await journal()).toMatchObject({ reason: 'dead' });
  });
});
