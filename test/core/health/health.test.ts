import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CAUSES, type Cause } from '../../../src/core/causes/causes.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import {
  deadKeyOf,
  deadSince,
  isLostSince,
  judge,
  signOf,
  type Announcement,
  type Judgement,
  type SeenKey,
} from '../../../src/core/health/health.ts';
import { UNSEEN, type Health } from '../../../src/core/record/health-state.ts';
import { readHealth, writeHealth } from '../../support/annotations.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { instantOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { FINDING, ORIGIN } from '../../support/notices.ts';

const SECRET = 'projects/123/secrets/app-key';
const POLICY = {
  ...DEFAULT_CHECK_POLICY,
  unclearRunsMax: 3,
  goodRunsMin: 2,
  remindAfterHours: 4,
  escalateAfterHours: 24,
};
const START = instantOf(Date.UTC(2026, 10, 24));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const RANKED = ['info', 'warning', 'error', 'critical'];
const CAUSE_NAMES = Object.keys(CAUSES).filter((name): name is Cause => Object.hasOwn(CAUSES, name));
const of = (sign: string) => CAUSE_NAMES.filter((cause) => signOf(CAUSES[cause]) === sign);

/** Runs ten minutes apart, one cause each, from a state. */
function runs(causes: readonly Cause[], from: Health = UNSEEN, gapMs = 10 * MINUTE, start: Instant = START) {
  const judgements: Judgement[] = [];
  let health = from;
  for (const [at, cause] of causes.entries()) {
    const judgement = judge(SECRET, health, diagnosisOf(cause, 'x'), POLICY, plusMs(start, at * gapMs));
    judgements.push(judgement);
    health = judgement.health;
  }
  return { health, announced: judgements.map(({ announce }) => announce.map(({ type }) => type).join()), judgements };
}

describe('a healthy secret', () => {
  const good = (health: Health, at: Instant, seen?: SeenKey) =>
    judge(SECRET, health, diagnosisOf('ok', ''), POLICY, at, undefined, seen);

  test('is written down in its first good run, so that it is told from one that nobody has looked at', () => {
    const met = { is: 'well', episodes: 0, since: START, keyKind: 'auth' };
    expect(good(UNSEEN, START, { keyKind: 'auth' })).toEqual({ health: met, announce: [] });
  });

  test('stays as it was remembered from then on, so that nothing is written', () => {
    const { health } = good(UNSEEN, START);
    expect(good(health, plusMs(START, HOUR)).health).toBe(health);
    expect(good(health, plusMs(START, HOUR), { replacedAt: START }).health).toBe(health);
  });

  test('is written down once more when another key took the place of the one that was seen', () => {
    const { health } = good(UNSEEN, START, { keyKind: 'standard' });
    const later = plusMs(START, HOUR);
    const after = good(health, later, { keyKind: 'auth', replacedAt: plusMs(START, MINUTE) }).health;
    expect(after).toEqual({ is: 'well', episodes: 0, since: later, keyKind: 'auth' });
  });
});

