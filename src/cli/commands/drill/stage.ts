import { check } from '../../../app/check/check.ts';
import type { Clock, Log } from '../../../app/ports/ports.ts';
import { purgeFleet } from '../../../app/purge/purge-fleet.ts';
import { reconcile } from '../../../app/reconcile/reconcile.ts';
import { drive } from '../../../app/rotation/drive.ts';
import { start } from '../../../app/rotation/start.ts';
import { ask } from '../../../app/rotation/wishes.ts';
import { onRecord, type SecretStatus } from '../../../app/on-record/status.ts';
import type { Asked } from '../../../core/rotation/plan.ts';
import type { Endpoints, Settings } from '../../../core/settings/settings.ts';
import { isRecord } from '../../../core/values/json.ts';
import { instantOf, type Instant } from '../../../core/values/time.ts';
import { startPretendCloud, type PretendCloud } from '../../../emulator/server/server.ts';
import { pretendRelay } from '../../../emulator/showcase/relay.ts';
import { alertReceivers } from '../../../emulator/showcase/receivers.ts';
import type { GeminiKey } from '../../../emulator/world/keyring.ts';
import { answerWithStatus } from '../../../emulator/wire/faults.ts';
import { wireTo } from '../../../wire.ts';
import { alertPipeline } from '../alert-pipeline.ts';
import { pretendChannels } from './channels.ts';
import { mortal } from './mortal.ts';
import { readersOf, type Readers } from './readers.ts';
import type { Deed } from './scenarios.ts';

/** What is played with: a pretend cloud with one managed secret, the team's settings, and the worker's own code. */
export interface Stage extends AsyncDisposable, Readers {
  readonly cloud: PretendCloud;
  now(): Instant;
  /** Goes on to a moment, unless it is past. */
  reach(moment: number): Promise<void>;
  /** One call of a scheduled function; `false` where its process died in it. */
  run(job: Job): Promise<boolean>;
  /** `false` where the process that a person started died in it. */
  does(deed: Deed): Promise<boolean>;
  /** What a person does who was told of a leak. */
  rotateAtOnce(): Promise<void>;
  record(): Promise<SecretStatus>;
  /** Messages that channels took since this was asked last. */
  delivered(): Promise<readonly { readonly channel: string; readonly text: string }[]>;
  /** What the worker announced since then. */
  announced(): readonly Announced[];
}

/** The functions that a schedule calls. */
export type Job = 'check' | 'reconcile' | 'purge';

interface Announced {
  readonly at: Instant;
  /** Of the notice; `undefined` for a line of the log that is none. */
  readonly type: string | undefined;
  readonly text: string;
}

/** What a drill is played with besides the scenario. */
export interface Team {
  readonly settings: Settings;
  readonly project: string;
  readonly secretId: string;
  /** Of the secret, beside the one that puts it under care. */
  readonly labels: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;
/** From the topic of alerts to `notify`, from the topic of deliveries to `notify`, and one to be sure. */
const HOPS = 3;
const GEMINI_ONLY = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };

