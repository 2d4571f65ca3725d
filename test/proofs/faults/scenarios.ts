import { Buffer } from 'node:buffer';
import { Fault } from '../../../src/app/ports/fault.ts';
import { purgeFleet } from '../../../src/app/purge/purge-fleet.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { start } from '../../../src/app/rotation/start.ts';
import type { Step } from '../../../src/app/rotation/tick.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { GLOBAL } from '../../../src/core/google/resource-names.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import { PROJECT, START } from '../../support/cloud.ts';
import type { Scenario } from './schedule.ts';
import { servedBy } from './seen.ts';
import { CARE, FOREIGN, FROM, OTHER_SECRET, type FaultWorld, type Worker } from './world.ts';
import { JANE, MINUTE_MS } from '../../support/journals.ts';

export const REQUEST: Asked = { reason: 'request', candidate: 'minted', emergency: false, requestId: 'r-1' };

export const URGENT: Asked = { ...REQUEST, reason: 'leaked', emergency: true };

/** Begins a rotation or goes on with it: the same request, however often it is sent, is one rotation. */
export async function request({ ports, order, drive }: Worker, asked: Asked, supplied?: KeyText): Promise<Step> {
  const begun = await start(ports, { ...order, asked, supplied }, () => undefined);
  return begun.outcome === 'begun' || begun.outcome === 'same' ? begun.step : drive();
}

/** The scheduled job, which takes up what a crash at the very end has left. Rejects while it is not done. */
async function reconciled({ ports, order }: Worker): Promise<void> {
  const { problems } = await reconcile(ports, {
    scopes: [{ project: PROJECT, location: GLOBAL }],
    secretPolicy: order.secretPolicy,
    me: order.me,
    rotationsMax: 1,
    runEveryMinutes: 10,
    concurrency: 1,
    budgetSeconds: 600,
  });
  if (problems.length > 0) throw new Fault('unavailable', problems.join('; '));
}

/** Makes every key that a worker minted answer as invalid from now on. */
function spoil({ cloud, minted }: FaultWorld): boolean {
  for (const { keyString, project, state } of minted()) {
    if (state === 'works') cloud.keyring.put(keyString, 'invalid', { project }, cloud.clock.now());
  }
  return false;
}

/** Somebody adds a version with these bytes. */
function addTo({ cloud }: FaultWorld, secret: string, text: string): void {
  const data = Buffer.from(text).toString('base64');
  cloud.secrets.call('addSecretVersion', {}, { parent: secret, payload: { data } });
}

/** What stands in the secret now, as its owner sees it. */
function recordIn({ cloud, secret }: FaultWorld) {
  const { annotations = {}, versionAliases = {} } = cloud.secrets.call('getSecret', {}, { name: secret }) as {
    annotations?: Record<string, string>;
    versionAliases?: Record<string, string>;
  };
  return { record: recordOf(annotations), current: versionAliases['current'] };
}

/** Takes `current` away once, when consumers have just got the new version. */
function takeCurrent(world: FaultWorld): boolean {
  const { record, current } = recordIn(world);
  const isPromoted = valueOf(record.rotation)?.phase === 'promoted';
  if (!isPromoted || current === undefined || valueOf(record.lastCurrent)?.is !== undefined) return false;
  point(world, { previous: FROM, theirs: FOREIGN });
  return true;
}

/** A tool pushes the old key once more, once its rotation is over. */
function writeBack(world: FaultWorld): boolean {
  const { record } = recordIn(world);
  const history = valueOf(record.history) ?? [];
  const { totalSize } = world.cloud.secrets.call('listSecretVersions', {}, { parent: world.secret });
  const isOver = valueOf(record.rotation)?.phase === 'resting' && history[0]?.outcome === 'completed';
  if (!isOver || totalSize !== FROM + 1) return false;
  addTo(world, world.secret, oldKey(world));
  return true;
}

function oldKey({ cloud }: FaultWorld): string {
  return cloud.keyring.all()[FROM - 1]?.keyString ?? '';
}

const HOUR_MS = 60 * MINUTE_MS;

/** Whoever owns the other secret gives it a key of its own, an hour later, and disables the version that held the leaked one. */
function moveOn(world: FaultWorld, own: string): void {
  if (world.cloud.clock.now() - START < HOUR_MS || servedBy(world, OTHER_SECRET) === own) return;
  addTo(world, OTHER_SECRET, own);
  world.cloud.secrets.call('disableSecretVersion', {}, { name: `${OTHER_SECRET}/versions/1` });
}

