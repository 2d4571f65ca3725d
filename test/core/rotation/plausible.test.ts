import { describe, expect, test } from '@jest/globals';
import type { Retired } from '../../../src/core/record/ledger.ts';
import { plausibleJournal, plausibleRetired } from '../../../src/core/rotation/plausible.ts';
import { instantOf, parseInstant, plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, inFlight, MINUTE_MS, NOW, resting } from '../../support/journals.ts';

const NEVER = parseInstant('9999-12-31T23:59:59Z') ?? instantOf(0);
const minutes = (count: number) => plusMs(NOW, count * MINUTE_MS);

describe('a moment that should be past', () => {
  test('counts from now on where it lies more than 5 minutes ahead, and stays where clocks may differ by that', () => {
    const drain = { use: 'idle', at: NEVER } as const;
    const journal = inFlight({ openedAt: NEVER, since: minutes(6), promotedAt: minutes(5), drain });
    expect(plausibleJournal(journal, NOW)).toMatchObject({
      openedAt: NOW,
      since: NOW,
      promotedAt: minutes(5),
      drain: { use: 'idle', at: NOW },
    });
    expect(plausibleJournal(inFlight(), NOW)).toMatchObject({ openedAt: ago(1), since: NOW });
  });

  test('of a deletion or a proof is none where it lies ahead', () => {
    const old: Retired = { version: 1, at: NEVER, rotation: 'kw-0', deletedAt: NEVER, provenDeadAt: minutes(6) };
    expect(plausibleRetired(old, NOW)).toEqual({ version: 1, at: NEVER, rotation: 'kw-0' });
    const fine: Retired = { ...old, deletedAt: ago(2), provenDeadAt: ago(1) };
    expect(plausibleRetired(fine, NOW)).toMatchObject({ deletedAt: ago(2), provenDeadAt: ago(1) });
  });
});

describe('nobody waits for a deadline that no setting can ask for', () => {
  const lease = (minute: number) => ({ holder: 'w', act: 'mint', until: minutes(minute) }) as const;

  test.each([
    ['a lease of 15 minutes', { lease: lease(15) }, { lease: lease(15) }],
    ['one of more', { lease: lease(16) }, { lease: undefined }],
    ['a wait of 90 days', { notBefore: ahead(90 * 24) }, { notBefore: ahead(90 * 24) }],
    ['one of more', { notBefore: ahead(91 * 24) }, { notBefore: undefined }],
    ['one for ever', { notBefore: NEVER }, { notBefore: undefined }],
  ] as const)('of a rotation in flight: %s', (_, fields, healed) => {
    expect(plausibleJournal(inFlight(fields), NOW)).toMatchObject(healed);
  });

  test('of a secret at rest, also while that is carried along', () => {
    expect(plausibleJournal(resting({ notBefore: ahead(24) }), NOW)).toEqual(resting({ notBefore: ahead(24) }));
    expect(plausibleJournal(resting({ notBefore: ahead(25) }), NOW)).toEqual(resting());
    const rest = { failures: 1, passedOver: [], notBefore: NEVER };
    expect(plausibleJournal(inFlight({ rest }), NOW)).toMatchObject({ rest: { notBefore: undefined } });
  });

  test('of a purge that is deleting a key', () => {
    const old = (minute: number): Retired => ({
      version: 1,
      at: ago(1),
      rotation: 'r',
      deletingUntil: minutes(minute),
    });
    expect(plausibleRetired(old(15), NOW).deletingUntil).toBe(minutes(15));
    expect(plausibleRetired(old(16), NOW).deletingUntil).toBeUndefined();
  });
});
