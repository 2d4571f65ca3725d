import { projectIn } from '../../core/google/resource-names.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { stableShuffle } from '../../core/values/stable-shuffle.ts';
import type { Instant } from '../../core/values/time.ts';
import { servingOf, type Serving } from '../listing/serving.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretScope } from '../ports/ports.ts';
import { gatherKept, type Found, type Scope } from '../listing/gather.ts';
import { budgetOf, paceOf, SECRETS_A_MINUTE } from '../listing/pace.ts';
import { holdersIn, notLookedText } from '../listing/holders.ts';
import { inPool } from '../listing/pool.ts';
import { purgeSecret, waitingIn, type Purged } from './purge.ts';
import type { PurgePorts } from './purge-steps.ts';
import { keysOnRecord, sweep, type KeysOnRecord, type Swept } from './sweep.ts';

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
  const listing = await gatherKept(ports.vault, order, (one) => debtOf(one, secretPolicy, startedAt));
  const { kept: all, findings, problems, barred } = listing;
  const isAll = order.secrets === undefined && order.around === undefined;
  const lookedAt = { scopes: order.around ?? order.scopes, concurrency, inTime };
  const holders = holdersIn(
    ports,
    lookedAt,
    isAll ? { ...listing, kept: all.map(({ serving }) => serving) } : undefined,
  );
  const indebted = stableShuffle(
    all.filter(({ serving }) => serving.ledger !== undefined),
    ({ serving }) => serving.name,
    startedAt,
  );
  const waiting = indebted.flatMap((one) => one.waiting ?? []);
  const busy = indebted.filter((one) => one.waiting === undefined);
  const pace = paceOf(ports.clock, SECRETS_A_MINUTE);
  const purging = await inPool(busy, concurrency, inTime, async ({ serving: { name } }) => {
    if (!dryRun) await pace();
    return attempt(() => purgeSecret(ports, name, { secretPolicy, dryRun, urgentOnly: false, holders }));
  });
  const known = new Map(all.map(({ serving: { name }, keys }) => [name, keys]));
  const keyProjects = new Set(all.map(({ keyProject }) => keyProject));
  const projects = stableShuffle([...keyProjects], (project) => project, startedAt);
  const sweeping = await inPool(projects, 1, inTime, async (project) => {
    const lines = await attempt(() =>
      sweep(ports, { project, dryRun, secretPolicy, holders, scopes: order.scopes }, known),
    );
    return lines instanceof Fault
      ? new Fault(lines.code, `the keys of project ${project} were not swept: ${lines.message}`)
      : lines;
  });
  const done = [...purging, ...sweeping];
  const blind = notLookedText(holders.notLooked());
  return {
    dryRun,
    secrets: all.length,
    purged: [...waiting, ...purging.flatMap((lines) => (lines === undefined || lines instanceof Fault ? [] : lines))],
    swept: sweeping.flatMap((lines) => (lines === undefined || lines instanceof Fault ? [] : lines)),
    unreached: done.filter((lines) => lines === undefined).length,
    problems: [
      ...problems,
      ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`),
      ...done.flatMap((lines) => (lines instanceof Fault ? [lines.message] : [])),
      ...(blind === undefined ? [] : [blind]),
    ],
    barred,
  };
}

/** What a run keeps of a secret that it listed. */
interface Debt {
  readonly serving: Serving;
  /** The project whose API Keys API makes its keys. */
  readonly keyProject: string;
  readonly keys: KeysOnRecord;
  /** Its old keys where nothing is due for any of them. */
  readonly waiting: readonly Purged[] | undefined;
}

function debtOf({ sighting }: Found, underneath: SecretPolicy, now: Instant): Debt {
  const { name, record } = sighting;
  const { mint } = secretPolicyOf(record, underneath).secretPolicy;
  return {
    serving: servingOf(sighting),
    keyProject: mint.keyProject ?? projectIn(name),
    keys: keysOnRecord(sighting),
    waiting: waitingIn(sighting, underneath, now),
  };
}
