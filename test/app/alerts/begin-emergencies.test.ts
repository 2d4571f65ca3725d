import { expect, test } from '@jest/globals';
import { beginEmergencies } from '../../../src/app/alerts/begin-emergencies.ts';
import type { FunctionAnswer, FunctionCall } from '../../../src/app/ports/deployed-functions.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Holder } from '../../../src/core/alerts/leak-notice.ts';
import { stillClock } from '../../support/still-clock.ts';

const BEGUN = { status: 202, body: { outcome: 'begun', rotation: { phase: 'minted', id: 'kw-1' }, why: 'on its way' } };
const BUSY = { status: 429 };

function holder(id: string, more: Partial<Holder> = {}): Holder {
  const secret = `projects/1/secrets/${id}`;
  return { secret, project: 'p', version: 3, readAs: ['current'], keyKind: 'auth', isReplaced: true, ...more };
}

/** A worker that answers so, one after the other, and the last of it for ever. */
function staged(...answers: readonly (FunctionAnswer | Fault)[]) {
  const clock = stillClock();
  const calls: FunctionCall[] = [];
  const ask = (call: FunctionCall) => {
    calls.push(call);
    const answer = answers[Math.min(calls.length, answers.length) - 1] ?? BEGUN;
    return answer instanceof Fault ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const functions = { open: () => Promise.resolve({ url: 'https://rotate.example', ask }) };
  const order = { emergencies: 2, budgetSeconds: 60, since: clock.now(), reason: 'reported' };
  const begin = async (holders: readonly Holder[], more: Partial<typeof order> = {}) =>
    [...(await beginEmergencies({ clock, functions }, { ...order, ...more }, holders)).values()].map(
      ({ is, why }) => `${is}: ${why}`,
    );
  return { clock, calls, order, begin };
}

test('the worker is asked about each version that a rotation replaces, and about no other', async () => {
  const { begin, calls } = staged(BEGUN);
  const ends = await begin([
    holder('a'),
    holder('b', { readAs: ['previous'] }),
    holder('c', { readAs: ['stable'] }),
    holder('d', { isReplaced: false }),
    holder('e', { readAs: [] }),
  ]);
  expect(ends).toEqual([
    'refused: consumers do not read it as `current`, which is what a rotation replaces',
    'refused: what the report holds is not the whole key that a rotation would replace',
    'begun: on its way',
    'begun: on its way',
  ]);
  expect(calls).toHaveLength(2);
  expect(calls[0]).toMatchObject({
    method: 'POST',
    body: { secret: 'projects/1/secrets/a', mode: 'leaked', version: 3, reason: 'reported' },
    withinMs: 60_000,
  });
});

test('nobody is asked where the settings begin none, and where there are more than they allow', async () => {
  const { begin, calls } = staged(BEGUN);
  expect(await begin([holder('a')], { emergencies: 0 })).toEqual([]);
  expect(await begin([])).toEqual([]);
  expect(await begin(['a', 'b', 'c'].map((id) => holder(id)))).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining('3 secrets serve the key, and a report may begin 2')),
  );
  expect(calls).toEqual([]);
});

test('a worker that is busy is asked again, as long as there is time', async () => {
  const { begin, clock, calls } = staged(BUSY, { status: 503 }, BEGUN);
  expect(await begin([holder('a')])).toEqual(['begun: on its way']);
  expect(clock.slept).toEqual([10_000, 10_000]);
  expect(calls.map(({ withinMs }) => withinMs)).toEqual([60_000, 50_000, 40_000]);
});

test('one that stays busy leaves it open, and so does a time that is over', async () => {
  const { begin } = staged(BUSY);
  expect(await begin([holder('a'), holder('b')])).toEqual([
    'unknown: the worker was asked and did not answer (429)',
    'unknown: the worker was asked and did not answer (429)',
  ]);
  expect(await begin([holder('a')], { budgetSeconds: 0 })).toEqual([
    'unknown: there was no time left to ask the worker',
  ]);
});

test('a worker that does not answer is not asked again: it may be at it', async () => {
  const { begin, calls } = staged(new Fault('timeout', 'did not answer in time'));
  expect(await begin([holder('a')])).toEqual(['unknown: did not answer in time']);
  expect(calls).toHaveLength(1);
});

test('where there is no token, or no worker, it is said', async () => {
  const { clock, order } = staged();
  const closed = { open: () => Promise.reject(new Fault('unauthenticated', 'no token')) };
  const nowhere = { open: () => Promise.resolve(undefined) };
  for (const [functions, end] of [
    [closed, { is: 'unknown', why: 'no token' }],
    [nowhere, { is: 'refused', why: 'the settings do not say where `rotate` is' }],
    [undefined, { is: 'refused', why: 'the settings do not say where `rotate` is' }],
  ] as const)
    expect([...(await beginEmergencies({ clock, functions }, order, [holder('a')])).values()]).toEqual([end]);
});
