import { describe, expect, test } from '@jest/globals';
import { OPEN_LINES_MAX, openLines } from '../../../src/core/health/open-lines.ts';
import type { OpenTrouble } from '../../../src/core/health/open-trouble.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { NOW } from '../../support/notices.ts';

const open = (at: number, fields: Partial<OpenTrouble> = {}): OpenTrouble => ({
  secret: `projects/1/secrets/key-${String(at).padStart(4, '0')}`,
  project: 'p',
  cause: 'key_expired',
  severity: 'error',
  openedAt: plusMs(NOW, at),
  ...fields,
});
const many = Array.from({ length: 2000 }, (_, at) => open(at));

describe('what is open', () => {
  test('has a line each, where it is not more than can be read', () => {
    expect(openLines([open(1), open(2)])).toEqual({ lines: [open(1), open(2)], further: [] });
  });

  test('is summed up by cause beyond that, with some of the names, and nothing is left out of the count', () => {
    const { lines, further } = openLines([...many, open(3000, { cause: 'timeout', severity: 'warning' })]);
    expect(lines).toEqual(many.slice(0, OPEN_LINES_MAX));
    expect(further).toEqual([
      { cause: 'key_expired', count: 1900, secrets: many.slice(100, 120).map(({ secret }) => secret) },
      { cause: 'timeout', count: 1, secrets: [open(3000).secret] },
    ]);
  });

  test('keeps its line when others fall ill, the worst and the oldest first, and so do outages', () => {
    const leak = open(5000, { cause: 'key_leaked', severity: 'critical' });
    const outage = {
      project: 'p',
      cause: 'billing_disabled',
      severity: 'critical',
      openedAt: plusMs(NOW, 6000),
    } as const;
    const { lines } = openLines([...many.toReversed(), leak, outage]);
    expect(lines).toEqual([outage, leak, ...many.slice(0, OPEN_LINES_MAX - 1)]);
  });
});
