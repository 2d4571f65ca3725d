import { expect, test } from '@jest/globals';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { noVersionYet } from '../../../src/core/health/no-version-yet.ts';
import { DAY_MS, instantOf, plusMs } from '../../../src/core/values/time.ts';

const MADE = instantOf(0);
const EMPTY = { readAs: 'latest', diagnosis: diagnosisOf('version_missing', 'no version') } as const;

test('a new secret without a key is told calmly, for a day', () => {
  expect(noVersionYet(EMPTY, MADE, plusMs(MADE, DAY_MS - 1))).toMatch(/^no version yet/);
  expect(noVersionYet(EMPTY, MADE, plusMs(MADE, DAY_MS))).toBeUndefined();
});

test.each([
  ['a version that the alias names and that is not there', { ...EMPTY, readAs: 'current' } as const],
  ['any other trouble', { ...EMPTY, diagnosis: diagnosisOf('version_disabled', 'off') }],
])('%s is trouble from the first run on', (_, finding) => {
  expect(noVersionYet(finding, MADE, MADE)).toBeUndefined();
});
