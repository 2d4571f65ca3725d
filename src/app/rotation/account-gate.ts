import { noAccountText, noSuchAccountText } from '../../core/alerts/no-account.ts';
import { BINDING_PERMISSIONS } from '../../core/google/key-rules.ts';
import type { Opening } from '../../core/record/journal.ts';
import type { MintPolicy } from '../../core/record/mint-policy.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName } from '../ports/ports.ts';
import type { ActPorts } from './acts/act-input.ts';
import { oldRecord } from './acts/issued.ts';
import type { Gate } from './form-gate.ts';

interface About {
  readonly secret: SecretName;
  readonly project: string;
  /** The policy for new keys, without what this request asks for. */
  readonly mint: MintPolicy;
  /** Project that makes the key. */
  readonly keyProject: string;
  /** The projects of the settings: no key of another one is read. */
  readonly keyProjects: readonly string[];
}

/**
 * Whether the key that somebody asks for can be bound to an account: the one that they name must be there, and without one the issuer
 * must know the old key, which has one. Only where somebody asked for it: the worker would ask in every run, up to 300 reads
 * each. What the mint asks for, too, it takes from here. What cannot be found out is no reason not to begin.
 */
export async function accountGate(ports: ActPorts, about: About, opening: Opening): Promise<Gate> {
  const open: Gate = { is: 'open', opening };
  const { secret, project, keyProject, keyProjects } = about;
  const { reason, candidate, emergency, from, by, alone } = opening;
  const mint = { ...about.mint, ...opening.mint };
  if (candidate !== 'minted' || mint.keyKind === 'standard' || by === undefined) return open;
  const barred = (why: string): Gate => ({ is: 'barred', why, isLeakKept: true });
  const of = { secret, project, emergency, replaced: alone === 'bare' ? from : undefined };
  const account = opening.mint?.keyServiceAccount;
  if (account !== undefined) {
    const there = await attempt(async () => ports.rules?.permittedOn(account, BINDING_PERMISSIONS));
    const isGone = there instanceof Fault && there.code === 'not_found';
    return isGone ? barred(noSuchAccountText(of, there.message)) : open;
  }
  if (mint.keyServiceAccount !== undefined || !keyProjects.includes(keyProject)) return open;
  const record = await attempt(() => oldRecord({ ports, secret, journal: { from, reason }, mint, keyProject }));
  if (record instanceof Fault) return open;
  if ('because' in record) return barred(noAccountText(of, record.because));
  return record.serviceAccountEmail === undefined ? barred(noAccountText(of)) : open;
}
