import { expect, test } from '@jest/globals';
import { whyNoKeyIsNeeded } from '../../../src/core/consumers/without-key.ts';

test.each([
  ['K_SERVICE', 'Cloud Run or Cloud Functions'],
  ['CLOUD_RUN_JOB', 'a job of Cloud Run'],
  ['CLOUD_RUN_WORKER_POOL', 'a worker pool'],
  ['GAE_SERVICE', 'App Engine'],
  ['GOOGLE_APPLICATION_CREDENTIALS', 'credentials already'],
])('a program with %s has an account that could take the place of a key', (variable, says) => {
  expect(whyNoKeyIsNeeded({ [variable]: 'something' })).toContain(says);
  expect(whyNoKeyIsNeeded({ [variable]: '' })).toBeUndefined();
});

test('of a program that shows none, nothing is said', () => {
  expect(whyNoKeyIsNeeded({ GEMINI_API_KEY: 'x', CI: 'true' })).toBeUndefined();
});
