import { describe, expect, test } from '@jest/globals';
import { CAUSES, isCause, type Cause } from '../../../../src/core/causes/causes.ts';
import { attributesOf, eventOf, orderingKeyOf } from '../../../../src/core/alerts/event/event.ts';
import { diagnosisOf } from '../../../../src/core/health/finding.ts';
import {
  NOTICE_TYPES,
  gravityOf,
  severityOf,
  type Notice,
  type NoticeType,
} from '../../../../src/core/alerts/notice.ts';
import { headlineOf } from '../../../../src/core/alerts/headline.ts';
import { noticeText, whoOf, whyOf } from '../../../../src/core/alerts/notice-text.ts';
import { plusMs } from '../../../../src/core/values/time.ts';
import { EPISODE, eventFor, FINDING, NOTICES, NOW, ORIGIN, SECRET } from '../../../support/notices.ts';

const MINUTE = 60_000;
const later = (ms: number) => ({ ...ORIGIN, now: plusMs(NOW, ms) });
const idOf = (notice: Notice, afterMs = 0) => eventOf(notice, later(afterMs)).id;

describe('the id of an event', () => {
  test.each(NOTICE_TYPES.filter((type) => type !== 'fleet.heartbeat' && type !== 'alert.test'))(
    'of %s is the same when it is announced again after a crash',
    (type) => {
      expect(idOf(NOTICES[type], 7 * MINUTE)).toBe(idOf(NOTICES[type]));
    },
  );

  test.each(['fleet.heartbeat', 'alert.test'] as const)('of %s differs from run to run', (type) => {
    expect(idOf(NOTICES[type], MINUTE)).not.toBe(idOf(NOTICES[type]));
  });

  test('differs between all kinds of notices', () => {
    expect(new Set(NOTICE_TYPES.map((type) => idOf(NOTICES[type]))).size).toBe(NOTICE_TYPES.length);
  });

  test('differs when the same episode says something new', () => {
    const { 'key.unhealthy': opened, 'key.reminder': reminder } = NOTICES;
    const said: readonly Notice[] = [
      opened,
      { type: 'key.unhealthy', finding: FINDING, episode: { ...EPISODE, severity: 'error' } },
      { type: 'key.unhealthy', finding: FINDING, episode: { ...EPISODE, id: `${SECRET}#20261124-2` } },
      reminder,
      { type: 'key.reminder', finding: FINDING, episode: { ...EPISODE, reminders: 3 } },
    ];
    expect(new Set(said.map((notice) => idOf(notice))).size).toBe(said.length);
  });

  test.each(['key.unhealthy', 'key.reminder', 'key.recovered', 'key.unwatched'] as const)(
    'is of the secret that it is said of, whatever an episode calls itself (I16): %s',
    (type) => {
      const said = NOTICES[type];
      const foreign = { ...said, episode: { ...said.episode, id: 'projects/1/secrets/other#20261124-1' } };
      expect(eventOf(said, ORIGIN).data.thread).toBe(EPISODE.id);
      expect(eventOf(foreign, ORIGIN).data.thread).toBe(`${SECRET}#of-unknown-origin`);
      expect(JSON.stringify(eventOf(foreign, ORIGIN))).not.toContain('secrets/other');
    },
  );

  test('of an outage is as steady, and its thread is the same to the end', () => {
    const outage = NOTICES['fleet.outage'];
    const { episode } = outage;
    expect(idOf(outage, 29 * MINUTE)).toBe(idOf(outage));
    const worse: Notice = { ...outage, episode: { ...episode, severity: 'critical' } };
    const reminder: Notice = { ...outage, episode: { ...episode, reminders: 1 } };
    const said = [outage, worse, reminder, NOTICES['fleet.recovered']];
    expect(new Set(said.map((notice) => idOf(notice))).size).toBe(said.length);
    expect(new Set(said.map((notice) => eventOf(notice, ORIGIN).data.thread)).size).toBe(1);
  });

  test.each([
    ['version.changed', { change: 'destroyed' }],
    ['version.changed', { at: NOW }],
    ['version.changed', { version: 4 }],
    ['rotation.held', { holds: 2 }],
    ['rotation.held', { holds: undefined }],
    ['rotation.opened', { rotation: 'kw-app-key-8' }],
    ['key.aging', { ageDays: 92 }],
    ['key.aging', { version: 4 }],
    ['rotation.proposed', { plan: 'f'.repeat(32) }],
    ['rotation.proposed', { until: NOW }],
    ['rotation.planned', { version: 4 }],
    ['rotation.planned', { startsAt: NOW }],
  ] as const)('of %s differs for %j', (type, change) => {
    expect(idOf({ ...NOTICES[type], ...change })).not.toBe(idOf(NOTICES[type]));
  });
});

