import { projectIn } from '../../core/google/resource-names.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { stableShuffle } from '../../core/values/stable-shuffle.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretScope } from '../ports/ports.ts';
import { gather, type Found, type Scope } from '../listing/gather.ts';
import { budgetOf, paceOf, SECRETS_A_MINUTE } from '../listing/pace.ts';
import { holdersIn, notLookedText } from '../listing/holders.ts';
import { inPool } from '../listing/pool.ts';
import { purgeSecret, idleLedger, type Purged } from './purge.ts';
import type { PurgePorts } from './purge-steps.ts';
import { sweep, type Swept } from './sweep.ts';

export interface PurgeFleetOrder extends Scope {
  /** Where holders of a key are looked for that is to be deleted, where that is more than what is purged. */
  readonly around?: readonly SecretScope[] | undefined;
  readonly secretPolicy: SecretPolicy;
  readonly dryRun: boolean;
  /** No secret and no project is begun after this many seconds; without it, all are. */
  readonly budgetSeconds?: number | undefined;
}

/** One run of the purge over any number of secrets. */
export interface PurgeRun {
  readonly dryRun: boolean;
  readonly secrets: number;
  readonly purged: readonly Purged[];
  readonly swept: readonly Swept[];
  /** Secrets with something due, and projects with keys to sweep, that the next run has to begin with. */
  readonly unreached: number;
  /** Trouble that is not about one key. */
  readonly problems: readonly string[];
  /** Whether a setting or a permission would have let us see more. */
  readonly barred?: boolean | undefined;
}

/**
 * Purges the old keys of all secrets, and sweeps the keys of all projects that make keys for them. One broken secret stops
 * no other, and what many of them have in hand is done in an order that every run draws anew, at Google's pace.
 */
export async function purgeFleet(ports: PurgePorts, order: PurgeFleetOrder): Promise<PurgeRun> {
  const { secretPolicy, dryRun, concurrency, budgetSeconds = Infinity } = order;
  const startedAt = ports.clock.now();
  const inTime = budgetOf(ports, budgetSeconds);
  const gathered = await gather(ports.vault, order);
  const { found, findings, problems, barred } = gathered;
  const isAll = order.secrets === undefined && order.around === undefined;
  const lookedAt = { scopes: order.around ?? order.scopes, concurrency, inTime };
  const holders = holdersIn(ports, lookedAt, isAll ? gathered : undefined);
  const indebted = found.filter(({ sighting }) => sighting.record.retired.text !== undefined);
  const listed = stableShuffle(indebted, ({ sighting }) => sighting.name, startedAt).map(({ sighting }) => ({
    sighting,
    seen: idleLedger(sighting, secretPolicy, startedAt),
  }));
  const [quiet, busy] = [
    listed.filter(({ seen }) => seen !== undefined),
    listed.filter(({ seen }) => seen === undefined),
  ];
  const pace = paceOf(ports.clock, SECRETS_A_MINUTE);
  const purging = await inPool([...quiet, ...busy], concurrency, inTime, async ({ sighting, seen }) => {
    if (seen === undefined && !dryRun) await pace();
    return attempt(() => purgeSecret(ports, sighting.name, { secretPolicy, dryRun, urgentOnly: false, holders }, seen));
  });
  const known = new Map(found.map(({ sighting }) => [sighting.name, sighting]));
  const projects = stableShuffle(keyProjectsOf(found, secretPolicy), (project) => project, startedAt);
  const sweeping = await inPool(projects, 1, inTime, async (project) => {
    const lines = await attempt(() =>
      sweep(ports, { project, dryRun, secretPolicy, holders, scopes: order.scopes }, known),
    );
    return lines instanceof Fault
      ? new Fault(lines.code, `the keys of project ${project} were not swept: ${lines.message}`)
      : lines;
  });
  const all = [...purging, ...sweeping];
  const blind = notLookedText(holders.notLooked());
  return {
    dryRun,
    secrets: found.length,
    purged: purging.flatMap((lines) => (lines === undefined || lines instanceof Fault ? [] : lines)),
    swept: sweeping.flatMap((lines) => (lines === undefined || lines instanceof Fault ? [] : lines)),
    unreached: all.filter((lines) => lines === undefined).length,
    problems: [
      ...problems,
      ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`),
      ...all.flatMap((lines) => (lines instanceof Fault ? [lines.message] : [])),
      ...(blind === undefined ? [] : [blind]),
    ],
    barred,
  };
}

/** The projects whose API Keys API makes keys for these secrets, each once. */
function keyProjectsOf(found: readonly Found[], secretPolicy: SecretPolicy): readonly string[] {
  const projects = found.map(({ sighting: { name, record } }) => {
    const { mint } = secretPolicyOf(record, secretPolicy).secretPolicy;
    return mint.keyProject ?? projectIn(name);
  });
  return [...new Set(projects)];
}
