import { describe, expect, test } from '@jest/globals';
import { lackOf, LACK_KINDS, WAVE_MAX, wavesOf, type Ready } from '../../../src/core/inventory/migration.ts';

const ready = (count: number, keyProject = 'a', from = 0): readonly Ready[] =>
  Array.from({ length: count }, (_, at) => ({ secret: `${keyProject}${from + at}`, keyProject, sameKey: from + at }));

describe('waves', () => {
  test('are none where nothing is ready', () => {
    expect(wavesOf([], new Set())).toEqual([]);
  });

  test('begin with one key of each project that has not shown that it can', () => {
    const all = [...ready(2), ...ready(2, 'b', 10), ...ready(1, 'c', 20)];
    expect(wavesOf(all, new Set(['b']))).toEqual([
      ['a0', 'c20'],
      ['a1', 'b10', 'b11'],
    ]);
  });

  test('are of a size that people can look at', () => {
    const waves = wavesOf(ready(2 * WAVE_MAX + 1), new Set(['a']));
    expect(waves.map(({ length }) => length)).toEqual([WAVE_MAX, WAVE_MAX, 1]);
  });

  test('part nobody who serves the same key', () => {
    const twins = ready(2).map((one) => ({ ...one, sameKey: 0 }));
    expect(wavesOf([...twins, ...ready(1, 'a', 5)], new Set())).toEqual([['a0', 'a1'], ['a5']]);
    const many = [...ready(WAVE_MAX - 1, 'a', 10), ...twins];
    expect(wavesOf(many, new Set(['a'])).map(({ length }) => length)).toEqual([WAVE_MAX - 1, 2]);
  });
});

describe('what is missing', () => {
  const about = { secret: 'projects/1/secrets/app', project: 'p', keyProject: '1', account: 'gemini@p', detail: 'so' };

  test('has words and a command, each of its own', () => {
    const told = LACK_KINDS.map((kind) => lackOf(kind, about));
    expect(new Set(told.map(({ says }) => says)).size).toBe(LACK_KINDS.length);
    expect(told.map(({ kind, cure }) => `${kind}: ${cure.command}`)).toMatchInlineSnapshot(`
      [
        "unreadable_record: key-warden status --secret projects/1/secrets/app",
        "no_single_key: key-warden status --secret projects/1/secrets/app",
        "standard_by_policy: key-warden status --secret projects/1/secrets/app",
        "no_account: gcloud iam service-accounts list --project=1",
        "account_gone: gcloud iam service-accounts list --project=1",
        "account_disabled: gcloud iam service-accounts enable gemini@p",
        "may_not_bind: gcloud iam service-accounts add-iam-policy-binding gemini@p --member=serviceAccount:WORKER_EMAIL --role=roles/iam.serviceAccountApiKeyBindingAdmin",
        "other_apis: key-warden migrate --drop-targets",
        "no_room: key-warden purge --dry-run --project p",
      ]
    `);
  });

  test('leaves the account open where none is named', () => {
    expect(lackOf('may_not_bind', { ...about, account: undefined }).cure.command).toContain('SERVICE_ACCOUNT_EMAIL');
  });
});
