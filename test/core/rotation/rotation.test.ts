import { describe, expect, test } from '@jest/globals';
import { isBeforePromotion, ROTATION } from '../../../src/core/rotation/rotation.ts';
import type { Phase } from '../../../src/core/record/phases.ts';

const ROWS = Object.entries(ROTATION);
const isPhase = (name: string): name is Phase => Object.hasOwn(ROTATION, name);

describe('the table of rotation', () => {
  test('walks through every phase when all goes well', () => {
    const walk: Phase[] = ['resting'];
    const next = (phase: Phase): Phase => ROTATION[phase].done;
    for (let phase = next('resting'); phase !== 'resting'; phase = next(phase)) walk.push(phase);
    expect(walk).toEqual(['resting', 'opened', 'minted', 'written', 'verified', 'promoted', 'drained']);
  });

  test.each(ROWS)('stays %s while it cannot tell, and names another act than any other phase (I6)', (phase, row) => {
    expect(row.unsure).toBe(phase);
    expect(ROWS.filter(([, { act }]) => act === row.act)).toHaveLength(1);
  });

  test.each(ROWS)('never leads from %s to a phase that goes back because it could not tell', (_, { worn }) => {
    expect(['abandoned', 'held', 'resting']).toContain(worn);
  });

  test('leases exactly the acts that no etag fences', () => {
    expect(ROWS.filter(([, { leased }]) => leased).map(([, { act }]) => act)).toEqual(['mint', 'write', 'discard']);
  });

  test('gives up for free before the promotion only, and the worn cell says the same', () => {
    const early = ROWS.filter(([, { worn }]) => worn === 'abandoned').map(([phase]) => phase);
    expect(Object.keys(ROTATION).filter(isPhase).filter(isBeforePromotion)).toEqual(early);
    expect(early).toEqual(['opened', 'minted', 'written', 'verified']);
  });
});