describe('an event', () => {
  test('is a CloudEvent about its secret', () => {
    const { data: _, ...envelope } = eventFor('key.unhealthy');
    expect(envelope).toEqual({
      specversion: '1.0',
      id: `${SECRET}#20261124-1/key.unhealthy/critical/key_leaked`,
      source: '//gemini-key-warden/projects/ops-prod',
      type: 'key-warden.key.unhealthy.v1',
      time: '2026-11-24T09:30:00.000Z',
      subject: SECRET,
      datacontenttype: 'application/json',
    });
  });

  test('that ends what channels were quiet about says who wanted that', () => {
    const silence = { owner: 'ada', reason: 'moving to a new project.', until: NOW };
    expect(eventOf({ ...NOTICES['key.recovered'], silence }, ORIGIN).data.why).toBe(
      'the trouble is over (the key was reported as leaked); channels were quiet about it until 2026-11-24 09:30 UTC, as ada wanted: moving to a new project',
    );
  });

  test('carries the attributes that subscriptions filter on, and those of CloudEvents', () => {
    expect(attributesOf(eventFor('key.unhealthy'))).toEqual({
      'label-team': 'search',
      'label-service': 'api',
      type: 'key.unhealthy',
      severity: 'critical',
      secret: SECRET,
      cause: 'key_leaked',
      'ce-specversion': '1.0',
      'ce-id': `${SECRET}#20261124-1/key.unhealthy/critical/key_leaked`,
      'ce-source': '//gemini-key-warden/projects/ops-prod',
      'ce-type': 'key-warden.key.unhealthy.v1',
      'ce-time': '2026-11-24T09:30:00.000Z',
    });
    expect(Object.keys(attributesOf(eventFor('fleet.heartbeat')))).not.toContain('secret');
    expect(Object.keys(attributesOf(eventFor('fleet.heartbeat')))).not.toContain('cause');
  });

  test('is ordered with the other events of its secret, and those of the fleet with each other', () => {
    expect(NOTICE_TYPES.map((type) => orderingKeyOf(eventFor(type))).filter((key) => key !== SECRET)).toEqual([
      'fleet',
      'fleet',
      'fleet',
      'fleet',
      'fleet',
    ]);
  });

  test('of a rotation names who asked for it, and how that is known', () => {
    const notice = { ...NOTICES['rotation.opened'], by: { who: 'jane', is: 'claimed' } } as const;
    expect(eventOf(notice, ORIGIN).data.detail).toMatchObject({ by: { who: 'jane', is: 'claimed' } });
    const turned = { ...notice, steered: { to: 'resume', by: { who: 'ann', is: 'verified' } } } as const;
    expect(eventOf(turned, ORIGIN).data.detail).toMatchObject({
      by: { who: 'jane', is: 'claimed' },
      steered: { to: 'resume', by: { who: 'ann', is: 'verified' } },
    });
    expect(eventOf(NOTICES['rotation.opened'], ORIGIN).data.detail).not.toHaveProperty('by');
    const asking = eventOf({ ...NOTICES['rotation.planned'], asksFrom: NOW }, ORIGIN).data;
    expect(asking.detail).toMatchObject({ asksFrom: '2026-11-24T09:30:00.000Z' });
    expect(asking.why).toContain(
      'is 90 days old, once somebody agreed who may approve (KEY_WARDEN_APPROVERS) and is asked from ',
    );
    expect(eventOf(NOTICES['rotation.planned'], ORIGIN).data.detail).not.toHaveProperty('asksFrom');
    const bySchedule = { ...NOTICES['rotation.proposed'], by: undefined };
    expect(eventOf(bySchedule, ORIGIN).data.detail).not.toHaveProperty('by');
  });

  test('repeats no key, wherever one got in', () => {
    const key = `AI${'za'}${'x'.repeat(35)}`;
    const diagnosis = { ...diagnosisOf('unknown', `it said ${key}`), reason: 'R' };
    const lint = [{ kind: 'quoted', says: `quoted ${key}`, cure: { do: 'x' } }] as const;
    const notices: readonly Notice[] = [
      { type: 'key.unhealthy', episode: EPISODE, finding: { ...FINDING, diagnosis, lint, notes: [key] } },
      { ...NOTICES['rotation.held'], why: key },
      { type: 'alert.test', askedBy: key },
      { ...NOTICES['fleet.outage'], message: key },
    ];
    for (const notice of notices) {
      expect(JSON.stringify(eventOf(notice, ORIGIN))).not.toContain(key);
      expect(JSON.stringify(eventOf(notice, ORIGIN))).toContain('[redacted key]');
    }
  });

  test('is bounded, whatever a finding holds', () => {
    const lint = Array.from(
      { length: 40 },
      () => ({ kind: 'quoted', says: 's'.repeat(5000), cure: { do: 'cure' } }) as const,
    );
    const notes = Array.from({ length: 40 }, () => 'n'.repeat(5000));
    const finding = { ...FINDING, diagnosis: diagnosisOf('key_leaked', 'm'.repeat(5000)), lint, notes };
    const event = eventOf({ type: 'key.unhealthy', episode: EPISODE, finding }, ORIGIN);
    expect(JSON.stringify(event).length).toBeLessThan(20_000);
    expect(event.data.detail['lint']).toHaveLength(10);
    expect(event.data.detail['notes']).toHaveLength(10);
  });

  test('leaves out what is not known', () => {
    const { version: _version, keyKind: _kind, ...finding } = FINDING;
    const { data } = eventOf({ type: 'key.unhealthy', episode: EPISODE, finding }, ORIGIN);
    expect(data.who).toBe('app-key in demo-project (current)');
    expect(data.detail).toMatchObject({ version: undefined, keyKind: undefined, reason: undefined });
    expect(eventFor('key.recovered').data.next).toBeUndefined();
  });

  test('names for every cause what to do, and the command of that step, if it runs as it stands', () => {
    for (const cause of Object.keys(CAUSES).filter(isCause)) {
      const { data } = eventOf({ type: 'key.unhealthy', finding: FINDING, episode: { ...EPISODE, cause } }, ORIGIN);
      const [first = ''] = data.detail['remedy'] as readonly string[];
      expect([cause, first]).toEqual([cause, expect.stringContaining(`${data.step}`)]);
      if (data.next !== undefined) {
        expect([cause, first]).toEqual([cause, expect.stringContaining(`${data.step} \`${data.next}\``)]);
        expect(data.next).toMatch(/^(?:key-warden|gcloud|curl) (?!.*(?:[A-Z]{3}|\$))/);
      }
      expect([cause, data.step]).toEqual([cause, expect.stringMatching(/\w{3}/)]);
      expect(data.runbook).toBe(`https://docs.example/runbook.md#${cause}`);
    }
  });

  test.each([
    ['rotation.held', 'held-rotation'],
    ['name.unproven', 'name-not-proven'],
    ['rotation.completed', 'where-to-start'],
    ['version.changed', 'version_disabled'],
    ['leak.reported', 'key_leaked'],
    ['key.unusual', 'unusual-use'],
    ['alert.test', 'alerts-do-not-arrive'],
  ] as const)('of %s leads to the runbook’s section %s', (type, section) => {
    expect(eventFor(type).data.runbook).toBe(`https://docs.example/runbook.md#${section}`);
  });

  test('of a version that cannot come back leads to that section', () => {
    const { data } = eventOf({ ...NOTICES['version.changed'], change: 'destroyed' }, ORIGIN);
    expect(data.runbook).toContain('#version_destroyed');
  });

  test('offers no command that would be refused for want of an account: the successor of a standard key needs one', () => {
    const finding = { ...FINDING, keyKind: 'standard' } as const;
    const { step, next } = eventOf({ type: 'key.unhealthy', finding, episode: EPISODE }, ORIGIN).data;
    expect(next).toBeUndefined();
    expect(step).toContain('--emergency --service-account=SERVICE_ACCOUNT_EMAIL`');
  });

  test('names for an outage what asks about all secrets', () => {
    const shared = Object.keys(CAUSES)
      .filter(isCause)
      .filter((cause) => CAUSES[cause].verdict === 'unclear');
    for (const cause of [...shared, 'ip_blocked', 'location_unsupported'] as const) {
      const { data } = eventOf({ ...NOTICES['fleet.outage'], cause }, ORIGIN);
      expect([cause, data.next ?? 'key-warden check']).toEqual([
        cause,
        expect.stringMatching(/^(?:key-warden (?:check|status)|curl .*|gcloud .*)$/),
      ]);
      expect([cause, data.next]).not.toEqual([cause, expect.stringMatching(/_ID/)]);
    }
    expect(eventFor('fleet.outage').data).toMatchObject({
      step: 'Try from another network, such as Cloud Shell:',
      next: 'key-warden check',
    });
  });
});

