import { FINDING_KINDS, type FindingKind, type KeyFinding } from '../../core/inventory/findings.ts';
import type { LastUse, SeenKey } from '../../core/inventory/seen-key.ts';
import { DAY_MS, elapsedMs, isoOf, type Instant } from '../../core/values/time.ts';
import type { Inventory } from './inventory.ts';

/** Name and version of the JSON that `inventory --json` prints. */
export const INVENTORY_SCHEMA = 'key-warden/inventory/v1';

/** An inventory as it is printed for programs, with what is new in it where that was asked for: no byte of a key is in it. */
export function inventoryJson({ at, projects, lines, notLooked, barred, calls }: Inventory, news?: Inventory['lines']) {
  return {
    schema: INVENTORY_SCHEMA,
    at: isoOf(at),
    projects,
    keys: lines.map(({ key, findings }) => ({ ...keyJson(key, at), findings: findings.map(findingJson) })),
    counts: countsOf(lines),
    ...(news === undefined
      ? {}
      : {
          news: news.flatMap(({ key, findings }) => findings.map((one) => ({ name: key.name, ...findingJson(one) }))),
        }),
    notLooked,
    barred,
    calls,
  };
}

function findingJson({ kind, severity, says, cure }: KeyFinding) {
  return { kind, severity, says, cure };
}

/** How many keys show each finding; those that none shows are left out. */
export function countsOf(lines: Inventory['lines']): Readonly<Partial<Record<FindingKind, number>>> {
  const kinds = lines.flatMap(({ findings }) => findings.map(({ kind }) => kind));
  const counted = FINDING_KINDS.map((kind) => [kind, kinds.filter((one) => one === kind).length] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

/** How old a key is, in whole days. */
export function ageDaysOf({ createdAt }: Pick<SeenKey, 'createdAt'>, now: Instant): number {
  return Math.floor(elapsedMs(createdAt, now) / DAY_MS);
}

function keyJson(key: SeenKey, now: Instant) {
  const { name, uid, displayName, project, kind, reach, account, createdAt, lastUse, held } = key;
  const bound = account === undefined ? {} : { account };
  return {
    name,
    uid,
    displayName,
    project,
    kind,
    reach,
    ...bound,
    createdAt: isoOf(createdAt),
    ageDays: ageDaysOf(key, now),
    lastUse: lastUseJson(lastUse),
    held,
  };
}

function lastUseJson(lastUse: LastUse) {
  switch (lastUse.is) {
    case 'used':
      return { is: lastUse.is, at: isoOf(lastUse.at) };
    case 'unused':
      return { is: lastUse.is, since: isoOf(lastUse.since) };
    case 'not_measured':
      return lastUse;
  }
}
