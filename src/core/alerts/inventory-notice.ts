import { INVENTORY, INVENTORY_OF, REMOVE_INVENTORY } from '../causes/commands.ts';
import { nextOf, type NextStep } from '../causes/next-step.ts';
import { valuesAbout } from '../health/finding.ts';
import type { KeyFinding } from '../inventory/findings.ts';
import { NEWS_KINDS, type NewsKind } from '../inventory/told.ts';
import { told } from '../values/command.ts';
import { plural } from '../values/plural.ts';
import type { InventoryNews, InventoryCount, NewFinding } from './notices/fleet-notices.ts';

/** So many are named in one event, which stays below 20 kB; the others are counted. */
export const NAMED_MAX = 8;

/** Findings of one kind in a project, that nobody was told of. */
export interface NewOfKind {
  readonly kind: NewsKind;
  readonly project: string;
  readonly findings: readonly NewFinding[];
  /** What tells the event from others of the same kind and project; the same when the same is told again. */
  readonly occasion: string;
}

/** One message for all that is new of a kind in a project: three hundred findings are a few messages. */
export function inventoryNews({ kind, project, findings, occasion }: NewOfKind): InventoryNews {
  return {
    type: 'inventory.news',
    project,
    kind,
    count: findings.length,
    findings: findings.slice(0, NAMED_MAX),
    occasion,
    ...curing(project, findings),
  };
}

/** One finding comes with its own cure; of several each has its own in `detail`, and one command shows them all. */
function curing(project: string, findings: readonly NewFinding[]): NextStep {
  const [first, ...others] = findings;
  if (first?.runs === true && others.length === 0) return { step: `${first.cure.do}:`, next: first.cure.command };
  return nextOf({ do: 'To see each, with what mends it', command: INVENTORY_OF }, { keyProject: project });
}

/** What all keys show where nobody knows what people were told: on the first run, or with a memory that is not understood. */
export interface Counted {
  readonly because: InventoryCount['because'];
  /** The secret that remembers. */
  readonly memory: { readonly secret: string; readonly project: string };
  readonly found: readonly { readonly kind: NewsKind }[];
  readonly occasion: string;
}

/** One message with numbers alone: an old fleet is not told key by key. */
export function inventoryCount({ because, memory, found, occasion }: Counted): InventoryCount {
  const counted = NEWS_KINDS.map((kind) => [kind, found.filter((one) => one.kind === kind).length] as const);
  const counts = Object.fromEntries(counted.filter(([, count]) => count > 0));
  return {
    type: 'inventory.news',
    because,
    count: found.length,
    counts,
    occasion,
    why: WHY[because](memory.secret),
    ...(because === 'first_run'
      ? nextOf({ do: 'To see each, with what mends it', command: INVENTORY }, {})
      : nextOf(
          {
            do: 'Was it written by a newer release, deploy that one. Was it written by hand, remove it: the next run begins anew',
            command: REMOVE_INVENTORY,
          },
          valuesAbout(memory),
        )),
  };
}

const WHY = {
  first_run: () => 'this is the first inventory by schedule: from now on only what is new is told',
  unreadable: (secret: string) =>
    `what people were told stands on ${secret} in a form that this release does not read, so that news cannot be told from what is known`,
} as const satisfies Record<InventoryCount['because'], (secret: string) => string>;

/** A key's finding as an alert names it, with a few of the secrets that hold the key. */
export function newFinding(
  { kind, severity, says, cure, runs }: KeyFinding,
  key: string,
  secrets: readonly string[],
): NewFinding & { readonly kind: NewsKind } {
  return { kind, severity, says, cure, runs, key, secrets: secrets.slice(0, HOLDERS_MAX), holders: secrets.length };
}

const HOLDERS_MAX = 2;

/** The keys of a project were not listed to the end: what is there is not known, and nothing of it has ended. */
export function notListed(project: string, why: string): NewFinding & { readonly kind: NewsKind } {
  return {
    kind: 'not_listed',
    severity: 'medium',
    says: why,
    cure: told({ do: 'To see whether you get further', command: INVENTORY_OF }, { keyProject: project }),
    runs: true,
    secrets: [],
    holders: 0,
  };
}

/** What is new, in few words and for any number of keys. */
export const NEWS_TITLES = {
  account_gone: 'account of the key is gone',
  account_disabled: 'account of the key is disabled',
  unrestricted: 'key is restricted to no API',
  shadow: 'key that no secret holds',
  unmanaged: 'key in a secret that is not under care',
  legacy: 'key of the legacy type',
  unused: 'key that nobody uses',
  not_listed: 'keys were not listed',
} as const satisfies Record<NewsKind, string>;

/** What is said of those that are named: a few of them, for a message has little room. */
export function newsText({ findings, count }: Pick<InventoryNews, 'findings' | 'count'>): string {
  const spoken = findings.slice(0, SPOKEN_MAX).map(({ key, secrets, holders, says }) => {
    const held = holders === 0 ? '' : ` (in ${secrets[0]}${holders === 1 ? '' : ` and ${holders - 1} more`})`;
    return key === undefined ? says : `${key}${held}: ${says}`;
  });
  const more = count - spoken.length;
  return [...spoken, ...(more === 0 ? [] : [`and ${plural(more, 'more key')}`])].join('; ');
}

const SPOKEN_MAX = 3;

/** How many there are of each kind, and why they are not told one by one. */
export function countText({ counts, why }: Pick<InventoryCount, 'counts' | 'why'>): string {
  const spoken = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return spoken.length === 0 ? why : `${spoken.join(', ')}; ${why}`;
}
