import { leakedPurgeOf } from '../../../src/app/purge/purge-leaked.ts';
import type { Reaching } from '../../../src/app/reach/following.ts';
import { drive, type RotatePorts } from '../../../src/app/rotation/drive.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Clock, Log } from '../../../src/app/ports/ports.ts';
import type { Step, TickOrder } from '../../../src/app/rotation/tick.ts';
import { DEFAULT_SECRET_POLICY, type SecretPolicy } from '../../../src/core/settings/secret-policy.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import type { RotationNotice } from '../../../src/core/alerts/notices/rotation-notices.ts';
import { OUTBOX_FORM } from '../../../src/core/record/outbox.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { apiKeysIssuer } from '../../../src/edge/api-keys/api-keys.ts';
import { geminiProber } from '../../../src/edge/gemini/gemini.ts';
import { cloudMonitoringMeter } from '../../../src/edge/monitoring/monitoring.ts';
import { secretManagerVault } from '../../../src/edge/secret-manager/secret-manager.ts';
import type { Request } from '../../../src/emulator/wire/http.ts';
import type { GeminiKey } from '../../../src/emulator/world/keyring.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { readOutbox } from '../../support/annotations.ts';
import { pretendCloud, DAY_MS, NUMBER, PROJECT, START } from '../../support/cloud.ts';
import { lifeUntil, mortalClock, type Life } from './life.ts';
import { reachingOf } from './reaching.ts';

/** Names of what stands in the secret before anything begins. Version 1 is somebody else's. */
export const FOREIGN = 1;
export const FROM = 2;
/** Another secret under care, in the scenarios that have one. */
export const OTHER_SECRET = `projects/${NUMBER}/secrets/ads`;
const ACCOUNT = `search-app@${PROJECT}.iam.gserviceaccount.com`;
const GEMINI_ONLY = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };
const LOCATIONS = /^\/v1\/projects\/[^/:]+\/locations$/;
/** Regions in which consumers run. */
export const RUN_REGIONS = ['europe-west1', 'us-central1'] as const;
const FEW = { locations: RUN_REGIONS.map((locationId) => ({ locationId })) };
/** A fresh key is refused this long, less than a worker’s pause: it is refused once. */
const NEW_KEY_MS = 20_000;

/** Few answers per refusal and none that takes time by itself, so that a schedule is short. */
export const CARE: SecretPolicy = {
  checks: { ...DEFAULT_SECRET_POLICY.checks, confirmAnswers: 2, confirmSpacingSeconds: 0 },
  rotation: DEFAULT_SECRET_POLICY.rotation,
  mint: {},
};

/** A worker with the real edges, whose calls all go over loopback HTTP. */
export interface Worker {
  readonly ports: RotatePorts;
  /** The consumers’ side, which only those rotations have that are to bring consumers along. */
  readonly reaching: Reaching;
  readonly order: TickOrder;
  readonly life: Life;
  /** Goes as far as it can now. */
  drive(fields?: Partial<TickOrder>, reach?: Reaching): Promise<Step>;
}

export interface FaultWorld {
  readonly cloud: PretendCloud;
  readonly secret: string;
  /** Time as the cloud has it. A worker sleeps by moving it. */
  readonly clock: Clock;
  /** Everything that workers said, as they said it: no redaction stands between. */
  readonly said: string[];
  readonly announced: Notice[];
  /** Of a rotation, and not on record as untold when they were announced (I15). */
  readonly early: string[];
  /** Whether an announcement, counted from 0, finds the topic out of reach. */
  deafen(isDeaf: (announcement: number) => boolean): void;
  /** Asked before a request is applied, which is after all earlier ones were. */
  watch(look: (request: Request) => void | Promise<void>): void;
  /** A fresh worker with a name of its own; `isOver` says when its process is gone. */
  worker(secretPolicy?: SecretPolicy, isOver?: () => boolean, clock?: Clock): Worker;
  /** Keys that workers minted. */
  minted(): readonly GeminiKey[];
  /** A new key that works, as a person gets it from AI Studio; unknown to the issuer's project list otherwise. */
  newKey(): string;
  /** As it was in the beginning, to the millisecond; `around` says how values are made up, a key alone unless told. */
  startOver(around?: (key: string) => string): Promise<void>;
  close(): Promise<void>;
}

