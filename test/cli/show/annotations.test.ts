import { expect, test } from '@jest/globals';
import { reportOf } from '../../../src/core/health/check-run.ts';
import { annotationsHere } from '../../../src/cli/show/annotation-form.ts';
import { annotationsOf } from '../../../src/cli/show/annotations.ts';
import { casesOfCheck } from '../../../src/cli/show/cases.ts';
import { runOf } from '../../support/runs.ts';

const report = reportOf(
  runOf([], {
    expected: 9,
    problems: ['search-prod: 100% of it\r\ncould not be listed'],
    outages: [
      {
        type: 'fleet.outage',
        project: 'a',
        failing: 8,
        seen: 9,
        cause: 'quota_exceeded',
        message: 'used up: all, today',
      },
    ],
  }),
);

test('a line that GitHub reads holds no line end, and a title neither a colon nor a comma', () => {
  expect(annotationsOf(casesOfCheck(report), 'github')).toEqual([
    '::error title=8 of 9 secrets failed alike (quota_exceeded)::a%0Aused up: all, today\n',
    '::warning title=not everything was checked::search-prod: 100%25 of it%0D%0Acould not be listed\n',
  ]);
});

test('nobody is told in a form that was not asked for, nor on a machine that is no build server', () => {
  expect(annotationsOf(casesOfCheck(report), 'none')).toEqual([]);
  expect(annotationsHere({ GITHUB_ACTIONS: 'true' })).toBe('github');
  expect(annotationsHere({ CI: 'true' })).toBe('none');
});
