import { describe, expect, test } from '@jest/globals';
import { healthAt } from '../../../src/core/health/plausible-health.ts';
import type { Health } from '../../../src/core/record/health-state.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { EPISODE, NOW } from '../../support/notices.ts';

const AHEAD = plusMs(NOW, 301_000);
const at = (value: Health) => healthAt({ is: 'read', value }, NOW);
const sick = (fields: object): Health => ({ is: 'sick', episodes: 1, episode: { ...EPISODE, ...fields } });

describe('health that is remembered', () => {
  test('is what it says while its moments can be', () => {
    expect(at(sick({}))).toEqual(sick({}));
    expect(at({ is: 'well', episodes: 0 })).toEqual({ is: 'well', episodes: 0 });
    expect(at(sick({ announcedAt: plusMs(NOW, 299_000) }))).toBeDefined();
  });

  test.each([
    sick({ announcedAt: AHEAD }),
    sick({ openedAt: AHEAD }),
    sick({ lastGoodAt: AHEAD }),
    { is: 'well', episodes: 1, untold: { ...EPISODE, announcedAt: AHEAD } },
    { is: 'well', episodes: 1, since: AHEAD },
    { is: 'suspect', episodes: 1, since: AHEAD, cause: 'timeout', runs: 1 },
  ] satisfies readonly Health[])('is none where one of them lies ahead: %j', (health) => {
    expect(at(health)).toBeUndefined();
  });

  test('is none where it cannot be read', () => {
    expect(healthAt({ is: 'unreadable', why: 'x', text: 'x' }, NOW)).toBeUndefined();
  });
});
