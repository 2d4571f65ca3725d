import { inventoryNews, inventoryCount, newFinding, notListed } from '../../core/alerts/inventory-notice.ts';
import type { NewFinding } from '../../core/alerts/notices/fleet-notices.ts';
import type { Notice } from '../../core/alerts/notice.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { bothTold, newsSince, undecidedOf, type News, type NewsKind, type SeenNow } from '../../core/inventory/told.ts';
import type { InventoryTold, Marked } from '../../core/record/inventory-told.ts';
import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { dayOf, isoOf, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import {
  inventory,
  type Inventory,
  type InventoryLine,
  type InventoryOrder,
  type InventoryPorts,
} from './inventory.ts';
import { digestOf, markOf } from './mark.ts';

export interface TellNewsPorts extends InventoryPorts {
  readonly announcer: Announcer;
}

export interface TellNewsOrder extends InventoryOrder {
  /** The secret of the worker's own on which stands what people were told. */
  readonly memory: SecretName;
  /** Looks and says what would be told: nothing is announced, and nothing remembered. */
  readonly dryRun: boolean;
}

/** What a scheduled inventory saw and told. */
export interface NewsTold {
  readonly taken: Inventory;
  /** How it knew what people were told before. */
  readonly memory: 'known' | 'first_run' | 'unreadable';
  /** Findings that people were told of in this run, and in how many messages. */
  readonly news: number;
  readonly messages: number;
  readonly ended: number;
  readonly beyond: number;
}

/**
 * Takes an inventory, announces what people were not told of yet, and then remembers it: a crash in between tells the same again under
 * the same ids, and loses nothing. Rejects with `Fault` where the memory cannot be looked at, before anything is read, and where it cannot
 * be told or written.
 */
export async function tellNews(ports: TellNewsPorts, order: TellNewsOrder): Promise<NewsTold> {
  const { vault, announcer, clock } = ports;
  const sighting = await vault.look(order.memory);
  const { inventoryTold } = sighting.record;
  const before = inventoryTold.is === 'read' ? (inventoryTold.value ?? undefined) : undefined;
  const taken = await inventory(ports, order, () => undefined);
  const found = findingsIn(taken);
  const news = newsSince(before?.told ?? [], seenIn(taken, found), taken.unlisted.length === 0);
  const unknown = inventoryTold.is === 'unreadable' ? 'unreadable' : 'first_run';
  const notices =
    before === undefined ? counted(unknown, order.memory, found, clock.now()) : newsOf(found, news, isoOf(before.at));
  const told: NewsTold = {
    taken,
    memory: before === undefined ? unknown : 'known',
    news: notices.reduce((all, { count }) => all + count, 0),
    messages: notices.length,
    ended: news.ended,
    beyond: news.beyond,
  };
  if (order.dryRun) return told;
  for (const notice of notices) await announcer.announce(notice);
  // What a later release wrote is left alone, or going back to it would begin anew.
  if (inventoryTold.is === 'read') await remember(vault, sighting, { at: clock.now(), told: news.told });
  return told;
}

/** A finding, and what is remembered of whom it is about. */
interface Found {
  readonly mark: string;
  readonly project: string;
  readonly finding: NewFinding & { readonly kind: NewsKind };
}

function findingsIn({ lines, unlisted }: Inventory): readonly Found[] {
  return [
    ...lines.flatMap(({ key, findings }) =>
      findings.map((one) => ({
        mark: markOf(key.uid),
        project: key.project,
        finding: newFinding(one, key.name, holdersOf(key)),
      })),
    ),
    ...unlisted.map(({ project, why }) => ({ mark: markOf(project), project, finding: notListed(project, why) })),
  ];
}

function holdersOf({ held }: InventoryLine['key']): readonly string[] {
  return held.is === 'held' ? [...new Set(held.places.map(({ secret }) => secret))] : [];
}

/** All keys and projects that were seen: those without a finding too, of which something may have ended. */
function seenIn({ lines, projects }: Inventory, found: readonly Found[]): readonly SeenNow[] {
  const byMark = Map.groupBy(found, ({ mark }) => mark);
  const kindsOf = (mark: string) => (byMark.get(mark) ?? []).map(({ finding }) => finding.kind);
  return [
    ...lines.map(({ key }) => [markOf(key.uid), undecidedOf(key)] as const),
    ...projects.map((project) => [markOf(project), []] as const),
  ].map(([mark, undecided]) => ({ mark, found: kindsOf(mark), undecided }));
}

function newsOf(found: readonly Found[], { fresh }: News, since: string) {
  const isNew = ({ mark, finding }: Found) => fresh.get(mark)?.includes(finding.kind) === true;
  return [...Map.groupBy(found.filter(isNew), ({ project, finding }) => `${project} ${finding.kind}`).values()].flatMap(
    (alike) =>
      alike.slice(0, 1).map(({ project, finding: { kind } }) =>
        inventoryNews({
          kind,
          project,
          findings: alike.map(({ finding }) => finding),
          occasion: `${since}/${digestOf(alike.map(({ mark }) => mark))}`,
        }),
      ),
  );
}

/** Nothing is said where nothing was found: there is nothing to see. */
function counted(
  because: 'first_run' | 'unreadable',
  secret: SecretName,
  found: readonly Found[],
  now: Instant,
): readonly (Notice & { readonly type: 'inventory.news' })[] {
  if (found.length === 0 && because === 'first_run') return [];
  const memory = { secret, project: projectIn(secret) };
  // Said again every day while nobody does anything about it.
  const occasion = because === 'first_run' ? 'first' : `unreadable/${isoOf(dayOf(now)).slice(0, 10)}`;
  return [inventoryCount({ because, memory, found: found.map(({ finding }) => finding), occasion })];
}

/** Where another run wrote at the same time, both have told: what either did is not told again. */
async function remember(vault: Vault, before: SecretSighting, told: InventoryTold): Promise<void> {
  const done = await attempt(() => written(vault, before, told));
  if (!(done instanceof Fault)) return;
  if (done.code !== 'stale') throw done;
  const now = await vault.look(before.name);
  const { inventoryTold } = now.record;
  if (inventoryTold.is === 'unreadable')
    throw new Fault('stale', `${annotationOf('inventoryTold')} of ${now.name} was written by somebody else meanwhile`);
  await written(vault, now, { at: told.at, told: bothTold(told.told, inventoryTold.value?.told ?? []) });
}

async function written(vault: Vault, before: SecretSighting, next: InventoryTold): Promise<void> {
  const { inventoryTold } = before.record;
  if (inventoryTold.is === 'read' && inventoryTold.value !== null && isSame(inventoryTold.value.told, next.told))
    return;
  await vault.commit(before, { annotations: changeOf(before.record, { inventoryTold: next }) });
}

function isSame(one: readonly Marked[], other: readonly Marked[]): boolean {
  const bits = new Map(one.map((each) => [each.mark, each.bits]));
  return one.length === other.length && other.every((each) => bits.get(each.mark) === each.bits);
}
