import { expect, test } from '@jest/globals';
import {
  approvalOf,
  APPROVALS_FORM,
  APPROVALS_MAX,
  isLive,
  withApproval,
  withoutApproval,
  type Approval,
} from '../../../src/core/record/approval.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { utf8Bytes } from '../../../src/core/values/utf8.ts';
import { ago, ahead, NOW } from '../../support/journals.ts';

const HASH = 'f'.repeat(32);
const WIDE = { who: 'w'.repeat(200), is: 'verified' } as const;

function waiting(secret: string, fields: Partial<Approval> = {}): Approval {
  const parts = { version: HASH, wishes: HASH, keys: HASH, holders: HASH, consumers: HASH };
  return { secret, plan: HASH, parts, at: NOW, until: ahead(72), ...fields };
}

test('all that can wait fits on the secret that keeps it, with the longest names', () => {
  const long = (at: number) =>
    `projects/123456789012/locations/northamerica-northeast1/secrets/${String(at).padStart(255, 's')}`;
  const full = Array.from({ length: APPROVALS_MAX }, (_, at) =>
    waiting(long(at), { by: WIDE, approved: { by: WIDE, at: NOW } }),
  );
  expect(utf8Bytes(`${APPROVALS_FORM.annotation}${String(APPROVALS_FORM.write(full))}`)).toBeLessThan(16_384);
});

test('one takes the place of the same secret’s, and of what lapsed, and there is an end to it', () => {
  const all = Array.from({ length: APPROVALS_MAX }, (_, at) => waiting(`s-${at}`));
  expect(withApproval(all, waiting('s-3', { plan: 'other' }), NOW)?.find(({ secret }) => secret === 's-3')?.plan).toBe(
    'other',
  );
  expect(withApproval(all, waiting('more'), NOW)).toBeUndefined();
  const [first, ...rest] = all;
  const lapsed = { ...waiting(first?.secret ?? ''), until: ago(1) };
  expect(withApproval([lapsed, ...rest], waiting('more'), NOW)).toEqual([...rest, waiting('more')]);
  expect(withApproval([lapsed], waiting('more'), NOW)).toEqual([lapsed, waiting('more')]);
  expect(withApproval([{ ...lapsed, until: ago(25) }], waiting('more'), NOW)).toEqual([waiting('more')]);
  expect(withoutApproval(all, 's-0')).toEqual(rest);
  expect(approvalOf(all, 's-0')).toEqual(first);
});

test('it counts until it lapses, and never beyond what settings can say', () => {
  expect(isLive(waiting('s'), NOW)).toBe(true);
  expect(isLive(waiting('s'), ahead(72))).toBe(false);
  expect(isLive(waiting('s', { until: ahead(720) }), NOW)).toBe(true);
  expect(isLive(waiting('s', { until: plusMs(ahead(720), 1) }), NOW)).toBe(false);
});
