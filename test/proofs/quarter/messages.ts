import { saidOn } from '../../../src/core/alerts/digest.ts';
import { isIncidentKeeper, INCIDENT_ACTS } from '../../../src/core/alerts/channels/incident.ts';
import type { Channel } from '../../../src/core/alerts/channels/channel.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { sourceOf } from '../../../src/core/alerts/event/source.ts';
import { inGroup } from '../../../src/core/alerts/event/together.ts';
import { labelsOf, type Notice } from '../../../src/core/alerts/notice.ts';
import type { KeyNotice } from '../../../src/core/alerts/notices/key-notices.ts';
import { routesOf } from '../../../src/core/alerts/routes.ts';
import type { Instant } from '../../../src/core/values/time.ts';
import { TEAMS, type Member, type Part } from './fleet.ts';

const CREDENTIAL = 'projects/ops/secrets/channel';

/** One chat for whoever runs the worker, a pager for what is critical, and a chat for each team, which hears of its own secrets. */
const CHANNELS: readonly Channel[] = [
  { name: 'operators', kind: 'slack', credential: CREDENTIAL, severityMin: 'warning' },
  { name: 'pager', kind: 'pagerduty', credential: CREDENTIAL, severityMin: 'critical' },
  ...Array.from({ length: TEAMS }, (_, at) => `team-${at}`).map((team): Channel => ({
    name: team,
    kind: 'slack',
    credential: CREDENTIAL,
    severityMin: 'error',
    labels: { team: [team] },
  })),
];

/** What somebody read, or was called by. */
export interface Message {
  readonly at: Instant;
  readonly channel: string;
  /** It asks something of people; the end of something does not. */
  readonly asks: boolean;
  /** It asks, and nothing but what people did ended it. */
  readonly needed: boolean;
  /** A pager rings. */
  readonly calls: boolean;
}

/** What stays as it is until a person does something. The worker replaces dead and leaked keys, and waits for Google, by itself. */
const NEEDS_PEOPLE: readonly Part[] = ['denied', 'written back', 'alias taken'];

/** The messages that a notice comes to on each channel, the one that `notify` would send. */
export function messagesOf(
  notice: Notice,
  together: readonly KeyNotice[],
  now: Instant,
  fleet: ReadonlyMap<string, Member>,
): readonly Message[] {
  const labels = (secret: string) => ({ team: fleet.get(secret)?.team ?? '' });
  const names = ['team'];
  const { secret } = labelsOf(notice);
  const among =
    'finding' in notice ? inGroup(notice, together, { now, names, labelsOf: (name) => labels(name) }) : undefined;
  const origin = { source: sourceOf('ops'), runbook: 'docs/runbook.md', labels: names, now };
  const event = eventOf(notice, origin, secret === undefined ? {} : labels(secret), among);
  const acts: readonly string[] = INCIDENT_ACTS[notice.type];
  const part = secret === undefined ? undefined : fleet.get(secret)?.part;
  const asks = !acts.includes('resolve') || notice.type === 'rotation.abandoned';
  const waitsForPeople = notice.type === 'rotation.held' || notice.type === 'rotation.proposed';
  const isLasting = waitsForPeople || (part !== undefined && NEEDS_PEOPLE.includes(part));
  return routesOf(CHANNELS, event)
    .filter((channel) => saidOn(CHANNELS, channel, event) !== undefined)
    .map(({ name, kind }) => ({
      at: now,
      channel: name,
      asks,
      needed: asks && isLasting,
      calls: isIncidentKeeper(kind) && acts.includes('trigger'),
    }));
}

/** Of one channel: all that it got, the most of any week, how much of it asked something, how much needed somebody, and how often it rang. */
export interface ChannelTally {
  readonly channel: string;
  readonly all: number;
  readonly weekMost: number;
  readonly asked: number;
  readonly needed: number;
  readonly calls: number;
  readonly weekCallsMost: number;
}

/** What each channel got, in the order of the settings. `weekOf` numbers the weeks. */
export function talliesOf(messages: readonly Message[], weekOf: (at: Instant) => number): readonly ChannelTally[] {
  return CHANNELS.map(({ name: channel }) => {
    const own = messages.filter((message) => message.channel === channel);
    const weeks = [...Map.groupBy(own, ({ at }) => weekOf(at)).values()];
    const ringing = weeks.map((week) => week.filter(({ calls }) => calls).length);
    return {
      channel,
      all: own.length,
      weekMost: Math.max(0, ...weeks.map((week) => week.length)),
      asked: own.filter(({ asks }) => asks).length,
      needed: own.filter(({ needed }) => needed).length,
      calls: ringing.reduce((sum, calls) => sum + calls, 0),
      weekCallsMost: Math.max(0, ...ringing),
    };
  });
}
