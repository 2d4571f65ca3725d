import { channelSecrets } from '../../src/app/alerts/channel-secrets.ts';
import type { Receipt, TopicMessage } from '../../src/app/ports/notify-ports.ts';
import type { RoutePorts } from '../../src/app/alerts/route.ts';
import type { Channel } from '../../src/core/alerts/channels/channel.ts';
import type { Outgoing } from '../../src/core/alerts/channels/outgoing.ts';
import { stillClock, type StillClock } from './still-clock.ts';
import { memoryVault, type MemoryVault } from './twins/memory-vault.ts';

const SCOPE = { project: 'ops', location: 'global' };

/** Everything the alert pipeline needs, in memory: what was sent, published and logged is kept for the test to read. */
export interface AlertStage {
  readonly ports: RoutePorts;
  readonly vault: MemoryVault;
  readonly clock: StillClock;
  readonly sent: { readonly channel: string; readonly outgoing: Outgoing; readonly secret: string }[];
  readonly deliveries: TopicMessage[];
  readonly deadLetters: TopicMessage[];
  readonly logged: string[];
  /** A channel whose credential is stored; `answers` are its next receipts, after which it takes everything. */
  channel(name: string, fields?: Partial<Channel>, answers?: readonly Receipt[]): Promise<Channel>;
  store(secret: string, text: string): Promise<void>;
}

export function alertStage(): AlertStage {
  const clock = stillClock();
  const vault = memoryVault(clock.now);
  const answers = new Map<string, Receipt[]>();
  const sent: AlertStage['sent'] = [];
  const [deliveries, deadLetters]: [TopicMessage[], TopicMessage[]] = [[], []];
  const logged: string[] = [];
  const onto = (topic: TopicMessage[]) => ({
    publish: (message: TopicMessage) => Promise.resolve(void topic.push(message)),
  });
  const store = async (secret: string, text: string) => void (await vault.add(secret, new TextEncoder().encode(text)));
  return {
    ports: {
      vault,
      clock,
      random: () => 0.5,
      secrets: channelSecrets({
        vault,
        clock,
      }),
      log: { write: (severity, message) => logged.push(`${severity} ${message}`) },
      deliveries: onto(deliveries),
      deadLetters: onto(deadLetters),
      courier: {
        send(channel, outgoing, secret) {
          sent.push({
            channel: channel.name,
            outgoing,
            secret: secret.reveal(),
          });
          return Promise.resolve(answers.get(channel.name)?.shift() ?? { is: 'delivered' });
        },
      },
    },
    vault,
    clock,
    sent,
    deliveries,
    deadLetters,
    logged,
    store,
    async channel(name, fields = {}, receipts = []) {
      const credential = vault.create(SCOPE, name);
      await store(credential, `credential of ${name}\n`);
      answers.set(name, [...receipts]);
      return {
        name,
        kind: 'slack',
        credential,
        severityMin: 'info',
        ...fields,
      };
    },
  };
}
