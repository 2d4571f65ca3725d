import { describe, expect, test } from '@jest/globals';
import { enter } from '../../../src/core/rotation/advance.ts';
import type { Drain, InFlight, Journal } from '../../../src/core/record/journal.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { gravityOf, severityOf } from '../../../src/core/alerts/notice.ts';
import { rotationNotice } from '../../../src/core/alerts/rotation-notice.ts';
import { FROM_KEY, inFlight, JANE, NOW, resting } from '../../support/journals.ts';
import { ORIGIN } from '../../support/notices.ts';

const SECRET = 'projects/1/secrets/gemini';
const RESTING = resting({ failures: 1 });
const noticeOf = (before: Journal, after: Journal) => rotationNotice(SECRET, 'demo', before, after);

test.each([
  ['opened', RESTING, inFlight({ phase: 'opened' }), 'status'],
  ['promoted', inFlight({ phase: 'verified' }), inFlight({ phase: 'promoted' }), 'check'],
  ['completed', inFlight({ phase: 'drained' }), RESTING, 'check'],
  ['completed', inFlight({ phase: 'abandoned', reason: 'rollback' }), RESTING, 'check'],
  ['abandoned', inFlight({ phase: 'abandoned' }), RESTING, 'check'],
  ['held', inFlight({ phase: 'promoted' }), inFlight({ phase: 'promoted', held: true }), 'status'],
  ['held', inFlight({ phase: 'opened' }), inFlight({ phase: 'opened', held: true }), 'status'],
] as const)('a rotation that is %s is told, with the command that is next', (what, before, after, command) => {
  expect(noticeOf(before, after)).toMatchObject({
    type: `rotation.${what}`,
    next: `key-warden ${command} --secret ${SECRET}`,
  });
});

test('a good end does not read as if it should be undone, and going back stands among the words', () => {
  const { step } = noticeOf(inFlight({ phase: 'drained' }), RESTING) ?? {};
  expect(step).toBe(
    `Nothing. If consumers fail since then, go back: key-warden rollback --secret ${SECRET}. To see how they fare:`,
  );
});

test.each([
  ['rest', RESTING, resting()],
  ['an ordinary step', inFlight({ phase: 'written' }), inFlight({ phase: 'verified' })],
  ['waiting for the drain', inFlight({ phase: 'promoted' }), inFlight({ phase: 'promoted', tries: 1 })],
  ['a hold that was told already', inFlight({ held: true }), inFlight({ held: true, wish: 'rollback' })],
] as const)('%s is nobody’s business', (_, before, after) => {
  expect(noticeOf(before, after)).toBeUndefined();
});

test('a notice says which rotation, of which versions, why, and since when', () => {
  const journal = inFlight({ phase: 'opened', held: true, why: 'access is missing' });
  expect(noticeOf(inFlight({ phase: 'opened' }), journal)).toMatchObject({
    secret: SECRET,
    project: 'demo',
    rotation: 'kw-1-abc',
    from: 1,
    to: 2,
    reason: 'request',
    why: 'access is missing',
    since: NOW,
  });
});

test('an emergency does not promise that the old key stays until nobody uses it', () => {
  const promoted = (emergency: boolean) =>
    noticeOf(inFlight({ phase: 'verified', emergency }), inFlight({ phase: 'promoted', emergency }));
  expect(promoted(true)?.why).toContain('the old one is disabled next');
  expect(promoted(false)?.why).toBeUndefined();
});

