import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Retired } from '../../core/record/ledger.ts';
import { nextPurge, type PurgeStep } from '../../core/rotation/next-purge.ts';
import { dayOf, type Instant, spokenMinuteBy } from '../../core/values/time.ts';
import { unprovenNotice } from '../../core/alerts/unproven-name.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { isDeletedAtIssuer } from '../keys/proven-issuer.ts';
import { ledgerFrom, ledgerOf, type LedgerState } from '../keys/ledger-entry.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';
import type { Holders } from '../listing/holders.ts';
import { keptElsewhere } from './kept-elsewhere.ts';
import { DONE, takeStep, type PurgePorts } from './purge-steps.ts';

export interface PurgeOrder {
  readonly secretPolicy: SecretPolicy;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Only keys that leaked: what an emergency does at once, before the purge's own schedule. */
  readonly urgentOnly: boolean;
  /** Who else serves a key that is to be deleted. */
  readonly holders: Holders;
}

/** `refused` and `failed` need somebody's eyes; the next purge tries again all the same. */
export type PurgeOutcome = 'done' | 'would_do' | 'waiting' | 'refused' | 'failed';

/** What became of one old key. */
export interface Purged {
  readonly secret: SecretName;
  readonly version: number;
  readonly key?: string | undefined;
  readonly step: PurgeStep['do'];
  readonly outcome: PurgeOutcome;
  readonly why: string;
  readonly until?: Instant | undefined;
}

/**
 * Takes every old key of one secret one step further: delete at the issuer, prove that it is dead, destroy the version.
 * One step a run for each, so that every step rests on what is on record. Rejects with `Fault` when the secret's ledger cannot be looked at.
 */
export async function purgeSecret(
  ports: PurgePorts,
  secret: SecretName,
  order: PurgeOrder,
): Promise<readonly Purged[]> {
  const first = await ledgerOf(ports, secret, order.secretPolicy);
  let state: LedgerState | undefined = first;
  const lines: Purged[] = [];
  for (const { version } of first.retired.filter((old) => !order.urgentOnly || isLeak(old))) {
    state ??= await ledgerOf(ports, secret, order.secretPolicy);
    const line = await purgeVersion(ports, state, order, version);
    lines.push(line);
    if (line.outcome !== 'waiting') state = undefined;
  }
  return lines;
}

const NOT_PROVEN_OURS =
  'and nothing proves that it was this secret’s: its version stays, disabled. Once the issuer has forgotten the key, after 30 days, the purge goes on';

function keptText({ by, until }: { readonly by: SecretName; readonly until: Instant }): string {
  return `${by} retired the same key, and keeps it for a rollback of its own until ${spokenMinuteBy(until)}`;
}

/** What each old key of a listed secret waits for; `undefined` where something is due, or not understood, so that somebody looks. */
export function waitingIn(
  { name, record }: Pick<SecretSighting, 'name' | 'record'>,
  underneath: SecretPolicy,
  now: Instant,
): readonly Purged[] | undefined {
  const ledger = ledgerFrom(record, underneath, now);
  if (ledger === undefined) return undefined;
  const lines: Purged[] = [];
  for (const old of ledger.retired) {
    const step = nextPurge(old, ledger.journal, ledger.secretPolicy.rotation, now);
    if (step.do !== 'wait') return undefined;
    lines.push(waitingLine({ secret: name, version: old.version, key: old.key?.name, step: step.do }, step));
  }
  return lines;
}

function waitingLine(
  about: Pick<Purged, 'secret' | 'version' | 'key' | 'step'>,
  { why, until }: Pick<Purged, 'why' | 'until'>,
): Purged {
  return { ...about, outcome: 'waiting', why, until };
}

/** A leaked key that nobody has deleted yet. */
function isLeak({ urgent, deletedAt }: Retired): boolean {
  return urgent === true && deletedAt === undefined;
}

/** After one that took its time the next is looked at anew, because a rollback may have begun. */
async function purgeVersion(
  ports: PurgePorts,
  state: LedgerState,
  { dryRun, holders }: Pick<PurgeOrder, 'dryRun' | 'holders'>,
  version: number,
): Promise<Purged> {
  const secret = state.sighting.name;
  const old = state.retired.find((one) => one.version === version);
  if (old === undefined)
    return { secret, version, step: 'wait', outcome: 'waiting', why: 'somebody took it off the list meanwhile' };
  const step = nextPurge(old, state.journal, state.secretPolicy.rotation, ports.clock.now());
  const about = { secret, version, key: old.key?.name, step: step.do };
  if (step.do === 'wait') return waitingLine(about, step);
  if (step.do === 'delete' && step.unlessUsed) {
    const all = await attempt(() => holders.listed());
    if (all instanceof Fault) return { ...about, outcome: 'failed', why: all.message };
    const kept = keptElsewhere(all, { secret, key: step.key }, state.secretPolicy, ports.clock.now());
    if (kept !== undefined) return { ...about, outcome: 'waiting', until: kept.until, why: keptText(kept) };
  }
  if (dryRun) return { ...about, outcome: 'would_do', why: DONE[step.do] };
  const trouble = await attempt(() => takeStep(ports, state, version, step, holders));
  if (trouble === undefined) return { ...about, outcome: 'done', why: DONE[step.do] };
  if (trouble.code === 'unproven' && step.do === 'delete') {
    const keyProjects = keyProjectsFor(state.secretPolicy, secret);
    if (await isDeletedAtIssuer(ports.issuer, keyProjects, step.key))
      return { ...about, outcome: 'waiting', why: `${step.key} is deleted already, ${NOT_PROVEN_OURS}` };
  }
  if (trouble.code === 'unproven') {
    const unproven = {
      on: `version ${version} in the list of old keys`,
      at: dayOf(ports.clock.now()),
      times: 1,
      why: trouble.message,
    };
    const notice = unprovenNotice(secret, projectIn(secret), unproven);
    const told = await attempt(() => ports.announcer.announce(notice));
    const untold = told instanceof Fault ? `; nobody could be told of it: ${told.message}` : '';
    return { ...about, outcome: 'refused', why: `${trouble.message}${untold}` };
  }
  const isRefused = trouble.code === 'wrong_state';
  return { ...about, outcome: isRefused ? 'refused' : 'failed', why: trouble.message };
}
