import type { Outcome } from '../../../core/rotation/advance.ts';
import type { InFlight } from '../../../core/record/journal.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import type { CheckPolicy } from '../../../core/health/check-policy.ts';
import type { Tombstones } from '../../../core/record/tombstones.ts';
import type { MintPolicy } from '../../../core/record/mint-policy.ts';
import type { RotationPolicy } from '../../../core/rotation/rotation-policy.ts';
import type { Approvals } from '../../approval/approvals.ts';
import type { LookUpFreezes } from '../../listing/freezes.ts';
import type { LookUpReaders } from '../../consumers/readers.ts';
import type { Holders } from '../../listing/holders.ts';
import type { Instant } from '../../../core/values/time.ts';
import { Fault, type FaultCode } from '../../ports/fault.ts';
import type { KeyRules } from '../../ports/key-rules.ts';
import type { Reaching } from '../../reach/following.ts';
import type { RunMemory } from '../run-memory.ts';
import type { Clock, Issuer, Leaving, Meter, Prober, SecretName, SecretSighting, Vault } from '../../ports/ports.ts';

export interface ActPorts {
  readonly vault: Vault;
  readonly issuer: Issuer;
  readonly prober: Prober;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly leaving?: Leaving | undefined;
  /** What tells beforehand that a key cannot be made, where a person may be waiting for the answer. */
  readonly rules?: KeyRules | undefined;
  /** Who reads a secret on Cloud Run and Cloud Functions. Never rejects for outside trouble. */
  readonly readers?: LookUpReaders | undefined;
  /** Freezes that people set; without it there are none. */
  readonly freezes?: LookUpFreezes | undefined;
  /** Asks a second person before a planned rotation begins. */
  readonly approvals?: Approvals | undefined;
  /** Who else serves a key, where a run over many secrets can tell. */
  readonly holders?: Holders | undefined;
  /** Who runs on Cloud Run, and how it fares: where consumers are brought along, their rotation waits for them. */
  readonly reach?: Reaching | undefined;
  /** Of the run that an act is part of; without one, each act finds out for itself. */
  readonly memory?: RunMemory | undefined;
}

/** Everything an act may use. It reads the journal and never writes it: what it found out is its outcome. */
export interface ActInput {
  readonly ports: ActPorts;
  readonly secret: SecretName;
  readonly journal: InFlight;
  readonly policy: RotationPolicy;
  /** How often a refusal must be repeated before it is believed. */
  readonly checks: CheckPolicy;
  readonly mint: MintPolicy;
  /** Project that makes the keys. */
  readonly keyProject: string;
  /** How consumers may call the secret's project, besides by its number. */
  readonly project: string;
  /** The projects of the settings: no key of another one is made, read or touched. */
  readonly keyProjects: readonly string[];
  /** The key that is replaced leaked: nobody goes back to it. */
  readonly isLeak?: boolean | undefined;
  /** When a check found the promoted key dead. */
  readonly foundDeadAt?: Instant | undefined;
  /** What is left of the keys that the secret has retired. */
  readonly tombstones?: Tombstones | undefined;
  /** A key that was handed to this very process; no other one has it. */
  readonly supplied?: KeyText | undefined;
}

/** Trouble outside as an outcome: never a refusal by itself, and held where only a person can end it. */
export function unsure(fault: Fault): Outcome {
  const doubt = fault.code === 'unproven' ? { unproven: true } : {};
  const { code, message: why } = fault;
  return { kind: 'unsure', why, hold: HELD.includes(code), passes: PASSES.includes(code), ...doubt };
}

const HELD: readonly FaultCode[] = ['unproven', 'denied', 'switched_off', 'unauthenticated', 'invalid'];
const PASSES: readonly FaultCode[] = ['limited', 'timeout', 'unavailable'];

/** Rejects with `stale` when somebody wrote the secret since: what they wrote may forbid what no etag of it fences. */
export async function unwritten({ ports, secret }: ActInput, seen: SecretSighting): Promise<void> {
  const { etag } = await ports.vault.look(secret);
  if (etag !== seen.etag) throw new Fault('stale', 'somebody wrote the secret meanwhile');
}
