import { describe, expect, test } from '@jest/globals';
import {
  openCounts,
  openGroups,
  openJson,
  openTrouble,
  type OpenTrouble,
} from '../../../src/core/health/open-trouble.ts';
import { UNSEEN } from '../../../src/core/record/health-state.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { EPISODE, NOW } from '../../support/notices.ts';

const OPEN: OpenTrouble = {
  secret: 's',
  project: 'p',
  cause: 'key_leaked',
  severity: 'critical',
  openedAt: EPISODE.openedAt,
};

describe('what is open', () => {
  test('is the episode that is on record, be it mending or not', () => {
    const about = { secret: 's', project: 'p' };
    expect(openTrouble({ is: 'sick', episodes: 1, episode: EPISODE }, about)).toEqual(OPEN);
    expect(openTrouble({ is: 'mending', episodes: 1, episode: EPISODE, goodRuns: 1 }, about)).toEqual(OPEN);
    expect(openTrouble(UNSEEN, about)).toBeUndefined();
    expect(openTrouble(undefined, about)).toBeUndefined();
  });

  test('is logged with what alarms go by, and for how long it is so', () => {
    expect(openJson(OPEN, NOW)).toEqual({ project: 'p', severity: 'critical', verdict: 'dead', seconds: 23_400 });
    expect(openJson(OPEN, plusMs(OPEN.openedAt, -1000)).seconds).toBe(0);
  });

  test('is counted by severity, with the age of the oldest', () => {
    const later = { ...OPEN, severity: 'warning', openedAt: plusMs(OPEN.openedAt, 60_000) } as const;
    expect(openCounts([later, OPEN, OPEN], NOW)).toEqual({
      open: { info: 0, warning: 1, error: 0, critical: 2 },
      oldestSeconds: 23_400,
    });
    expect(openCounts([], NOW)).toEqual({ open: { info: 0, warning: 0, error: 0, critical: 0 }, oldestSeconds: 0 });
  });

  test('is few groups by verdict and severity, however much there is', () => {
    const late = { ...OPEN, cause: 'timeout', severity: 'critical' } as const;
    expect(openGroups([OPEN, late, OPEN])).toEqual([
      { verdict: 'dead', severity: 'critical', count: 2 },
      { verdict: 'unclear', severity: 'critical', count: 1 },
    ]);
    expect(openGroups([])).toEqual([]);
  });
});