describe('suspicion comes before condemnation', () => {
  test.each(of('firm'))('%s opens an episode in the run that confirmed it', (cause) => {
    const { health, announced } = runs([cause]);
    expect(announced).toEqual(['key.unhealthy']);
    expect(health).toMatchObject({
      is: 'sick',
      episodes: 1,
      episode: { id: `${SECRET}#20261124-1`, cause, openedAt: START },
    });
  });

  test.each(of('doubtful'))('%s is believed when the next run agrees', (cause) => {
    expect(runs([cause]).health).toEqual({ is: 'suspect', episodes: 0, since: START, cause, runs: 1 });
    expect(runs([cause, cause])).toMatchObject({
      announced: ['', 'key.unhealthy'],
      health: { is: 'sick', episode: { cause, openedAt: START } },
    });
  });

  test.each(of('vague'))('%s becomes a warning only after as many runs as the policy says', (cause) => {
    expect(runs([cause, cause])).toMatchObject({ announced: ['', ''], health: { is: 'suspect', runs: 2 } });
    expect(runs([cause, cause, cause]).announced).toEqual(['', '', 'key.unclear']);
  });

  test.each(['rate_limited', 'quota_exceeded'] as const)(
    '%s twice condemns nothing: the key works and must wait',
    (cause) => {
      expect(runs([cause, cause]).announced).toEqual(['', '']);
    },
  );

  test('one good run ends a suspicion', () => {
    const { health, announced } = runs(['timeout', 'timeout', 'ok', 'timeout', 'timeout']);
    expect(announced.join('')).toBe('');
    expect(health).toMatchObject({ is: 'suspect', runs: 2, since: plusMs(START, 30 * MINUTE) });
    expect(runs(['timeout', 'ok']).health).toEqual({ is: 'well', episodes: 0, since: plusMs(START, 10 * MINUTE) });
  });

  test('a vague run neither supports nor weakens a doubtful suspicion', () => {
    expect(runs(['auth_key_refused', 'timeout']).health).toMatchObject({ cause: 'auth_key_refused', runs: 2 });
    expect(runs(['auth_key_refused', 'timeout', 'auth_key_refused']).announced).toEqual(['', '', 'key.unhealthy']);
  });

  test('a vague suspicion takes the newest cause, and a doubtful answer needs its own second', () => {
    expect(runs(['timeout', 'network']).health).toMatchObject({ cause: 'network' });
    expect(runs(['timeout', 'auth_key_refused']).health).toMatchObject({ cause: 'auth_key_refused', runs: 2 });
  });

  test('an episode carries the last good run on record, which the end of earlier trouble left there', () => {
    const firstEver = runs(['key_invalid', 'ok', 'ok', 'timeout', 'key_invalid']);
    expect(firstEver.judgements[0]?.announce[0]?.episode.lastGoodAt).toBeUndefined();
    const recoveredAt = plusMs(START, 20 * MINUTE);
    expect(firstEver.judgements[3]?.health).toMatchObject({ is: 'suspect', lastGoodAt: recoveredAt });
    expect(firstEver.health).toMatchObject({ is: 'sick', episode: { lastGoodAt: recoveredAt } });
  });

  test('two doubtful causes in turn count as runs in a row', () => {
    expect(runs(['auth_key_refused', 'location_unsupported', 'auth_key_refused']).announced).toEqual([
      '',
      '',
      'key.unclear',
    ]);
  });

  test('a firm answer needs no second', () => {
    expect(runs(['timeout', 'key_leaked']).announced).toEqual(['', 'key.unhealthy']);
  });
});

