import { eventDataOf } from './event-data.ts';
import type { EventOrigin, EventData } from './event-shape.ts';
import type { EventLabels } from './event-labels.ts';
import type { InGroup } from './together.ts';
import type { Notice } from '../notice.ts';
import { isoOf, type Instant } from '../../values/time.ts';

/** Version of all event types; a change that breaks a reader raises it. */
export const EVENT_VERSION = 'v1';

/** A CloudEvent 1.0 in structured JSON. */
export interface WardenEvent {
  readonly specversion: '1.0';
  /** The same for a notice that is announced again after a crash. */
  readonly id: string;
  readonly source: string;
  /** `key-warden.<notice>.v1`. */
  readonly type: string;
  readonly time: string;
  /** The secret, or `fleet`. */
  readonly subject: string;
  readonly datacontenttype: 'application/json';
  readonly data: EventData;
}

/** What a deployment adds to every event, and when it was made. */
export interface Origin extends EventOrigin {
  readonly now: Instant;
}

/** A notice as everybody downstream gets it; `labels` are all that its secret has, `inGroup` is with what it is told. */
export function eventOf(notice: Notice, origin: Origin, labels: EventLabels = {}, inGroup?: InGroup): WardenEvent {
  const data = { ...eventDataOf(notice, origin, labels), ...inGroup };
  return {
    specversion: '1.0',
    id: eventIdOf(notice, data.thread, origin.now),
    source: origin.source,
    type: `key-warden.${notice.type}.${EVENT_VERSION}`,
    time: isoOf(origin.now),
    subject: data.secret ?? 'fleet',
    datacontenttype: 'application/json',
    data,
  };
}

/** The id of the event that tells a notice of a thread: the same however often, and with whatever else, it is told. */
export function eventIdOf(notice: Notice, thread: string, now: Instant): string {
  return `${thread}/${occasionOf(notice, now)}`;
}

/**
 * What tells events of one thread apart. It rests on what is remembered and not on the moment, so that a crash between
 * publishing and recording repeats the id.
 */
function occasionOf(notice: Notice, now: Instant): string {
  switch (notice.type) {
    case 'key.unhealthy':
    case 'key.unclear':
      return `${notice.type}/${notice.episode.severity}/${notice.episode.cause}`;
    case 'key.reminder':
      return `${notice.type}/${notice.episode.reminders}`;
    case 'key.aging':
      return `${notice.type}/${notice.version}/${notice.ageDays}`;
    case 'key.unusual':
      return `${notice.type}/${isoOf(notice.use.hour)}`;
    case 'rotation.proposed':
      return `${notice.type}/${isoOf(notice.until).slice(0, 10)}`;
    case 'rotation.planned':
      return `${notice.type}/${notice.version}/${isoOf(notice.startsAt).slice(0, 10)}`;
    case 'version.changed':
      return `${notice.type}/${notice.change}/${isoOf(notice.at)}`;
    case 'secret.warning':
      return `${notice.type}/${isoOf(notice.day).slice(0, 10)}`;
    case 'name.unproven':
      return `${notice.type}/${isoOf(notice.at)}/${notice.times}`;
    case 'silence.set':
    case 'silence.ended':
    case 'freeze.set':
    case 'freeze.ended':
      return `${notice.type}/${isoOf(notice.at)}`;
    case 'rotation.due':
      return `${notice.type}/${isoOf(notice.since)}`;
    case 'rotation.held':
      return `${notice.type}/${notice.holds ?? 0}${notice.recalls === undefined ? '' : `/again/${notice.recalls}`}`;
    case 'leak.reported':
      return `${notice.type}/${notice.report}`;
    case 'inventory.news':
      return `${notice.type}/${notice.occasion}`;
    case 'leak.open':
      return `${notice.type}/${notice.told}`;
    case 'key.recovered':
    case 'key.unwatched':
    case 'leak.closed':
    case 'fleet.recovered':
    case 'rotation.opened':
    case 'rotation.promoted':
    case 'rotation.completed':
    case 'rotation.abandoned':
      return notice.type;
    case 'fleet.outage':
      return `${notice.type}/${notice.episode.severity}/${notice.episode.reminders}`;
    case 'fleet.heartbeat':
    case 'alert.test':
      return `${notice.type}/${isoOf(now)}`;
  }
}

/** Pub/Sub attributes: what subscriptions filter on, and CloudEvents' own, as the Pub/Sub binding of CloudEvents names them. */
export function attributesOf({
  id,
  source,
  type,
  time,
  specversion,
  data,
}: WardenEvent): Readonly<Record<string, string>> {
  const { notice, severity, secret, cause, labels = {} } = data;
  return {
    ...Object.fromEntries(Object.entries(labels).map(([name, text]) => [`label-${name}`, text])),
    type: notice,
    severity,
    ...(secret === undefined ? {} : { secret }),
    ...(cause === undefined ? {} : { cause }),
    'ce-specversion': specversion,
    'ce-id': id,
    'ce-source': source,
    'ce-type': type,
    'ce-time': time,
  };
}

/** Events of one secret arrive in order, so that a recovery never overtakes its outage. Pub/Sub takes at most 1 kB. */
export function orderingKeyOf({ subject }: WardenEvent): string {
  return subject;
}
