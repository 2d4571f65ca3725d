import { expect, test } from '@jest/globals';
import { DELETION_MARK, deletionDateOf, deletionMark } from '../../../src/app/keys/deletion-date.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, NOW } from '../../support/journals.ts';

const WEEK = 7 * 24;
const dateOf = (annotations: Readonly<Record<string, string>>) => deletionDateOf({ annotations }, NOW);

test('the date by which a key must be gone is read as it was written', () => {
  for (const by of [ago(1), NOW, ahead(WEEK)]) expect(dateOf(deletionMark(by))).toBe(by);
});

test.each([
  ['is not there', {}],
  ['is none', { [DELETION_MARK]: 'soon' }],
  ['lies further ahead than anybody may ask for', deletionMark(plusMs(ahead(WEEK), 1))],
  ['is of another leak, long ago', deletionMark(plusMs(ago(WEEK), -1))],
])('a date that %s is no date', (_, annotations) => {
  expect(dateOf(annotations)).toBeUndefined();
});
