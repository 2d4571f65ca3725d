import { describe, expect, test } from '@jest/globals';
import { logAnnouncer } from '../../src/app/announce.ts';
import { diagnosisOf, type Finding } from '../../src/core/finding.ts';
import type { Episode } from '../../src/core/health.ts';
import type { Notice } from '../../src/core/notice.ts';
import { instantOf } from '../../src/core/time.ts';

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

async function lineOf(notice: Notice): Promise<unknown[]> {
  const lines: unknown[] = [];
  await logAnnouncer({ write: (severity, message, fields) => lines.push(severity, message, fields) }).announce(notice);
  return lines;
}

describe('an announcement as a log line', () => {
  test.each([
    [
      'key.unhealthy',
      'CRITICAL',
      'Gemini key refused: app-key in demo-project (current, version 3): the key was reported as leaked, since 2026-11-24T03:00:00.000Z. Your API key was reported as leaked.',
    ],
    [
      'key.unclear',
      'CRITICAL',
      'Gemini key cannot be judged: app-key in demo-project (current, version 3): the key was reported as leaked, since 2026-11-24T03:00:00.000Z. Your API key was reported as leaked.',
    ],
    [
      'key.reminder',
      'CRITICAL',
      'Gemini key still failing: app-key in demo-project (current, version 3): the key was reported as leaked, since 2026-11-24T03:00:00.000Z. Your API key was reported as leaked.',
    ],
    [
      'key.recovered',
      'NOTICE',
      'Gemini key works again: app-key in demo-project (current, version 3): the trouble (the key was reported as leaked) began 2026-11-24T03:00:00.000Z and is over',
    ],
  ] as const)('%s is %s: %s', async (type, severity, message) => {
    const notice = { type, episode, finding };
    expect(await lineOf(notice)).toEqual([severity, message, { notice }]);
  });

  test.each([
    ['warning', 'WARNING'],
    ['error', 'ERROR'],
  ] as const)('of severity %s is logged as %s', async (severity, logged) => {
    expect((await lineOf({ type: 'key.unclear', episode: { ...episode, severity }, finding }))[0]).toBe(logged);
  });

  test('without a version says what consumers read', async () => {
    const [, message] = await lineOf({ type: 'key.unhealthy', episode, finding: { ...finding, version: undefined } });
    expect(message).toContain('app-key in demo-project (current):');
  });

  test('of an outage blames no key', async () => {
    const notice = {
      type: 'fleet.outage',
      cause: 'egress_blocked',
      failing: 9,
      seen: 10,
      message: 'a web page',
    } as const;
    expect(await lineOf(notice)).toEqual([
      'ERROR',
      '9 of 10 secrets failed alike (something on the way refuses us), so no key is blamed: a web page',
      { notice },
    ]);
  });
});
