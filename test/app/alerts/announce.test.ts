import { describe, expect, test } from '@jest/globals';
import { announceToAll, logAnnouncer, topicAnnouncer } from '../../../src/app/alerts/announce.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { TopicMessage } from '../../../src/app/ports/notify-ports.ts';
import { attributesOf, eventOf } from '../../../src/core/alerts/event/event.ts';
import { readEvent } from '../../../src/core/alerts/event/read-event.ts';
import { diagnosisOf, type Finding } from '../../../src/core/health/finding.ts';
import type { Episode } from '../../../src/core/record/health-state.ts';
import type { KeyNotice } from '../../../src/core/alerts/notices/key-notices.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { LABELS, NOTICES, ORIGIN, SECRET, troubleOf } from '../../support/notices.ts';
import { stillClock } from '../../support/still-clock.ts';

const AT = instantOf(Date.UTC(2026, 10, 24, 3));
const episode: Episode = {
  id: 'projects/1/secrets/app-key#1',
  openedAt: AT,
  announcedAt: AT,
  cause: 'key_leaked',
  severity: 'critical',
  reminders: 0,
};
const finding: Finding = {
  secret: 'projects/1/secrets/app-key',
  project: 'demo-project',
  version: 3,
  readAs: 'current',
  depth: 'shallow',
  answers: 3,
  diagnosis: diagnosisOf('key_leaked', 'Your API key was reported as leaked.'),
  lint: [],
  notes: [],
};

const idIn = ({ finding: { secret } }: KeyNotice) => secret.split('/').at(-1) ?? '';

async function lineOf(notice: Notice): Promise<unknown[]> {
  const clock = { now: () => plusMs(AT, 90_000) };
  const lines: unknown[] = [];
  await logAnnouncer({ write: (severity, message, fields) => lines.push(severity, message, fields) }, clock).announce(
    notice,
  );
  return lines;
}

describe('an announcement as a log line', () => {
  test.each([
    [
      'key.unhealthy',
      'CRITICAL',
      'app-key · the key was reported as leaked · demo-project: Your API key was reported as leaked. Since 2026-11-24 03:00 UTC.',
    ],
    [
      'key.unclear',
      'CRITICAL',
      'app-key · the key was reported as leaked · demo-project: Your API key was reported as leaked. Since 2026-11-24 03:00 UTC.',
    ],
    [
      'key.reminder',
      'CRITICAL',
      'app-key · still: the key was reported as leaked · demo-project: Your API key was reported as leaked. Since 2026-11-24 03:00 UTC.',
    ],
    [
      'key.recovered',
      'NOTICE',
      'app-key · works again · demo-project: the trouble is over (the key was reported as leaked). It began at 2026-11-24 03:00 UTC.',
    ],
  ] as const)('%s is %s: %s', async (type, severity, message) => {
    const notice = { type, episode, finding };
    const took = type === 'key.reminder' ? {} : { took: { seconds: 90 } };
    const fields = { secret: finding.secret, cause: 'key_leaked', ...took, notice };
    expect(await lineOf(notice)).toEqual([severity, message, fields]);
  });

  test.each([
    ['warning', 'WARNING'],
    ['error', 'ERROR'],
  ] as const)('of severity %s is logged as %s', async (severity, logged) => {
    expect((await lineOf({ type: 'key.unclear', episode: { ...episode, severity }, finding }))[0]).toBe(logged);
  });

  test('of an outage blames no key', async () => {
    const notice = NOTICES['fleet.outage'];
    expect(await lineOf(notice)).toEqual([
      'ERROR',
      expect.stringContaining('9 of 10 secrets · something on the way refuses us · no key is blamed: a web page'),
      { cause: 'egress_blocked', notice },
    ]);
  });

  test('of a heartbeat is left to the run, which knows more of it', async () => {
    expect(await lineOf(NOTICES['fleet.heartbeat'])).toEqual([]);
  });

  test('of a rotation is told apart by its secret, one of a run by nothing', async () => {
    expect((await lineOf(NOTICES['rotation.held']))[2]).toEqual({ secret: SECRET, notice: NOTICES['rotation.held'] });
    expect((await lineOf(NOTICES['alert.test']))[2]).toEqual({ notice: NOTICES['alert.test'] });
  });
});

