import { alertmanagerAlerts } from './alertmanager.ts';
import type { WardenEvent } from '../event/event.ts';
import type { ChannelKind } from './channel.ts';
import { emails } from './email.ts';
import { chatMessages } from './google-chat.ts';
import { jiraAlerts } from './jira-service-management.ts';
import type { Outgoing } from './outgoing.ts';
import { pagerDutyEvents } from './pagerduty.ts';
import { slackMessages } from './slack.ts';
import { teamsMessages } from './teams.ts';
import { webhookCalls } from './webhook.ts';

/**
 * How each kind of channel says an event, and calls whom it was told to: the requests in the order of sending, none when it has
 * nothing to say.
 */
export const RENDER = {
  slack: slackMessages,
  'google-chat': chatMessages,
  teams: teamsMessages,
  pagerduty: pagerDutyEvents,
  'jira-service-management': jiraAlerts,
  alertmanager: alertmanagerAlerts,
  webhook: webhookCalls,
  email: emails,
} as const satisfies Record<ChannelKind, (event: WardenEvent, called?: readonly string[]) => readonly Outgoing[]>;
