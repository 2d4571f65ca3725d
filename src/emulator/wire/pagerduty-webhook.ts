import { createHmac } from 'node:crypto';

/** An incident of the pretend PagerDuty, and what somebody did to it. */
interface IncidentEvent {
  /** Such as `incident.acknowledged`. */
  readonly type: string;
  /** The deduplication key that it was opened with. */
  readonly key: string;
  readonly who: string;
  readonly occurredAt: string;
}

/** The body of a webhook of PagerDuty, version 3, as far as its description shows it. */
export function webhookBody({ type, key, who, occurredAt }: IncidentEvent): string {
  const agent = { id: 'PUSER01', type: 'user_reference', summary: who, self: null, html_url: null };
  const incident = {
    id: 'PINCIDENT01',
    type: 'incident',
    number: 1,
    status: type.replace(/^incident\./, ''),
    incident_key: key,
    created_at: occurredAt,
    title: 'pretend incident',
    urgency: 'high',
  };
  const event = { id: 'PEVENT01', event_type: type, resource_type: 'incident', occurred_at: occurredAt, agent };
  return JSON.stringify({ event: { ...event, client: null, data: incident } });
}

/** The header that it is signed in: one signature for every secret. */
export function webhookSignature(body: string, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`).join(',');
}
