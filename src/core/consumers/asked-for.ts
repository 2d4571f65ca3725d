import { nearest } from '../values/nearest.ts';
import type { Consumer, SecretRead } from './consumer.ts';
import type { Move } from './move.ts';
import { isStartedSince } from './progress.ts';

/** Label by which a consumer says whether new revisions may be made of it: `on` or `off`. */
export const REACH_LABEL = 'key-warden-reach';

/** Whose consumers are brought along: two numbers of the policy. */
export interface ReachPolicy {
  /** 0: nobody; 1: who has the label `on`; 2: everybody but who has the label `off`. */
  readonly reachConsumers: number;
  /** 1: a number that somebody wrote is moved, too. */
  readonly reachPinned: number;
}

/**
 * Whether a consumer is to be brought along. `itself`: it has each new key without that; `no`: nobody asked for it; `left`: it should be, or
 * may want to be, and nobody does it.
 */
export type AskedFor = { readonly is: 'yes' } | { readonly is: 'itself' | 'no' | 'left'; readonly why: string };

/** A move, and what the settings and the secret say besides; `newest` is absent where `latest` was not looked up. */
export interface Aim extends Pick<Move, 'to' | 'other' | 'back' | 'at'> {
  readonly newest: number | undefined;
  /** Accounts whose consumers may be given new revisions; empty = any. */
  readonly accounts: readonly string[];
}

/**
 * Who must be brought along is who would keep the old key: an instance that filled a variable when it started. A file is fetched at each
 * read, and a job starts anew. `isMeant` tells references to the secret, which have many spellings.
 */
export function askedFor(
  consumer: Consumer,
  aim: Aim,
  { reachConsumers, reachPinned }: ReachPolicy,
  isMeant: (read: SecretRead) => boolean,
): AskedFor {
  const { kind, labels, template, follows, account, running } = consumer;
  const reads = template.filter((read) => read.by === 'variable' && isMeant(read)).map(({ version }) => version);
  const follow = reads.some((version) => version === 'current' || version === 'latest');
  const pinned = reads.includes(String(aim.other));
  const moved = reachPinned === 1 && reads.includes(String(aim.to));
  if (reachConsumers === 0) return { is: 'no', why: 'the settings bring a new key to nobody (reachConsumers is 0)' };
  if (kind === 'job') return { is: 'itself', why: 'each execution of a job reads it anew' };
  if (reads.length === 0) return { is: 'itself', why: 'it fetches a file at every read' };
  if (!(follow || pinned || moved))
    return { is: 'no', why: `it reads version ${reads.join(' and ')}, which this rotation does not move` };
  const misspelt = misspeltIn(labels);
  const label = labels[REACH_LABEL];
  if (misspelt === undefined && label === 'off') return { is: 'no', why: `its label ${REACH_LABEL} is off` };
  if (misspelt === undefined && label === undefined && reachConsumers === 1)
    return { is: 'no', why: `it has no label ${REACH_LABEL}=on` };
  const isNewest = aim.newest === aim.to || aim.newest === aim.back?.again;
  if (reads.includes('latest') && !isNewest && aim.back?.isOver === false)
    return { is: 'no', why: 'it reads latest, and is brought back once the old key was added again' };
  const why = misspelt ?? hindrance();
  if (why === undefined) return { is: 'yes' };
  const isBehind = pinned || (reads.includes('latest') && !isNewest);
  if (!isBehind && isStartedSince(running, aim.at))
    return { is: 'itself', why: 'all of it was deployed after the key had moved' };
  // Once a rotation that was given up has ended, nothing says that the alias ever led to its key.
  const mayHold = aim.back?.isOver !== true || reads.includes('latest') || pinned;
  return { is: mayHold ? 'left' : 'no', why };

  function hindrance(): string | undefined {
    if (kind === 'function' || FUNCTION_LABELS.some((one) => labels[one] !== undefined))
      return 'it is a function, which every change builds anew: deploy it, or let its code read current';
    if (!follows) return 'its traffic is split by hand, so a new revision would get none of it';
    if (aim.accounts.length > 0 && (account === undefined || !aim.accounts.includes(account)))
      return `it runs as ${account ?? 'its project’s default account'}, which is none of KEY_WARDEN_REACH_ACCOUNTS`;
    if (pinned && reachPinned === 0) return `it names version ${aim.other} by its number (reachPinned is 0): deploy it`;
    if (reads.includes('latest') && !isNewest)
      return `it reads latest, which is not version ${aim.to} that current names: let it read current`;
    return undefined;
  }
}

/** Who owns a service that is a function's. */
const FUNCTION_LABELS = ['goog-managed-by', 'goog-drz-cloudfunctions-id'];

/** Labels of ours on a consumer; `key-warden` itself is for secrets. */
const VALUES = ['on', 'off'];

function misspeltIn(labels: Readonly<Record<string, string>>): string | undefined {
  const value = labels[REACH_LABEL];
  if (value !== undefined)
    return VALUES.includes(value) ? undefined : `its label ${REACH_LABEL} is "${value}": it can be on or off`;
  const odd = Object.keys(labels).find((name) => nearest(name, [REACH_LABEL]) !== undefined);
  return odd === undefined ? undefined : `its label ${odd} was perhaps meant to be ${REACH_LABEL}`;
}
