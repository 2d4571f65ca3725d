import { describe, expect, test } from '@jest/globals';
import type { Readers } from '../../../src/app/consumers/readers.ts';
import { readersGate } from '../../../src/app/rotation/readers-gate.ts';
import type { Reading } from '../../../src/core/consumers/reading.ts';
import type { RotationReason } from '../../../src/core/record/journal.ts';
import { consumer, read } from '../../support/readings.ts';

const SECRET = { name: 'projects/1/secrets/gemini', given: 'projects/p/secrets/gemini' };

function pinned(id: string): Reading {
  return { consumer: consumer(id, [read('7')], { running: [] }), read: read('7'), sees: 'never' };
}

/** What the gate says, and what it names. */
async function gate(
  lookAtConsumers: number,
  found: Partial<Readers>,
  { reason = 'age', emergency = false }: { readonly reason?: RotationReason; readonly emergency?: boolean } = {},
) {
  const named: string[] = [];
  const readers = () => Promise.resolve({ readings: [], notLooked: [], barred: false, late: [], ...found });
  const opening = { reason, emergency };
  const said = await readersGate(readers, SECRET, { lookAtConsumers }, opening, (lines) => void named.push(...lines));
  return { said, named };
}

const LEFT = { readings: [pinned('api')] };
const GAP = { notLooked: ['a region'] };
const NAMED = [
  'service api in europe-west1 (p) names version 7 in the variable KEY: let it read current, or change the number after the rotation',
];

describe('consumers that would keep the old key', () => {
  test.each([
    ['are not looked up', 0, LEFT, []],
    ['are named', 1, LEFT, NAMED],
    ['and what was not looked at are named', 1, { ...LEFT, ...GAP }, [...NAMED, 'not looked at: a region']],
    ['are none, and the gap is named', 2, GAP, ['not looked at: a region']],
  ])('%s with %i', async (_, level, found, named) => {
    expect(await gate(level, found)).toEqual({ said: undefined, named });
  });

  test.each([2, 3])('stop a rotation with %i', async (level) => {
    const { said, named } = await gate(level, LEFT);
    expect(said).toEqual({
      is: 'barred',
      why: `1 reading would stay with the old key, and nothing begins before (lookAtConsumers): ${NAMED.join()}`,
    });
    expect(named).toEqual([]);
  });

  test('are named by the first few where they are many', async () => {
    const { said } = await gate(2, { readings: ['a', 'b', 'c', 'd', 'e'].map(pinned) });
    expect(said?.why).toMatch(/^5 readings would .*; and 2 more$/);
    expect(said?.why).not.toContain('service d');
  });
});

test('what could not be looked at is never nobody: it stops a rotation with 3', async () => {
  expect((await gate(3, GAP)).said).toEqual({
    is: 'barred',
    why: 'who reads it could not be looked up in 1 place, and nothing begins before (lookAtConsumers): not looked at: a region',
  });
});

test.each([
  ['a dead key', { reason: 'dead' }],
  ['a leaked key', { reason: 'leaked', emergency: true }],
  ['a way back', { reason: 'rollback' }],
] as const)('%s waits for nobody', async (_, opening) => {
  expect(await gate(3, { ...LEFT, ...GAP }, opening)).toEqual({ said: undefined, named: [] });
});

test('where nobody can look, and where nobody listens, nothing is in the way', async () => {
  const opening = { reason: 'age', emergency: false } as const;
  expect(await readersGate(undefined, SECRET, { lookAtConsumers: 3 }, opening, undefined)).toBeUndefined();
  const readers = () => Promise.resolve({ notLooked: [], barred: false, late: [], ...LEFT });
  expect(await readersGate(readers, SECRET, { lookAtConsumers: 1 }, opening, undefined)).toBeUndefined();
});
