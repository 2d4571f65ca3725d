import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { localOf, moduleFiles, recordOf } from '../terraform/module.ts';
import { costOf, DEFAULT_CHOICES, MODULE_COUNTS, MODULE_DEFAULTS, usageOf } from './cost.ts';
import { COST_BLOCKS } from './cost-table.ts';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('one key uses a run every 10 minutes and costs nothing above the free part', () => {
  expect(usageOf(1)).toMatchObject({ runs: 4380, accesses: 4380, deepProbes: 183 });
  expect(costOf(usageOf(1)).sum).toBe(0);
});

test('a hundred keys: versions kept after rotation count, and what is free is taken off once', () => {
  const { versions, accesses, sum } = costOf(usageOf(100));
  expect(versions).toBeCloseTo((100 * (1 + 45 / 90) - 6) * 0.06);
  expect(accesses).toBeCloseTo(((438_000 - 10_000) / 10_000) * 0.03);
  expect(sum).toBeCloseTo(8.64 + 1.284 + 1.54, 1);
});

test('what the module sets by itself is what the module sets', () => {
  const variables = textOf('terraform/variables.tf');
  const of = (field: string) => Number(new RegExp(`${field}\\s*= optional\\(number, (\\d+)\\)`).exec(variables)?.[1]);
  expect({
    reconcileEveryMinutes: of('reconcile_every_minutes'),
    purgeEveryHours: of('purge_every_hours'),
    versionDestroyHours: of('version_destroy_hours'),
  }).toEqual(MODULE_DEFAULTS);
  expect(of('check_every_minutes')).toBe(DEFAULT_CHOICES.runEveryMinutes);
});

test('what is counted by the piece is what the module makes', async () => {
  const files = await moduleFiles();
  const rows = (local: string) => Object.keys(recordOf(localOf(files, local))).length;
  expect({
    queries: rows('policies'),
    logConditions: rows('events'),
    functions: rows('all_functions'),
    imagesKept: Number(/keep_count = (\d+)/.exec(textOf('terraform/functions.tf'))?.[1]),
  }).toEqual(MODULE_COUNTS);
});

test('every check of a key writes an entry into the audit log that the module turns on', () => {
  expect(textOf('terraform/variables.tf')).toMatch(/audit_logs\s*= optional\(bool, true\)/);
  expect(usageOf(1).auditEntries).toBe(4380);
  expect(COST_BLOCKS['cost']?.()).toContain(
    '| entries in the audit log of reads | 4,380 | 438,000 | 4,380,000 | 43,800,000 | 438,000,000 |',
  );
});

test('the table is the arithmetic, done here once more for ten thousand keys', () => {
  const [versions, accesses, notices] = [
    (10_000 * (1 + 45 / 90) - 6) * 0.06,
    ((10_000 * 4380 - 10_000) / 10_000) * 0.03,
    ((10_000 * (730 / 24)) / 90 - 3) * 0.05,
  ];
  const table = COST_BLOCKS['cost']?.() ?? '';
  for (const amount of [versions, accesses, notices, versions + accesses + notices])
    expect(table).toContain(`$${amount.toFixed(2)}`);
  expect(
    Object.values(COST_BLOCKS)
      .map((block) => block())
      .join(),
  ).not.toMatch(/NaN|undefined/);
});

test('no figure in dollars is typed in', () => {
  const typed = Object.keys(COST_BLOCKS).reduce(
    (text, block) => text.replace(new RegExp(`<!-- ${block} -->[\\s\\S]*?<!-- /${block} -->`), ''),
    textOf('docs/cost.md'),
  );
  expect(typed).not.toMatch(/\$\d|\d{3}/);
});
