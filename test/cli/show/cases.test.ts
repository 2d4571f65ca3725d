import { expect, test } from '@jest/globals';
import type { SourceFinding } from '../../../src/app/doctor/doctor.ts';
import { casesOfDoctor } from '../../../src/cli/show/cases.ts';
import { FINDING } from '../../support/notices.ts';

const place = (more: Partial<SourceFinding>): SourceFinding => ({
  title: 'GEMINI_API_KEY',
  place: 'environment',
  state: 'key',
  lint: [],
  ...more,
});
const { diagnosis } = FINDING;

test('a place is what its key is, and one without a key is none', () => {
  const ends = casesOfDoctor(
    [
      place({ state: 'absent' }),
      place({ state: 'unreadable', detail: 'it is somebody else’s' }),
      place({ state: 'unreadable' }),
      place({ state: 'unusable' }),
      place({ diagnosis: { ...diagnosis, verdict: 'works' } }),
      place({ diagnosis: { ...diagnosis, verdict: 'dead' } }),
      place({ diagnosis: { ...diagnosis, verdict: 'throttled' } }),
      place({}),
    ],
    [],
    [],
    [],
  );
  expect(ends.map(({ is }) => is)).toEqual(['open', 'open', 'wrong', 'well', 'wrong', 'open', 'not_looked']);
  expect(ends[0]).toMatchObject({ name: 'place: GEMINI_API_KEY', text: 'it is somebody else’s' });
});

test('an answer is what it says, but for what may be so on purpose, and a part is what it came to', () => {
  const ends = casesOfDoctor(
    [],
    [
      { state: 'yes', title: 'a', says: '' },
      { state: 'no', title: 'b', says: '' },
      { state: 'no', title: 'c', says: '' },
      { state: 'not_looked', title: 'd', says: '' },
    ],
    [
      { state: 'well', title: 'e', says: '' },
      { state: 'broken', title: 'f', says: '' },
      { state: 'unknown', title: 'g', says: '' },
    ],
    ['c'],
  );
  expect(ends.map(({ is }) => is)).toEqual(['well', 'wrong', 'not_looked', 'not_looked', 'well', 'wrong', 'open']);
});
