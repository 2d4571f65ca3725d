import { expect, test } from '@jest/globals';
import { allDecisions, decisionIn, missingFrom } from './decisions.ts';

test('every decision has a date, a choice, a reason and a price', () => {
  const decisions = allDecisions();
  expect(decisions.length).toBeGreaterThan(16);
  expect(decisions.flatMap(missingFrom)).toEqual([]);
});

test.each([
  ['2026-11-24-x.md', '# X\n\nDate: 2026-11-24\n\n**Choice.** A.\n\n**Reason.** B.\n', 'no paragraph **Price.**'],
  [
    '2026-11-24-x.md',
    '# X\n\nDate: 2026-11-25\n\n**Choice.** A.\n\n**Reason.** B.\n\n**Price.** C.\n',
    'its name does not begin with its date, “2026-11-25”',
  ],
])('a planted decision is found: %s %#', (file, text, says) => {
  expect(missingFrom(decisionIn(file, text))).toEqual([`${file}: ${says}`]);
});