describe('an open episode', () => {
  test('is announced once, however many runs find the same', () => {
    expect(runs(['key_invalid', 'key_invalid', 'key_invalid']).announced).toEqual(['key.unhealthy', '', '']);
    const again = runs(['key_invalid', 'key_invalid']).judgements;
    expect(again[1]?.health).toBe(again[0]?.health);
  });

  test('reminds at growing gaps, up to a week', () => {
    const hourly = runs(
      Array.from({ length: 24 * 40 }, (): Cause => 'key_invalid'),
      UNSEEN,
      HOUR,
    );
    const at = hourly.announced.flatMap((type, hour) => (type === 'key.reminder' ? [hour] : []));
    expect(at).toEqual([4, 12, 28, 60, 124, 252, 420, 588, 756, 924]);
  });

  test('reminds through vague runs too: not knowing is no recovery', () => {
    expect(runs(['key_invalid', 'timeout'], UNSEEN, 5 * HOUR).announced).toEqual(['key.unhealthy', 'key.reminder']);
  });

  test('is reminded of once when a silence is over, because what was announced before may not have been heard', () => {
    const quietUntil = plusMs(START, 30 * MINUTE);
    const again = (health: Health, minutes: number, cause: Cause = 'key_invalid') =>
      judge(SECRET, health, diagnosisOf(cause, 'x'), POLICY, plusMs(START, minutes * MINUTE), quietUntil);
    const opened = runs(['key_invalid']).health;
    const first = again(opened, 31);
    expect(first.announce).toMatchObject([{ type: 'key.reminder', episode: { reminders: 1 } }]);
    expect(again(first.health, 41).announce).toEqual([]);
    expect(again(opened, 31, 'timeout').announce).toMatchObject([{ type: 'key.reminder' }]);
  });

  test('turns critical at the age that the policy names, between two reminders if need be', () => {
    const { judgements } = runs(
      Array.from({ length: 70 }, (): Cause => 'key_missing'),
      UNSEEN,
      HOUR,
    );
    const said = judgements.flatMap(({ announce }, hour) =>
      announce.map(({ type, episode }) => [hour, type, episode.severity]),
    );
    expect(said).toEqual([
      [1, 'key.unhealthy', 'error'],
      [5, 'key.reminder', 'error'],
      [13, 'key.reminder', 'error'],
      [24, 'key.reminder', 'critical'],
      [56, 'key.reminder', 'critical'],
    ]);
  });

  test('is announced again under the same id when it turns out worse', () => {
    const { judgements, announced } = runs(['timeout', 'timeout', 'timeout', 'key_leaked']);
    expect(announced).toEqual(['', '', 'key.unclear', 'key.unhealthy']);
    expect(judgements[3]?.announce[0]?.episode).toMatchObject({
      id: `${SECRET}#20261124-1`,
      cause: 'key_leaked',
      severity: 'critical',
      openedAt: START,
    });
  });

  test('is announced again when a leak is found, however grave it was, and once', () => {
    const { judgements, announced } = runs(['key_invalid', 'key_leaked', 'key_leaked']);
    expect(announced).toEqual(['key.unhealthy', 'key.unhealthy', '']);
    const ids = judgements.flatMap(({ announce }) =>
      announce.map((one) => eventOf({ ...one, finding: FINDING }, { ...ORIGIN, now: START }).id),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('is announced again when its cause is known at last, although it turned critical with age before', () => {
    const causes: readonly Cause[] = [...Array.from({ length: 26 }, (): Cause => 'timeout'), 'key_invalid', 'timeout'];
    expect(runs(causes, UNSEEN, HOUR).announced.slice(-4)).toEqual(['key.reminder', '', 'key.unhealthy', '']);
  });

  test('takes a better diagnosis in silence', () => {
    const { health, announced } = runs(['key_leaked', 'key_invalid']);
    expect(announced).toEqual(['key.unhealthy', '']);
    expect(health).toMatchObject({ is: 'sick', episode: { cause: 'key_invalid', severity: 'critical' } });
  });

  test('of a leaked key stays one, whatever stops its project meanwhile', () => {
    for (const cause of ['project_denied', 'billing_disabled', 'ip_blocked'] as const)
      expect(runs(['key_leaked', cause]).health).toMatchObject({ is: 'sick', episode: { cause: 'key_leaked' } });
    expect(runs(['key_leaked', 'key_not_found']).health).toMatchObject({ episode: { cause: 'key_not_found' } });
  });

  test('keeps its diagnosis through vague runs', () => {
    expect(runs(['key_leaked', 'overloaded']).health).toMatchObject({ is: 'sick', episode: { cause: 'key_leaked' } });
  });
});

describe('a key that only another key mends', () => {
  const sick = (cause: Cause) => runs([cause, cause]).health;

  test.each([
    ['key_invalid', 'dead'],
    ['key_leaked', 'leaked'],
    ['billing_disabled', undefined],
    // There is nothing to replace with the same restrictions.
    ['key_missing', undefined],
    // No answer of Gemini’s: the version may come back, and only a person knows.
    ['version_destroyed', undefined],
  ] as const)('%s is %s', (cause, dead) => {
    expect(deadKeyOf(sick(cause), undefined)).toBe(dead);
  });

  test('is replaced once an episode: until a check has seen the new key, the old one’s trouble stays on record', () => {
    expect(deadKeyOf(sick('key_invalid'), START)).toBeUndefined();
    expect(deadKeyOf(sick('key_invalid'), plusMs(START, -1))).toBe('dead');
  });

  test('is none while the health is good, mending, suspected or not understood', () => {
    expect(deadKeyOf(UNSEEN, undefined)).toBeUndefined();
    expect(deadKeyOf(runs(['key_invalid', 'ok']).health, undefined)).toBeUndefined();
    expect(deadKeyOf(runs(['auth_key_refused']).health, undefined)).toBeUndefined();
    expect(deadKeyOf(undefined, undefined)).toBeUndefined();
  });

  test('or of no use because its version was taken away after it was promoted', () => {
    for (const cause of ['version_disabled', 'version_destroyed', 'key_invalid'] as const) {
      expect(isLostSince(sick(cause), plusMs(START, -1))).toBe(true);
      expect(isLostSince(sick(cause), START)).toBe(false);
    }
    expect(isLostSince(sick('version_disabled'), undefined)).toBe(false);
    expect(isLostSince(sick('billing_disabled'), plusMs(START, -1))).toBe(false);
    expect(isLostSince(UNSEEN, START)).toBe(false);
    expect(isLostSince(undefined, START)).toBe(false);
  });

  test('since when it is dead is told of a dead key alone', () => {
    expect(deadSince(sick('key_invalid'), plusMs(START, -1))).toBe(START);
    expect(deadSince(sick('key_invalid'), START)).toBeUndefined();
    expect(deadSince(sick('version_disabled'), plusMs(START, -1))).toBeUndefined();
    expect(deadSince(UNSEEN, START)).toBeUndefined();
    expect(deadSince(undefined, START)).toBeUndefined();
  });
});

describe('recovery', () => {
  test('is believed after as many good runs as the policy says, and said once', () => {
    const { health, announced, judgements } = runs(['key_invalid', 'ok', 'ok', 'ok']);
    expect(announced).toEqual(['key.unhealthy', '', 'key.recovered', '']);
    expect(judgements[2]?.announce[0]?.episode).toMatchObject({ id: `${SECRET}#20261124-1`, cause: 'key_invalid' });
    expect(health).toEqual({ is: 'well', episodes: 1, since: plusMs(START, 20 * MINUTE) });
  });

  test('is taken back by a bad run, without a second announcement', () => {
    expect(runs(['key_invalid', 'ok', 'key_invalid', 'ok', 'ok']).announced).toEqual([
      'key.unhealthy',
      '',
      '',
      '',
      'key.recovered',
    ]);
  });

  test('that never lasts is reminded of: good in every other run is not well', () => {
    const flapping = runs(
      Array.from({ length: 40 }, (_, at): Cause => (at % 2 === 0 ? 'key_invalid' : 'ok')),
      UNSEEN,
      HOUR,
    );
    const at = flapping.announced.flatMap((type, hour) => (type === 'key.reminder' ? [hour] : []));
    expect(at).toEqual([4, 12, 28]);
    expect(flapping.announced).not.toContain('key.recovered');
  });

  test('that nothing is learned about any more is reminded of, and no step is lost', () => {
    const { health, announced } = runs(['key_invalid', 'ok', 'timeout', 'ok'], UNSEEN, 5 * HOUR);
    expect(announced).toEqual(['key.unhealthy', '', 'key.reminder', 'key.recovered']);
    expect(health.is).toBe('well');
  });

  test('taken back by something worse says so', () => {
    expect(runs(['ip_blocked', 'ip_blocked', 'ok', 'key_leaked']).announced.at(-1)).toBe('key.unhealthy');
  });

  test('waits through a vague run', () => {
    expect(runs(['key_invalid', 'ok', 'timeout', 'ok']).announced).toEqual(['key.unhealthy', '', '', 'key.recovered']);
  });

  test('in one run is enough where the policy says so', () => {
    const sick = runs(['key_invalid']).health;
    const { announce } = judge(SECRET, sick, diagnosisOf('ok', ''), { ...POLICY, goodRunsMin: 1 }, START);
    expect(announce.map(({ type }) => type)).toEqual(['key.recovered']);
  });

  test('an episode on another day has another id, although its count began anew with a new secret', () => {
    const id = (start: Instant) => runs(['key_invalid'], UNSEEN, 0, start).judgements[0]?.announce[0]?.episode.id;
    expect([id(START), id(plusMs(START, 24 * HOUR))]).toEqual([`${SECRET}#20261124-1`, `${SECRET}#20261125-1`]);
  });

  test('is followed by an episode with the next number', () => {
    const { health } = runs(['key_invalid', 'ok', 'ok', 'key_invalid']);
    expect(health).toMatchObject({ is: 'sick', episode: { id: `${SECRET}#20261124-2` } });
  });
});

describe('over any history of runs', () => {
  const anyCause = fc.constantFrom(...CAUSE_NAMES);
  const anyRun = fc.record({ cause: anyCause, gapMs: fc.integer({ min: 0, max: 30 * HOUR }) });

  interface Run {
    readonly cause: Cause;
    readonly gapMs: number;
    /** Times the run dies after announcing and before recording, and is begun again a minute later. */
    readonly crashes?: number;
  }

  function play(history: readonly Run[]) {
    const said: (Announcement['episode'] & { readonly type: string; readonly at: Instant; readonly event: string })[] =
      [];
    let health = UNSEEN;
    let now = START;
    const judged = (cause: Cause) => {
      const judgement = judge(SECRET, health, diagnosisOf(cause, 'x'), POLICY, now);
      for (const { type, episode } of judgement.announce) {
        const { id: event } = eventOf({ type, episode, finding: FINDING }, { ...ORIGIN, now });
        said.push({ ...episode, type, at: now, event });
      }
      expect(readHealth(writeHealth(judgement.health))).toEqual(judgement.health);
      return judgement.health;
    };
    for (const { cause, gapMs, crashes = 0 } of history) {
      now = plusMs(now, gapMs);
      for (let crash = 0; crash < crashes; crash += 1) {
        judged(cause);
        now = plusMs(now, MINUTE);
      }
      health = judged(cause);
    }
    return { health, said };
  }

  test('every episode that was announced is closed by exactly one recovery, or is still open', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 60 }), (history) => {
        const { health, said } = play(history);
        const opened = [...new Set(said.map(({ id }) => id))];
        const recovered = said.filter(({ type }) => type === 'key.recovered').map(({ id }) => id);
        const open = 'episode' in health ? [health.episode.id] : [];
        expect([...recovered, ...open]).toEqual(opened);
        expect(health.episodes).toBe(opened.length);
      }),
    );
  });

  test('nothing is said about an episode after its recovery, and none opens before the last one is closed', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 60 }), (history) => {
        let open: string | undefined;
        for (const { type, id } of play(history).said) {
          if (open === undefined) expect(['key.unhealthy', 'key.unclear']).toContain(type);
          else expect(id).toBe(open);
          open = type === 'key.recovered' ? undefined : id;
        }
      }),
    );
  });

  test('an episode is told again only when it is worse than anything said of it, its cause is known at last, or it leaked', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 60 }), (history) => {
        const told = play(history).said.filter(({ type }) => type === 'key.unhealthy' || type === 'key.unclear');
        for (const [at, { id, severity, cause, type }] of told.entries()) {
          const before = told.slice(0, at).findLast((earlier) => earlier.id === id);
          if (before === undefined || cause === 'key_leaked') continue;
          if (signOf(CAUSES[before.cause]) === 'vague') expect(type).toBe('key.unhealthy');
          else expect(RANKED.indexOf(severity)).toBeGreaterThan(RANKED.indexOf(before.severity));
        }
      }),
    );
  });

  test('in no stretch of time are there more reminders of an episode than its growing gaps and one escalation allow', () => {
    const gapMs = (reminders: number) => Math.min(POLICY.remindAfterHours * 2 ** reminders, 168) * HOUR;
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 60 }), (history) => {
        for (const said of Object.values(Object.groupBy(play(history).said, ({ id }) => id))) {
          const all = said ?? [];
          const escalations = all.flatMap(({ type, severity }, at) =>
            type === 'key.reminder' && severity !== all[at - 1]?.severity ? [at] : [],
          );
          expect(escalations.length).toBeLessThanOrEqual(1);
          const [escalated = 0] = escalations;
          for (const stretch of [all.slice(0, escalated), all.slice(escalated)]) {
            const reminders = stretch.filter(({ type }) => type === 'key.reminder');
            for (const [last, { at }] of reminders.entries()) {
              let leastMs = 0;
              for (let first = last - 1; first >= 0; first -= 1) {
                leastMs += gapMs(first + 1);
                expect(at - (reminders[first]?.at ?? Number.NaN)).toBeGreaterThanOrEqual(leastMs);
              }
            }
          }
        }
      }),
    );
  });

  test('an episode says at most four things in its first day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (gapMinutes) => {
        const count = Math.floor((24 * 60) / gapMinutes);
        const { said } = play(
          Array.from({ length: count }, () => ({ cause: 'key_invalid' as const, gapMs: gapMinutes * MINUTE })),
        );
        expect(said.length).toBeLessThanOrEqual(4);
      }),
    );
  });

  /** What could not even be marked is begun again, and the day may change meanwhile. */
  const dayless = (text: string) => text.replaceAll(/#\d{8}-/g, '#');

  test('crashes between announcing and recording repeat ids, add none and lose none', () => {
    const anyCrash = fc.record({ cause: anyCause, gapMs: fc.integer({ min: 0, max: 30 * HOUR }), crashes: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(anyCrash, { maxLength: 40 }), (history) => {
        const smooth = play(history.map(({ crashes, ...run }) => ({ ...run, gapMs: run.gapMs + crashes * MINUTE })));
        const rough = play(history);
        // A set on both sides: a leak that is seen, then hidden by something else, then seen again, is said again under its id.
        const idsOf = ({ said }: ReturnType<typeof play>) => [...new Set(said.map(({ event }) => dayless(event)))];
        expect(idsOf(rough)).toEqual(idsOf(smooth));
        expect(dayless(writeHealth(rough.health))).toEqual(dayless(writeHealth(smooth.health)));
      }),
    );
  });
});