/** Somebody points the aliases, all of them at once. */
export function point({ cloud, secret }: FaultWorld, aliases: Readonly<Record<string, number>>): void {
  const versionAliases = Object.fromEntries(Object.entries(aliases).map(([name, to]) => [name, String(to)]));
  cloud.secrets.call('updateSecret', {}, { secret: { name: secret, versionAliases }, updateMask: 'versionAliases' });
}

const IMPATIENT = { ...CARE, rotation: { ...DEFAULT_SECRET_POLICY.rotation, settleMinutesMax: 1 } };

/** How a rotation ends that goes well. */
export const ROTATED =
  'current=3 previous=2 theirs=1 | 1 key1 enabled, 2 key2 disabled, 3 key3 enabled | ' +
  'key1 alive, key2 alive, key3 alive | retired 2 | history completed 3 | resting';

/** How one ends whose key consumers had, and that was given up. */
export const TAKEN_BACK =
  'current=2 theirs=1 | 1 key1 enabled, 2 key2 enabled, 3 key3 disabled, 4 key2 enabled | ' +
  'key1 alive, key2 alive, key3 alive | retired 3 | history abandoned 3 | resting';

export const MINTED: Scenario = { title: 'minted', ends: ROTATED, command: (worker) => request(worker, REQUEST) };

export const REFUSED_LATE: Scenario = {
  title: 'refused after it was written',
  ends:
    'current=2 theirs=1 | 1 key1 enabled, 2 key2 enabled, 3 key3 disabled, 4 key2 enabled | ' +
    'key1 alive, key2 alive, key3 deleted | retired none | history abandoned 3 | resting',
  secretPolicy: IMPATIENT,
  latestSpoiled: true,
  command: (worker) => request(worker, REQUEST),
  meanwhile(world) {
    const { versions = [] } = world.cloud.secrets.call('listSecretVersions', {}, { parent: world.secret }) as {
      versions?: readonly unknown[];
    };
    return versions.length > FROM && spoil(world);
  },
};

const RETENTION_MS = DEFAULT_SECRET_POLICY.rotation.retentionDays * 24 * HOUR_MS;

/** The purge of a week later, which takes what the rotation left. Rejects while it is not done. */
async function purged({ ports, order }: Worker): Promise<void> {
  await ports.clock.sleep(Math.max(0, START + RETENTION_MS + HOUR_MS - ports.clock.now()));
  const scopes = [{ project: PROJECT, location: GLOBAL }];
  const fleet = { scopes, secretPolicy: order.secretPolicy, dryRun: false, concurrency: 1 };
  const { swept, problems } = await purgeFleet(ports, fleet);
  const troubles = [...problems, ...swept.flatMap(({ outcome, why }) => (outcome === 'done' ? [] : [why]))];
  if (troubles.length > 0) throw new Fault('unavailable', troubles.join('; '));
}

/** What it wrote is destroyed, and nothing else (I5, I16). */
const PURGED_LATER: Scenario = {
  ...REFUSED_LATE,
  title: 'refused after it was written, and purged a week later',
  ends: REFUSED_LATE.ends.replace('3 key3 disabled', '3 key3 destroyed'),
  purged: { version: FROM + 1, from: START + RETENTION_MS },
  async command(worker) {
    const step = await request(worker, REQUEST);
    if (step.did === 'rest') await purged(worker);
    return step;
  },
};

export const ROLLED_BACK: Scenario = {
  title: 'rolled back while draining',
  ends: TAKEN_BACK,
  async command(worker) {
    const step = await request(worker, REQUEST);
    const { did } = step;
    const promoted = did === 'wait' && step.journal.phase === 'promoted';
    if (!promoted) return step;
    await ask(worker.ports.vault, worker.order.secret, { to: 'rollback', by: JANE });
    return worker.drive();
  },
};

const DOCUMENT: Scenario = {
  title: 'a document that consumers parse',
  ends: ROTATED,
  around: (key) => `{\n "gemini" : "${key}",  "other":"sk-1" }\n`,
  command: (worker) => request(worker, REQUEST),
};

export const TAKEN: Scenario = {
  title: 'somebody takes current away while the old key drains',
  ends: ROTATED,
  currentTaken: true,
  command: (worker) => request(worker, REQUEST),
  meanwhile: takeCurrent,
};

export const WRITTEN_BACK: Scenario = {
  title: 'another tool writes the old key back',
  ends: ROTATED.replace('3 key3 enabled', '3 key3 enabled, 4 key2 enabled').replace(
    'history completed 3',
    'history abandoned 4,completed 3',
  ),
  command: (worker) => request(worker, REQUEST),
  meanwhile: writeBack,
};

