import { expect, test } from '@jest/globals';
import { byUrgency } from '../../../src/core/fleet/urgency.ts';
import { ahead, inFlight, NOW, resting } from '../../support/journals.ts';

const names = (flights: readonly { readonly secret: string }[]) => flights.map(({ secret }) => secret);

test('a wish and the way back come first, then what has not been promoted, then drains', () => {
  const flights = [
    { secret: 'unreadable', journal: undefined },
    { secret: 'resting', journal: resting() },
    { secret: 'drained', journal: inFlight({ phase: 'drained' }) },
    { secret: 'minted', journal: inFlight({ phase: 'minted' }) },
    { secret: 'reverting', journal: inFlight({ phase: 'reverting' }) },
    { secret: 'asked', journal: inFlight({ phase: 'promoted', wish: 'rollback' }) },
  ];
  const order = names(byUrgency(flights, NOW));
  expect(order.slice(0, 2).toSorted()).toEqual(['asked', 'reverting']);
  expect(order.slice(2, 4)).toEqual(['minted', 'drained']);
});

test('among equals each has its chance to be early, so that none waits behind the same others in every run', () => {
  const flights = Array.from({ length: 50 }, (_, at) => ({ secret: `s${at}`, journal: inFlight() }));
  const early = Array.from({ length: 60 }, (_, run) => names(byUrgency(flights, ahead(run / 12))).slice(0, 5));
  expect(new Set(early.flat()).size).toBe(50);
  expect(names(byUrgency(flights, NOW))).toEqual(names(byUrgency(flights, NOW)));
});
