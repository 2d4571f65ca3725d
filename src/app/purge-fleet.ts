import { RETIRED_ANNOTATION } from '../core/ledger.ts';
import { projectIn } from '../core/resource-names.ts';
import { POLICY_ANNOTATION, readCare, type Care } from '../core/care.ts';
import { attempt, Fault } from './fault.ts';
import { gather, type Found, type Scope } from './gather.ts';
import { purgeSecret, type Purged } from './purge.ts';
import type { PurgePorts } from './purge-steps.ts';
import { sweep, type Swept } from './sweep.ts';

export interface PurgeFleetOrder extends Scope {
  readonly care: Care;
  readonly dryRun: boolean;
}

/** One run of the purge over any number of secrets. */
export interface PurgeRun {
  readonly dryRun: boolean;
  readonly secrets: number;
  readonly purged: readonly Purged[];
  readonly swept: readonly Swept[];
  /** Trouble that is not about one key. */
  readonly problems: readonly string[];
  /** Whether a setting or a permission would have let us see more. */
  readonly barred?: boolean | undefined;
}

/** Purges the old keys of all secrets, and sweeps the keys of all projects that make keys for them. One broken secret stops no other. */
export async function purgeFleet(ports: PurgePorts, order: PurgeFleetOrder): Promise<PurgeRun> {
  const { care, dryRun } = order;
  const { found, findings, problems, barred } = await gather(ports.vault, order);
  const trouble = [...problems, ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`)];
  const purged: Purged[] = [];
  for (const { sighting } of found) {
    if (sighting.annotations[RETIRED_ANNOTATION] === undefined) continue;
    const lines = await attempt(() => purgeSecret(ports, sighting.name, { care, dryRun, urgentOnly: false }));
    if (lines instanceof Fault) trouble.push(lines.message);
    else purged.push(...lines);
  }
  const swept: Swept[] = [];
  for (const project of keyProjectsOf(found, care)) {
    const lines = await attempt(() => sweep(ports, { project, dryRun }));
    if (lines instanceof Fault) trouble.push(`the keys of project ${project} were not swept: ${lines.message}`);
    else swept.push(...lines);
  }
  return { dryRun, secrets: found.length, purged, swept, problems: trouble, barred };
}

/** The projects whose API Keys API makes keys for these secrets, each once. */
function keyProjectsOf(found: readonly Found[], care: Care): readonly string[] {
  const projects = found.map(({ sighting: { name, annotations } }) => {
    const { mint } = readCare(annotations[POLICY_ANNOTATION], care).care;
    return mint.keyProject ?? projectIn(name);
  });
  return [...new Set(projects)];
}