describe('what a run that died may not have told', () => {
  const marks = (causes: readonly Cause[]) => runs(causes).judgements.map(({ mark }) => mark);

  test('is marked where an incident opens or closes, and nowhere else', () => {
    const [opening, reminding, mending, closing] = marks(['key_invalid', 'key_invalid', 'ok', 'ok']);
    expect(opening).toMatchObject({ is: 'sick', episode: { untold: 'key.unhealthy' } });
    expect([reminding, mending]).toEqual([undefined, undefined]);
    expect(closing).toMatchObject({ is: 'well', untold: { id: `${SECRET}#20261124-1` } });
    expect(marks(['timeout', 'timeout', 'timeout'])[2]).toMatchObject({ episode: { untold: 'key.unclear' } });
  });

  test('is told by the next run that is not good, under the same id and as it was', () => {
    const [mark] = marks(['key_invalid']);
    const { announced, judgements, health } = runs(['timeout'], mark);
    expect(announced).toEqual(['key.unhealthy']);
    expect(judgements[0]?.announce[0]?.episode).toMatchObject({ id: `${SECRET}#20261124-1`, cause: 'key_invalid' });
    expect(health).toEqual(runs(['key_invalid']).health);
  });

  test('is closed by good runs, and told first should a bad one come between them', () => {
    const [mark] = marks(['key_invalid']);
    expect(runs(['ok', 'ok'], mark).announced).toEqual(['', 'key.recovered']);
    expect(runs(['ok', 'timeout', 'ok', 'ok'], mark).announced).toEqual(['', 'key.unhealthy', '', 'key.recovered']);
  });

  test('a recovery is told by the next run, whatever that finds; the one after it opens anew', () => {
    const mark = marks(['key_invalid', 'ok', 'ok'])[2];
    expect(runs(['key_leaked', 'key_leaked'], mark)).toMatchObject({
      announced: ['key.recovered', 'key.unhealthy'],
      health: { episode: { id: `${SECRET}#20261124-2` } },
    });
  });

  test('survives being written', () => {
    for (const mark of marks(['key_invalid', 'ok', 'ok'])) {
      if (mark !== undefined) expect(readHealth(writeHealth(mark))).toEqual(mark);
    }
  });
});

