import type { SecretReached } from '../../../src/app/reach/reach-secret.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import type { Step, TickOrder } from '../../../src/app/rotation/tick.ts';
import type { RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import type { SecretPolicy } from '../../../src/core/settings/secret-policy.ts';
import { MINUTE_MS, NUMBER, PROJECT } from '../../support/cloud.ts';
import { fileTemplate, template, variable } from '../../support/consumers.ts';
import { reachOnce } from '../faults/reaching.ts';
import { CARE, FROM, faultWorld, RUN_REGIONS, type FaultWorld } from '../faults/world.ts';

/** How long a revision takes to be ready. */
const READY_MS = 12_000;

/** What became of everybody's requests, and which versions warm instances hold. */
interface Tally {
  readonly name: string;
  readonly sent: number;
  readonly refused: number;
  readonly failedStarts: number;
  readonly instances: readonly { readonly versions: Readonly<Record<string, string>> }[];
}

/** One thing that reads the secret: its template, and what it is. */
export interface Reader {
  readonly id: string;
  readonly kind: 'services' | 'workerPools';
  readonly region: string;
  readonly template: object;
  readonly labels: Readonly<Record<string, string>>;
}

const KEY = 'GEMINI_API_KEY';

/** Consumers of every kind, in two regions; every tenth wants to be left alone. */
export function readersOf(count: number): readonly Reader[] {
  const forms = [
    () => template([variable(KEY, 'gemini', 'current')]),
    () => template([variable(KEY, `projects/${NUMBER}/secrets/gemini`, 'current')]),
    () => template([variable(KEY, 'gemini', 'latest')]),
    () => template([variable(KEY, 'gemini', String(FROM))]),
    () => fileTemplate('gemini', 'current'),
    () => template([{ name: 'MODE', value: 'x' }, variable(KEY, 'gemini', 'current')]),
  ];
  return Array.from({ length: count }, (_, at) => ({
    id: `app-${String(at).padStart(2, '0')}`,
    kind: at % 5 === 4 ? ('workerPools' as const) : ('services' as const),
    region: RUN_REGIONS[at % RUN_REGIONS.length] ?? 'europe-west1',
    ...(at % 10 === 9
      ? { template: forms[0]?.() ?? {}, labels: { 'key-warden-reach': 'off' } }
      : { template: forms[at % forms.length]?.() ?? {}, labels: {} }),
  }));
}

export interface ReachWorld extends FaultWorld {
  /** Deploys them, and lets each send a request every five minutes. */
  deploy(readers: readonly Reader[]): Promise<void>;
  nameOf(reader: Reader): string;
  /** Somebody deploys the template that they have, and knows nothing of our marks. */
  deployAgain(reader: Reader): Promise<void>;
  /** Somebody deletes one, with its traffic. */
  remove(reader: Reader): Promise<void>;
  rotate(): Promise<Step>;
  /** One scheduled run of the reconciler. */
  resume(): Promise<Step>;
  /** One scheduled run of `reach`, whose process dies where that says so. */
  reach(isOver?: () => boolean): Promise<SecretReached | undefined>;
  tallies(): Promise<readonly Tally[]>;
  /** Consumers that hold another version than this in a warm instance. */
  behind(version: number): Promise<readonly string[]>;
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Calls of Cloud Run's API since the beginning, by method. */
  calls(): Readonly<Record<string, number>>;
}

/** A pretend cloud with one managed secret, and a worker that may make revisions of its consumers. */
export async function reachWorld(rotation: Partial<RotationPolicy> = {}): Promise<ReachWorld> {
  const world = await faultWorld();
  const { cloud, clock } = world;
  const policy: SecretPolicy = {
    ...CARE,
    rotation: { ...CARE.rotation, reachConsumers: 2, reachPinned: 1, ...rotation },
  };
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${cloud.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const nameOf = ({ region, kind, id }: Reader) => `projects/${PROJECT}/locations/${region}/${kind}/${id}`;
  const tallies = async (): Promise<readonly Tally[]> => {
    const { consumers } = (await ask('GET', '/_emulator/consumers')) as { consumers: readonly Tally[] };
    return consumers;
  };
  const driving = async (fields: Partial<TickOrder> = {}): Promise<Step> => {
    const { ports, reaching: reach, order } = world.worker(policy);
    return drive({ ...ports, reach }, { ...order, ...fields }, () => undefined);
  };
  return {
    ...world,
    ask,
    nameOf,
    tallies,
    async deploy(readers) {
      cloud.iam.grant(
        PROJECT,
        `serviceAccount:app@${PROJECT}.iam.gserviceaccount.com`,
        'roles/secretmanager.secretAccessor',
      );
      for (const reader of readers) {
        const { id, kind, region, template: made, labels } = reader;
        const idField = kind === 'services' ? 'serviceId' : 'workerPoolId';
        const path = `/v2/projects/${PROJECT}/locations/${region}/${kind}?${idField}=${id}`;
        await ask('POST', path, { template: made, labels });
        await ask('POST', '/_emulator/consumers', { name: nameOf(reader), perMinute: 0.2 });
      }
      await ask('POST', '/_emulator/pace', { readyMs: READY_MS });
    },
    async deployAgain(reader) {
      await ask('PATCH', `/v2/${nameOf(reader)}?updateMask=template`, {
        template: { ...reader.template, labels: { deployed: String(clock.now()) } },
      });
    },
    async remove(reader) {
      await ask('POST', '/_emulator/consumers', { name: nameOf(reader), perMinute: 0 });
      await ask('DELETE', `/v2/${nameOf(reader)}`);
    },
    rotate: () => driving({ asked: { reason: 'request', candidate: 'minted', emergency: false } }),
    resume: () => driving(),
    async reach(isOver) {
      const worker = world.worker(policy, isOver);
      const ended = await Promise.race([reachOnce(worker), worker.life.death]);
      return ended === 'died' ? undefined : ended.reached[0];
    },
    async behind(version) {
      const wanted = `/versions/${version}`;
      return (await tallies())
        .filter(({ instances }) =>
          instances.some(({ versions }) => Object.values(versions).some((one) => !one.endsWith(wanted))),
        )
        .map(({ name }) => name);
    },
    calls() {
      const counts: Record<string, number> = {};
      for (const { method, path } of cloud.requests())
        if (/^\/v[12]\/projects\/[^/]+\/locations/.test(path)) counts[method] = (counts[method] ?? 0) + 1;
      return counts;
    },
  };
}

/** Five minutes pass, in which everybody sends requests. */
export async function fiveMinutes({ clock }: Pick<ReachWorld, 'clock'>): Promise<void> {
  await clock.sleep(5 * MINUTE_MS);
}
