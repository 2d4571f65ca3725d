import { expect, test } from '@jest/globals';
import {
  approvalOf,
  APPROVALS_FORM,
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

/** As many as find room, of which none is approved yet. */
function filled(secretAt: (at: number) => string, fields: Partial<Approval> = {}): readonly Approval[] {
  let all: readonly Approval[] = [];
  for (let at = 0; ; at += 1) {
    const more = withApproval(all, waiting(secretAt(at), fields), NOW);
    if (more === undefined) return all;
    all = more;
  }
}

const bytesOf = (all: readonly Approval[]) =>
  utf8Bytes(`${APPROVALS_FORM.annotation}${String(APPROVALS_FORM.write(all))}`);

test('what waits fits on the secret that keeps it: a message of them with usual names, ten with the longest', () => {
  const usual = filled((at) => `projects/123456789012/secrets/search-app-${at}`, { group: HASH });
  expect(usual.length).toBeGreaterThanOrEqual(20);
  const long = (at: number) =>
    `projects/123456789012/locations/northamerica-northeast1/secrets/${String(at).padStart(255, 's')}`;
  const longest = filled(long, { by: WIDE, group: HASH });
  expect(longest.length).toBeGreaterThanOrEqual(10);
  for (const all of [usual, longest]) {
    const by = { who: 'somebody-with-a-long-name@ops-production.iam.gserviceaccount.com', is: 'verified' } as const;
    expect(bytesOf(all.map((one) => ({ ...one, approved: { by, at: NOW } })))).toBeLessThan(16_384);
  }
});

test('one takes the place of the same secret’s, and of what lapsed, and there is an end to it', () => {
  const all = filled((at) => `s-${at}`);
  expect(withApproval(all, waiting('s-3', { plan: HASH.replace('f', '0') }), NOW)?.at(-1)).toMatchObject({
    secret: 's-3',
    plan: HASH.replace('f', '0'),
  });
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