test('a leak is told without the name of its key and without whoever asked, where neither is known', () => {
  const { key: _key, by: _by, ...open } = NOTICES['leak.open'];
  expect(eventOf(open, ORIGIN).data.detail).toEqual({ version: 3, told: 0 });
  const { key, ...closed } = NOTICES['leak.closed'];
  expect(eventOf(closed, ORIGIN).data).toMatchObject({
    why: 'for half an hour Gemini knew no such key',
    detail: { version: 3 },
    thread: eventOf({ ...open, key }, ORIGIN).data.thread,
  });
});

describe('how bad a notice is', () => {
  const expected: Record<NoticeType, string> = {
    'key.unhealthy': 'critical',
    'key.unclear': 'warning',
    'key.reminder': 'critical',
    'key.recovered': 'info',
    'key.unwatched': 'warning',
    'key.unusual': 'warning',
    'key.aging': 'warning',
    'rotation.planned': 'info',
    'rotation.proposed': 'warning',
    'secret.warning': 'warning',
    'version.changed': 'critical',
    'rotation.opened': 'info',
    'rotation.promoted': 'info',
    'rotation.completed': 'info',
    'rotation.abandoned': 'warning',
    'rotation.held': 'error',
    'name.unproven': 'error',
    'silence.set': 'warning',
    'silence.ended': 'info',
    'freeze.set': 'warning',
    'freeze.ended': 'info',
    'rotation.due': 'warning',
    'leak.open': 'critical',
    'leak.closed': 'info',
    'leak.reported': 'critical',
    'inventory.news': 'error',
    'fleet.outage': 'error',
    'fleet.recovered': 'info',
    'fleet.heartbeat': 'warning',
    'alert.test': 'info',
  };

  test.each(NOTICE_TYPES)('%s', (type) => {
    expect(severityOf(NOTICES[type])).toBe(expected[type]);
  });

  test('depends on whether consumers read the changed version, and on whether a run saw every secret', () => {
    expect(severityOf({ ...NOTICES['version.changed'], isCurrent: false })).toBe('warning');
    expect(severityOf({ ...NOTICES['fleet.heartbeat'], seen: 10 })).toBe('info');
  });

  test('for a route, an end weighs as much as what it ends', () => {
    expect(gravityOf(NOTICES['key.recovered'])).toBe('critical');
    expect(gravityOf(NOTICES['key.unwatched'])).toBe('critical');
    expect(gravityOf(NOTICES['leak.closed'])).toBe('critical');
    expect(gravityOf(NOTICES['silence.ended'])).toBe('warning');
    expect(gravityOf(NOTICES['freeze.ended'])).toBe('warning');
    expect(gravityOf(NOTICES['fleet.recovered'])).toBe('error');
    expect(gravityOf(NOTICES['rotation.completed'])).toBe('error');
    expect(gravityOf({ ...NOTICES['rotation.completed'], holds: undefined })).toBe('info');
    expect(gravityOf(NOTICES['rotation.opened'])).toBe('info');
  });
});

