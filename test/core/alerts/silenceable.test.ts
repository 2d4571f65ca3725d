import { expect, test } from '@jest/globals';
import { NOTICE_TYPES } from '../../../src/core/alerts/notice.ts';
import { canBeSilenced } from '../../../src/core/alerts/silenceable.ts';
import { eventFor } from '../../support/notices.ts';

test('what ends something, a rotation that waits for a person, an unproven name, a reported leak, unusual use, silences themselves, the heartbeat, outages and tests are never silenced', () => {
  expect(NOTICE_TYPES.filter((type) => !canBeSilenced(eventFor(type).data))).toEqual([
    'key.recovered',
    'key.unwatched',
    'key.unusual',
    'rotation.proposed',
    'name.unproven',
    'silence.set',
    'silence.ended',
    'freeze.set',
    'freeze.ended',
    'rotation.completed',
    'rotation.abandoned',
    'rotation.held',
    'leak.closed',
    'leak.reported',
    'inventory.news',
    'fleet.outage',
    'fleet.recovered',
    'fleet.heartbeat',
    'alert.test',
  ]);
});
