import { migrationJson } from '../../app/migration/migration-json.ts';
import { migrationPlan, type Migration } from '../../app/migration/plan.ts';
import { mintPolicyOf, mintProblem } from '../../core/record/mint-policy.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import type { Wire, Wired } from '../../wire.ts';
import { showMigration } from '../show/migration.ts';
import type { RotationEnds } from '../show/rotation-ends.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { showEnd, type RotationCode, type RotationEnd } from '../show/whereabouts.ts';
import { claimedBy, settingsFor, type Target } from './ask.ts';
import type { TickOrder } from '../../app/rotation/tick.ts';
import { begin, orderFor, standsNow, type Onlooker } from './follow-rotation.ts';
import { keyProjectsOf } from './inventory.ts';
import { withAccount } from './rotate.ts';
import { withListingShown } from './shown-progress.ts';
import { waitForWave, type UnderWay } from './wait-for-wave.ts';
import { askForRotation, standsOnRecord } from './worker/rotation.ts';
import { workerFor, type ByHand, type Worker } from './worker/worker.ts';

export interface MigrateOptions extends Omit<Target, 'secret'>, ByHand {
  readonly begin: boolean;
  readonly wait: boolean;
  readonly serviceAccount?: string | undefined;
  readonly dropTargets: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** On record with each rotation. */
const WHY = 'to an auth key, by migrate';

/**
 * Plans the way of all legacy keys, and with `--begin` begins its next wave by the worker's hand, or by that of whoever types it where none is
 * known. 5 where something is in the way of a key, 3 or 4 where not all could be seen.
 */
export async function migrate(terminal: Terminal, wire: Wire, options: MigrateOptions): Promise<RotationCode> {
  const { json, serviceAccount, dropTargets } = options;
  if (options.wait && !options.begin) throw new Stop(2, '--wait goes with --begin: without it nothing is begun');
  const problem = serviceAccount === undefined ? undefined : mintProblem('keyServiceAccount', serviceAccount);
  if (problem !== undefined) throw new Stop(2, `--service-account: ${problem}`);
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const vault = withListingShown(terminal, wired.ports.vault);
  const plan = await migrationPlan(
    { ...wired.ports, vault, reader: wired.reader },
    {
      scopes: scopesOf(settings),
      concurrency: settings.concurrency,
      secretPolicy: settings.secretPolicy,
      keyProjects: keyProjectsOf(terminal, settings),
      serviceAccount,
      dropTargets,
      byWorker: wired.functions !== undefined && !options.local,
    },
  );
  if (!json) showMigration(terminal, plan, options);
  const begun = options.begin ? await beginWave(terminal, wired, settings, plan, options) : [];
  if (json) terminal.out(`${JSON.stringify({ ...migrationJson(plan), begun }, null, 2)}\n`);
  return begun.reduce<RotationCode>((worst, { code }) => (code > worst ? code : worst), codeOf(plan));
}

function codeOf({ steps, notLooked, barred }: Migration): RotationCode {
  if (steps.some(({ state }) => state === 'blocked' || state === 'held')) return 5;
  if (notLooked.length > 0) return barred ? 4 : 3;
  return steps.length === 0 ? 3 : 0;
}

/**
 * One wave at a time: what is on its way is seen to come through before more is begun. What stops one secret stops no other. Whoever waits
 * follows what was begun, or what was on its way.
 */
async function beginWave(
  terminal: Terminal,
  wired: Wired,
  settings: Settings,
  { steps, waves }: Migration,
  options: MigrateOptions,
): Promise<readonly RotationEnd[]> {
  const onTheWay = steps.filter(({ state }) => state === 'under_way' || state === 'held');
  const [wave = []] = onTheWay.length > 0 ? [] : waves;
  if (onTheWay.length > 0) terminal.err('  nothing is begun: the wave before is not through\n');
  const before = options.wait ? onTheWay.filter(({ state }) => state === 'under_way') : [];
  if (wave.length === 0 && before.length === 0) return [];
  const noted: RotationEnd[] = before.map(({ secret }) => ({ secret, outcome: 'under_way', code: 0 }));
  const worker = await workerFor(terminal, wired, options, 'rotate');
  const onlooker: Onlooker = { terminal, ends: endsInto(noted, terminal, options.json), wait: false };
  const fresh = (secret: string): TickOrder => withAccount(orderFor(settings, secret), options.serviceAccount);
  // One name for all of it: whoever came under another would wait for our own leases.
  const orders = new Map([...wave, ...before.map(({ secret }) => secret)].map((one) => [one, fresh(one)]));
  const orderOf = (secret: string): TickOrder => orders.get(secret) ?? fresh(secret);
  for (const secret of wave) {
    try {
      if (worker === undefined) await byHand(onlooker, wired, orderOf(secret), options);
      else await byWorker(onlooker, wired, worker, secret, options);
    } catch (trouble) {
      if (!(trouble instanceof Stop)) throw trouble;
      const why = trouble.message.replace(`${secret}: `, '');
      onlooker.ends.note({ secret, outcome: 'refused', code: trouble.code === 4 ? 4 : 5, why });
    }
  }
  if (!options.wait) return noted;
  const { clock } = wired.ports;
  const underWay = noted
    .filter(({ outcome }) => outcome === 'under_way')
    .map((end): UnderWay => ({
      end,
      look: () =>
        worker === undefined
          ? standsNow(terminal, wired, orderOf(end.secret))
          : standsOnRecord({ worker, clock, secret: end.secret }),
    }));
  const ended = await waitForWave(terminal, clock, underWay);
  if (!options.json) for (const end of ended) showEnd(terminal, end);
  return [...noted.filter(({ outcome }) => outcome !== 'under_way'), ...ended];
}

type Asked = Pick<MigrateOptions, 'serviceAccount' | 'dropTargets'>;

function byHand(
  onlooker: Onlooker,
  wired: Wired,
  order: TickOrder,
  { serviceAccount, dropTargets }: Asked,
): Promise<RotationCode> {
  const mint = mintPolicyOf({ keyServiceAccount: serviceAccount, dropTargets: dropTargets ? 'on' : undefined });
  const by = claimedBy(onlooker.terminal);
  const asked = { reason: 'request', note: WHY, by, candidate: 'minted', emergency: false, mint } as const;
  return begin(onlooker, wired, { ...order, asked });
}

function byWorker(
  onlooker: Onlooker,
  { ports: { clock } }: Wired,
  worker: Worker,
  secret: string,
  { serviceAccount, dropTargets }: Asked,
): Promise<unknown> {
  const body = { mode: 'planned', reason: WHY, serviceAccount, ...(dropTargets ? { dropTargets } : {}) };
  return askForRotation(onlooker, { worker, clock, secret, body });
}

/** In words each end goes out as it comes; the command prints all of them as JSON itself. */
function endsInto(noted: RotationEnd[], terminal: Terminal, json: boolean): RotationEnds {
  return {
    note(end) {
      noted.push(end);
      if (!json) showEnd(terminal, end);
      return end.code;
    },
    add: () => undefined,
    close: () => 0,
  };
}
