import type { EventLink } from './event-links.ts';
import type { EventData } from './event-shape.ts';
import type { OneOfMany, Together } from './together.ts';
import { EVENT_VERSION, type WardenEvent } from './event.ts';
import { count, fieldsOf, flag, listOf, maybe, oneOf, shaped, text, type Decoder } from '../../values/decode.ts';
import { isRecord, parseRecord, type JsonRecord } from '../../values/json.ts';
import { SEVERITIES } from '../../causes/causes.ts';
import { NOTICE_TYPES } from '../notice.ts';

/**
 * What a message turned out to be. `foreign`: not ours, or broken: dropped, because it will never become readable.
 * `newer`: ours, of a version this release does not read: given back, because dropping it could lose an alert.
 */
export type EventReading =
  { readonly is: 'event'; readonly event: WardenEvent } | { readonly is: 'foreign' | 'newer'; readonly why: string };

/** Far above any event of ours, which stay below 20 kB. */
const EVENT_CHARACTERS_MAX = 65_536;

/** Reads what `eventOf` wrote; a topic takes messages from whoever may publish there. */
export function readEvent(message: string): EventReading {
  if (message.length > EVENT_CHARACTERS_MAX) return foreign(`the message is over ${EVENT_CHARACTERS_MAX} characters`);
  const value = parseRecord(message);
  if (value === undefined) return foreign('the message is not a JSON object');
  const version = typeof value['type'] === 'string' ? TYPE.exec(value['type'])?.[1] : undefined;
  if (version === undefined || value['specversion'] !== '1.0') return foreign('the message is not an event of ours');
  if (version !== EVENT_VERSION)
    return { is: 'newer', why: `the event has version ${version}; this release reads ${EVENT_VERSION}` };
  const event = asEvent(value)?.value;
  if (event === undefined || event.type !== `key-warden.${event.data.notice}.${EVENT_VERSION}`)
    return foreign('the event does not follow its schema');
  return { is: 'event', event };
}

function foreign(why: string): EventReading {
  return { is: 'foreign', why };
}

const TYPE = /^key-warden\.[a-z.]{1,40}\.(v\d{1,4})$/;

const record: Decoder<JsonRecord> = (value) => (isRecord(value) ? { value } : undefined);
const severity = oneOf(SEVERITIES);
/** A topic takes messages from whoever may publish there: no other scheme is ever made a link of. */
const address: Decoder<string> = (value) =>
  typeof value === 'string' && /^https:\/\/[^\s<>|"]+$/.test(value) ? { value } : undefined;

const oneOfMany = shaped<OneOfMany>({
  notice: oneOf(NOTICE_TYPES),
  severity,
  gravity: severity,
  headline: text,
  secret: maybe(text),
  project: maybe(text),
  cause: maybe(text),
  since: maybe(text),
  labels: maybe(fieldsOf(text)),
});

const asEvent = shaped<WardenEvent>({
  specversion: oneOf(['1.0']),
  id: text,
  source: text,
  type: text,
  time: text,
  subject: text,
  datacontenttype: oneOf(['application/json']),
  data: shaped<EventData>({
    notice: oneOf(NOTICE_TYPES),
    severity,
    gravity: severity,
    headline: text,
    summary: text,
    who: text,
    why: text,
    meaning: maybe(text),
    usersFeel: maybe(text),
    since: maybe(text),
    lastGood: maybe(text),
    secret: maybe(text),
    project: maybe(text),
    cause: maybe(text),
    step: maybe(text),
    next: maybe(text),
    runbook: text,
    thread: text,
    detail: record,
    labels: maybe(fieldsOf(text)),
    links: maybe(listOf(shaped<EventLink>({ name: text, url: address }))),
    quiet: maybe(text),
    again: maybe(flag),
    group: maybe(text),
    together: maybe(shaped<Together>({ at: text, mine: count, of: listOf(oneOfMany) })),
  }),
});
