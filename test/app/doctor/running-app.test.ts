import { expect, test } from '@jest/globals';
import { ageCheck } from '../../../src/app/doctor/running-app.ts';
import { instantOf } from '../../../src/core/values/time.ts';

const app = { startedAt: instantOf(1_800_000_000_000), variables: {} };
const file = (path: string, changedMs: number) => ({ path, changedAt: instantOf(app.startedAt + changedMs) });
const ask = (...asked: Parameters<typeof ageCheck>) => ageCheck(...asked);

test.each([
  ['no', [file('.env', -9), file('.env.local', 2_001)], 'before .env.local was changed at 2027-01-15T08:00:02.001Z'],
  ['yes', [file('.env', -9), file('key', 2_000)], 'it was started at 2027-01-15T08:00:00.000Z, after .env, key'],
  ['not_looked', [], 'there is no file here'],
])('%s: of files %j', (state, files, says) => {
  expect(ask(app, files)).toMatchObject({ state, says: expect.stringContaining(says) });
});

test('who names no app, or one that is not seen, is told that nothing was looked at', () => {
  expect(ask(undefined, [file('.env', 0)])).toMatchObject({ state: 'not_looked', says: 'name it with --pid' });
  expect(ask({ notSeen: 'gone' }, [])).toMatchObject({ state: 'not_looked', says: 'gone' });
});
