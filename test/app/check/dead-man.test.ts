import { expect, test } from '@jest/globals';
import { NO_DEAD_MAN, watched, type Sign } from '../../../src/app/check/dead-man.ts';
import type { Run } from '../../../src/core/health/check-run.ts';
import { runOf } from '../../support/runs.ts';

const run = (expected: number, problems: readonly string[]): Run => runOf([], { expected, problems });

async function heard(work: () => Promise<Run>) {
  const signs: Sign[] = [];
  const told = watched({ tell: (sign) => Promise.resolve(void signs.push(sign)) }, work);
  const end = await told.then(
    () => 'done',
    (trouble: Error) => trouble.message,
  );
  return [...signs, end];
}

test.each([
  ['finds something', run(3, []), 'success'],
  ['meets some trouble', run(3, ['2 of 3 secrets were not reached']), 'success'],
  ['finds nothing to look after', run(0, []), 'success'],
  ['can list nothing', run(0, ['project p was not listed']), 'fail'],
])('a run that %s is told of', async (_, result, end) => {
  expect(await heard(() => Promise.resolve(result))).toEqual(['start', end, 'done']);
});

test('a run that crashes failed, and goes on crashing', async () => {
  expect(await heard(() => Promise.reject(new Error('a bug')))).toEqual(['start', 'fail', 'a bug']);
});

test('a service that is slow to hear of the start does not delay the run, and hears of the end afterwards', async () => {
  const order: string[] = [];
  const heardStart = Promise.withResolvers<void>();
  const deadMan = {
    async tell(sign: Sign) {
      if (sign === 'start') await heardStart.promise;
      order.push(sign);
    },
  };
  await watched(deadMan, () => {
    order.push('work');
    heardStart.resolve();
    return Promise.resolve(run(1, []));
  });
  expect(order).toEqual(['work', 'start', 'success']);
});

test('where nobody waits, nobody is told', async () => {
  await expect(watched(NO_DEAD_MAN, () => Promise.resolve(run(1, [])))).resolves.toMatchObject({ expected: 1 });
});
