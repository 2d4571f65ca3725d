import { isCompleted } from '../../core/record/journal.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import type { Phase } from '../../core/record/phases.ts';
import { spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import type { Need } from '../../core/google/vault-permissions.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName } from '../ports/ports.ts';
import { readersBy, rememberedRoll } from '../consumers/readers.ts';
import { followingIn } from '../reach/following.ts';
import { foreseenIn, type Foreseen } from '../reach/foreseen.ts';
import { drive, type RotatePorts } from '../rotation/drive.ts';
import { start, type Started } from '../rotation/start.ts';
import type { Halt, Step, TickOrder } from '../rotation/tick.ts';
import { projectOf } from '../rotation/view-of.ts';
import { jumpingClock } from './clock.ts';
import { rehearsedMeter, rehearsedProber } from './gemini.ts';
import { rehearsedIssuer } from './issuer.ts';
import { missingFor } from './missing.ts';
import type { ToldCall } from './told.ts';
import { rehearsedVault } from './vault.ts';

/** One step of a rehearsed rotation: what it came to, and the calls it makes, in order. */
export interface RehearsedStep {
  readonly step: string;
  /** Absent where the journal is in no form that this release reads. */
  readonly phase?: Phase | undefined;
  /** When, on a clock that jumps over the waits. */
  readonly at: Instant;
  readonly calls: readonly ToldCall[];
}

/** Where a rotation would end. `unsure` is what a real one would try again; `nothing`, that none would begin. */
type End = 'completed' | 'abandoned' | 'held' | 'unsure' | 'nothing';

/** What a rotation would do from here to its end. */
export interface Rehearsal {
  readonly secret: SecretName;
  readonly outcome: End | Exclude<Started['outcome'], 'begun' | 'same' | 'hurried'>;
  readonly why: string;
  readonly steps: readonly RehearsedStep[];
  /** Permissions on the secret that its calls need and the caller lacks, with a role that has each. */
  readonly missing: readonly Need[];
  /** What would become of its consumers after the promotion; absent where there would be none, or nobody is brought along. */
  readonly reach?: Foreseen | undefined;
  /** What could not be found out, and what the rotation would say in the log. */
  readonly problems: readonly string[];
}

/** Ports of a rotation, whose `rules` tell beforehand whether a key can be made. */
export type RehearsalPorts = RotatePorts;

/** The same ports, which look through the consumers once: the gate, `reach` and whoever shows the readers want the same. */
export function lookingOnce<Ports extends Pick<RotatePorts, 'vault' | 'reach' | 'readers'>>(ports: Ports): Ports {
  const { vault, reach } = ports;
  if (reach === undefined) return ports;
  const roll = rememberedRoll(reach.roll);
  return { ...ports, reach: { ...reach, roll }, readers: readersBy(vault, roll) };
}

/** A drain under way may be busy still, and is looked at again when it can have been silent for long enough. */
const WAITS_MAX = 24;

/**
 * Runs the very code of a rotation on ports that read the world and only imagine writing to it, so that what it tells
 * cannot drift from what is done. Drains are jumped over. Rejects with `Fault` when the world cannot be read.
 */
export async function rehearse(
  ports: RehearsalPorts,
  order: TickOrder & { readonly asked: Asked },
): Promise<Rehearsal> {
  const { secret } = order;
  const steps: RehearsedStep[] = [];
  let isPromoted = false;
  const problems: string[] = [];
  const ends: Ending[] = [];
  let calls: ToldCall[] = [];
  const clock = jumpingClock(ports.clock);
  const flush = (step: string, phase: Phase | undefined) => {
    steps.push({ step, phase, at: clock.now(), calls });
    calls = [];
  };
  const imagined = imagine(ports, clock, (call) => calls.push(call), problems);
  const watch = (step: Step) => {
    if (step.did !== 'moved') return;
    ends.push(...endingOf(step));
    isPromoted ||= step.after.phase === 'promoted';
    flush(step.by, step.before.phase);
  };
  const started = await start(imagined, order, watch);
  if (!('step' in started)) {
    const { outcome, why } = started;
    return { secret, outcome, why, steps, missing: [], problems };
  }
  const done = calls;
  const reach = isPromoted ? await foreseen(ports, imagined, order, problems) : undefined;
  calls = done;
  let { step } = started;
  for (let waits = 0; isDrain(step) && waits < WAITS_MAX; waits += 1) {
    flush(`waits until ${spokenMinuteBy(step.until)}: ${step.why}`, step.journal.phase);
    clock.jumpTo(step.until);
    step = await drive(imagined, { ...order, asked: undefined }, watch);
  }
  flush(step.why, step.journal?.phase);
  const told = steps.flatMap((one) => one.calls);
  const missing = await attempt(() => missingFor(ports.vault, secret, told));
  if (missing instanceof Fault) problems.push(`permissions could not be asked for: ${missing.message}`);
  const [ending = { outcome: HALTED[step.did], why: step.why }] = ends;
  return { secret, ...ending, steps, missing: missing instanceof Fault ? [] : missing, problems, reach };
}

/**
 * What `reach` would find right after the promotion: its own code, on the secret as it would be then. Which project an id means is asked
 * of the real Secret Manager, because only the rotation's own secret is imagined.
 */
async function foreseen(
  { vault, reach }: RehearsalPorts,
  imagined: Pick<RotatePorts, 'vault' | 'clock'>,
  order: TickOrder,
  problems: string[],
): Promise<Foreseen | undefined> {
  if (reach === undefined) return undefined;
  const then = await imagined.vault.look(order.secret);
  const looking = { look: vault.look, lookVersion: imagined.vault.lookVersion };
  const found = await attempt(() =>
    followingIn({ ...reach, clock: imagined.clock, vault: looking }, then, {
      secretPolicy: order.secretPolicy,
      project: projectOf(order),
    }),
  );
  if (!(found instanceof Fault)) return found.following && foreseenIn(found.following);
  problems.push(`what becomes of its consumers could not be looked up: ${found.message}`);
  return undefined;
}

/** Nobody knows yet who will approve. */
const SOMEBODY = { who: 'somebody else', is: 'verified' } as const;

type Ending = Pick<Rehearsal, 'outcome' | 'why'>;

/** What a rotation comes to that halts before its end. */
const HALTED = { held: 'held', wait: 'unsure', rest: 'nothing' } as const satisfies Record<Halt['did'], End>;

/** How a rotation ended, if this step ended it. */
function endingOf({ before, after }: Extract<Step, { readonly did: 'moved' }>): readonly Ending[] {
  if (before.phase === 'resting' || after.phase !== 'resting') return [];
  const { why = 'somebody asked for it' } = before;
  if (!isCompleted(before)) return [{ outcome: 'abandoned', why }];
  const reads = before.phase === 'drained' ? 'the new key, and the old one would be disabled' : 'the earlier key again';
  return [{ outcome: 'completed', why: `consumers would read ${reads}` }];
}

/** A wait that only time ends. After any other the world must have changed, which a rehearsal cannot know of. */
function isDrain(step: Halt): step is Extract<Halt, { readonly did: 'wait' }> {
  return step.did === 'wait' && step.journal.phase === 'promoted' && step.journal.tries === 0;
}

function imagine(
  ports: RehearsalPorts,
  clock: RotatePorts['clock'],
  tell: (call: ToldCall) => void,
  problems: string[],
): RotatePorts {
  const { vault, issuer, prober, meter, rules } = ports;
  return {
    clock,
    vault: rehearsedVault(vault, clock.now, tell),
    issuer: rehearsedIssuer(issuer, clock.now, tell, (doubt) => problems.push(doubt), rules),
    prober: rehearsedProber(prober, tell),
    meter: rehearsedMeter(meter, clock.now(), tell),
    announcer: {
      announce: ({ type }) =>
        Promise.resolve(tell({ kind: 'announcement', call: 'announcer.announce', on: type, made: false })),
    },
    log: { write: (_, message) => problems.push(message) },
    purgeLeaked: ports.purgeLeaked,
    rules,
    approvals: () => {
      problems.push('it waits first for somebody else to approve it (approval)');
      return Promise.resolve({ is: 'approved', begin: () => Promise.resolve({ is: 'begun', by: SOMEBODY }) });
    },
    readers: ports.readers,
    freezes: ports.freezes,
    nameReaders: () => undefined, // whoever shows the rehearsal shows them
  };
}