describe('the health annotation', () => {
  test('absent means nothing was ever wrong', () => {
    expect(readHealth(undefined)).toBe(UNSEEN);
  });

  test('is one line a person can read', () => {
    expect(writeHealth(runs(['key_invalid']).health)).toBe(
      '{"v":1,"is":"sick","episodes":1,"episode":{"id":"projects/123/secrets/app-key#20261124-1","openedAt":"2026-11-24T00:00:00.000Z","cause":"key_invalid","severity":"critical","announcedAt":"2026-11-24T00:00:00.000Z","reminders":0}}',
    );
    expect(writeHealth({ is: 'well', episodes: 0 })).toBe('{"v":1,"is":"well","episodes":0}');
  });

  const sick = {
    v: 1,
    is: 'sick',
    episodes: 1,
    episode: {
      id: 'a#1',
      openedAt: '2026-11-24T00:00:00Z',
      announcedAt: '2026-11-24T00:00:00Z',
      cause: 'key_invalid',
      severity: 'critical',
      reminders: 0,
    },
  };
  const suspect = { v: 1, is: 'suspect', episodes: 0, since: '2026-11-24T00:00:00Z', cause: 'timeout', runs: 1 };

  test('is read in its four forms', () => {
    for (const value of [sick, suspect, { v: 1, is: 'well', episodes: 3 }, { ...sick, is: 'mending', goodRuns: 1 }]) {
      expect(readHealth(JSON.stringify(value))).toMatchObject({ is: value.is });
    }
  });

  test.each([
    ['nonsense'],
    ['[]'],
    [{ v: 2, is: 'well', episodes: 0 }],
    [{ v: 1, is: 'well' }],
    [{ v: 1, is: 'well', episodes: -1 }],
    [{ v: 1, is: 'on fire', episodes: 0 }],
    [{ ...suspect, since: 'yesterday' }],
    [{ ...suspect, since: 3 }],
    [{ ...suspect, cause: 'bad luck' }],
    [{ ...suspect, runs: 1.5 }],
    [{ ...sick, episode: undefined }],
    [{ ...sick, episode: { ...sick.episode, id: 1 } }],
    [{ ...sick, episode: { ...sick.episode, cause: 'bad luck' } }],
    [{ ...sick, episode: { ...sick.episode, severity: 'loud' } }],
    [{ ...sick, episode: { ...sick.episode, reminders: '0' } }],
    [{ ...sick, episode: { ...sick.episode, openedAt: '' } }],
    [{ ...sick, episode: { ...sick.episode, announcedAt: '' } }],
    [{ ...sick, episode: { ...sick.episode, untold: 'key.recovered' } }],
    [{ v: 1, is: 'well', episodes: 1, untold: 'x' }],
    [{ ...sick, is: 'mending' }],
    [{ ...sick, is: 'mending', goodRuns: 1, episode: 'x' }],
  ])('%j is not understood, so that it is left alone', (value) => {
    expect(readHealth(typeof value === 'string' ? value : JSON.stringify(value))).toBeUndefined();
  });

  test('keeps every severity', () => {
    for (const severity of ['info', 'warning', 'error', 'critical']) {
      expect(readHealth(JSON.stringify({ ...sick, episode: { ...sick.episode, severity } }))).toBeDefined();
    }
  });
});
