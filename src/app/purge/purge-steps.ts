import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { CAUSES } from '../../core/causes/causes.ts';
import { DESCRIBE_KEY, ROLLBACK } from '../../core/causes/commands.ts';
import { lineFor, valuesOfKey } from '../../core/causes/names.ts';
import { shellText } from '../../core/values/command.ts';
import { clockTrouble } from '../../core/rotation/clock-trouble.ts';
import { nextPurge, type PurgeStep } from '../../core/rotation/next-purge.ts';
import { plusMs } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { probeConfirmed } from '../probe/probe-secret.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import { recordAtIssuer } from '../keys/record-at-issuer.ts';
import { mayGo } from './may-go.ts';
import { amend, type LedgerState } from '../keys/ledger-entry.ts';
import type { Holders } from '../listing/holders.ts';
import type { Announcer, Clock, Issuer, Leaving, Prober, Vault } from '../ports/ports.ts';

export interface PurgePorts {
  readonly vault: Vault;
  readonly issuer: Issuer;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly announcer: Announcer;
  readonly leaving?: Leaving | undefined;
}

/** What is so once a step was taken. */
export const DONE = {
  delete: 'deleted at the issuer, which can undo it for 30 days',
  prove: 'refused by Gemini: the key is dead',
  destroy: 'the bytes of the version are gone for good',
  date: 'its retirement was written with a moment that lies ahead, so its time begins now',
  forget:
    'taken off the list: its key is not known, so nothing proves that it is dead, and the version stays, disabled. Destroy it by hand once you know',
} as const;

type Step = Exclude<PurgeStep, { readonly do: 'wait' }>;
type StepOf<Do extends Step['do']> = Extract<Step, { readonly do: Do }>;

/** Takes one step and records it. Rejects with `Fault` when it was not taken; `wrong_state` says what stands in the way. */
export async function takeStep(
  unproven: PurgePorts,
  state: LedgerState,
  version: number,
  step: Step,
  holders: Holders,
): Promise<undefined> {
  const { name: secret } = state.sighting;
  const keyProjects = keyProjectsFor(state.secretPolicy, secret);
  const ports = { ...unproven, issuer: provenIssuer(unproven, { secret, keyProjects, versions: [version] }) };
  if (step.do === 'destroy' || (step.do === 'delete' && step.unlessUsed)) await agreeingClock(ports);
  switch (step.do) {
    case 'delete':
      return deleteKey({ ...ports, holders }, state, version, step);
    case 'prove':
      return prove(ports, state, version, step);
    case 'destroy':
      return destroy(ports, state, version, step);
    case 'date':
      return date(ports, state, version);
    case 'forget':
      return forget(ports, state, version);
  }
}

/**
 * No etag fences the issuer, so the ledger says first until when a rollback must wait. Whatever the ledger says, the key
 * that consumers read is not deleted (I5): somebody may have added an old key again. Nor is one that another secret serves (I13).
 * A leaked one that its emergency marked at the issuer is deleted although consumers were brought back to it, once people are told.
 */
async function deleteKey(
  ports: PurgePorts & { readonly holders: Holders },
  state: LedgerState,
  version: number,
  { key, unlessUsed }: StepOf<'delete'>,
): Promise<undefined> {
  const { issuer, clock } = ports;
  const record = await recordAtIssuer(issuer, key);
  const isDeleted = record?.deletedAt !== undefined;
  // One that somebody deleted meanwhile, as `revoke` does, nobody can lose any more.
  if (!isDeleted) await mayGo(ports, state.sighting, { name: key, record }, { isLeak: !unlessUsed });
  const leased = await amend(ports, state, version, (entry, { journal, secretPolicy }) => {
    const now = clock.now();
    if (nextPurge(entry, journal, secretPolicy.rotation, now).do !== 'delete')
      throw new Fault('stale', `version ${version} is no longer due: somebody wants it back`);
    return { ...entry, deletingUntil: plusMs(now, secretPolicy.rotation.leaseSeconds * 1000) };
  });
  const deleted = isDeleted ? undefined : await attempt(() => issuer.delete(key, unlessUsed));
  const kept = deleted instanceof Fault && deleted.code !== 'not_found' ? deleted : undefined;
  const deletedAt = kept === undefined ? clock.now() : undefined;
  await amend(ports, leased, version, (entry) => ({ ...entry, deletingUntil: undefined, deletedAt }));
  if (kept !== undefined) throw kept;
}