describe('an announcement on a topic', () => {
  const clock = stillClock();
  const { now: _now, ...origin } = ORIGIN;
  const seen = { labelsOf: (secret: string) => (secret === SECRET ? LABELS : {}) };

  test('is the event, with what subscriptions filter on, in the order of its secret', async () => {
    const published: TopicMessage[] = [];
    const publisher = { publish: (message: TopicMessage) => Promise.resolve(void published.push(message)) };
    await topicAnnouncer({ publisher, clock, seen }, origin).announce(NOTICES['key.unhealthy']);
    const event = eventOf(NOTICES['key.unhealthy'], { ...origin, now: clock.now() }, LABELS);
    expect(published).toEqual([
      {
        data: JSON.stringify(event),
        attributes: attributesOf(event),
        orderingKey: 'projects/123456789012/secrets/app-key',
      },
    ]);
  });

  test('about no secret is nobody’s', async () => {
    const published: TopicMessage[] = [];
    const publisher = { publish: (message: TopicMessage) => Promise.resolve(void published.push(message)) };
    const everywhere = { labelsOf: () => LABELS };
    await topicAnnouncer({ publisher, clock, seen: everywhere }, origin).announce(NOTICES['fleet.outage']);
    expect(published[0]?.data).not.toContain('search');
  });

  test('that is told with others says with whom, and whose each of them is', async () => {
    const published: TopicMessage[] = [];
    const publisher = { publish: (message: TopicMessage) => Promise.resolve(void published.push(message)) };
    const both = [troubleOf('app-key', 'key_leaked'), troubleOf('ads', 'key_invalid')];
    const announcer = announceToAll([topicAnnouncer({ publisher, clock, seen }, origin)]);
    for (const notice of both) await announcer.announce(notice, both);
    const events = published.map(({ data }) => JSON.parse(data).data);
    expect(events).toMatchObject([
      { together: { mine: 0, of: [{ secret: SECRET, labels: { team: 'search' } }, { cause: 'key_invalid' }] } },
      { together: { mine: 1 } },
    ]);
    expect(events[0].group).toBe(events[1].group);
    expect(published.every(({ data }) => readEvent(data).is === 'event')).toBe(true);
    await announcer.announce(troubleOf('maps', 'key_invalid'), both);
    expect(JSON.parse(published.at(-1)?.data ?? '').data).not.toHaveProperty('group');
  });

  test.each([
    ['again, where not all of those were published that it was told with', ['ads'], 3],
    ['no more, where all of them were', ['ads', 'app-key'], 2],
  ])('that is told with others is published %s', async (_, taken, times) => {
    const { ids, announcer } = counting();
    const both = [troubleOf('app-key', 'key_leaked'), troubleOf('ads', 'key_invalid')];
    for (const notice of both) if (taken.includes(idIn(notice))) await announcer.announce(notice, both);
    for (const notice of both) await announcer.announce(notice, [...both, troubleOf('maps', 'key_invalid')]);
    expect(ids).toHaveLength(times);
  });

  const counting = () => {
    const ids: unknown[] = [];
    const publisher = {
      publish: ({ data }: TopicMessage) => Promise.resolve(void ids.push(JSON.parse(data).id)),
    };
    const still = stillClock();
    return { ids, still, announcer: topicAnnouncer({ publisher, clock: still, seen }, origin) };
  };

  test('that cannot be recorded, and so comes with every run, is published every four hours', async () => {
    const { ids, still, announcer } = counting();
    for (let run = 0; run < 49; run += 1) {
      await announcer.announce(NOTICES['key.unhealthy']);
      await still.sleep(600_000);
    }
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  test('that was not taken is published by the next run', async () => {
    const answers = [() => Promise.reject(new Fault('unavailable', 'no topic')), () => Promise.resolve()];
    const publisher = { publish: () => answers.shift()?.() ?? Promise.reject(new Error('once more')) };
    const announcer = topicAnnouncer({ publisher, clock, seen }, origin);
    await expect(announcer.announce(NOTICES['key.unhealthy'])).rejects.toThrow('no topic');
    await announcer.announce(NOTICES['key.unhealthy']);
    await announcer.announce(NOTICES['key.unhealthy']);
  });

  test('is remembered with the last thousand only', async () => {
    const { ids, announcer } = counting();
    const aging = (ageDays: number) => announcer.announce({ ...NOTICES['key.aging'], ageDays });
    for (let day = 0; day < 1001; day += 1) await aging(day);
    await aging(1);
    expect(ids).toHaveLength(1001);
    await aging(0);
    expect(ids).toHaveLength(1002);
  });

  test('that was not taken rejects, so that it is not recorded as said', async () => {
    const publisher = { publish: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    const announcer = topicAnnouncer({ publisher, clock, seen }, origin);
    await expect(announcer.announce(NOTICES['key.unhealthy'])).rejects.toThrow('no topic');
  });
});

test('announcing to all goes in order and stops at the first that rejects', async () => {
  const heard: string[] = [];
  const announcer = (name: string) => ({ announce: () => Promise.resolve(void heard.push(name)) });
  const broken = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
  await announceToAll([announcer('a'), announcer('b')]).announce(NOTICES['alert.test']);
  await expect(announceToAll([announcer('c'), broken, announcer('d')]).announce(NOTICES['alert.test'])).rejects.toThrow(
    'no topic',
  );
  expect(heard).toEqual(['a', 'b', 'c']);
});