/** A pretend cloud with one managed secret, its key in use, and time that moves only when somebody sleeps. */
export async function faultWorld(): Promise<FaultWorld> {
  const time = { now: START };
  const watching: { look: (request: Request) => void | Promise<void> } = { look: () => undefined };
  const cloud = await pretendCloud({
    clock: { now: () => time.now, advance: (milliseconds) => void (time.now += milliseconds) },
    projects: { [PROJECT]: NUMBER },
    propagation: { newKeyMs: NEW_KEY_MS },
    printBugs: true,
    services: [
      {
        title: 'an eye on every call',
        answer: (request) => watching.look(request)?.then(() => undefined),
      },
      {
        title: 'Cloud Run in few regions, so that a look at all of them is short',
        answer: ({ method, path }) =>
          method === 'GET' && LOCATIONS.test(path) ? { status: 200, body: FEW } : undefined,
      },
    ],
  });
  const secret = `projects/${NUMBER}/secrets/gemini`;
  const clock: Clock = {
    now: () => instantOf(time.now),
    sleep: (milliseconds) => cloud.advance(Math.max(0, milliseconds)),
  };
  const said: string[] = [];
  const announced: Notice[] = [];
  const early: string[] = [];
  const hearing: { tries: number; isDeaf: (announcement: number) => boolean } = { tries: 0, isDeaf: () => false };
  const isUntold = ({ type, rotation }: RotationNotice): boolean => {
    const { annotations = {} } = cloud.secrets.call('getSecret', {}, { name: secret }) as {
      annotations?: Record<string, string>;
    };
    const outbox = readOutbox(annotations[OUTBOX_FORM.annotation]) ?? [];
    return outbox.some(({ step, id }) => type === `rotation.${step}` && id === rotation);
  };
  const log: Log = { write: (...line) => said.push(JSON.stringify(line)) };
  const announcer: RotatePorts['announcer'] = {
    async announce(notice) {
      const isDeaf = hearing.isDeaf(hearing.tries);
      hearing.tries += 1;
      if (isDeaf) throw new Fault('unavailable', 'the topic is out of reach');
      if ('rotation' in notice && !isUntold(notice)) early.push(`${notice.type} of ${notice.rotation}`);
      announced.push(notice);
    },
  };
  const issue = () =>
    cloud.keyring.issue(
      {
        project: NUMBER,
        kind: 'auth',
        serviceAccountEmail: ACCOUNT,
        annotations: {},
        restrictions: GEMINI_ONLY,
      },
      time.now,
    );
  const born = { workers: 0 };
  const opened: { close(): Promise<void> }[] = [];
  const startOver = async (around = (key: string) => key): Promise<void> => {
    await Promise.all(opened.splice(0).map((edge) => edge.close()));
    cloud.reset();
    time.now = START - 2 * DAY_MS;
    said.length = 0;
    announced.length = 0;
    early.length = 0;
    hearing.tries = 0;
    hearing.isDeaf = () => false;
    born.workers = 0;
    watching.look = () => undefined;
    const [foreign, old] = [issue(), issue()];
    cloud.secrets.seed({
      project: PROJECT,
      secretId: 'gemini',
      payloads: [foreign, old].map(({ keyString }) => around(keyString)),
      labels: { 'key-warden': 'managed', team: 'search' },
      annotations: { 'example.com_owner': 'search' },
      aliases: { current: FROM, theirs: FOREIGN },
    });
    cloud.meter.traffic(old, 6, time.now);
    time.now = START;
    cloud.meter.traffic(old, 0, time.now);
  };
  await startOver();
  return {
    cloud,
    secret,
    clock,
    said,
    announced,
    early,
    deafen: (isDeaf) => void (hearing.isDeaf = isDeaf),
    startOver,
    watch: (look) => void (watching.look = look),
    worker(secretPolicy = CARE, isOver = () => false, mine = clock) {
      born.workers += 1;
      const life = lifeUntil(isOver);
      const common = { url: cloud.url, clock: mortalClock(mine, life), random: () => 0.5 };
      const edges = {
        vault: secretManagerVault({ ...common }),
        issuer: apiKeysIssuer(common),
        prober: geminiProber(common),
        meter: cloudMonitoringMeter(common),
      };
      const { vault, issuer, prober, meter } = edges;
      const reaching = reachingOf({ ...common, life, vault: life.mortal(vault) });
      opened.push(...Object.values(edges), reaching);
      const ports: RotatePorts = {
        vault: life.mortal(vault),
        issuer: life.mortal(issuer),
        prober: life.mortal(prober),
        meter: life.mortal(meter),
        clock: common.clock,
        announcer: life.mortal(announcer),
        log,
        purgeLeaked: leakedPurgeOf({ scopes: [{ project: PROJECT, location: 'global' }], concurrency: 1 }),
      };
      const order: TickOrder = { secret, me: `worker-${born.workers}`, secretPolicy };
      return {
        ports,
        reaching,
        order,
        life,
        drive: (fields = {}, reach) =>
          drive({ ...ports, reach }, { ...order, ...fields }, (step) => said.push(JSON.stringify(step))),
      };
    },
    minted: () => cloud.keyring.all().filter(({ annotations }) => annotations['key-warden-rotation'] !== undefined),
    newKey: () => {
      const { keyString } = issue();
      time.now += NEW_KEY_MS;
      return keyString;
    },
    async close() {
      await Promise.all(opened.map((edge) => edge.close()));
      await cloud.close();
    },
  };
}
