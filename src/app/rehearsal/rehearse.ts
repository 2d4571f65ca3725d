import type { Asked } from '../../core/plan.ts';
import { isoOf, plusMs, type Instant } from '../../core/time.ts';
import { attempt, Fault } from '../fault.ts';
import type { Clock, SecretName, Vault } from '../ports.ts';
import { drive, start, type RotatePorts } from '../rotate.ts';
import type { Halt, Step, TickOrder } from '../tick.ts';
import { rehearsedIssuer, rehearsedMeter, rehearsedProber } from './keys.ts';
import type { ToldCall } from './told.ts';
import { rehearsedVault } from './vault.ts';

/** One step of a rehearsed rotation: what it came to, and the calls it makes, in order. */
export interface RehearsedStep {
  readonly step: string;
  readonly phase: string;
  /** When, on a clock that jumps over the waits. */
  readonly at: Instant;
  readonly calls: readonly ToldCall[];
}

/** What a rotation would do from here to its end. */
export interface Rehearsal {
  readonly secret: SecretName;
  readonly outcome: 'completed' | 'stops' | 'refused';
  /** Why it would stop or is refused; what it would come to otherwise. */
  readonly why: string;
  readonly steps: readonly RehearsedStep[];
  /** Permissions on the secret that its writes need and the caller lacks, with a role that has each. */
  readonly missing: readonly { readonly permission: string; readonly role: string }[];
  /** What the permissions could not be asked for. */
  readonly problems: readonly string[];
}

/** A drain that is busy now would be waited for again and again: this many waits tell enough. */
const WAITS_MAX = 4;

/**
 * Runs the very code of a rotation on ports that read the world and only imagine writing to it, so that what it tells
 * cannot drift from what is done. Waits are jumped over. Rejects with `Fault` when the world cannot be read.
 */
export async function rehearse(ports: RotatePorts, order: TickOrder & { readonly asked: Asked }): Promise<Rehearsal> {
  const { secret } = order;
  const steps: RehearsedStep[] = [];
  let calls: ToldCall[] = [];
  const clock = rehearsedClock(ports.clock);
  const tell = (call: ToldCall) => void calls.push(call);
  const flush = (step: string, phase: string) => {
    steps.push({ step, phase, at: clock.now(), calls });
    calls = [];
  };
  const imagined: RotatePorts = {
    clock,
    vault: rehearsedVault(ports.vault, clock.now, tell),
    issuer: rehearsedIssuer(ports.issuer, clock.now, tell),
    prober: rehearsedProber(ports.prober, tell),
    meter: rehearsedMeter(ports.meter, clock.aheadMs, tell),
    announcer: { announce: () => Promise.resolve() },
    log: { write: () => undefined },
  };
  const failures: string[] = [];
  const watch = (step: Step) => {
    if (step.did !== 'moved') return;
    if (step.after.phase === 'abandoned' && step.after.why !== undefined) failures.push(step.after.why);
    flush(step.by, step.before.phase);
  };
  const started = await start(imagined, order, watch);
  if (!('step' in started)) return { secret, outcome: 'refused', why: started.why, steps, missing: [], problems: [] };
  let { step } = started;
  for (let waits = 0; step.did === 'wait' && step.journal.phase !== 'resting' && waits < WAITS_MAX; waits += 1) {
    flush(`waits until ${isoOf(step.until)}: ${step.why}`, step.journal.phase);
    clock.jumpTo(step.until);
    step = await drive(imagined, { ...order, asked: undefined }, watch);
  }
  flush(step.why, step.journal?.phase ?? 'unknown');
  const { missing, problems } = await missingFor(ports.vault, secret, steps);
  return { secret, ...endOf(step, failures), steps, missing, problems };
}

function endOf(step: Halt, failures: readonly string[]): Pick<Rehearsal, 'outcome' | 'why'> {
  const [failure] = failures;
  if (failure !== undefined) return { outcome: 'stops', why: failure };
  if (step.journal?.phase === 'resting' && step.did !== 'held')
    return { outcome: 'completed', why: 'consumers would read the new key, and the old one would be disabled' };
  return { outcome: 'stops', why: step.why };
}

interface JumpingClock extends Clock {
  aheadMs(): number;
  jumpTo(moment: Instant): void;
}

/** The real clock and how far the rehearsal is ahead of it; a pause is a jump. */
function rehearsedClock(real: Clock): JumpingClock {
  let ahead = 0;
  return {
    now: () => plusMs(real.now(), ahead),
    sleep(milliseconds) {
      ahead += milliseconds;
      return Promise.resolve();
    },
    aheadMs: () => ahead,
    jumpTo(moment) {
      ahead += Math.max(0, moment - (real.now() + ahead));
    },
  };
}

/** What each write to the secret needs, and a role of Google's that has it. */
const NEEDS: Readonly<Record<string, { readonly permission: string; readonly role: string }>> = {
  commit: { permission: 'secretmanager.secrets.update', role: 'roles/secretmanager.admin' },
  add: { permission: 'secretmanager.versions.add', role: 'roles/secretmanager.secretVersionAdder' },
  enable: { permission: 'secretmanager.versions.enable', role: 'roles/secretmanager.secretVersionManager' },
  disable: { permission: 'secretmanager.versions.disable', role: 'roles/secretmanager.secretVersionManager' },
};

async function missingFor(
  vault: Vault,
  secret: SecretName,
  steps: readonly RehearsedStep[],
): Promise<Pick<Rehearsal, 'missing' | 'problems'>> {
  const told = new Set(steps.flatMap(({ calls }) => calls.map(({ call }) => call)));
  const needs = Object.entries(NEEDS).flatMap(([call, need]) => (told.has(call) ? [need] : []));
  const permitted = await attempt(() =>
    vault.permitted(
      secret,
      needs.map(({ permission }) => permission),
    ),
  );
  if (permitted instanceof Fault)
    return { missing: [], problems: [`permissions could not be asked for: ${permitted.message}`] };
  return { missing: needs.filter(({ permission }) => !permitted.includes(permission)), problems: [] };
}