async function prove(
  ports: PurgePorts,
  state: LedgerState,
  version: number,
  { key: name }: StepOf<'prove'>,
): Promise<undefined> {
  await refusedByGemini(ports, name, state.secretPolicy.checks);
  const provenDeadAt = ports.clock.now();
  await amend(ports, state, version, (entry) => ({ ...entry, provenDeadAt }));
}

/**
 * Rejects with `wrong_state` while Gemini takes a key that is deleted. One that the issuer has forgotten, which it does 30 days after its
 * deletion, is as dead as one that was refused.
 */
export async function refusedByGemini(
  ports: Pick<PurgePorts, 'issuer' | 'prober' | 'clock'>,
  name: string,
  checks: CheckPolicy,
): Promise<void> {
  const key = await attempt(() => ports.issuer.keyString(name));
  if (key instanceof Fault) {
    if (key.code !== 'not_found') throw key;
    return;
  }
  const { diagnosis } = await probeConfirmed(ports, key, checks, false);
  if (diagnosis.verdict === 'dead') return;
  const why = `the deleted key is not refused, Gemini answers: ${CAUSES[diagnosis.cause].title}`;
  throw new Fault(
    'wrong_state',
    `${why}. If that lasts, see whether it was undeleted: ${shellText(DESCRIBE_KEY, valuesOfKey(name))}`,
  );
}

async function destroy(
  ports: PurgePorts,
  state: LedgerState,
  version: number,
  { key }: StepOf<'destroy'>,
): Promise<undefined> {
  const { vault } = ports;
  const { name } = state.sighting;
  await provenGone(ports, key, version);
  const seen = await attempt(() => vault.lookVersion(name, version));
  if (seen instanceof Fault) {
    if (seen.code !== 'not_found') throw seen;
  } else if (seen.state === 'enabled') {
    throw new Fault(
      'wrong_state',
      `somebody enabled version ${version} again, so it is not destroyed: disable it, or go back to it with ${lineFor(ROLLBACK, name)}`,
    );
  } else if (seen.state === 'disabled') await vault.destroy(name, seen);
  await forget(ports, state, version);
}

async function forget(ports: PurgePorts, state: LedgerState, version: number): Promise<undefined> {
  await amend(ports, state, version, () => undefined);
}

/** A clock that ran ahead retired it, or a hand wrote the entry: nothing is taken sooner for that. */
async function date(ports: PurgePorts, state: LedgerState, version: number): Promise<undefined> {
  await amend(ports, state, version, (entry) => ({ ...entry, at: ports.clock.now() }));
}

/** Rejects with `wrong_state` while our clock and Google's disagree. A leaked key is deleted whatever the time is. */
export async function agreeingClock({ clock }: Pick<PurgePorts, 'clock'>): Promise<void> {
  const trouble = clockTrouble(await clock.aheadMs?.());
  if (trouble !== undefined) throw new Fault('wrong_state', trouble);
}

/**
 * What the ledger says of a deletion may be a hand's: the issuer must say so too, of a key that is this secret's (I16), unless it
 * has forgotten the key, which it does 30 days after the deletion. Rejects with `unproven` or `wrong_state` else.
 */
async function provenGone({ issuer }: PurgePorts, name: string, version: number): Promise<void> {
  const record = await recordAtIssuer(issuer, name);
  if (record === undefined || record.deletedAt !== undefined) return;
  throw new Fault(
    'wrong_state',
    `its issuer does not say that ${record.name} is deleted, so version ${version} is not destroyed: see who wrote the ledger, or who undeleted the key`,
  );
}
