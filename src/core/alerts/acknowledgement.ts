import { parseSecretName, type SecretId } from '../google/resource-names.ts';
import { silenceAt, type Silence } from '../record/silence.ts';
import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import { moment, shaped, text, type Decoder } from '../values/decode.ts';
import { isRecord } from '../values/json.ts';
import { clipBytes } from '../values/utf8.ts';
import { elapsedMs, HOUR_MS, isAhead, MINUTE_MS, plusMs, type Instant } from '../values/time.ts';
import { boundedKey } from './channels/thread-key.ts';

/** What somebody did to an incident at PagerDuty. */
export interface Acknowledgement {
  readonly is: 'acknowledged' | 'unacknowledged';
  /** The deduplication key that the incident was opened with. */
  readonly key: string;
  /** As PagerDuty calls whoever did it. */
  readonly who: string;
  readonly at: Instant;
}

/** What a webhook comes to: something to do, news that is none of ours, or no webhook of version 3. */
export type WebhookReading =
  { readonly reads: Acknowledgement } | { readonly ignored: string } | { readonly wrong: string };

/** No moment is signed besides the event's own, so that whoever recorded a webhook may send it again for so long. */
const AGE_MS_MAX = 10 * MINUTE_MS;

const TYPES: Readonly<Record<string, Acknowledgement['is']>> = {
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'unacknowledged',
};

const WEBHOOK: Decoder<{ readonly event: { readonly event_type: string; readonly occurred_at: Instant } }> = shaped({
  event: shaped({ event_type: text, occurred_at: moment }),
});

/** Reads the body of a webhook of PagerDuty, version 3, whose signature was verified. */
export function readAcknowledgement(body: unknown, now: Instant): WebhookReading {
  const event = WEBHOOK(body)?.value.event;
  if (event === undefined) return { wrong: 'the body is no webhook of PagerDuty, version 3' };
  const is = Object.hasOwn(TYPES, event.event_type) ? TYPES[event.event_type] : undefined;
  if (is === undefined) return { ignored: 'it is about no acknowledgement' };
  const at = event.occurred_at;
  if (isAhead(at, now) || elapsedMs(at, now) > AGE_MS_MAX)
    return { ignored: 'it happened more than 10 minutes ago, or has not happened yet' };
  const key = textAt(body, ['event', 'data', 'incident_key']);
  if (key === undefined) return { ignored: 'its incident has no key' };
  const name = textAt(body, ['event', 'agent', 'summary'])?.trim();
  return { reads: { is, key, who: name === undefined || name === '' ? 'somebody' : name, at } };
}

function textAt(body: unknown, path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body);
  return typeof found === 'string' ? found : undefined;
}

/** PagerDuty's bound of a key, which ours are made to fit. */
const KEY_CHARACTERS_MAX = 255;

const ABOUT_SECRET = /^(projects\/[^#]+\/secrets\/[^/#]+)[#/]/;

/** The secret that an incident's key begins with; `undefined` for an outage's, a test's and everything that is not ours. */
export function secretOfIncident(key: string): SecretId | undefined {
  if (key.length > KEY_CHARACTERS_MAX) return undefined;
  const [, name = ''] = ABOUT_SECRET.exec(key) ?? [];
  return parseSecretName(name);
}

/** Whether a key is that of an episode of the secret which is not the one that is open now. */
export function isOfClosedEpisode(key: string, secret: string, { health }: Pick<SecretRecord, 'health'>): boolean {
  if (key[secret.length] !== '#') return false;
  const state = valueOf(health);
  if (state === undefined || !('episode' in state)) return true;
  const { id } = state.episode;
  return ![id, `${id}/critical`].some((thread) => boundedKey(thread, KEY_CHARACTERS_MAX) === key);
}

/** Tells a silence that an acknowledgement set from one that a person asked for here: only the former is ended from there. */
const REASON = 'acknowledged at PagerDuty';

/** The longest name that is kept of a person there: with what stands behind it, a record has room for it. */
const NAME_BYTES_MAX = 70;

/** Who that is on record. */
export function acknowledgerOf({ who }: Pick<Acknowledgement, 'who'>): string {
  return `${clipBytes(who, NAME_BYTES_MAX)} at PagerDuty`;
}

/** What an acknowledgement does to the silence of its secret: `silence` sets one, `undefined` ends the one that there is. */
export type AcknowledgedWish = { readonly silence: Omit<Silence, 'by'> | undefined } | { readonly ignored: string };

/**
 * The silence counts from the acknowledgement on, so that the same webhook asks for the same silence however often it comes; and
 * one that is older than the end of the last silence, or than the silence that it would end, changes nothing.
 */
export function wishOf(
  acknowledgement: Acknowledgement,
  hours: number,
  { silence: part }: Pick<SecretRecord, 'silence'>,
  now: Instant,
): AcknowledgedWish {
  const { is, at } = acknowledgement;
  const before = silenceAt(part, now);
  const standing = before.is === 'silent' ? before.silence : undefined;
  const isTheirs = standing !== undefined && standing.reason !== REASON;
  if (is === 'unacknowledged') {
    if (standing === undefined) return { ignored: 'there is no silence to end' };
    if (isTheirs) return { ignored: 'its silence was not set by an acknowledgement' };
    const setAt = plusMs(standing.until, -hours * HOUR_MS);
    return at < setAt ? { ignored: 'it was acknowledged again since' } : { silence: undefined };
  }
  if (isTheirs) return { ignored: 'it is silenced already' };
  const until = plusMs(at, hours * HOUR_MS);
  if (standing !== undefined && standing.until >= until) return { ignored: 'it is silenced already' };
  if (before.is === 'over' && before.silence.reason === REASON && before.silence.until >= at)
    return { ignored: 'its silence was ended since' };
  return { silence: { owner: acknowledgerOf(acknowledgement), reason: REASON, until } };
}