describe('the end says what became of the old key', () => {
  const ended = (fields: Partial<InFlight>) => noticeOf(inFlight({ phase: 'drained', ...fields }), RESTING);
  const BY_HAND = 'no issuer knows it: delete it where it was made';

  test('it is kept for a rollback, and what was in the way meanwhile is over', () => {
    expect(ended({ fromKey: FROM_KEY, fromKeyUnknown: BY_HAND, why: 'too many old keys' })?.why).toBeUndefined();
    expect(ended({})?.why).toBeUndefined();
  });

  test('in an emergency it is deleted next, and nobody is sent back to it', () => {
    expect(ended({ emergency: true, fromKey: FROM_KEY })).toMatchObject({
      why: expect.stringContaining('is deleted at its issuer next'),
      next: `key-warden purge --dry-run --secret ${SECRET}`,
    });
  });

  test('in an emergency whose new key died it is told that consumers are without one, and that another follows', () => {
    const drain = { use: 'unknown', at: NOW, deadSince: NOW } as const;
    expect(ended({ emergency: true, drain })).toMatchObject({
      why: expect.stringMatching(/^the new key is dead, so that consumers are without one/),
      next: expect.stringContaining('key-warden status'),
    });
  });

  test('in an emergency a person has to delete it where nobody knows whose it is, and is told so as critical', () => {
    const alive = ended({ emergency: true, fromKeyUnknown: BY_HAND });
    expect(alive).toMatchObject({ leavesLeak: true, step: expect.stringMatching(/^Delete the leaked key/) });
    expect(alive?.next).toBe(`key-warden check --secret ${SECRET}`);
    expect(alive && severityOf(alive)).toBe('critical');
    const deleted = ended({ emergency: true, fromKey: FROM_KEY });
    expect(deleted && severityOf(deleted)).toBe('info');
  });

  test('an emergency that comes to nothing leaves the leaked key alive, and is told so as critical', () => {
    const abandoned = (emergency: boolean) =>
      noticeOf(inFlight({ phase: 'abandoned', emergency, why: 'refused', holds: 1 }), RESTING);
    const alive = abandoned(true);
    expect(alive).toMatchObject({ leavesLeak: true, next: `key-warden rotate --secret ${SECRET} --emergency` });
    expect(alive && [severityOf(alive), gravityOf(alive)]).toEqual(['critical', 'critical']);
    const calm = abandoned(false);
    expect(calm).not.toHaveProperty('leavesLeak');
    expect(calm && [severityOf(calm), gravityOf(calm)]).toEqual(['warning', 'error']);
  });

  test('after which silence it was disabled, or why that was not measured', () => {
    const after = (drain: Omit<Drain, 'at'>, fields: Partial<InFlight> = { fromKey: FROM_KEY }) =>
      ended({ ...fields, drain: { ...drain, at: NOW } })?.why;
    expect(after({ use: 'idle', requests: 0, hours: 32, pauseHours: 25 })).toBe(
      'the old key was disabled after 32 hours in which no use of it was measured; before, it paused for up to 25',
    );
    expect(after({ use: 'idle' })).toBe('the old key was disabled when no use of it was measured any more');
    expect(after({ use: 'unknown', why: 'access is missing' })).toBe(
      'the old key was disabled; whether it was still used was not measured (access is missing)',
    );
    expect(after({ use: 'unknown' })).toBe('the old key was disabled; whether it was still used was not measured');
    expect(after({ use: 'unknown', why: 'clipped' }, { fromKeyUnknown: BY_HAND })).toContain(`(${BY_HAND})`);
  });

  test('or that it was used still, and a person had its users cut off', () => {
    const busy = (requests?: number) => ended({ fromKey: FROM_KEY, drain: { use: 'busy', requests, at: NOW } })?.why;
    expect(busy(30)).toBe(
      'the old key was disabled although it was used 30 times at the last look, because a person had its users cut off',
    );
    expect(busy()).toContain('was used some times');
  });

  test('or a person has to delete it', () => {
    expect(ended({ fromKeyUnknown: BY_HAND })?.why).toBe(`the old key was disabled; ${BY_HAND}`);
  });

  test('or consumers read it again', () => {
    expect(ended({ phase: 'abandoned', reason: 'rollback' })?.why).toBe('consumers read version 1 again');
  });
});

test('a promotion says how the end of the old key’s use will be judged', () => {
  const promoted = (fields: Partial<InFlight>) =>
    noticeOf(inFlight({ phase: 'verified' }), inFlight({ phase: 'promoted', ...fields }))?.why;
  expect(promoted({ fromKey: FROM_KEY })).toMatch(/stays enabled until its use was measured to have ended$/);
  expect(promoted({ fromKeyUnknown: 'it is nobody’s' })).toMatch(
    /cannot be measured, so it stays enabled for a set time \(it is nobody’s\)$/,
  );
  expect(promoted({})).toBeUndefined();
});

describe('who reads the version that is left by another alias is named', () => {
  const ALIASES = { current: 1, previous: 1, stable: 1, nightly: 2 };
  const why = (before: InFlight, after: Journal) => rotationNotice(SECRET, 'demo', before, after, ALIASES)?.why;

  test('when consumers get the new key, with what holds for them', () => {
    const promoted = (emergency: boolean) =>
      why(inFlight({ phase: 'verified', emergency }), inFlight({ phase: 'promoted', emergency, promotedAt: NOW }));
    expect(promoted(false)).toBe(
      'the alias stable names version 1 too, so that version is not disabled before somebody has moved it',
    );
    expect(promoted(true)).toMatch(
      /; the alias stable names version 1 still: move it, or whoever reads it so is without a key$/,
    );
  });

  test('at the end of an emergency, which does not wait for them', () => {
    const ended = why(inFlight({ phase: 'drained', emergency: true, fromKey: FROM_KEY }), RESTING);
    expect(ended).toMatch(/is deleted at its issuer next; the alias stable names version 1 still/);
  });

  test('when consumers went back, and the new version is the one that is left', () => {
    const back = inFlight({ phase: 'abandoned', promotedAt: NOW, why: 'a person asked for rollback' });
    expect(why(back, RESTING)).toMatch(/^a person asked for rollback; the alias nightly names version 2 still/);
    expect(why({ ...back, reason: 'rollback' }, RESTING)).toContain('the alias nightly names version 2 still');
    expect(why({ ...back, promotedAt: undefined, why: 'no' }, RESTING)).toBe('no');
  });

  test('and not where it is no news', () => {
    expect(why(inFlight({ phase: 'drained' }), inFlight({ phase: 'drained', held: true, why: 'no' }))).toBe('no');
    const aliases = { current: 2, previous: 1 };
    const calm = rotationNotice(
      SECRET,
      'demo',
      inFlight({ phase: 'verified' }),
      inFlight({ phase: 'promoted' }),
      aliases,
    );
    expect(calm?.why).toBeUndefined();
  });
});

