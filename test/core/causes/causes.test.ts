import { describe, expect, test } from '@jest/globals';
import { CAUSES, isCause, remedyOf, type Cause, type CauseRow } from '../../../src/core/causes/causes.ts';

const rows: readonly (readonly [Cause, CauseRow])[] = Object.keys(CAUSES)
  .filter(isCause)
  .map((cause) => [cause, CAUSES[cause]]);

test('a word from outside is a cause only when the table has it', () => {
  expect(isCause('key_leaked')).toBe(true);
  expect(isCause('toString')).toBe(false);
  expect(isCause(7)).toBe(false);
});

describe('every row keeps the promises of its verdict', () => {
  test.each(rows)('%s', (cause, { verdict, definitive, severity, runbook, remedy, title }) => {
    const mayBeWrong: readonly Cause[] = ['auth_key_refused', 'key_missing', 'location_unsupported'];
    expect(definitive).toBe(!['unclear', 'throttled'].includes(verdict) && !mayBeWrong.includes(cause));
    expect(severity === 'info').toBe(verdict === 'works');
    expect(runbook).toBe(cause);
    expect(remedy.length).toBeGreaterThan(0);
    expect(title.split(' ').length).toBeLessThan(12);
  });
});

test('a new key is advised only where the key, or what is stored, is the trouble', () => {
  expect(rows.filter(([, row]) => row.newKeyHelps).map(([cause]) => cause)).toEqual([
    'key_invalid',
    'key_not_found',
    'key_expired',
    'key_leaked',
    'auth_key_refused',
    'version_destroyed',
    'stored_bytes_not_a_key',
  ]);
});

test.each(rows)('the remedy of %s names no command that cannot be pasted', (cause) => {
  for (const step of remedyOf(cause, {})) {
    expect(step.split('`').length % 2).toBe(1);
    expect(step).not.toMatch(/\{(?:project|secret|version|key)\}/);
  }
});

test('a remedy without names shows what to fill in', () => {
  expect(remedyOf('version_disabled', {})[0]).toBe(
    'Enable it: `gcloud secrets versions enable VERSION --secret=SECRET_ID --project=PROJECT_ID`.',
  );
  expect(remedyOf('key_leaked', {}).join()).toContain('api-keys delete KEY_ID --project=PROJECT_ID');
});

test('a remedy with names is ready to paste, even when a name looks like a replacement pattern', () => {
  expect(remedyOf('version_disabled', { project: 'p-1', secret: '$&', version: '7' })[0]).toBe(
    'Enable it: `gcloud secrets versions enable 7 --secret=$& --project=p-1`.',
  );
});

test('our own commands take the full name when it is known', () => {
  expect(remedyOf('ok', { project: 'p-1', secret: 's' })[0]).toContain('--secret projects/p-1/secrets/s`');
  expect(remedyOf('ok', { secret: 's' })[0]).toContain('--secret s`');
  expect(remedyOf('ok', { project: 'p-1' })[0]).toContain('--secret SECRET_ID`');
});

test('a regional secret is named with its region, for gcloud and for us', () => {
  const [enable] = remedyOf('version_disabled', {
    project: 'p-1',
    secret: 's',
    version: '7',
    location: 'europe-west1',
  });
  expect(enable).toContain('--secret=s --location=europe-west1 --project=p-1');
  expect(remedyOf('ok', { project: 'p-1', secret: 's', location: 'europe-west1' })[0]).toContain(
    '--secret projects/p-1/locations/europe-west1/secrets/s`',
  );
});

test('whoever is told to add a version by hand is told to move the alias next, or consumers of it would see nothing', () => {
  const adding = Object.keys(CAUSES)
    .filter(isCause)
    .flatMap((cause) => {
      const steps = remedyOf(cause, {});
      return steps.flatMap((step, at) => (step.includes('gcloud secrets versions add') ? [steps[at + 1]] : []));
    });
  expect(adding.length).toBeGreaterThan(15);
  for (const next of adding) expect(next).toContain('--update-version-aliases=current=NEW_VERSION');
});
