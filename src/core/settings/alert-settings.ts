import { EVENT_LABELS } from '../alerts/event/event-labels.ts';
import { RUNBOOK_ADDRESS } from './runbook-address.ts';
import { labelProblems, readChannels } from './channel-settings.ts';
import type { Channel } from '../alerts/channels/channel.ts';
import { sourceOf } from '../alerts/event/source.ts';
import type { EventOrigin } from '../alerts/event/event-shape.ts';
import { parseSecretName, parseTopicName } from '../google/resource-names.ts';

/** Where alerts go. Topics are full names; without an alert topic, announcements are log lines only. */
export interface AlertSettings {
  readonly alertTopic?: string | undefined;
  /** One message per channel; see `passOn`. */
  readonly deliveryTopic?: string | undefined;
  readonly deadLetterTopic?: string | undefined;
  readonly channels: readonly Channel[];
  /** Origins that the guard of targets lets through although they are private. */
  readonly internalTargets: readonly string[];
  /** Where people open docs/runbook.md, without a section. */
  readonly runbook: string;
  /** Names of the labels of a secret that events carry. */
  readonly labels: readonly string[];
  /** Where people open the dashboard. */
  readonly dashboard?: string | undefined;
  /** Full name of the secret with the address of a dead-man’s service. */
  readonly ping?: string | undefined;
  /** Full name of the secret on which silences of more than one secret stand. */
  readonly silences?: string | undefined;
  /** Full name of the secret that PagerDuty signs its webhooks with. */
  readonly pagerDutySigning?: string | undefined;
}

/** Where nobody set anything. */
export const NO_ALERTS: AlertSettings = {
  channels: [],
  internalTargets: [],
  runbook: RUNBOOK_ADDRESS,
  labels: EVENT_LABELS,
};

/** Rows of the table of settings. */
export const ALERT_SETTINGS = {
  KEY_WARDEN_ALERT_TOPIC: {
    says: 'topic that announcements are published to, as CloudEvents',
    fallback: 'none: announcements are log lines only',
    example: 'projects/ops-prod/topics/key-warden-alerts',
  },
  KEY_WARDEN_DELIVERY_TOPIC: {
    says: '`notify` puts one message per channel on it, so that channels are retried one by one',
    fallback: 'none: required for `notify`',
    example: 'projects/ops-prod/topics/key-warden-deliveries',
  },
  KEY_WARDEN_DEAD_LETTER_TOPIC: {
    says: 'topic for deliveries that no retry can help',
    fallback: 'none: required for `notify`',
    example: 'projects/ops-prod/topics/key-warden-dead-letters',
  },
  KEY_WARDEN_CHANNELS: {
    says: 'where alerts are delivered: a JSON list of channels; a channel’s credential stays in Secret Manager',
    fallback: 'no channels',
    example: '[{"name":"ops","kind":"slack","credential":"projects/ops-prod/secrets/slack-ops","severityMin":"error"}]',
  },
  KEY_WARDEN_INTERNAL_TARGETS: {
    says: 'origins of channels that may have a private address, separated by commas: https, and relays as smtps or smtp; a pretend cloud’s is among them',
    fallback: 'none: public https addresses only',
    example: 'https://hooks.corp.internal,smtps://mail.corp.internal:465',
  },
  KEY_WARDEN_RUNBOOK_URL: {
    says: 'where people open the runbook; alerts link to its section about the cause',
    fallback: NO_ALERTS.runbook,
    example: 'https://wiki.example/key-warden/runbook',
  },
  KEY_WARDEN_EVENT_LABELS: {
    says: 'labels of a secret that say whose it is, separated by commas: in every event and message, and what channels choose by; `none` for none',
    fallback: EVENT_LABELS.join(','),
    example: 'team,cost-center',
  },
  KEY_WARDEN_DASHBOARD_URL: {
    says: 'where people open the dashboard of the worker; alerts link to it',
    fallback: 'none',
    example: 'https://console.cloud.google.com/monitoring/dashboards/builder/0a1b2c?project=ops-prod',
  },
  KEY_WARDEN_PING: {
    says: 'secret with the address of a dead-man’s service that is told of the start and the end of every check',
    fallback: 'none',
    example: 'projects/ops-prod/secrets/healthcheck-ping',
  },
  KEY_WARDEN_SILENCES: {
    says: 'secret of the worker’s own, without a version, on which freezes, and silences of outages, causes and projects stand; whoever may change it can silence and freeze them',
    fallback: 'none: one secret at a time is silenced, and nothing is frozen by hand',
    example: 'projects/ops-prod/secrets/key-warden-silences',
  },
  KEY_WARDEN_PAGERDUTY_SIGNING: {
    says: 'read by `acknowledge`: secret with what PagerDuty signs its webhooks with',
    fallback: 'none: required for `acknowledge`',
    example: 'projects/ops-prod/secrets/pagerduty-webhook',
  },
} as const;

