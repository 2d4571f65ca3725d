import { compareSeverity } from '../causes/causes.ts';
import type { Channel } from './channels/channel.ts';
import type { EventData } from './event/event-shape.ts';
import { parseSecretName } from '../google/resource-names.ts';

/** The channels that an event goes to, in the order of the settings. */
export function routesOf(channels: readonly Channel[], data: EventData): readonly Channel[] {
  return channels.filter((channel) => RULES.find((rule) => rule.when(channel, data))?.goes ?? true);
}

interface Rule {
  readonly when: (channel: Channel, data: EventData) => boolean;
  readonly goes: boolean;
}

/** The first rule that applies decides; without one the event goes. */
const RULES: readonly Rule[] = [
  {
    // A test that a route holds back proves nothing.
    when: (_, { notice }) => notice === 'alert.test',
    goes: true,
  },
  {
    // The channel names what it wants, and this is not among it.
    when: ({ types }, { notice }) => types !== undefined && !types.includes(notice),
    goes: false,
  },
  {
    // One message per run is for machines that asked for it.
    when: ({ types }, { notice }) => types === undefined && notice === 'fleet.heartbeat',
    goes: false,
  },
  {
    // Its absence is the alarm, so no severity may hold it back.
    when: (_, { notice }) => notice === 'fleet.heartbeat',
    goes: true,
  },
  {
    // It is not grave enough for the channel.
    when: ({ severityMin }, { gravity }) => compareSeverity(gravity, severityMin) < 0,
    goes: false,
  },
  {
    // The channel is for other secrets; what is about no single secret concerns everybody.
    when: ({ secrets }, { secret }) =>
      secrets !== undefined && secret !== undefined && !secrets.some((pattern) => fits(pattern, secret)),
    goes: false,
  },
];

/** A pattern with a slash is compared with the full name, one without with the secret's id. */
function fits(pattern: string, secret: string): boolean {
  const name = pattern.includes('/') ? secret : (parseSecretName(secret)?.secret ?? secret);
  const parts = pattern.split('*').map((part) => part.replace(/[^\w-]/g, (mark) => `\\${mark}`));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
