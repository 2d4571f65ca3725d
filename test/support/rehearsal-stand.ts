import { leakedPurgeOf } from '../../src/app/purge/purge-leaked.ts';
import type { Clock } from '../../src/app/ports/ports.ts';
import { drive, type RotatePorts } from '../../src/app/rotation/drive.ts';
import { start } from '../../src/app/rotation/start.ts';
import type { ToldCall } from '../../src/app/rehearsal/told.ts';
import type { TickOrder } from '../../src/app/rotation/tick.ts';
import { DEFAULT_SECRET_POLICY } from '../../src/core/settings/secret-policy.ts';
import { KeyText } from '../../src/core/key/key-text.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import type { Asked } from '../../src/core/rotation/plan.ts';
import { instantOf } from '../../src/core/values/time.ts';
import { apiKeysIssuer } from '../../src/edge/api-keys/api-keys.ts';
import { geminiProber } from '../../src/edge/gemini/gemini.ts';
import { cloudMonitoringMeter } from '../../src/edge/monitoring/monitoring.ts';
import { secretManagerVault } from '../../src/edge/secret-manager/secret-manager.ts';
import type { GeminiKey } from '../../src/emulator/world/keyring.ts';
import type { HeardRequest } from '../../src/emulator/wire/request-log.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from './cloud.ts';

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

/** A client repeats it when the project has all its keys, because a quota answers the same. */
const KEYS = 'GET /v2/projects/P/locations/global/keys';
/** Looks at one key are not compared: a client looks after its own write, a rehearsal before an imagined one. */
const LOOK = /^GET \/v2\/.*\/keys\/[^/]+$/;
const MINT = 'POST /v2/projects/P/locations/global/keys';

/** An order to rotate a secret whose key the pretend issuer made. */
export const ORDER = {
  secret: `projects/${SHOWCASE_PROJECT}/secrets/search-app`,
  me: 'worker-1',
  secretPolicy: {
    ...DEFAULT_SECRET_POLICY,
    mint: { keyServiceAccount: 'search-app@demo-project.iam.gserviceaccount.com' },
  },
} satisfies TickOrder;

/** The real clients on a pretend cloud whose clock moves only with theirs. */
export interface Stand {
  readonly cloud: PretendCloud;
  readonly ports: RotatePorts;
  readonly announced: Notice[];
  /** All that a write would change. */
  state(): unknown;
  /** Requests since the last time, as lines; pages of one list as one, without what a client asks after its own write, and without questions about permissions. */
  heard(): readonly string[];
  /** Consumers use the old key since two days, until now or for ever. */
  use(until: 'now' | 'for ever'): void;
  /** A key that works, made by nobody of us. */
  suppliedKey(): KeyText;
  /** Keys until the project has as many as it may. */
  fillUp(): void;
  /** Rotates for real, to the end, the clock moved over every wait. */
  rotate(order: TickOrder & { readonly asked: Asked }): Promise<void>;
  close(): Promise<void>;
}

