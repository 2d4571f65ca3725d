import { describe, expect, test } from '@jest/globals';
import { digestOn, groupOf } from '../../support/digests.ts';
import { RENDER } from '../../../src/core/alerts/channels/render.ts';
import { calledBy } from '../../../src/core/alerts/channels/mention.ts';
import type { Channel } from '../../../src/core/alerts/channels/channel.ts';
import { saidOn } from '../../../src/core/alerts/digest.ts';
import { eventFor, NOTICES, troubleOf } from '../../support/notices.ts';
import { expectGolden } from '../../support/golden.ts';

const GOLDEN = new URL('../../golden/', import.meta.url);
const CHAT: Channel = { name: 'ops', kind: 'slack', credential: 'projects/p/secrets/slack', severityMin: 'info' };

const MORNING = [
  troubleOf('chat', 'key_leaked'),
  ...['ads', 'maps', 'search'].map((id) => troubleOf(id, 'billing_disabled')),
  troubleOf('beta', 'timeout', 'key.unclear'),
];

describe('several troubles that one run tells', () => {
  test('are one message for people, said by the worst of them', () => {
    const events = groupOf(MORNING);
    const said = events.map((event) => saidOn([CHAT], CHAT, event));
    expect(said.map((event) => event?.data.headline)).toEqual([
      '5 secrets · the key was reported as leaked (1), billing is off (3), no answer in time (1) · demo-project',
      ...[1, 2, 3, 4].map(() => undefined),
    ]);
    expect(said[0]?.data).toMatchObject({
      severity: 'critical',
      gravity: 'critical',
      why: 'the key was reported as leaked: chat; billing is off: ads, maps, search; no answer in time: beta',
      next: 'key-warden status',
      runbook: 'https://docs.example/runbook.md#where-to-start',
      detail: { secrets: events.map(({ data }) => data.secret) },
    });
    expect(said[0]?.data).not.toHaveProperty('secret');
    expect(said[0]?.data.links?.map(({ name }) => name)).toEqual(['Dashboard']);
    expect(new Set(events.map(({ data }) => data.group)).size).toBe(1);
  });

  test.each(['pagerduty', 'jira-service-management', 'alertmanager', 'webhook'] as const)(
    'are one incident each on %s, for each has its own end',
    (kind) => {
      const channel = { ...CHAT, kind };
      const events = groupOf(MORNING);
      for (const event of events) {
        const { together: _, ...data } = event.data;
        expect(saidOn([channel], channel, event)).toEqual({ ...event, data });
      }
    },
  );

  test('with others than before is another message, to whoever drops what it has by its id', () => {
    const [five, four] = [digestOn(CHAT, MORNING), digestOn(CHAT, MORNING.slice(0, 4))];
    expect(five.id).not.toBe(four.id);
    expect(digestOn(CHAT, MORNING).id).toBe(five.id);
  });

  test('are joined at PagerDuty by a word that they have in common', () => {
    const groups = groupOf(MORNING).flatMap((event) => RENDER.pagerduty(event).map(({ body }) => body));
    expect(groups).toEqual(
      groups.map(() => expect.objectContaining({ payload: expect.objectContaining({ group: 'bptk14' }) })),
    );
  });

  test('of one cause say what that means, and whether a new key is any use', () => {
    const said = digestOn(CHAT, MORNING.slice(1, 4));
    expect(said.data).toMatchObject({
      headline: '3 secrets · billing is off · demo-project · a new key will not help',
      cause: 'billing_disabled',
      usersFeel: expect.any(String),
    });
    expect(said.data.runbook).not.toContain('where-to-start');
  });

  test('keys that get old are one message too, with the moment of none and the names of all', () => {
    const planned = ['maps', 'chat'].map((id) => ({
      ...NOTICES['rotation.planned'],
      secret: `projects/demo-project/secrets/${id}`,
    }));
    const { data } = digestOn(CHAT, planned);
    expect(data).toMatchObject({
      headline: '2 secrets · rotation planned · demo-project',
      why: 'rotation planned: maps, chat',
      severity: 'info',
      next: 'key-warden status',
    });
    expect(data.cause).toBeUndefined();
  });

  test('requests for approval are one message, with every name and one command for all that it names', () => {
    const group = 'ab'.repeat(16);
    const asked = Array.from({ length: 12 }, (_, at) => ({
      ...NOTICES['rotation.proposed'],
      secret: `projects/123456789012/secrets/app-${at}`,
      group,
    }));
    const { data } = digestOn(CHAT, asked);
    expect(data).toMatchObject({
      headline: '12 secrets · rotation waits for approval · demo-project',
      next: `key-warden approve --group ${group}`,
      step: 'If you agree to all of them, as somebody who asked for none:',
    });
    expect(data.why).toContain('app-11');
    const narrow: Channel = { ...CHAT, secrets: ['app-1', 'app-2'] };
    const some = groupOf(asked)
      .slice(1, 3)
      .flatMap((event) => saidOn([narrow], narrow, event) ?? []);
    expect(some).toMatchObject([{ data: { next: 'key-warden status' } }]);
    expect(
      digestOn(
        CHAT,
        asked.map((one) => ({ ...one, group: undefined })),
      ).data.next,
    ).toBe('key-warden status');
  });

  test('that last or are over say so, and the end asks for nothing', () => {
    const kinds = (type: 'key.reminder' | 'key.recovered') =>
      digestOn(CHAT, [troubleOf('a', 'key_leaked', type), troubleOf('b', 'key_leaked', type)]).data;
    expect(kinds('key.reminder').headline).toBe('2 secrets · still: the key was reported as leaked · demo-project');
    expect(kinds('key.recovered').headline).toBe('2 secrets · work again · demo-project');
    expect(kinds('key.recovered')).not.toHaveProperty('next');
    expect(kinds('key.recovered').usersFeel).toBeUndefined();
  });

  test('of several projects and of many causes and names are cut short', () => {
    const causes = ['key_leaked', 'key_invalid', 'key_expired', 'billing_disabled'] as const;
    const many = causes.flatMap((cause) => Array.from({ length: 10 }, (_, at) => troubleOf(`${cause}-${at}`, cause)));
    const elsewhere = {
      ...troubleOf('z', 'key_leaked'),
      finding: { ...troubleOf('z', 'key_leaked').finding, project: 'other' },
    };
    const { headline, who, why } = digestOn(CHAT, [...many, elsewhere]).data;
    expect(headline).toMatch(/^41 secrets · .* and 1 more$/);
    expect(who).toBe('41 secrets');
    expect(why).toContain('and 2 more');
  });

  test('go each to the channel that wants it, and what is alone there is told in full', () => {
    const dear: Channel = { ...CHAT, name: 'dear', causes: ['key_leaked'] };
    const search = { ...CHAT, name: 'search', secrets: ['maps', 'search'] };
    const channels = [dear, search];
    const events = groupOf(MORNING);
    const [leak, , maps, other] = events;
    if (leak === undefined || maps === undefined || other === undefined) throw new Error('a morning has five');
    const { together: _, ...data } = leak.data;
    expect(saidOn(channels, dear, leak)).toEqual({ ...leak, data });
    expect(saidOn(channels, search, maps)?.data.headline).toBe(
      '2 secrets · billing is off · demo-project · a new key will not help',
    );
    expect(saidOn(channels, search, other)).toBeUndefined();
  });

  test('call whom any of them would call', () => {
    const mention = { who: 'U1', severityMin: 'critical', labels: { team: ['chat'] } } as const;
    const channel = { ...CHAT, mentions: [mention] };
    const labels = { chat: { team: 'chat' } };
    expect(calledBy(channel, digestOn(channel, MORNING, labels).data)).toEqual(['U1']);
    expect(calledBy(channel, digestOn(channel, MORNING.slice(1), labels).data)).toEqual([]);
  });

  test('say as they stand what is forged: who is not in the list, or what a list cannot be', () => {
    const [event] = groupOf(MORNING);
    if (event?.data.together === undefined) throw new Error('it is told with others');
    const { together, ...data } = event.data;
    const { group: _, ...alone } = data;
    expect(saidOn([CHAT], CHAT, { ...event, data: { ...alone, together } })).toEqual({ ...event, data: alone });
    for (const forged of [
      { ...together, mine: 99 },
      { ...together, of: [] },
    ])
      expect(saidOn([CHAT], CHAT, { ...event, data: { ...data, together: forged } })).toEqual({ ...event, data });
    const bare = together.of.map(({ severity, gravity, notice, headline }) => ({
      severity,
      gravity,
      notice,
      headline,
    }));
    const strange = {
      ...together,
      of: [...bare, { ...bare[0], cause: 'of_tomorrow', secret: 'odd' } as (typeof together.of)[0]],
    };
    expect(saidOn([CHAT], CHAT, { ...event, data: { ...data, together: strange } })?.data.why).toContain(
      'of_tomorrow: odd',
    );
  });

  test('that no group holds are told as ever', () => {
    expect(saidOn([CHAT], CHAT, eventFor('key.unhealthy'))).toEqual(eventFor('key.unhealthy'));
  });
});

describe.each(['slack', 'google-chat', 'teams', 'email'] as const)('a digest on %s', (kind) => {
  test('reads as a person has seen it', async () => {
    const event = digestOn({ ...CHAT, kind }, MORNING);
    await expectGolden(new URL(`${kind}/digest.json`, GOLDEN), RENDER[kind](event));
  });
});
