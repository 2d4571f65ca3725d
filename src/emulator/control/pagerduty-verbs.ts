import { webhookBody, webhookSignature } from '../wire/pagerduty-webhook.ts';
import { ApiError } from '../wire/api-error.ts';
import type { Verb } from './verb.ts';

const ACTS = ['acknowledged', 'unacknowledged', 'resolved'] as const;
const SENT_MS_MAX = 30_000;

/** What people do at the pretend PagerDuty, which tells of it by webhooks that it signs. */
export const PAGERDUTY_VERBS: Readonly<Record<string, Verb>> = {
  'POST incidents': {
    fields: ['act', 'key', 'who', 'to', 'secrets'],
    async act(input, { clock }) {
      const to = input.text('to');
      // Whatever the pretend cloud calls runs on this machine.
      if (!/^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+(?:\/|$)/.test(to))
        throw new ApiError(
          'INVALID_ARGUMENT',
          "'to' must be an address of this machine, such as http://127.0.0.1:8080",
        );
      const body = webhookBody({
        type: `incident.${input.choice('act', ACTS)}`,
        key: input.text('key'),
        who: input.text('who'),
        occurredAt: new Date(clock.now()).toISOString(),
      });
      const answer = await fetch(to, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'PagerDuty-Webhook/V3.0',
          'x-pagerduty-signature': webhookSignature(body, input.texts('secrets')),
        },
        body,
        signal: AbortSignal.timeout(SENT_MS_MAX),
      });
      return { status: answer.status, answer: await answer.text() };
    },
  },
};