type Name = keyof typeof ALERT_SETTINGS;

const ORIGIN = /^(?:(?:https|smtps?):\/\/[a-z0-9.-]+(?::\d+)?|http:\/\/127\.0\.0\.1:\d+)$/;
const RUNBOOK = /^https:\/\/[^\s#<>|"]+$/;

/** Reads the settings above, adding to `problems`. `pretendUrl` is the pretend cloud’s, where there is one. */
export function readAlertSettings(
  given: (name: string) => string | undefined,
  needed: boolean,
  pretendUrl: string | undefined,
  problems: string[],
): AlertSettings {
  const checked = (name: Name, fits: (text: string) => boolean, form: string): string | undefined => {
    const text = given(name);
    if (text === undefined || fits(text)) return text;
    problems.push(`${name} must be ${form}, not ${JSON.stringify(text)}`);
    return undefined;
  };
  const topic = (name: Name) =>
    checked(name, (text) => parseTopicName(text) !== undefined, 'the full name of a topic, projects/PROJECT/topics/ID');
  const secret = (name: Name) =>
    checked(
      name,
      (text) => parseSecretName(text) !== undefined,
      'the full name of a secret, projects/PROJECT/secrets/ID',
    );
  if (needed)
    for (const name of ['KEY_WARDEN_DELIVERY_TOPIC', 'KEY_WARDEN_DEAD_LETTER_TOPIC'])
      if (given(name) === undefined) problems.push(`${name} is not set: notify cannot deliver without it`);
  const labels = labelsFrom(given('KEY_WARDEN_EVENT_LABELS'), problems);
  const reading = readChannels(given('KEY_WARDEN_CHANNELS'));
  const wrong = 'problems' in reading ? reading.problems : labelProblems(reading.channels, labels);
  problems.push(...wrong.map((problem) => `KEY_WARDEN_CHANNELS: ${problem}`));
  const isOrigin = (text: string) => text.split(',').every((one) => ORIGIN.test(one.trim()));
  const origins = checked('KEY_WARDEN_INTERNAL_TARGETS', isOrigin, 'origins such as https://hooks.corp.internal:8443');
  return {
    alertTopic: topic('KEY_WARDEN_ALERT_TOPIC'),
    deliveryTopic: topic('KEY_WARDEN_DELIVERY_TOPIC'),
    deadLetterTopic: topic('KEY_WARDEN_DEAD_LETTER_TOPIC'),
    channels: 'channels' in reading ? reading.channels : [],
    internalTargets: [
      ...(origins ?? '')
        .split(',')
        .flatMap((one) => (one === '' ? [] : [one.trim().replace(/^(https:.*):443$/, '$1')])),
      ...(pretendUrl === undefined ? [] : [pretendUrl]),
    ],
    runbook:
      checked('KEY_WARDEN_RUNBOOK_URL', (text) => RUNBOOK.test(text), 'an https address without a fragment') ??
      NO_ALERTS.runbook,
    labels,
    dashboard: checked('KEY_WARDEN_DASHBOARD_URL', (text) => /^https:\/\/[^\s<>|"]+$/.test(text), 'an https address'),
    ping: secret('KEY_WARDEN_PING'),
    silences: secret('KEY_WARDEN_SILENCES'),
    pagerDutySigning: secret('KEY_WARDEN_PAGERDUTY_SIGNING'),
  };
}

/** Events stay below 20 kB, and a line of a message readable. */
const LABELS_MAX = 5;
const LABEL = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;

function labelsFrom(text: string | undefined, problems: string[]): readonly string[] {
  if (text === undefined) return EVENT_LABELS;
  if (text === 'none') return [];
  const names = text.split(',').map((one) => one.trim());
  if (names.length <= LABELS_MAX && names.every((name) => LABEL.test(name))) return names;
  problems.push(
    `KEY_WARDEN_EVENT_LABELS must be at most ${LABELS_MAX} names of labels such as team, or none, not ${JSON.stringify(text)}`,
  );
  return EVENT_LABELS;
}

/** What a deployment adds to its events: whoever owns the alert topic speaks, or else the first project it looks after. */
export function originOf(alerts: AlertSettings, projects: readonly string[]): EventOrigin {
  const { alertTopic = '', runbook, labels, dashboard, silences } = alerts;
  return {
    source: sourceOf(parseTopicName(alertTopic)?.project ?? projects[0] ?? '-'),
    runbook,
    labels,
    dashboard,
    wideSilences: silences !== undefined,
  };
}
