import { compareSeverity } from '../causes/causes.ts';
import type { Channel } from './channels/channel.ts';
import { INCIDENT_ACTS, isIncidentKeeper } from './channels/incident.ts';
import type { EventData } from './event/event-shape.ts';
import type { OneOfMany } from './event/together.ts';
import { choosesLabels } from './label-choice.ts';
import { fitsPattern } from '../values/pattern.ts';
import type { NoticeType } from './notice.ts';
import { elapsedMs, HOUR_MS, parseInstant } from '../values/time.ts';
import { parseSecretName } from '../google/resource-names.ts';

/**
 * The channels that an event goes to, in the order of the settings. What would reach nobody because of labels that its secret has
 * not, or has wrong, goes wherever those labels alone stand in the way: whose it is may be unknown, but somebody is told.
 */
export function routesOf(channels: readonly Channel[], event: Told): readonly Channel[] {
  const others = channels.filter((channel) => RULES.find((rule) => rule.when(channel, event))?.goes ?? true);
  const chosen = others.filter((channel) => isOwners(channel, event.data));
  return chosen.length > 0 ? chosen : others;
}

/** A channel for some labels only wants secrets with them; of what is about no single secret it hears all. */
function isOwners({ kind, labels }: Channel, data: Facts): boolean {
  if (labels === undefined || data.secret === undefined || data.notice === 'alert.test') return true;
  return endsWhatIsKept(kind, data) || choosesLabels(labels, data.labels ?? {});
}

/** What a route goes by. */
type Facts = Omit<OneOfMany, 'severity' | 'headline'>;

/** What is told, and when. */
interface Told {
  readonly time: string;
  readonly data: Facts;
}

interface Rule {
  readonly when: (channel: Channel, event: Told) => boolean;
  readonly goes: boolean;
}

/** The first rule that applies decides; without one the event goes. */
const RULES: readonly Rule[] = [
  {
    // A test that a route holds back proves nothing.
    when: (_, { data }) => data.notice === 'alert.test',
    goes: true,
  },
  {
    // The channel names what it wants, and this is not among it.
    when: ({ types }, { data }) => types !== undefined && !types.includes(data.notice),
    goes: false,
  },
  {
    // One message per run is for machines that asked for it.
    when: ({ types }, { data }) => types === undefined && data.notice === 'fleet.heartbeat',
    goes: false,
  },
  {
    // Its absence is the alarm, so no severity may hold it back.
    when: (_, { data }) => data.notice === 'fleet.heartbeat',
    goes: true,
  },
  {
    // It is not grave enough for the channel.
    when: ({ severityMin }, { data }) => compareSeverity(data.gravity, severityMin) < 0,
    goes: false,
  },
  {
    // A rotation that goes well is told at its end; what receives for machines gets every step.
    when: ({ kind, types, rotations }, { data }) =>
      types === undefined && rotations !== 'all' && kind !== 'webhook' && STEPS.includes(data.notice),
    goes: false,
  },
  {
    // The channel is for what nobody ended in time.
    when: ({ kind, afterHours }, event) =>
      afterHours !== undefined && !endsWhatIsKept(kind, event.data) && !lasted(event, afterHours),
    goes: false,
  },
  {
    // The channel is for other secrets; what is about no single secret concerns everybody.
    when: ({ secrets }, { data: { secret } }) =>
      secrets !== undefined && secret !== undefined && !secrets.some((pattern) => fits(pattern, secret)),
    goes: false,
  },
  {
    // The channel is for other projects; what is about none concerns everybody.
    when: ({ projects }, { data: { project } }) =>
      projects !== undefined && project !== undefined && isElsewhere(projects, project),
    goes: false,
  },
  {
    // The channel is for other causes; what has none is no trouble of a key.
    when: ({ kind, causes }, { data }) =>
      causes !== undefined && !endsWhatIsKept(kind, data) && !causes.some((cause) => cause === data.cause),
    goes: false,
  },
];

/**
 * An end goes to every keeper of incidents, whatever the labels and the cause are by then: an incident that was opened under others
 * would stay open, and ending one that was never opened does nothing.
 */
function endsWhatIsKept(kind: Channel['kind'], { notice }: Pick<EventData, 'notice'>): boolean {
  const acts: readonly string[] = INCIDENT_ACTS[notice];
  return isIncidentKeeper(kind) && acts.includes('resolve');
}

const STEPS: readonly NoticeType[] = ['rotation.opened', 'rotation.promoted'];

/** Whether it is trouble, or the end of it, that began so many hours before it is told. */
function lasted({ time, data: { notice, since } }: Told, hours: number): boolean {
  const [begun, told] = [since === undefined ? undefined : parseInstant(since), parseInstant(time)];
  const isNews = INCIDENT_ACTS[notice].every((act) => act === 'change');
  return !isNews && begun !== undefined && told !== undefined && elapsedMs(begun, told) >= hours * HOUR_MS;
}

/** A number says nothing about a project that the setting names by its id: it may be that one, and is not held back. */
function isElsewhere(projects: readonly string[], project: string): boolean {
  if (projects.some((pattern) => fitsPattern(pattern, project))) return false;
  return !NUMBER.test(project) || projects.some((one) => NUMBER.test(one));
}

const NUMBER = /^\d+$/;

/** A pattern with a slash is compared with the full name, one without with the secret's id. */
function fits(pattern: string, secret: string): boolean {
  return fitsPattern(pattern, pattern.includes('/') ? secret : (parseSecretName(secret)?.secret ?? secret));
}
