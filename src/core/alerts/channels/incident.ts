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
  'key.aging': ['change'],
  'secret.warning': ['change'],
  'version.changed': ['change'],
  'name.unproven': ['trigger'],
  'silence.set': ['change'],
  'silence.ended': ['change'],
  'rotation.opened': ['change'],
  'rotation.promoted': ['change'],
  'rotation.completed': ['resolve', 'change'],
  'rotation.abandoned': ['resolve', 'change'],
  'rotation.held': ['trigger'],
  'leak.open': ['trigger'],
  'leak.closed': ['resolve'],
  'fleet.outage': ['trigger'],
  'fleet.recovered': ['resolve'],
  'fleet.heartbeat': [],
  'alert.test': ['trigger', 'resolve'],
} as const satisfies Record<NoticeType, readonly IncidentAct[]>;

/** Whether a kind of channel keeps incidents open until it is told of their end. */
export function isIncidentKeeper(kind: ChannelKind): boolean {
  return KEEPERS.includes(kind);
}

const KEEPERS: readonly ChannelKind[] = ['pagerduty', 'alertmanager', 'webhook'];
