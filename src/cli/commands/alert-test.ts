import { attempt, Fault } from '../../app/ports/fault.ts';
import { notify, type Delivery } from '../../app/alerts/deliver.ts';
import { eventOf } from '../../core/alerts/event/event.ts';
import type { Wire } from '../../wire.ts';
import { workerFor, type ByHand, type Worker } from './worker/worker.ts';
import { settingsFor, type Target } from './ask.ts';
import { columns } from '../show/columns.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that it prints. */
const ALERT_TEST_SCHEMA = 'key-warden/alert-test/v1';

export interface AlertTestOptions extends Pick<Target, 'project'>, ByHand {
  /** Only this channel; all of them when left out. */
  readonly channel?: string | undefined;
  readonly json: boolean;
}

/**
 * Sends a marked test to every channel from here, and, where a topic is set and no channel is named, through the whole
 * pipeline as well. 3 when any of it did not arrive.
 */
export async function alertTest(terminal: Terminal, wire: Wire, options: AlertTestOptions): Promise<0 | 3> {
  const settings = settingsFor(terminal, options);
  const { channels: all, alertTopic } = settings.alerts;
  const channels = options.channel === undefined ? all : all.filter(({ name }) => name === options.channel);
  if (options.channel !== undefined && channels.length === 0)
    throw new Stop(
      2,
      `there is no channel ${JSON.stringify(options.channel)}; known: ${all.map(({ name }) => name).join(', ') || 'none'}`,
    );
  await using wired = wire(settings);
  const worker = options.channel === undefined ? await workerFor(terminal, wired, options, 'rotate') : undefined;
  const topic = options.channel === undefined && worker === undefined ? alertTopic : undefined;
  if (channels.length === 0 && topic === undefined && worker === undefined)
    throw new Stop(
      4,
      'nothing to test: no channel and no topic is set',
      'set KEY_WARDEN_CHANNELS, or KEY_WARDEN_ALERT_TOPIC for the whole pipeline (`key-warden config show` lists all settings)',
    );
  const notice = { type: 'alert.test', askedBy: terminal.environment['USER'] ?? 'key-warden alert test' } as const;
  const event = eventOf(notice, { ...wired.origin, now: wired.ports.clock.now() });
  const deliveries = await notify(wired.notify, event, channels);
  const published = topic === undefined ? undefined : await attempt(() => wired.ports.announcer.announce(notice));
  const results = [
    ...deliveries.map(resultOf),
    ...(topic === undefined ? [] : [topicResult(topic, published)]),
    ...(worker === undefined ? [] : [await byWorker(worker)]),
  ];
  if (options.json)
    terminal.out(`${JSON.stringify({ schema: ALERT_TEST_SCHEMA, event: event.id, results }, null, 2)}\n`);
  else show(terminal, results);
  return results.every(({ arrived }) => arrived) ? 0 : 3;
}

interface Result {
  readonly to: string;
  readonly arrived: boolean;
  readonly says: string;
}

function resultOf(delivery: Delivery): Result {
  const arrived = delivery.is === 'delivered';
  return { to: delivery.channel, arrived, says: arrived ? 'it took the test' : delivery.why };
}

/** The worker publishes it, so that whoever tests needs no right to. */
async function byWorker(worker: Worker): Promise<Result> {
  await worker.ask({ method: 'POST', body: { mode: 'alert-test' } }, ALERT_TEST_SCHEMA);
  return topicResult('the worker’s topic', undefined);
}

function topicResult(topic: string, published: void | Fault): Result {
  if (published instanceof Fault) return { to: topic, arrived: false, says: published.message };
  return { to: topic, arrived: true, says: 'it took the test: notify delivers it to its own channels, look there' };
}

function show(terminal: Terminal, results: readonly Result[]): void {
  const paint = painter(terminal);
  terminal.out(
    columns(
      terminal,
      results.map(({ to, arrived, says }) => [arrived ? paint('green', 'arrived') : paint('red', 'did not'), to, says]),
    ),
  );
}
