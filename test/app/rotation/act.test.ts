import { usage } from '../../support/used-hours.ts';
import { describe, expect, test } from '@jest/globals';
import { act } from '../../../src/app/rotation/act.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, NOW } from '../../support/journals.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const LATE = 'the lease of this act is nearly over, so the next worker goes on with it';
const leaseUntil = (milliseconds: number) =>
  ({ holder: 'worker-1', act: 'mint', until: plusMs(NOW, milliseconds) }) as const;

/** Does the act of a phase over two versions, with a lease that is long enough; answers the outcome and what was called. */
async function done(journal: Partial<InFlight>) {
  const { vault, issuer, secret, scene, meter } = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  meter.script('uid-old', usage([{ endsAt: NOW, requests: 9 }]));
  const sighting = await vault.look(secret);
  const calls = vault.calls.length;
  const supplied = new KeyText(STANDARD_KEY);
  const aliases = journal.phase === 'drained' ? { current: 2, previous: 1 } : sighting.aliases;
  const outcome = await act(scene({ lease: leaseUntil(60_000), ...journal }, { supplied }), { ...sighting, aliases });
  return { kind: outcome.kind, calls: [...vault.calls.slice(calls), ...issuer.calls] };
}

test.each([
  ['opened', ['read', 'list', 'list', 'mint']],
  ['minted', ['read', 'versions', 'read']],
  ['written', ['read', 'read', 'read']],
  ['verified', ['lookVersion']],
  ['promoted', ['read']],
  ['drained', ['versions', 'look', 'disable']],
  ['reverting', ['lookVersion', 'enable', 'read']],
] as const)('%s: the act that the table names, and no other', async (phase, calls) => {
  expect(await done({ phase, emergency: true })).toEqual({ kind: 'done', calls });
});

test('abandoned: the act that the table names, and no other', async () => {
  expect(await done({ phase: 'abandoned', candidate: 'supplied' })).toEqual({
    kind: 'done',
    calls: ['versions', 'read', 'read', 'add', 'look', 'disable'],
  });
});

describe('what no etag fences happens inside a lease (I5)', () => {
  test.each([
    ['without one', undefined],
    ['with too little of it left for the answer', leaseUntil(14_999)],
  ])('nothing is minted %s', async (_, lease) => {
    const { vault, issuer, secret, scene } = await rotationStage();
    const outcome = await act(scene({ phase: 'opened', lease }), await vault.look(secret));
    expect(outcome).toEqual({ kind: 'unsure', why: LATE, hold: false, passes: true });
    expect(issuer.keys()).toEqual([]);
  });

  test('a key is minted as long as the answer falls inside', async () => {
    const { vault, issuer, secret, scene } = await rotationStage();
    const journal = { phase: 'opened', lease: leaseUntil(15_000) } as const;
    expect(await act(scene(journal), await vault.look(secret))).toMatchObject({ kind: 'done' });
    expect(issuer.keys()).toHaveLength(1);
  });

  test('no version is added outside', async () => {
    const { vault, secret, scene, states } = await rotationStage();
    const supplied = new KeyText(STANDARD_KEY);
    const outcome = await act(scene({ phase: 'minted', lease: leaseUntil(0) }, { supplied }), await vault.look(secret));
    expect(outcome).toMatchObject({ kind: 'unsure', why: LATE });
    expect(await states()).toHaveLength(1);
  });

  test('no key is deleted outside, and inside it is', async () => {
    const { vault, issuer, secret, scene, key } = await rotationStage();
    await key('kw-1-abc');
    const at = { phase: 'abandoned', to: undefined } as const;
    expect(await act(scene({ ...at, lease: leaseUntil(0) }), await vault.look(secret))).toMatchObject({ why: LATE });
    expect(issuer.calls).not.toContain('delete');
    const inside = scene({ ...at, lease: leaseUntil(60_000) });
    expect(await act(inside, await vault.look(secret))).toMatchObject({ kind: 'done' });
    expect(issuer.keys()[0]).toHaveProperty('deletedAt');
  });

  test('acts that an etag fences need none', async () => {
    expect(await done({ phase: 'reverting', lease: undefined, openedAt: ago(9) })).toMatchObject({ kind: 'done' });
  });
});
