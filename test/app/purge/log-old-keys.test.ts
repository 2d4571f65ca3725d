import { expect, test } from '@jest/globals';
import { logOldKeys } from '../../../src/app/purge/log-old-keys.ts';
import type { Purged } from '../../../src/app/purge/purge.ts';
import type { Swept } from '../../../src/app/purge/sweep.ts';

const SECRET = 'projects/1/secrets/a';
const PURGED: Purged = { secret: SECRET, version: 1, key: 'k', step: 'delete', outcome: 'done', why: 'w' };
const SWEPT: Swept = { secret: SECRET, version: 2, key: 'k', outcome: 'done', why: 'left' };

function linesOf(purged: readonly Purged[], swept: readonly Swept[]) {
  const lines: (readonly [string, unknown])[] = [];
  logOldKeys({ write: (severity, _, fields) => void lines.push([severity, fields?.['oldKey']]) }, purged, swept);
  return lines;
}

test('each step that was taken is a line, which names the secret, the version and the key', () => {
  const steps = (['delete', 'prove', 'destroy', 'forget'] as const).map((step): Purged => ({ ...PURGED, step }));
  expect(linesOf(steps, [SWEPT])).toEqual([
    ['INFO', { secret: SECRET, version: 1, key: 'k', did: 'deleted' }],
    ['INFO', { secret: SECRET, version: 1, key: 'k', did: 'refused' }],
    ['INFO', { secret: SECRET, version: 1, key: 'k', did: 'destroyed' }],
    ['WARNING', { secret: SECRET, version: 1, key: 'k', did: 'forgotten' }],
    ['INFO', { secret: SECRET, version: 2, key: 'k', did: 'destroyed' }],
  ]);
});

test('what was not done is none, nor is a mended date, nor an orphan that no version holds', () => {
  const refused: Purged = { ...PURGED, outcome: 'refused' };
  expect(linesOf([refused, { ...PURGED, step: 'date' }], [{ ...SWEPT, outcome: 'waiting' }])).toEqual([]);
  expect(linesOf([], [{ ...SWEPT, version: undefined }])).toEqual([]);
});
