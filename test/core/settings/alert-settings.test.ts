import { RUNBOOK_ADDRESS } from '../../../src/core/settings/runbook-address.ts';
import { describe, expect, test } from '@jest/globals';
import { ALERT_SETTINGS, NO_ALERTS, originOf, readAlertSettings } from '../../../src/core/settings/alert-settings.ts';

type Environment = Readonly<Partial<Record<keyof typeof ALERT_SETTINGS, string>>>;

function read(environment: Environment, needed = false, pretendUrl?: string) {
  const problems: string[] = [];
  const given = new Map<string, string>(Object.entries(environment));
  const settings = readAlertSettings((name) => given.get(name), needed, pretendUrl, problems);
  return { settings, problems };
}

const ALL: Environment = Object.fromEntries(
  Object.entries(ALERT_SETTINGS).map(([name, { example }]) => [name, example]),
);

const OPS = { name: 'ops', kind: 'slack', credential: 'projects/ops-prod/secrets/slack-ops' };
const choosing = (label: string) => JSON.stringify([{ ...OPS, labels: { [label]: ['x'] } }]);
const mentioning = (label: string) =>
  JSON.stringify([{ ...OPS, mentions: [{ who: 'U12', labels: { [label]: ['x'] } }] }]);

describe('the settings of alerts', () => {
  test('may all be left out', () => {
    expect(read({})).toEqual({ settings: NO_ALERTS, problems: [] });
  });

  test('are read as their own examples show them', () => {
    expect(read(ALL, true)).toEqual({
      problems: [],
      settings: {
        alertTopic: 'projects/ops-prod/topics/key-warden-alerts',
        deliveryTopic: 'projects/ops-prod/topics/key-warden-deliveries',
        deadLetterTopic: 'projects/ops-prod/topics/key-warden-dead-letters',
        channels: [
          { name: 'ops', kind: 'slack', credential: 'projects/ops-prod/secrets/slack-ops', severityMin: 'error' },
        ],
        internalTargets: ['https://hooks.corp.internal', 'smtps://mail.corp.internal:465'],
        runbook: 'https://wiki.example/key-warden/runbook',
        labels: ['team', 'cost-center'],
        dashboard: 'https://console.cloud.google.com/monitoring/dashboards/builder/0a1b2c?project=ops-prod',
        ping: 'projects/ops-prod/secrets/healthcheck-ping',
        silences: 'projects/ops-prod/secrets/key-warden-silences',
        pagerDutySigning: 'projects/ops-prod/secrets/pagerduty-webhook',
      },
    });
  });

  test('carry no label where that is said, and let channels choose by those that they name', () => {
    expect(read({ KEY_WARDEN_EVENT_LABELS: 'none' }).settings.labels).toEqual([]);
    const named = { KEY_WARDEN_EVENT_LABELS: 'cost-center, équipe', KEY_WARDEN_CHANNELS: choosing('cost-center') };
    expect(read(named)).toMatchObject({ problems: [], settings: { labels: ['cost-center', 'équipe'] } });
  });

  test('must name the topics that notify cannot do without', () => {
    expect(read({}, true).problems).toEqual([
      'KEY_WARDEN_DELIVERY_TOPIC is not set: notify cannot deliver without it',
      'KEY_WARDEN_DEAD_LETTER_TOPIC is not set: notify cannot deliver without it',
    ]);
  });

  test.each([
    [{ KEY_WARDEN_ALERT_TOPIC: 'alerts' }, 'KEY_WARDEN_ALERT_TOPIC must be the full name of a topic'],
    [{ KEY_WARDEN_DELIVERY_TOPIC: 'projects/p/subscriptions/x' }, 'KEY_WARDEN_DELIVERY_TOPIC must be'],
    [{ KEY_WARDEN_CHANNELS: 'slack' }, 'KEY_WARDEN_CHANNELS: it must be a JSON list of channels'],
    [{ KEY_WARDEN_INTERNAL_TARGETS: 'https://a.internal,http://b.internal' }, 'KEY_WARDEN_INTERNAL_TARGETS must be'],
    [{ KEY_WARDEN_INTERNAL_TARGETS: 'https://a.internal/path' }, 'KEY_WARDEN_INTERNAL_TARGETS must be'],
    [{ KEY_WARDEN_RUNBOOK_URL: 'http://wiki.example' }, 'KEY_WARDEN_RUNBOOK_URL must be an https address'],
    [{ KEY_WARDEN_RUNBOOK_URL: 'https://wiki.example/a#b' }, 'KEY_WARDEN_RUNBOOK_URL must be an https address'],
    [{ KEY_WARDEN_DASHBOARD_URL: 'http://x' }, 'KEY_WARDEN_DASHBOARD_URL must be an https address'],
    [{ KEY_WARDEN_EVENT_LABELS: 'Team' }, 'KEY_WARDEN_EVENT_LABELS must be at most 5 names of labels'],
    [{ KEY_WARDEN_EVENT_LABELS: 'a,b,c,d,e,f' }, 'KEY_WARDEN_EVENT_LABELS must be at most 5 names of labels'],
    [
      { KEY_WARDEN_CHANNELS: choosing('cost-center') },
      'KEY_WARDEN_CHANNELS: channel ops chooses by the label "cost-center", which KEY_WARDEN_EVENT_LABELS does not name',
    ],
    [
      { KEY_WARDEN_CHANNELS: mentioning('cost-center') },
      'KEY_WARDEN_CHANNELS: channel ops chooses by the label "cost-center", which KEY_WARDEN_EVENT_LABELS does not name',
    ],
    [{ KEY_WARDEN_PING: 'https://ping.example/uuid' }, 'KEY_WARDEN_PING must be the full name of a secret'],
    [{ KEY_WARDEN_SILENCES: 'silences' }, 'KEY_WARDEN_SILENCES must be the full name of a secret'],
  ] as readonly (readonly [Environment, string])[])('%j is refused with a reason', (environment, problem) => {
    expect(read(environment).problems).toEqual([expect.stringContaining(problem)]);
  });

  test('let a pretend cloud’s own receivers through besides the named origins, whose usual port goes without saying', () => {
    const { settings } = read(
      { KEY_WARDEN_INTERNAL_TARGETS: 'https://a.internal:443, https://b.internal:8443' },
      false,
      'http://127.0.0.1:8085',
    );
    expect(settings.internalTargets).toEqual([
      'https://a.internal',
      'https://b.internal:8443',
      'http://127.0.0.1:8085',
    ]);
  });
});

test.each([
  ['the alert topic', { ...NO_ALERTS, alertTopic: 'projects/ops-prod/topics/alerts' }, ['search-prod'], 'ops-prod'],
  ['the first project', NO_ALERTS, ['search-prod', 'ads-prod'], 'search-prod'],
  ['nobody, where no project is named', NO_ALERTS, [], '-'],
] as const)('events come from the project of %s', (_, alerts, projects, project) => {
  expect(originOf(alerts, projects)).toEqual({
    source: `//gemini-key-warden/projects/${project}`,
    runbook: RUNBOOK_ADDRESS,
    labels: ['team', 'owner', 'service'],
    wideSilences: false,
  });
});
