import { createHash } from 'node:crypto';
import type { Opening } from '../../core/record/journal.ts';
import type { MintPolicy } from '../../core/record/mint-policy.ts';
import type { PlanParts } from '../../core/record/approval.ts';
import { plural } from '../../core/values/plural.ts';
import { readersJson } from '../consumers/readers-json.ts';
import type { LookUpReaders } from '../consumers/readers.ts';
import type { Holders } from '../listing/holders.ts';
import { sharedKeyOf } from '../listing/shared-key.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { SecretName, Vault } from '../ports/ports.ts';

/** What a rotation would do, and to whom, as it is put before a second person. */
export interface ApprovalPlan {
  /** A hash of all of it: what is approved is this, and nothing else. */
  readonly plan: string;
  readonly parts: PlanParts;
  /** The same in words. */
  readonly says: string;
}

/** What whoever asks wants of a rotation, as far as it changes what is done. */
export type Wishes = Pick<Opening, 'candidate' | 'mint' | 'alone' | 'to'>;

export interface PlanPorts {
  readonly vault: Vault;
  readonly holders: Holders;
  readonly readers?: LookUpReaders | undefined;
}

export interface PlanOrder {
  /** As Secret Manager names it, and as somebody called it. */
  readonly secret: SecretName;
  readonly given: SecretName;
  /** The version that is replaced. */
  readonly from: number;
  /** What is asked for; a hash of it where that is what is on record. */
  readonly wishes: Wishes | string;
  /** The deployment’s under the secret’s own. */
  readonly policy: SecretPolicy;
}

/**
 * Looks at what a rotation would do, and hashes it part by part: the version that goes, how the new key is made, who else serves the
 * old one, who reads the secret. It is made when approval is asked for, when it is given, and when the rotation begins. What could
 * not be looked at is said, and is no part of it. Rejects with `Fault`.
 */
export async function planOf({ vault, holders, readers }: PlanPorts, order: PlanOrder): Promise<ApprovalPlan> {
  const { secret, given, from, wishes, policy } = order;
  const shared = await sharedKeyOf(vault, holders, { secret, version: from, secretPolicy: policy });
  const served = [...new Set(shared.holders.map((one) => one.secret))].toSorted();
  const looks = readers !== undefined && policy.rotation.lookAtConsumers > 0;
  const found = looks ? readersJson(await readers({ name: secret, given })) : undefined;
  const read = [
    ...new Set((found?.readers ?? []).map(({ kind, name, region }) => `${kind} ${name} in ${region}`)),
  ].toSorted();
  const parts: PlanParts = {
    version: hashOf(from),
    wishes: typeof wishes === 'string' ? wishes : hashOf(wishesOf(wishes)),
    keys: hashOf(sorted(policy.mint)),
    holders: hashOf(served),
    consumers: hashOf(read),
  };
  const blind = [...shared.notLooked, ...(found?.notLooked ?? [])].length;
  return {
    parts,
    plan: hashOf(PART_NAMES.map((name) => parts[name])),
    says: [
      `it replaces the key of version ${from}${made(policy.mint, wishes)}`,
      ...(served.length === 0
        ? []
        : [`the same key serves ${plural(served.length, 'other secret')}: ${fewOf(served)}`]),
      ...(found === undefined ? [] : [readBy(read)]),
      ...(blind === 0 ? [] : [`${plural(blind, 'place')} could not be looked at`]),
    ].join('; '),
  };
}

const PART_NAMES = [
  'version',
  'wishes',
  'keys',
  'holders',
  'consumers',
] as const satisfies readonly (keyof PlanParts)[];

const CHANGED = {
  version: 'another version is replaced',
  wishes: 'something else is asked of the new key',
  keys: 'new keys are made in another way',
  holders: 'other secrets serve the key',
  consumers: 'others read the secret',
} as const satisfies Record<keyof PlanParts, string>;

/** What differs between what was put before somebody and what would be done now. */
export function changedText(then: PlanParts, now: PlanParts): string {
  return PART_NAMES.filter((name) => then[name] !== now[name])
    .map((name) => CHANGED[name])
    .join(', and ');
}

function wishesOf({ candidate, mint = {}, alone, to }: Wishes): readonly unknown[] {
  return [candidate, sorted(mint), alone ?? null, to ?? null];
}

function made({ keyProject, keyServiceAccount }: MintPolicy, wishes: Wishes | string): string {
  const asked = typeof wishes === 'string' ? {} : (wishes.mint ?? {});
  const [project, account] = [asked.keyProject ?? keyProject, asked.keyServiceAccount ?? keyServiceAccount];
  return [
    project === undefined ? '' : `, made in ${project}`,
    account === undefined ? '' : `, bound to ${account}`,
  ].join('');
}

function readBy(read: readonly string[]): string {
  return read.length === 0
    ? 'nobody who could be found reads it'
    : `${plural(read.length, 'consumer')} read it: ${fewOf(read)}`;
}

const NAMES_MAX = 8;

function fewOf(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return `${names.slice(0, NAMES_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** 128 bits: nobody can find a second plan with the hash of one that was approved. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

/** The same fields in another order are the same. */
function sorted(fields: object): readonly unknown[] {
  return Object.entries(fields).toSorted(([a], [b]) => a.localeCompare(b));
}
