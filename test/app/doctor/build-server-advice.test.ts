import { expect, test } from '@jest/globals';
import { buildServerAdvice } from '../../../src/app/doctor/build-server-advice.ts';
import type { SourceFinding } from '../../../src/app/doctor/doctor.ts';

const GITHUB = { GITHUB_ACTIONS: 'true' };
const SECRET = 'projects/p/secrets/s';
const finding = (fields: Partial<SourceFinding>): SourceFinding => ({
  title: 'env:KEY',
  place: 'environment',
  state: 'key',
  lint: [],
  ...fields,
});
const lint = (kind: 'empty' | 'quoted') => [{ kind, says: '', cure: '', do: '' }];
const diagnosis = (verdict: 'works' | 'dead') => ({ verdict }) as unknown as SourceFinding['diagnosis'];
const told = (fields: Partial<SourceFinding>) => buildServerAdvice(GITHUB, ['KEY'], [finding(fields)]).join('\n');

test('tells of a variable that is not there, or empty, why a build may have none', () => {
  for (const fields of [
    { state: 'absent' },
    { state: 'unreadable' },
    { state: 'unusable', lint: lint('empty') },
  ] as const)
    expect(told(fields)).toContain('an empty text there and no error');
});

test('tells of unclean bytes and of a copy that was left behind where they are set', () => {
  expect(told({ lint: lint('quoted') })).toContain('gh secret set');
  expect(told({ kinship: { is: 'older', secret: SECRET, version: 1, current: 2 } })).toContain('no rotation reaches');
  expect(told({ title: 'KEY', diagnosis: diagnosis('dead') })).toContain('no rotation reaches');
});

test('has nothing to say of a good key, of other places, and outside of a build server', () => {
  expect(told({ diagnosis: diagnosis('works'), kinship: { is: 'current', secret: SECRET, version: 2 } })).toBe('');
  expect(buildServerAdvice(GITHUB, ['OTHER'], [finding({ state: 'absent' })])).toEqual([]);
  expect(buildServerAdvice({}, ['KEY'], [finding({ state: 'absent' })])).toEqual([]);
});
