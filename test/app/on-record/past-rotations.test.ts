import { expect, test } from '@jest/globals';
import type { Member } from '../../../src/app/on-record/fleet.ts';
import { pastRotationJson, pastRotationsIn } from '../../../src/app/on-record/past-rotations.ts';
import { UNSEEN } from '../../../src/core/record/health-state.ts';
import type { Past, Retired } from '../../../src/core/record/ledger.ts';
import { isoOf, spokenMinute } from '../../../src/core/values/time.ts';
import { ago, ahead, inFlight, JANE, NOW, resting } from '../../support/journals.ts';

const PAST: Past = { id: 'kw-1', reason: 'request', by: JANE, outcome: 'completed', from: 1, to: 2, at: ago(24) };
const OLD: Retired = { version: 1, at: ago(24), rotation: 'kw-1' };
const MEMBER: Member = {
  secret: 'projects/p/secrets/s',
  project: 'p',
  managed: true,
  aliases: { current: 2 },
  health: UNSEEN,
  rotation: resting(),
  leaks: [],
  condition: 'well',
  checked: { is: 'never' },
  key: {},
  due: { is: 'unknown' },
  history: [PAST],
  retired: [OLD],
  retentionDays: 7,
  maxAgeDays: 90,
};
const first = (fields: Partial<Member>) => pastRotationsIn({ ...MEMBER, ...fields })[0];
const old = (fields: Partial<Retired>) => first({ retired: [{ ...OLD, ...fields }] })?.oldKey;

test('a rotation that has ended says who, when, why, and from which version to which', () => {
  expect(first({})).toMatchObject({ id: 'kw-1', endedAt: ago(24), reason: 'request', by: JANE, from: 1, to: 2 });
});

test('the old key is dead only where the issuer deleted it and Gemini refused it after that (I18)', () => {
  expect(old({ deletedAt: ago(2), provenDeadAt: ago(1) })).toMatchObject({
    is: 'dead',
    says: `the key of version 1 is dead: deleted ${spokenMinute(ago(2))}, refused ${spokenMinute(ago(1))}`,
  });
  expect(old({ provenDeadAt: ago(1) })?.says).toBe(`the key of version 1 is dead: refused ${spokenMinute(ago(1))}`);
  expect(old({ deletedAt: ago(2) })).toMatchObject({
    is: 'deleted',
    says: expect.stringMatching(/not proven dead yet$/),
  });
});

test('one that waits for the purge says until when, and why where its key is not known', () => {
  expect(old({})).toEqual({
    is: 'disabled',
    says: `version 1 is disabled; its key is kept until ${spokenMinute(ahead(6 * 24))}`,
  });
  expect(old({ urgent: true })?.says).toBe('version 1 is disabled; its key is deleted by the next purge');
  expect(old({ keyUnknown: 'it was made elsewhere' })).toEqual({
    is: 'key not known',
    says: 'version 1 is disabled, its key not known: it was made elsewhere',
  });
});

test('what is not on record any more is said not to be', () => {
  expect(first({ retired: [] })?.oldKey.says).toMatch(/^version 1 is off the list of old keys/);
  expect(first({ retired: undefined })?.oldKey).toEqual({
    is: 'not on record',
    says: 'the list of old keys cannot be read',
  });
  expect(first({ retired: [], history: [{ ...PAST, reason: 'rollback' }] })?.oldKey.says).toMatch(/was undone$/);
});

test('a leak that is open is no end, whatever the list of old keys says', () => {
  const leaks = [{ version: 1, at: NOW, told: 1, toldAt: NOW }];
  expect(first({ leaks })?.oldKey).toMatchObject({ is: 'leak open', says: expect.stringMatching(/nothing proves/) });
  expect(first({ leaks, retired: [] })?.oldKey.is).toBe('leak open');
  expect(first({ leaks: undefined })?.oldKey.is).toBe('disabled');
});

test('a leaked key that the purge has seen refused is said to be, and its leak to be open still (I18)', () => {
  const leaks = [{ version: 1, at: ago(2), told: 1, toldAt: NOW }];
  const retired = [{ ...OLD, deletedAt: ago(2), provenDeadAt: ago(1) }];
  expect(first({ leaks, retired })?.oldKey).toEqual({
    is: 'leak open',
    deletedAt: ago(2),
    provenDeadAt: ago(1),
    says: `the key of version 1 leaked, and the purge saw it refused ${spokenMinute(ago(1))}: the leak is open until reconcile has seen it refused for half an hour`,
  });
});

test('a rotation that came to nothing left consumers what they had', () => {
  expect(first({ history: [{ ...PAST, outcome: 'abandoned' }] })?.oldKey).toEqual({
    is: 'in use',
    says: 'consumers kept version 1',
  });
});

test('one under way comes first, and one that waits for a person says so', () => {
  const under = (fields: object) => pastRotationsIn({ ...MEMBER, rotation: inFlight(fields) });
  expect(under({}).map(({ outcome }) => outcome)).toEqual(['under way', 'completed']);
  expect(under({ held: true })[0]).toMatchObject({ outcome: 'held', openedAt: ago(1), oldKey: { is: 'in use' } });
});

test('what cannot be read is no rotation', () => {
  expect(pastRotationsIn({ ...MEMBER, history: undefined, rotation: undefined })).toEqual([]);
});

test('JSON has every moment, or that there is none', () => {
  const one = first({ retired: [{ ...OLD, deletedAt: ago(2), provenDeadAt: ago(1) }] });
  expect(one && pastRotationJson(one)).toMatchObject({
    openedAt: null,
    endedAt: isoOf(ago(24)),
    oldKey: { is: 'dead', deletedAt: isoOf(ago(2)), provenDeadAt: isoOf(ago(1)) },
  });
});
