import { describe, expect, test } from '@jest/globals';
import { noticeOf } from '../../../src/core/alerts/rotation-notice.ts';
import { gravityOf } from '../../../src/core/alerts/notice.ts';
import type { InFlight, Journal } from '../../../src/core/record/journal.ts';
import type { Past, Retired } from '../../../src/core/record/ledger.ts';
import type { ToldStep } from '../../../src/core/record/outbox.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { stepOnRecord } from '../../../src/core/rotation/step-on-record.ts';
import { ago, FROM_KEY, inFlight, NOW, resting } from '../../support/journals.ts';

const SECRET = 'projects/7/secrets/app';

function told(step: ToldStep, change: RecordChange, id = 'kw-1') {
  const found = stepOnRecord({ step, id }, recordOf(texts(change)));
  return found && noticeOf(SECRET, 'demo', found);
}

describe('of a rotation in flight a step is told as the journal has it', () => {
  const at = (fields: Partial<InFlight>): { readonly rotation: Journal } => ({
    rotation: inFlight({ id: 'kw-1', ...fields }),
  });

  test('a beginning without the trouble that came after it', () => {
    const notice = told('opened', at({ phase: 'minted', openedAt: ago(3), why: 'refused so far' }));
    expect(notice).toMatchObject({ type: 'rotation.opened', since: ago(3), rotation: 'kw-1' });
    expect(notice?.why).toBeUndefined();
  });

  test('a promotion with its own moment', () => {
    const drained = at({ phase: 'drained', promotedAt: ago(8), since: ago(1), fromKey: FROM_KEY });
    expect(told('promoted', drained)).toMatchObject({ since: ago(8), why: expect.stringContaining('stays enabled') });
    expect(told('promoted', at({ phase: 'reverting', since: ago(1), promotedAt: undefined }))).toMatchObject({
      since: ago(1),
    });
  });

  test('a hold with its reason, or that somebody has let it go on', () => {
    expect(told('held', at({ held: true, holds: 2, why: 'access is missing' }))).toMatchObject({
      type: 'rotation.held',
      holds: 2,
      why: 'access is missing',
    });
    expect(told('held', at({ held: false, holds: 2, why: 'a pause' }))).toMatchObject({
      why: 'it was held, and somebody has let it go on since',
    });
  });
});

describe('of a rotation that has ended a step is told as the books have it', () => {
  const past: Past = { id: 'kw-1', reason: 'age', outcome: 'completed', from: 1, to: 2, at: NOW };
  const retired: Retired = { version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-1' };
  const books = (fields: Partial<Past> = {}, old?: Partial<Retired>): RecordChange => ({
    rotation: resting(),
    history: [{ ...past, ...fields }],
    retired: old === undefined ? [] : [{ ...retired, ...old }],
  });

  test('its end, as grave as its holds were', () => {
    const notice = told('completed', books({ holds: 1 }, {}));
    expect(notice).toMatchObject({ type: 'rotation.completed', from: 1, to: 2, since: NOW, holds: 1 });
    expect(notice && gravityOf(notice)).toBe('error');
    expect(told('completed', books({ reason: 'rollback' }))).toMatchObject({ why: 'consumers read version 1 again' });
    expect(told('abandoned', books({ outcome: 'abandoned', to: undefined, why: 'refused' }))).toMatchObject({
      type: 'rotation.abandoned',
      why: 'refused',
    });
  });

  test('a leaked key that lives on, and one that is deleted next', () => {
    const unknown = { key: undefined, keyUnknown: 'made elsewhere', urgent: true };
    expect(told('completed', books({ reason: 'leaked' }, unknown))).toMatchObject({
      leavesLeak: true,
      why: expect.stringContaining('made elsewhere'),
    });
    const notice = told('completed', books({ reason: 'leaked' }, { urgent: true }));
    expect(notice).not.toHaveProperty('leavesLeak');
    expect(notice?.why).toContain('is deleted at its issuer next');
  });

  test('an earlier step, with the word that it is over', () => {
    for (const step of ['opened', 'held'] as const)
      expect(told(step, books({ why: 'old' }, { urgent: true }))).toMatchObject({
        why: 'the rotation has ended since',
      });
    expect(told('promoted', books({}, { urgent: true }))?.why).toBeUndefined();
  });

  test('and nothing where the books are silent or cannot be read', () => {
    expect(told('completed', books(), 'kw-0')).toBeUndefined();
    const unreadable = recordOf({ 'key-warden.history': '{"v":9}', 'key-warden.retired': '{"v":9}' });
    expect(stepOnRecord({ step: 'held', id: 'kw-1' }, unreadable)).toBeUndefined();
    const half = recordOf({
      ...texts({ history: [past] }),
      'key-warden.retired': '{"v":9}',
      'key-warden.leaks': '{"v":9}',
      'key-warden.rotation': '{"v":9}',
    });
    expect(stepOnRecord({ step: 'completed', id: 'kw-1' }, half)?.told).toMatchObject({
      phase: 'drained',
      emergency: false,
    });
  });
});

function texts(change: RecordChange): Readonly<Record<string, string>> {
  const written = Object.entries(changeOf(recordOf({}), change));
  return Object.fromEntries(written.filter((entry): entry is [string, string] => entry[1] !== null));
}
