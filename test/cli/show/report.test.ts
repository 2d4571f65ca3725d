import { describe, expect, test } from '@jest/globals';
import type { Detail } from '../../../src/cli/show/detail.ts';
import { showReport } from '../../../src/cli/show/report.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { reportOf } from '../../../src/core/health/check-run.ts';
import { findingOf } from '../../support/findings.ts';
import { runOf } from '../../support/runs.ts';

function shown(causes: readonly Cause[], detail?: Detail, width?: number): string {
  const checked = causes.map((cause, at) => ({
    finding: findingOf(`projects/p-1/secrets/key-${String(at).padStart(3, '0')}`, cause),
    health: 'unknown' as const,
    announced: [],
    problems: [],
  }));
  const report = reportOf(runOf(checked));
  let printed = '';
  showReport(
    {
      out: (text) => void (printed += text),
      err: () => undefined,
      colour: false,
      width,
      environment: {},
      input: () => Promise.resolve(undefined),
      interrupted: () => Promise.resolve(),
    },
    report,
    detail,
  );
  return printed;
}

const DEAD = Array.from({ length: 24 }, (): Cause => 'key_not_found');
const GOOD = Array.from({ length: 250 }, (): Cause => 'ok');
const FLEET = [...GOOD, ...DEAD, 'billing_disabled' as const, ...GOOD.slice(0, 5)];

describe('a report over many secrets', () => {
  test('tells each trouble once, with one remedy, and names all that have it', () => {
    const out = shown(FLEET);
    expect(out).toContain('dead  24 secrets: the key was deleted');
    expect(out.match(/do this/g)).toHaveLength(2);
    expect(out).toContain('do this  1. for key-250: ');
    expect(out).toContain('the same for each of them, under its own name; --verbose prints it');
    expect(out.split('\n').length).toBeLessThan(75);
    for (let at = 250; at < 275; at += 1) expect(out).toContain(`key-${at}`);
  });

  test('lists what is wrong, the dead before the blocked, and the good only in the totals', () => {
    const lines = shown(FLEET).split('\n');
    expect(lines[1]).toMatch(/^key-250 .* dead /);
    expect(lines[25]).toMatch(/^key-274 .* blocked /);
    expect(lines.join('\n')).not.toContain('key-001');
    expect(lines.at(-2)).toBe('280 secrets checked: 255 works, 24 dead, 1 blocked');
  });

  test('tells of each by itself where somebody wants that', () => {
    const out = shown(FLEET, 'verbose');
    expect(out.match(/do this/g)).toHaveLength(25);
    expect(out).toContain('key-001');
  });

  test('of a few lists the good too, unless it shall be quiet', () => {
    expect(shown(['ok', 'key_expired'])).toMatch(/key-001 .* dead .*\nkey-000 .* works /);
    expect(shown(['ok', 'key_expired'], 'quiet')).not.toContain('key-000');
    expect(shown(['ok'], 'quiet')).toBe('1 secret checked: 1 works\n');
  });

  test('fits into 60 columns but for commands and the table', () => {
    const out = shown(FLEET, 'usual', 60).split('\n\n').slice(1).join('\n\n');
    const prose = out.split('\n').filter((line) => !/^ +(?:key-warden|gcloud|read|printf|curl) /.test(line));
    for (const line of prose.filter((text) => !text.includes('https://'))) expect(line.length).toBeLessThanOrEqual(64);
  });
});
