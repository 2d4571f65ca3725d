import { describe, expect, test } from '@jest/globals';
import {
  acknowledgerOf,
  isOfClosedEpisode,
  readAcknowledgement,
  secretOfIncident,
  wishOf,
  type Acknowledgement,
} from '../../../src/core/alerts/acknowledgement.ts';
import { boundedKey } from '../../../src/core/alerts/channels/thread-key.ts';
import { secretNameOf } from '../../../src/core/google/resource-names.ts';
import { HEALTH_ANNOTATION } from '../../../src/core/record/health-text.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import { SILENCE_ANNOTATION } from '../../../src/core/record/silence.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { writeHealth, writeSilence } from '../../support/annotations.ts';
import { ago, ahead, NOW } from '../../support/journals.ts';
import { sick } from '../../support/members.ts';

const SECRET = 'projects/123456789012/secrets/app-key';
const event = (fields: object = {}) => ({
  event: {
    event_type: 'incident.acknowledged',
    occurred_at: isoOf(NOW),
    agent: { summary: 'Jane Doe' },
    data: { incident_key: `${SECRET}#1` },
    ...fields,
  },
});

describe('a webhook', () => {
  test('is read as who did what to which incident, and when', () => {
    const at = NOW;
    const read = { is: 'acknowledged', key: `${SECRET}#1`, who: 'Jane Doe', at };
    expect(readAcknowledgement(event(), NOW)).toEqual({ reads: read });
    const back = event({ event_type: 'incident.unacknowledged', agent: null });
    expect(readAcknowledgement(back, NOW)).toEqual({ reads: { ...read, is: 'unacknowledged', who: 'somebody' } });
    expect(readAcknowledgement(event({ agent: { summary: ' ' } }), NOW)).toMatchObject({ reads: { who: 'somebody' } });
  });

  test.each([
    [event({ event_type: 'incident.resolved' }), 'about no acknowledgement'],
    [event({ event_type: 'toString' }), 'about no acknowledgement'],
    [event({ occurred_at: isoOf(ago(1)) }), 'more than 10 minutes ago'],
    [event({ occurred_at: isoOf(ahead(1)) }), 'has not happened yet'],
    [event({ data: null }), 'has no key'],
    [event({ data: { incident_key: 7 } }), 'has no key'],
  ])('that is none of ours is ignored: %j', (body, why) => {
    expect(readAcknowledgement(body, NOW)).toEqual({ ignored: expect.stringContaining(why) });
  });

  test.each([undefined, [], {}, { event: 7 }, event({ occurred_at: 'yesterday' }), event({ event_type: 7 })])(
    'of another form is wrong: %j',
    (body) => {
      expect(readAcknowledgement(body, NOW)).toHaveProperty('wrong');
    },
  );
});

test.each([
  [`${SECRET}#20261124-1`, SECRET],
  [`${SECRET}/rotations/kw-1/critical`, SECRET],
  ['projects/p/locations/europe-west1/secrets/s/aging', 'projects/p/locations/europe-west1/secrets/s'],
  ['//key-warden/projects/p/outage', undefined],
  ['projects/a..b-/secrets/s/aging', undefined],
  ['d3640fbd41094207a1c11e58e46b1662', undefined],
  [SECRET, undefined],
  [`${SECRET}#${'x'.repeat(255)}`, undefined],
])('the incident %s is about %s', (key, secret) => {
  const id = secretOfIncident(key);
  expect(id && secretNameOf(id)).toBe(secret);
});

describe('an incident of an episode', () => {
  const id = `${SECRET}#20261124-1`;
  const record = recordOf({ [HEALTH_ANNOTATION]: writeHealth(sick({ id })) });

  test('is that of the one that is open, critical or not, and its key cut to fit too', () => {
    expect(isOfClosedEpisode(id, SECRET, record)).toBe(false);
    expect(isOfClosedEpisode(`${id}/critical`, SECRET, record)).toBe(false);
    const long = `projects/123456789012/secrets/${'s'.repeat(220)}`;
    const open = recordOf({ [HEALTH_ANNOTATION]: writeHealth(sick({ id: `${long}#20261124-1` })) });
    expect(isOfClosedEpisode(boundedKey(`${long}#20261124-1/critical`, 255), long, open)).toBe(false);
  });

  test('is over where another one is open, or none, or what is remembered cannot be read', () => {
    expect(isOfClosedEpisode(`${SECRET}#20261123-1`, SECRET, record)).toBe(true);
    expect(isOfClosedEpisode(id, SECRET, recordOf({}))).toBe(true);
    expect(isOfClosedEpisode(id, SECRET, recordOf({ [HEALTH_ANNOTATION]: '?' }))).toBe(true);
  });

  test('is no other incident of the secret', () => {
    expect(isOfClosedEpisode(`${SECRET}/aging`, SECRET, recordOf({}))).toBe(false);
  });
});

test('a long name leaves room for where it comes from', () => {
  expect(acknowledgerOf({ who: 'Jane' })).toBe('Jane at PagerDuty');
  expect(acknowledgerOf({ who: 'ü'.repeat(200) })).toMatch(/^ü+… at PagerDuty$/);
});

describe('what it does to the silence of the secret', () => {
  const HOURS = 4;
  const heard = (fields: Partial<Acknowledgement> = {}): Acknowledgement => ({
    is: 'acknowledged',
    key: `${SECRET}#1`,
    who: 'Jane',
    at: NOW,
    ...fields,
  });
  const THEIRS = { owner: 'ada', reason: 'moving' };
  const OURS = { owner: 'Jane at PagerDuty', reason: 'acknowledged at PagerDuty' };
  const silenced = (silence: typeof OURS, hours: number) =>
    recordOf({ [SILENCE_ANNOTATION]: writeSilence({ ...silence, until: ahead(hours) }) });
  const wish = (heardNow: Acknowledgement, record = recordOf({})) => wishOf(heardNow, HOURS, record, NOW);

  test('an acknowledgement silences it from then on, and anew when it comes later', () => {
    expect(wish(heard())).toEqual({ silence: { ...OURS, until: ahead(HOURS) } });
    expect(wish(heard(), silenced(OURS, 1))).toEqual({ silence: { ...OURS, until: ahead(HOURS) } });
    expect(wish(heard(), silenced(THEIRS, -1))).toHaveProperty('silence');
    expect(wish(heard(), silenced(OURS, -1))).toHaveProperty('silence');
  });

  test('the same one again changes nothing, also after its silence was ended', () => {
    expect(wish(heard(), silenced(OURS, HOURS))).toEqual({ ignored: 'it is silenced already' });
    expect(wish(heard({ at: ago(1) }), silenced(OURS, -0.5))).toEqual({ ignored: 'its silence was ended since' });
  });

  test('the silence that a person set stands', () => {
    expect(wish(heard(), silenced(THEIRS, 1))).toEqual({ ignored: 'it is silenced already' });
    const back = heard({ is: 'unacknowledged' });
    expect(wish(back, silenced(THEIRS, 1))).toEqual({ ignored: 'its silence was not set by an acknowledgement' });
  });

  test('taking it back ends the silence that it set, and no later one', () => {
    const back = heard({ is: 'unacknowledged' });
    expect(wish(back, silenced(OURS, 1))).toEqual({ silence: undefined });
    expect(wish(back)).toEqual({ ignored: 'there is no silence to end' });
    expect(wish(heard({ is: 'unacknowledged', at: ago(1) }), silenced(OURS, HOURS))).toEqual({
      ignored: 'it was acknowledged again since',
    });
  });
});
