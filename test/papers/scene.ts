import { check, type CheckOrder } from '../../src/app/check/check.ts';
import type { Clock } from '../../src/app/ports/ports.ts';
import { alertPipeline } from '../../src/cli/commands/alert-pipeline.ts';
import { demoChannels } from '../../src/cli/commands/demo-channels.ts';
import { NO_ALERTS } from '../../src/core/settings/alert-settings.ts';
import { DEFAULT_SECRET_POLICY } from '../../src/core/settings/secret-policy.ts';
import { instantOf } from '../../src/core/values/time.ts';
import { alertReceivers } from '../../src/emulator/showcase/receivers.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { wireTo } from '../../src/wire.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

/** What came out of the real worker and the real command line, to be drawn. */
export interface ActInput {
  /** The message that a channel for Slack got when a key leaked. */
  readonly slack: Readonly<Record<string, unknown>>;
  /** What `key-warden status` printed some hours later, with its colours. */
  readonly status: string;
}

const MINUTE_MS = 60_000;
/** A round moment; every run of the scene is the same to the byte. */
const NINE_O_CLOCK = Date.UTC(2026, 10, 24, 9);

/**
 * A morning in the pretend cloud: the check finds what is wrong, one more key leaks and is announced, and another is
 * rotated as planned and drains.
 */
export async function scene(): Promise<ActInput> {
  const receivers = alertReceivers();
  const pipeline = alertPipeline();
  let passed = 0;
  const cloud = await pretendCloud({
    clock: { now: () => NINE_O_CLOCK + passed, advance: (milliseconds) => void (passed += milliseconds) },
    seed: 'papers',
    propagation: { newKeyMs: 0 },
    services: [receivers, pipeline.service],
  });
  const clock: Clock = {
    now: () => instantOf(cloud.clock.now()),
    sleep: (milliseconds) => cloud.advance(milliseconds),
  };
  const showcase = setUpShowcase(cloud);
  const alerts = { ...NO_ALERTS, ...pipeline.setUp(cloud, SHOWCASE_PROJECT, demoChannels) };
  const endpoints = { secretManager: cloud.url, gemini: cloud.url, apiKeys: cloud.url, monitoring: cloud.url };
  await using wired = wireTo(
    { write: () => undefined },
    { clock, random: () => 0.5 },
  )({
    endpoints: { ...endpoints, pubsub: cloud.url },
    alerts,
    projects: [SHOWCASE_PROJECT],
    consumerProjects: [],
    consumerScope: undefined,
    reachAccounts: [],
    locations: ['global'],
    concurrency: 1,
  });
  if (wired.routeEvent === undefined) throw new Error('the scene has no topics');
  pipeline.open({ ...wired.routeEvent, clock }, alerts.channels);
  const order: CheckOrder = {
    scopes: [{ project: SHOWCASE_PROJECT, location: 'global' }],
    secretPolicy: DEFAULT_SECRET_POLICY,
    deep: 'never',
    record: true,
    rotationsMax: 20,
    noticeDays: 0,
    runEveryMinutes: 10,
    concurrency: 1,
    budgetSeconds: 60,
  };
  const type = (command: string) =>
    run(command.split(' '), {
      environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT },
      colour: true,
      clock,
    });
  const deliver = async (): Promise<void> => {
    for (let hop = 0; hop < 3; hop += 1) await cloud.pubsub.pump();
  };

  /** A run of the worker, with the heartbeat that Cloud Run takes from its output. */
  const checkAll = async (): Promise<void> => {
    const { expected, checked, listed } = await check({ ...wired.ports, clock }, order);
    cloud.logging.take(
      SHOWCASE_PROJECT,
      JSON.stringify({ severity: 'INFO', heartbeat: { expected, seen: checked.length, listed } }),
    );
  };

  await checkAll();
  await deliver();
  receivers.clear();
  await cloud.advance(30 * MINUTE_MS);
  showcase.turn('search-app', 'leaked');
  await checkAll();
  await deliver();
  const slack = receivers.received().find(({ receiver }) => receiver === 'slack')?.body ?? {};

  await type('rotate --secret chat-app --service-account chat-app@demo-project.iam.gserviceaccount.com');
  await cloud.advance(116 * MINUTE_MS);
  await checkAll();
  await cloud.advance(4 * MINUTE_MS);
  const { out: status } = await type('status');
  await cloud.close();
  return { slack, status };
}
