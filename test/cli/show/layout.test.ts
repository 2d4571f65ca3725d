import { describe, expect, test } from '@jest/globals';
import { laidOut } from '../../../src/cli/show/layout.ts';

const STEP = [
  'See what the key may do:',
  { command: 'gcloud services api-keys describe K --project=p' },
  'The list is replaced by what is named.',
];

describe('a passage for people', () => {
  test('has each command on a line of its own, whole and without backticks', () => {
    expect(laidOut({ width: undefined }, STEP, 3)).toBe(
      [
        'See what the key may do:',
        '     gcloud services api-keys describe K --project=p',
        '   The list is replaced by what is named.',
      ].join('\n'),
    );
  });

  test('has its prose broken at the width, and its commands never', () => {
    const lines = laidOut({ width: 40 }, STEP, 4).split('\n');
    expect(lines).toContain('      gcloud services api-keys describe K --project=p');
    for (const line of lines.filter((text) => !text.includes('gcloud'))) expect(line.length).toBeLessThanOrEqual(40);
    expect(laidOut({ width: 40 }, 'one two three four five six seven eight nine', 4)).toBe(
      'one two three four five six seven\n    eight nine',
    );
  });

  test('has no command broken that stands among its words', () => {
    const rotate = 'key-warden rotate --secret projects/p/secrets/app --emergency --service-account=ACCOUNT,';
    const text = `neither the old key nor the policy names one: ${rotate} set KEY_WARDEN_KEY_KIND, or leave it`;
    expect(laidOut({ width: 50 }, text, 2).split('\n  ')).toEqual([
      'neither the old key nor the policy names one:',
      rotate,
      'set KEY_WARDEN_KEY_KIND, or leave it',
    ]);
  });

  test('leaves words in backticks where they are: they are names, and no commands', () => {
    expect(laidOut({ width: undefined }, 'Readers of `latest` have it.', 2)).toBe('Readers of `latest` have it.');
    const marked = 'Verdict `dead`, critical (`echo x` does it), **`works`**: go on `by hand`.';
    expect(laidOut({ width: undefined }, marked, 2)).toBe(marked);
  });

  test('is not squeezed to nothing in a narrow terminal', () => {
    expect(laidOut({ width: 10 }, 'twenty nine letters in a line. And more.', 8)).toBe(
      'twenty nine letters in a line.\n        And more.',
    );
  });
});