/** Sets everything up; the key is in use for two days when the drill begins, at `from`. */
export async function stageOf(team: Team, from: number): Promise<Stage> {
  const { settings, project, secretId } = team;
  const time = { now: from - 2 * DAY_MS };
  const receivers = alertReceivers();
  const relay = await pretendRelay();
  const pipeline = alertPipeline();
  const cloud = await startPretendCloud({
    clock: { now: () => time.now, advance: (milliseconds) => void (time.now += milliseconds) },
    services: [receivers, pipeline.service],
  });
  const clock: Clock = { now: () => instantOf(time.now), sleep: (milliseconds) => cloud.advance(milliseconds) };
  const announced: Announced[] = [];
  const log: Log = {
    write(_, text, fields) {
      const notice = fields?.['notice'];
      const type = isRecord(notice) ? String(notice['type']) : undefined;
      announced.push({ at: clock.now(), type, text });
    },
  };
  const channels = pretendChannels(settings.alerts.channels, relay.url);
  // Neither a channel of theirs nor their dead-man's service hears of it.
  const served = pipeline.setUp(cloud, project, channels);
  const internalTargets = [...served.internalTargets, relay.url];
  const alerts = { ...settings.alerts, ping: undefined, ...served, internalTargets };
  const secretPolicy = { ...settings.secretPolicy, mint: {}, keyProjects: [project], keyAccounts: [] };
  const here = { ...settings, endpoints: endpointsAt(cloud.url), alerts, projects: [project], secretPolicy };
  const scope = { ...here, locations: ['global'], scopes: [{ project, location: 'global' }] };
  const wired = wireTo(log, { clock, random: () => 0.5 })(scope);
  if (wired.routeEvent !== undefined) pipeline.open({ ...wired.routeEvent, clock }, alerts.channels);
  const { ports, dieAfterAdding, survives } = mortal(wired.ports);
  const key = seeded(cloud, team);
  const secret = `projects/${key.project}/secrets/${secretId}`;
  const readers = readersOf(cloud, secret);
  let processes = 0;
  const order = () => ({ secret, me: `process ${(processes += 1)}`, secretPolicy });
  const begin = (asked: Asked) => start(ports, { ...order(), asked }, () => undefined);
  const jobs: Readonly<Record<Job, () => Promise<unknown>>> = {
    check: () => check(ports, { ...scope, deep: 'when_due', record: true }),
    reconcile: () => reconcile(ports, { ...scope, me: order().me }),
    purge: () => purgeFleet(ports, { ...scope, dryRun: false }),
  };
  readers.looks({ name: 'the app', reads: 'current' });
  await cloud.advance(2 * DAY_MS);

  return {
    ...readers,
    cloud,
    now: clock.now,
    reach: (moment) => cloud.advance(Math.max(0, moment - time.now)),
    run: (job) => survives(jobs[job]),
    async does(deed) {
      switch (deed.is) {
        case 'leak':
          cloud.keyring.put(key.keyString, 'leaked', { project: key.project }, time.now);
          return true;
        case 'rotate':
          return survives(() => begin({ reason: 'request', candidate: 'minted', emergency: false }));
        case 'rollback':
          await ask(ports.vault, secret, { to: 'rollback', by: { who: 'a person', is: 'claimed' } });
          return survives(() => drive(ports, { ...order(), asked: undefined }, () => undefined));
        case 'kill-after-add':
          dieAfterAdding();
          return true;
        case 'issuer-down':
          cloud.faults.plant({ service: 'apikeys' }, Infinity, { act: 'answer', reply: answerWithStatus(503) });
          return true;
        case 'issuer-back':
          cloud.faults.clear();
          return true;
        default:
          return deed satisfies never;
      }
    },
    rotateAtOnce: async () => void (await begin({ reason: 'leaked', candidate: 'minted', emergency: true })),
    record: async () => onRecord({ sighting: await ports.vault.look(secret), project }),
    async delivered() {
      for (let hop = 0; hop < HOPS; hop += 1) await cloud.pubsub.pump();
      const taken = receivers.received().filter(({ status }) => status < 300);
      receivers.clear();
      const mails = relay.take().map(({ text }) => ({ channel: 'email', text }));
      return [...taken.map(({ receiver, path, text }) => ({ channel: `${receiver}${path}`, text })), ...mails];
    },
    announced: () => announced.splice(0),
    async [Symbol.asyncDispose]() {
      await wired[Symbol.asyncDispose]();
      await cloud.close();
      await relay.close();
    },
  };
}

/** The one secret and its key, which nobody uses yet. */
function seeded(cloud: PretendCloud, { project, secretId, labels }: Team): GeminiKey {
  const key = cloud.keyring.issue(
    {
      project: cloud.names.add(project),
      kind: 'auth',
      serviceAccountEmail: `drill-app@${project}.iam.gserviceaccount.com`,
      annotations: {},
      restrictions: GEMINI_ONLY,
    },
    cloud.clock.now(),
  );
  cloud.secrets.seed({
    project,
    secretId,
    payloads: [key.keyString],
    labels: { ...labels, 'key-warden': 'managed' },
    aliases: { current: 1 },
  });
  return key;
}

/** Whatever a drill calls is here. */
function endpointsAt(url: string): Endpoints {
  return {
    secretManager: url,
    gemini: url,
    apiKeys: url,
    monitoring: url,
    pubsub: url,
    scheduler: url,
    iam: url,
    orgPolicy: url,
    others: url,
    oidc: url,
  };
}