/** The key of the other secret is the third there is, so that the new one is the fourth. */
export const SHARED: Scenario = {
  title: 'emergency of a key that another secret serves',
  ends:
    'current=3 previous=2 theirs=1 | 1 key1 enabled, 2 key2 disabled, 3 key4 enabled | ' +
    'key1 alive, key2 deleted, key3 alive, key4 alive | retired 2 | history completed 3 | leak 2 open | resting',
  setUp(world) {
    const labels = { 'key-warden': 'managed' };
    world.cloud.secrets.seed({ project: PROJECT, secretId: 'ads', payloads: [oldKey(world)], labels });
    world.newKey();
    return '';
  },
  async command(worker) {
    const step = await request(worker, URGENT);
    if (step.did !== 'rest') return step;
    const { ports, order } = worker;
    for (let run = 0; run < 2; run += 1) {
      await ports.purgeLeaked(ports, order.secret, order.secretPolicy);
      await ports.clock.sleep(HOUR_MS);
    }
    await ports.purgeLeaked(ports, order.secret, order.secretPolicy);
    return step;
  },
  meanwhile(world) {
    moveOn(world, world.cloud.keyring.all()[FROM]?.keyString ?? '');
    return false;
  },
};

/** The other ways through the table. */
export const OTHERS: readonly Scenario[] = [
  {
    title: 'supplied, and supplied again after a crash',
    ends: ROTATED,
    setUp: (world) => world.newKey(),
    command: (worker, key) => request(worker, { ...REQUEST, candidate: 'supplied' }, new KeyText(key)),
  },
  {
    title: 'supplied, and whoever goes on has not got the key',
    ends: ROTATED,
    // Nothing was written, and the rotation is given up; or the version was, and is adopted after that.
    mayEnd: /^current=(?:2 .* history abandoned -|3 .* history completed 3,abandoned -) \| resting$/,
    setUp: (world) => world.newKey(),
    command: (worker, key) =>
      request(
        worker,
        { ...REQUEST, candidate: 'supplied' },
        worker.order.me === 'worker-1' ? new KeyText(key) : undefined,
      ),
  },
  {
    title: 'adopted',
    ends: ROTATED,
    setUp(world) {
      addTo(world, world.secret, world.newKey());
      return '';
    },
    command: (worker) => worker.drive(),
  },
  {
    title: 'somebody reads the old version by an alias of theirs',
    ends:
      'current=3 previous=2 theirs=2 | 1 key1 enabled, 2 key2 enabled, 3 key3 enabled | ' +
      'key1 alive, key2 alive, key3 alive | retired none | history none | drained held',
    setUp(world) {
      point(world, { current: FROM, theirs: FROM });
      return '';
    },
    command: (worker) => request(worker, REQUEST),
  },
  {
    title: 'emergency',
    ends: ROTATED.replace('key2 alive', 'key2 deleted').replace('| resting', '| leak 2 open | resting'),
    async command(worker) {
      const step = await request(worker, URGENT);
      if (step.did === 'rest') await reconciled(worker);
      return step;
    },
  },
  {
    title: 'emergency, until the leaked key is proven dead',
    ends: ROTATED.replace('key2 alive', 'key2 deleted'),
    async command(worker) {
      const step = await request(worker, URGENT);
      if (step.did !== 'rest') return step;
      // The first run deletes it, if a crash kept that from happening; two more prove it, unless an answer is lost on the way.
      for (let run = 0; run < 5; run += 1) {
        await reconciled(worker);
        await worker.ports.clock.sleep(31 * MINUTE_MS);
      }
      return step;
    },
  },
  {
    title: 'emergency that is given up: its leak stays open',
    ends:
      'current=2 theirs=1 | 1 key1 enabled, 2 key2 enabled | key1 alive, key2 alive, key3 deleted | ' +
      'retired none | history abandoned - | leak 2 open | resting',
    secretPolicy: IMPATIENT,
    command: (worker) => request(worker, URGENT),
    meanwhile: spoil,
  },
  {
    title: 'refused before it is written',
    ends:
      'current=2 theirs=1 | 1 key1 enabled, 2 key2 enabled | key1 alive, key2 alive, key3 deleted | ' +
      'retired none | history abandoned - | resting',
    secretPolicy: IMPATIENT,
    command: (worker) => request(worker, REQUEST),
    meanwhile: spoil,
  },
  REFUSED_LATE,
  PURGED_LATER,
  ROLLED_BACK,
  DOCUMENT,
  TAKEN,
  WRITTEN_BACK,
  SHARED,
];