describe('a notice in one sentence', () => {
  const sentences: Record<NoticeType, string> = {
    'key.unhealthy':
      'app-key · the key was reported as leaked · demo-project: Your API key was reported as leaked. Please use another API key. Since 2026-11-24 03:00 UTC.',
    'key.unclear': 'app-key · no answer in time · demo-project. Since 2026-11-24 03:00 UTC.',
    'key.reminder':
      'app-key · still: the key was reported as leaked · demo-project: Your API key was reported as leaked. Please use another API key. Since 2026-11-24 03:00 UTC.',
    'key.recovered':
      'app-key · works again · demo-project: the trouble is over (the key was reported as leaked). It began at 2026-11-24 03:00 UTC.',
    'key.unwatched':
      'app-key · no longer watched · demo-project: its secret lost the label key-warden=managed, so nobody sees whether the trouble is over (the key was reported as leaked). Since 2026-11-24 03:00 UTC.',
    'key.unusual':
      'app-key · unusual use of the key · demo-project: 2400 requests in the hour from 2026-11-24 03:00 UTC on, lately by GenerateContent; usual there are 20, and up to 80 would pass. A launch looks like a theft.',
    'key.aging':
      'app-key · key is getting old · demo-project: 83 days old, and the policy allows 90; no rotation begins by itself (KEY_WARDEN_ROTATIONS_MAX is 0).',
    'rotation.planned':
      'app-key · rotation planned · demo-project: it begins by itself from 2026-12-01 09:00 UTC on, when the key is 90 days old; consumers keep the old key until the new one is proven.',
    'rotation.proposed':
      'app-key · rotation waits for approval · demo-project: it replaces the key of version 3; the same key serves 1 other secret: chat-key; asked for by ci@ops-prod.iam.gserviceaccount.com (verified). It lapses at 2026-11-27 03:00 UTC.',
    'secret.warning':
      'app-key · secret needs care · demo-project: Secret Manager deletes it with all its versions at 2026-11-29 00:00 UTC.',
    'version.changed':
      'app-key · version 3 disabled by somebody else · demo-project: disabled at 2026-11-24 03:00 UTC; consumers read this version.',
    'rotation.opened':
      'app-key · rotation begun · demo-project (version 3): a new key is on its way; consumers keep the old one until it is proven (begun because of: leaked).',
    'rotation.promoted':
      'app-key · new key in use · demo-project (version 3 → 4): consumers get the new key; the old one stays enabled until nobody uses it (begun because of: leaked).',
    'rotation.completed':
      'app-key · rotation completed · demo-project (version 3 → 4): the old key was disabled (begun because of: leaked).',
    'rotation.abandoned':
      'app-key · rotation abandoned · demo-project (version 3): the new key was refused for 30 minutes (begun because of: leaked).',
    'name.unproven':
      'app-key · a name on record is not proven · demo-project: rotation kw-app-key-7: projects/123456789012/locations/global/keys/chat is not proven to be a key of it; nothing was done with it.',
    'silence.set':
      'app-key · alerts silenced · demo-project: channels are quiet about it until 2026-11-24 12:00 UTC: moving to a new project, wanted by ada@example.com, set by ada (claimed).',
    'silence.ended':
      'app-key · alerts heard again · demo-project: it would have lasted until 2026-11-24 12:00 UTC: moving to a new project, wanted by ada@example.com, ended by ada (claimed).',
    'freeze.set':
      'app-key · rotations frozen · demo-project: no planned rotation of all secrets of demo-project begins until 2026-11-24 12:00 UTC: moving to a new project, wanted by ada@example.com, set by ada (claimed).',
    'freeze.ended':
      'app-key · rotations no longer frozen · demo-project: that of all secrets of demo-project would have lasted until 2026-11-24 12:00 UTC: moving to a new project, wanted by ada@example.com, ended by ada (claimed).',
    'rotation.due':
      'app-key · rotation is due and waits · demo-project: because of: age; ada froze all secrets until 2026-12-01 08:00 UTC: year end; the next one may begin 2026-12-01 08:00 UTC.',
    'rotation.held':
      'app-key · rotation waits for a person · demo-project (version 3 → 4): the old key is still used: 120 requests in 6 hours (begun because of: leaked).',
    'leak.open':
      'app-key · leaked key is not proven dead · demo-project: its issuer has it as projects/123456789012/locations/global/keys/old, and it is not deleted. Open since 2026-11-24 03:00 UTC.',
    'leak.closed':
      'app-key · leaked key is dead · demo-project: it is deleted at its issuer, and Gemini refused it for half an hour.',
    'leak.reported':
      'app-key · key is reported as leaked · demo-project: GitHub (https://github.com/acme/shop/security/secret-scanning/7) reports that its key leaked; consumers read it as current.',
    'inventory.news':
      '2 keys · key that no secret holds · demo-project: projects/123456789012/locations/global/keys/chat: no secret that was looked through holds it, and it is in use: last 2026-11-23; projects/123456789012/locations/global/keys/batch: no secret that was looked through holds it, and it is in use: last 2026-11-23.',
    'fleet.outage':
      '9 of 10 secrets · something on the way refuses us · no key is blamed: a web page. Since 2026-11-24 03:00 UTC.',
    'fleet.recovered':
      '10 secrets · no longer fail alike: the trouble is over (something on the way refuses us). It began at 2026-11-24 03:00 UTC.',
    'fleet.heartbeat': 'check ran: 9 of 10 secrets checked: 8 works, 1 dead, 0 blocked, 0 throttled, 0 unclear.',
    'alert.test': 'test alert: asked for by ana@example.com: this is only a test; nothing is wrong.',
  };

  test.each(NOTICE_TYPES)('%s', (type) => {
    expect(noticeText(NOTICES[type])).toBe(sentences[type]);
  });

  test.each([
    [{}, 'app-key in demo-project (version 3 as current, authorization key)'],
    [{ keyKind: 'standard' } as const, 'app-key in demo-project (version 3 as current, standard key)'],
    [{ keyKind: 'unknown' } as const, 'app-key in demo-project (version 3 as current)'],
    [{ version: undefined, readAs: 'latest', keyKind: undefined }, 'app-key in demo-project (latest)'],
  ])('with %j is about %s', (change, who) => {
    expect(whoOf({ type: 'key.unhealthy', episode: EPISODE, finding: { ...FINDING, ...change } })).toBe(who);
  });

  const found = (cause: Cause, message: string, more: { readonly reason?: string } = {}) =>
    whyOf({
      type: 'key.reminder',
      episode: { ...EPISODE, cause: 'billing_disabled' },
      finding: { ...FINDING, diagnosis: { ...diagnosisOf(cause, message), ...more } },
    });

  test.each([
    ['Pay first.', 'billing is off: Pay first'],
    ['', 'billing is off'],
    ['billing is off.', 'billing is off'],
    ['billing is off (HTTP 403)', 'billing is off (HTTP 403)'],
  ])('says what Google said, and nothing twice: %j', (message, why) => {
    expect(found('billing_disabled', message)).toBe(why);
  });

  test('gives Google’s reason', () => {
    const reason = 'BILLING_DISABLED';
    expect(found('billing_disabled', 'Pay first.', { reason })).toBe('billing is off (BILLING_DISABLED): Pay first');
    expect(found('billing_disabled', '', { reason })).toBe('billing is off (BILLING_DISABLED)');
    expect(found('billing_disabled', 'billing is off (HTTP 403)', { reason })).toBe(
      'billing is off (HTTP 403) (BILLING_DISABLED)',
    );
  });

  test('keeps apart what the episode is about and what the last check found', () => {
    expect(found('timeout', 'no answer within 10 s')).toBe(
      'billing is off; the last check: no answer in time: no answer within 10 s',
    );
  });

  test.each([
    ['key_leaked', 'app-key · the key was reported as leaked · demo-project'],
    ['billing_disabled', 'app-key · billing is off · demo-project · a new key will not help'],
    ['quota_exceeded', 'app-key · the quota is used up · demo-project · a new key will not help'],
    // nothing was learned about the key, so nothing is said of another one
    ['network', 'app-key · Google could not be reached · demo-project'],
  ] as const)('begins with all that is needed to decide whether to get up: %s', (cause, line) => {
    const notice = { ...NOTICES['key.unhealthy'], episode: { ...EPISODE, cause } } as Notice;
    expect(headlineOf(notice)).toBe(line);
  });

  test('says in the sentence what the last check found, where that is something else', () => {
    const finding = { ...FINDING, diagnosis: diagnosisOf('timeout', 'no answer within 10 s') };
    expect(noticeText({ type: 'key.reminder', episode: EPISODE, finding })).toContain(
      'demo-project: the last check: no answer in time: no answer within 10 s.',
    );
  });

  test('of a project’s outage names the project, in words and as a field, and what to do there', () => {
    const outage = { ...NOTICES['fleet.outage'], cause: 'billing_disabled', project: 'search-prod' } as const;
    expect(noticeText(outage)).toContain(
      '9 of 10 secrets · billing is off · search-prod · no key is blamed: a web page',
    );
    expect(whoOf(outage)).toBe('9 of 10 secrets in search-prod');
    const over = { ...NOTICES['fleet.recovered'], project: 'search-prod' };
    expect(noticeText(over)).toContain('10 secrets · no longer fail alike · search-prod');
    expect(whoOf(over)).toBe('10 secrets in search-prod');
    const { data } = eventOf(outage, ORIGIN);
    expect(data).toMatchObject({ project: 'search-prod', step: expect.stringMatching(/^Find out which project owns/) });
    expect(eventOf({ ...outage, keyProject: '4711' }, ORIGIN).data).toMatchObject({
      step: 'See what is linked:',
      next: 'gcloud billing projects describe 4711',
    });
  });

  test('says only what a rotation has', () => {
    const { from: _, ...rotation } = NOTICES['rotation.opened'] as Extract<Notice, { rotation: string }>;
    expect(whoOf(rotation)).toBe('app-key in demo-project');
  });

  test.each(['destroyed', 'destruction_scheduled'] as const)('of a version that was %s', (change) => {
    const words = { destroyed: 'destroyed at', destruction_scheduled: 'set to be destroyed at' };
    const text = noticeText({ ...NOTICES['version.changed'], change, isCurrent: false });
    expect(text).toContain(words[change]);
    expect(text).not.toContain('consumers');
  });
});
