import type { Cause, Severity } from '../../causes/causes.ts';
import type { LabelChoice } from '../label-choice.ts';
import type { Mention } from './mention.ts';
import type { NoticeType } from '../notice.ts';

/** What alerts can be delivered to. */
export const CHANNEL_KINDS = [
  'slack',
  'google-chat',
  'teams',
  'pagerduty',
  'jira-service-management',
  'alertmanager',
  'webhook',
  'email',
] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** The kinds that take requests over HTTP: all but mail, which goes to a relay. */
export type WebKind = Exclude<ChannelKind, 'email'>;
export const WEB_KINDS = CHANNEL_KINDS.filter((kind): kind is WebKind => kind !== 'email');

/** Whether a kind has a `url` beside its credential: `secret` where the address is itself the credential. */
export const CHANNEL_URLS = {
  slack: 'secret',
  'google-chat': 'secret',
  teams: 'secret',
  pagerduty: 'optional',
  'jira-service-management': 'optional',
  alertmanager: 'needed',
  webhook: 'needed',
  email: 'needed',
} as const satisfies Record<ChannelKind, 'secret' | 'optional' | 'needed'>;

/** How much is told of a rotation that goes well. */
export const ROTATION_NEWS = ['end', 'all'] as const;

/** Where alerts go, and which of them. Settings only: its credential stays in Secret Manager. */
export interface Channel {
  /** Unique in a deployment; names the channel in logs, attributes and commands. */
  readonly name: string;
  readonly kind: ChannelKind;
  /**
   * Full name of the secret with the channel's credential. Slack, Google Chat and Teams: the webhook's whole URL. PagerDuty:
   * the routing key. Jira Service Management: the API key of an integration. Alertmanager: the value of the header `Authorization`, `Bearer …` or `Basic …`. Webhook: one or two
   * `whsec_…`, apart by white space, which both sign. E-mail: `USER:PASSWORD` of the relay.
   */
  readonly credential: string;
  /** PagerDuty: another origin than the usual one, as for its EU service. Jira Service Management: where its alerts are, if elsewhere. Alertmanager and webhook: where it listens. E-mail: the relay, `smtps://smtp.example:465` or `smtp://smtp.example:587`. */
  readonly url?: string | undefined;
  /** E-mail: whom it is from, an address that the relay lets this login use. */
  readonly from?: string | undefined;
  /** E-mail: whom it goes to. */
  readonly to?: readonly string[] | undefined;
  readonly severityMin: Severity;
  /** Names or patterns with `*` of secrets, their ids or their full names; all of them when absent. */
  readonly secrets?: readonly string[] | undefined;
  /** Ids or patterns with `*` of projects, as the settings of the worker name them; all of them when absent. */
  readonly projects?: readonly string[] | undefined;
  /** Causes of trouble; everything, with a cause and without, when absent. */
  readonly causes?: readonly Cause[] | undefined;
  /** Labels of secrets that must fit, of those that events carry; all secrets when absent. */
  readonly labels?: LabelChoice | undefined;
  /** Whom the channel calls by name; nobody when absent. */
  readonly mentions?: readonly Mention[] | undefined;
  /** Takes trouble that is open for so many hours only, and its end: the channel of whoever is told when the first did not act. */
  readonly afterHours?: number | undefined;
  /** `all` tells the steps of a rotation that goes well, and not its end alone. */
  readonly rotations?: (typeof ROTATION_NEWS)[number] | undefined;
  /** Kinds of notices; all but the heartbeat, and the steps of rotations that go well, when absent. */
  readonly types?: readonly NoticeType[] | undefined;
}
