import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../../../src/core/alerts/channels/channel.ts';
import { calledBy } from '../../../../src/core/alerts/channels/mention.ts';
import { RENDER } from '../../../../src/core/alerts/channels/render.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { eventFor } from '../../../support/notices.ts';

const channel = (mentions?: Channel['mentions']): Channel => ({
  name: 'ops',
  kind: 'slack',
  credential: 'projects/p/secrets/slack',
  severityMin: 'info',
  mentions,
});

describe('a channel calls', () => {
  test('nobody where its settings name nobody', () => {
    expect(calledBy(channel(), eventFor('key.unhealthy').data)).toEqual([]);
  });

  test('people when something begins or is still so, never at its end, for a test, or for news', () => {
    const everybody = channel([{ who: 'U1', severityMin: 'info' }]);
    expect(NOTICE_TYPES.filter((type) => calledBy(everybody, eventFor(type).data).length > 0)).toEqual([
      'key.unhealthy',
      'key.unclear',
      'key.reminder',
      'name.unproven',
      'rotation.held',
      'leak.open',
      'leak.reported',
      'fleet.outage',
    ]);
  });

  test('each person once, from the severity on that they asked for, for the secrets with their labels', () => {
    const chosen = channel([
      { who: 'U1', severityMin: 'error', labels: { team: ['search'] } },
      { who: 'U1', severityMin: 'critical' },
      { who: 'U2', severityMin: 'critical', labels: { team: ['ads'] } },
      { who: 'S3', severityMin: 'critical' },
    ]);
    expect(calledBy(chosen, eventFor('key.unhealthy').data)).toEqual(['U1', 'S3']);
    expect(calledBy(chosen, eventFor('key.unclear').data)).toEqual([]);
    expect(calledBy(chosen, eventFor('fleet.outage').data)).toEqual([]);
  });
});

describe('whom it calls is written', () => {
  const said = (kind: 'slack' | 'google-chat' | 'teams', called: readonly string[]) =>
    JSON.stringify(RENDER[kind](eventFor('key.unhealthy'), called)[0]?.body);

  test('in the signs of Slack', () => {
    expect(said('slack', ['U1', 'S2', 'here', 'channel'])).toContain('<@U1> <!subteam^S2> <!here> <!channel>');
  });

  test('in the signs of Google Chat', () => {
    expect(said('google-chat', ['123', 'all'])).toContain('"text":"<users/123> <users/all>\\n');
  });

  test('in a tag of Teams, with whom it means', () => {
    const text = said('teams', ['ada@example.com']);
    expect(text).toContain('"text":"<at>ada@example.com</at>","wrap":true');
    expect(text).toContain(
      '"entities":[{"type":"mention","text":"<at>ada@example.com</at>","mentioned":{"id":"ada@example.com","name":"ada@example.com"}}]',
    );
  });

  test('and a label calls nobody, whatever it says', () => {
    const event = eventFor('key.unhealthy');
    const labels = { team: '<!channel> <users/all> <at>ada@example.com</at> @here' };
    const spoiled = { ...event, data: { ...event.data, labels } };
    const slack = JSON.stringify(RENDER.slack(spoiled));
    expect(slack).not.toMatch(/<!channel>|@here/);
    expect(JSON.stringify(RENDER['google-chat'](spoiled))).not.toContain('<users/all>');
    expect(JSON.stringify(RENDER.teams(spoiled))).not.toContain('"entities"');
  });
});