export async function rehearsalStand(): Promise<Stand> {
  const cloud = await pretendCloud({ base: () => NOW, propagation: { newKeyMs: 0 }, printBugs: true });
  setUpShowcase(cloud);
  const { keyring, meter: usage, names, identities } = cloud;
  const project = names.numberOf(SHOWCASE_PROJECT);
  const clock: Clock = {
    now: () => instantOf(cloud.clock.now()),
    sleep: (milliseconds) => cloud.advance(milliseconds),
  };
  const common = { url: cloud.url, clock, random: () => 0.5 };
  const vault = secretManagerVault({ ...common });
  const issuer = apiKeysIssuer(common);
  const prober = geminiProber({ url: cloud.url });
  const meter = cloudMonitoringMeter(common);
  const announced: Notice[] = [];
  const announcer = { announce: (notice: Notice) => Promise.resolve(void announced.push(notice)) };
  const log = { write: () => undefined };
  const purgeLeaked = leakedPurgeOf({ scopes: [{ project: SHOWCASE_PROJECT, location: 'global' }], concurrency: 1 });
  const ports: RotatePorts = { vault, issuer, prober, meter, clock, announcer, log, purgeLeaked };
  const oldKey = (): GeminiKey => {
    const [key] = keyring.all();
    if (key === undefined) throw new Error('the showcase has no key');
    return key;
  };
  let looked = 0;
  return {
    cloud,
    ports,
    announced,
    state: () => structuredClone({ secrets: cloud.secrets.snapshot(), keys: keyring.all() }),
    heard() {
      const all = cloud.requests();
      const lines = all.slice(looked).map(lineOf);
      looked = all.length;
      return lines
        .filter((line, at) => !(line === MINT || line === KEYS) || line !== lines[at - 1])
        .filter((line) => !LOOK.test(line))
        .filter((line) => !/\/operations\/|:testIamPermissions$/.test(line));
    },
    use(until) {
      usage.traffic(oldKey(), 5, NOW - 2 * DAY_MS);
      if (until === 'now') usage.traffic(oldKey(), 0, NOW);
    },
    suppliedKey() {
      const characters = identities.keyString('auth');
      keyring.put(characters, 'works', { project }, NOW);
      return new KeyText(characters);
    },
    fillUp() {
      const { restrictions } = oldKey();
      while (keyring.all().filter(({ deletedAt }) => deletedAt === undefined).length < 300)
        keyring.issue({ project, kind: 'standard', annotations: {}, restrictions }, NOW);
    },
    async rotate(order) {
      const started = await start(ports, order, () => undefined);
      let step = 'step' in started ? started.step : undefined;
      while (step?.did === 'wait' && step.journal.phase !== 'resting') {
        await clock.sleep(step.until - clock.now());
        step = await drive(ports, { ...order, asked: undefined }, () => undefined);
      }
      if (step?.journal?.phase !== 'resting') throw new Error('the rotation did not come to its end');
    },
    async close() {
      await Promise.all([vault.close(), issuer.close(), prober.close(), meter.close()]);
      await cloud.close();
    },
  };
}

/** A request as a line; without the project, which is an id or a number, and without the model of a probe. */
function lineOf({ method, path }: HeardRequest): string {
  return `${method} ${path.replace(/projects\/[^/]+/, 'projects/P').replace(/models\/[^:]+:/, 'models/M:')}`;
}

/** The request that a told call is over REST; none for an announcement. */
export function requestsOf({ call, on }: ToldCall): readonly string[] {
  const [resource = ''] = on.replace(/projects\/[^/ ]+/, 'projects/P').split(/ version | \(/);
  const version = `/v1/${resource}/versions/${/ version (\S+)/.exec(on)?.[1]}`;
  const requests: Readonly<Record<string, readonly string[]>> = {
    'vault.list': [`GET /v1/${resource}/secrets`],
    'vault.look': [`GET /v1/${resource}`],
    'vault.read': [`GET ${version}:access`],
    'vault.versions': [`GET /v1/${resource}/versions`],
    'vault.lookVersion': [`GET ${version}`],
    'vault.commit': [`PATCH /v1/${resource}`],
    'vault.add': [`POST /v1/${resource}:addVersion`],
    'vault.disable': [`POST ${version}:disable`],
    'issuer.list': [KEYS],
    'issuer.look': [],
    'issuer.mark': [`PATCH /v2/${resource}`],
    'issuer.mint': [MINT],
    'issuer.keyString': [`GET /v2/${resource}/keyString`],
    'issuer.delete': [`DELETE /v2/${resource}`],
    'prober.listModels': ['GET /v1beta/models'],
    'prober.generate': ['POST /v1beta/models/M:generateContent'],
    'meter.usage': ['GET /v3/projects/P/timeSeries'],
    'announcer.announce': [],
  };
  const found = requests[call];
  if (found === undefined) throw new Error(`no request is known for ${call}`);
  return found;
}
