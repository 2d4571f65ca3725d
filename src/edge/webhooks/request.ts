import type { Channel, WebKind } from '../../core/alerts/channels/channel.ts';
import type { Outgoing } from '../../core/alerts/channels/outgoing.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { Instant } from '../../core/values/time.ts';
import { signatureHeaders, signingSecretsIn } from './standard-webhooks.ts';

/** A channel that takes requests over HTTP. */
export type WebChannel = Channel & { readonly kind: WebKind };

/** A request complete with the channel's secret. It is sent and forgotten, never logged. */
export interface SecretRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Google's and Slack's addresses come whole from the credential; these kinds have a place of their own. */
const PAGERDUTY_URL = 'https://events.pagerduty.com';
const JIRA_URL = 'https://api.atlassian.com/jsm/ops/integration/v2/alerts';

/** Puts the secret where the channel wants it, or says what is wrong with it without repeating it. */
export function secretRequest(
  channel: WebChannel,
  outgoing: Outgoing,
  secret: KeyText,
  now: Instant,
): SecretRequest | { readonly problem: string } {
  const credential = secret.reveal().trim();
  const body = JSON.stringify(outgoing.body);
  switch (channel.kind) {
    case 'slack':
    case 'google-chat':
    case 'teams':
      return addressed(credential, outgoing, body, 'its credential is not the address of a webhook');
    case 'pagerduty': {
      if (!/^[\w-]{8,64}$/.test(credential)) return { problem: 'its credential is not a routing key' };
      const withKey = JSON.stringify(Object.assign({ routing_key: credential }, outgoing.body));
      return addressed(channel.url ?? PAGERDUTY_URL, outgoing, withKey, 'its url is not an address');
    }
    case 'jira-service-management': {
      if (!/^[\w-]{16,100}$/.test(credential))
        return { problem: 'its credential is not the API key of an integration' };
      const authorization = `GenieKey ${credential}`;
      return addressed(channel.url ?? JIRA_URL, outgoing, body, 'its url is not an address', { authorization });
    }
    case 'alertmanager':
      if (!/^(?:Bearer|Basic) [\w.~+/=-]+$/.test(credential))
        return { problem: 'its credential is not the value of a header Authorization (Bearer …, Basic …)' };
      return addressed(channel.url ?? '', outgoing, body, 'its url is not an address', { authorization: credential });
    case 'webhook': {
      const secrets = signingSecretsIn(credential);
      if (secrets === undefined) return { problem: 'its credential is not one or two signing secrets (whsec_…)' };
      const signed = signatureHeaders({ id: outgoing.id, seconds: Math.floor(now / 1000), body }, secrets);
      return addressed(channel.url ?? '', outgoing, body, 'its url is not an address', signed);
    }
  }
}

function addressed(
  base: string,
  { path, query }: Outgoing,
  body: string,
  problem: string,
  headers: Readonly<Record<string, string>> = {},
): SecretRequest | { readonly problem: string } {
  const url = URL.parse(base.replace(/\/$/, '') + path);
  if (url === null) return { problem };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url, headers, body };
}