test('whoever asked is quoted', () => {
  const after = inFlight({ phase: 'opened', note: 'quarterly' });
  expect(rotationNotice('projects/p/secrets/s', 'p', resting(), after)?.reason).toBe('request: quarterly');
  const by = { who: 'jane', is: 'claimed' } as const;
  expect(rotationNotice('projects/p/secrets/s', 'p', resting(), { ...after, by })).toMatchObject({
    reason: 'request: quarterly, asked for by jane (claimed)',
    by,
  });
});

test('whoever turned it in flight is named to its end, beside whoever began it', () => {
  const by = { who: 'ops@ops-prod.iam.gserviceaccount.com', is: 'verified' } as const;
  const ending = inFlight({ phase: 'abandoned', reason: 'request', by: JANE, steered: { to: 'abort', by } });
  expect(noticeOf(ending, RESTING)).toMatchObject({
    type: 'rotation.abandoned',
    reason:
      'request, asked for by jane (claimed); since then abort asked for by ops@ops-prod.iam.gserviceaccount.com (verified)',
    by: JANE,
    steered: { to: 'abort', by },
  });
});

test.each([
  ['completed', inFlight({ phase: 'drained' })],
  ['abandoned', inFlight({ phase: 'abandoned' })],
] as const)(
  'the end of a rotation that was held goes wherever the hold went, so that no incident stays open: %s',
  (what, ending) => {
    const held = enter(ending, 'held', 'access is missing', NOW);
    if (held.phase === 'resting') throw new Error('a hold is not the end');
    const resumed = { ...held, held: false };
    const notice = noticeOf(resumed, RESTING);
    if (notice === undefined) throw new Error('an end is told');
    expect(notice).toMatchObject({ type: `rotation.${what}`, holds: 1 });
    expect(gravityOf(notice)).toBe('error');
    expect(noticeOf(ending, RESTING)?.holds).toBeUndefined();
  },
);

test('a rotation that is held again says so, although its phase is the same as before', () => {
  const once = inFlight({ phase: 'promoted', holds: 1 });
  expect(noticeOf(once, enter(once, 'held', 'busy', NOW))).toMatchObject({ type: 'rotation.held', holds: 2 });
});

test('of a drain that is held because of use, the command looks, since going on would cut the users off', () => {
  const drain = { use: 'busy', requests: 600, at: NOW, overdue: true } as const;
  const draining = inFlight({ phase: 'promoted', drain });
  const told = (state: InFlight) => noticeOf(state, enter(state, 'held', 'busy', NOW));
  expect(told(draining)?.next).toBe(`key-warden status --secret ${SECRET}`);
  expect(told(draining)?.step).not.toContain('key-warden resume');
  expect(told({ ...draining, drain: undefined })?.step).toContain(`go on: key-warden resume --secret ${SECRET}.`);
});

test('what the worker gives up again and again is in the news ever more seldom', () => {
  const told = (fields: Partial<InFlight>, failures: number): boolean =>
    noticeOf(inFlight({ phase: 'abandoned', ...fields, rest: { failures, passedOver: [] } }), RESTING) !== undefined;
  const timesOf = (reason: InFlight['reason']) =>
    Array.from({ length: 20 }, (_, at) => at + 1).filter((time) => told({ reason }, time - 1));
  expect(timesOf('added')).toEqual([1, 2, 4, 8, 16]);
  expect(timesOf('age')).toEqual([4, 8, 16]);
  for (const fields of [{ reason: 'request' }, { reason: 'rollback' }, { reason: 'dead', emergency: true }] as const)
    expect(told(fields, 2)).toBe(true);
  expect(told({ reason: 'age', holds: 1 }, 2)).toBe(true);
});

test.each([
  ['opened', RESTING, inFlight({ phase: 'opened' }), /consumers keep the old one until it is proven/],
  ['promoted', inFlight({ phase: 'verified' }), inFlight({ phase: 'promoted' }), /stays enabled until nobody uses it/],
  ['completed', inFlight({ phase: 'drained' }), RESTING, /the old key was disabled/],
  ['abandoned', inFlight({ phase: 'abandoned' }), RESTING, /consumers keep the old key/],
  ['held', inFlight({ phase: 'promoted' }), inFlight({ phase: 'promoted', held: true }), /it cannot go on by itself/],
] as const)(
  'a rotation that is %s says what that means for consumers, where nothing else is to be said',
  (_, before, after, says) => {
    const notice = noticeOf(before, after);
    expect(notice !== undefined && eventOf(notice, { ...ORIGIN, now: NOW }).data.why).toMatch(says);
  },
);
