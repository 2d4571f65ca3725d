import type { EventData } from '../event/event-shape.ts';
import { reportedBeside } from '../event/leak-thread.ts';
import type { NoticeType } from '../notice.ts';
import type { ChannelKind } from './channel.ts';

/** What a keeper of incidents is told of a notice: news of a change opens none. */
export type IncidentAct = 'trigger' | 'resolve' | 'change';

/** What each kind of notice does to incidents. An end resolves first, because resolving twice is harmless. */
export const INCIDENT_ACTS = {
  'key.unhealthy': ['trigger'],
  'key.unclear': ['trigger'],
  'key.reminder': ['trigger'],
  'key.recovered': ['resolve'],
  'key.unwatched': ['resolve'],
  'key.unusual': ['change'],
  'key.aging': ['change'],
  'rotation.planned': ['change'],
  'rotation.proposed': ['change'],
  'secret.warning': ['change'],
  'version.changed': ['change'],
  'name.unproven': ['trigger'],
  'silence.set': ['change'],
  'silence.ended': ['change'],
  'freeze.set': ['change'],
  'freeze.ended': ['change'],
  'rotation.due': ['change'],
  'rotation.opened': ['change'],
  'rotation.promoted': ['change'],
  'rotation.completed': ['resolve', 'change'],
  'rotation.abandoned': ['resolve', 'change'],
  'rotation.held': ['trigger'],
  'leak.open': ['trigger'],
  'leak.closed': ['resolve'],
  'leak.reported': ['trigger'],
  'inventory.news': ['change'],
  'fleet.outage': ['trigger'],
  'fleet.recovered': ['resolve'],
  'fleet.heartbeat': [],
  'alert.test': ['trigger', 'resolve'],
} as const satisfies Record<NoticeType, readonly IncidentAct[]>;

/** Whether a kind of channel keeps incidents open until it is told of their end. */
export function isIncidentKeeper(kind: ChannelKind): boolean {
  return KEEPERS.includes(kind);
}

const KEEPERS: readonly ChannelKind[] = ['pagerduty', 'jira-service-management', 'alertmanager', 'webhook'];

/** One thing to tell a keeper of incidents, of the incident with this key; news is about none. */
export type IncidentStep =
  { readonly act: 'trigger' | 'resolve'; readonly key: string } | { readonly act: 'change'; readonly key?: undefined };

/** What one event does to incidents: a report about a key that is dead calls nobody. */
export function actsOf({ notice, severity }: Pick<EventData, 'notice' | 'severity'>): readonly IncidentAct[] {
  return notice === 'leak.reported' && severity === 'info' ? ['change'] : INCIDENT_ACTS[notice];
}

/** Threads of other incidents that end with this one: once a leaked key is dead, whatever was reported about it is over. */
export function endedBeside({ notice, thread }: Pick<EventData, 'notice' | 'thread'>): readonly string[] {
  return notice === 'leak.closed' ? [reportedBeside(thread)] : [];
}

/**
 * What a keeper that knows incidents by a key is told, in this order. What becomes critical is an incident of its own, which takes
 * the place of the first: a trigger of an incident that is open, and acknowledged, would call nobody.
 */
export function incidentSteps(data: EventData): readonly IncidentStep[] {
  const { thread, severity, again } = data;
  const [first, grave] = [thread, `${thread}/critical`];
  const over = endedBeside(data).map((one) => `${one}/critical`);
  return actsOf(data).flatMap((act): readonly IncidentStep[] => {
    switch (act) {
      case 'change':
        return [{ act }];
      case 'trigger':
        if (severity !== 'critical') return [{ act, key: first }];
        return [{ act, key: grave }, ...(again === true ? [{ act: 'resolve', key: first } as const] : [])];
      case 'resolve':
        return [first, grave, ...over].map((key) => ({ act, key }));
    }
  });
}
