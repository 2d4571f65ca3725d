import { attempt, Fault } from '../../../src/app/ports/fault.ts';
import type { Step } from '../../../src/app/rotation/tick.ts';
import type { SecretPolicy } from '../../../src/core/settings/secret-policy.ts';
import { OUTBOX_FORM } from '../../../src/core/record/outbox.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import type { Request } from '../../../src/emulator/wire/http.ts';
import type { HeardRequest } from '../../../src/emulator/wire/request-log.ts';
import { stateOf, type Seen } from './seen.ts';
import { crowdWitness, deployCrowd, type Crowd, type CrowdWitness } from './crowd.ts';
import { orphans, secrecy, witness, type Terms, type Witness } from './witness.ts';
import { CARE, type FaultWorld, type Worker } from './world.ts';

/** A rotation from its first call to its rest, as one command that may be given again and again. */
export interface Scenario extends Terms {
  readonly title: string;
  /** The state that it leads to without any trouble, as `stateOf` writes it. */
  readonly ends: string;
  /** States that trouble may lead to all the same, with no harm done. */
  readonly mayEnd?: RegExp;
  readonly secretPolicy?: SecretPolicy;
  /** Who reads the secret on Cloud Run. */
  readonly crowd?: Crowd;
  /** Makes of the fresh world what the rotation finds; what it answers is passed to every command. */
  setUp?(world: FaultWorld): string;
  /** What a person, a schedule or a supervisor runs, and runs again after a crash. */
  command(worker: Worker, given: string): Promise<Step>;
  /** How values are made up; a key alone unless told. */
  around?(key: string): string;
  /** What the world does by itself, asked before every call; answers whether it changed the secret. */
  meanwhile?(world: FaultWorld, request: Request): boolean;
  /** By how many milliseconds the worker’s clock is wrong after so many calls. */
  skew?(calls: number): number;
  /** Whether an announcement, counted from 0, finds the topic out of reach. */
  isDeaf?(announcement: number): boolean;
}

/** `before` and `after`: the process dies before the call arrives, or once it was applied. `lost`: only the answer is. */
export const KINDS = ['before', 'after', 'lost'] as const;

/** One fault, at the n-th call after the fault before it. */
export interface Planned {
  readonly at: number;
  readonly kind: (typeof KINDS)[number];
}

/** What became of a schedule. */
export interface Ending {
  readonly state: string;
  readonly violations: readonly string[];
  readonly calls: readonly HeardRequest[];
  /** How much had been announced when each call was heard. */
  readonly told: readonly number[];
  /** Which call each fault struck, counted from 0 over the whole schedule. */
  readonly struck: readonly number[];
  /** How often somebody looked from outside. */
  readonly looks: number;
}

/** Times a command is given again, and waits that a rotation may take, before it counts as going nowhere. */
const PATIENCE = 200;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Runs a scenario with these faults, one after the other, until it is at rest or held. */
export async function run(world: FaultWorld, scenario: Scenario, faults: readonly Planned[] = []): Promise<Ending> {
  await world.startOver(scenario.around);
  const { cloud } = world;
  const { crowd = {} } = scenario;
  deployCrowd(world, crowd);
  const given = scenario.setUp?.(world) ?? '';
  if (scenario.isDeaf !== undefined) world.deafen(scenario.isDeaf);
  const watcher = witness(world, scenario);
  const crowded: string[] = [];
  const crowdWatcher = crowdWitness(world, crowd, (sentence) =>
    crowded.push(`call ${cloud.requests().length}: ${sentence}`),
  );
  const told: number[] = [];
  const pending = [...faults];
  let planted: Planned | undefined;
  const plantNext = (): void => {
    planted = pending.shift();
    if (planted !== undefined)
      cloud.faults.plant({ nth: planted.at }, 1, { act: planted.kind === 'before' ? 'drop' : 'lostAnswer' });
  };
  const isStruck = (): boolean => planted !== undefined && cloud.faults.remaining() === 0;
  world.watch((request) => {
    const lost = isStruck();
    told.push(world.announced.length);
    watcher.before(request, !lost);
    crowdWatcher.look();
    if (lost && planted?.kind === 'lost') plantNext();
    if (scenario.meanwhile?.(world, request) === true) watcher.excuse();
  });

  const { skew = () => 0 } = scenario;
  const clock = { ...world.clock, now: () => plusMs(world.clock.now(), skew(cloud.requests().length)) };
  plantNext();
  let step: Step | undefined;
  for (let lives = 0; step === undefined; lives += 1) {
    if (lives > faults.length) throw new Error(`${scenario.title}: more lives than faults`);
    const worker = world.worker(scenario.secretPolicy ?? CARE, () => isStruck() && planted?.kind !== 'lost', clock);
    const ended = await Promise.race([worker.life.death, untilRest(world, worker, scenario, given)]);
    if (ended !== 'died') step = ended;
    else plantNext();
  }
  watcher.look();
  await comeBy(world, watcher);
  const state = endOf(world, watcher.seen(), crowdWatcher);
  if (Object.keys(crowd).length > 0) await world.clock.sleep(DAY_MS);
  crowdWatcher.look();
  const violations = [...watcher.violations, ...watcher.silent(), ...crowded];
  violations.push(...world.early.map((early) => `I15: ${early} was announced before it was on record`));
  secrecy(world, [...world.said, ...world.announced.map((notice) => JSON.stringify(notice))], (sentence) =>
    violations.push(sentence),
  );
  if (step.did === 'held' && !world.announced.some(({ type }) => type === 'rotation.held'))
    violations.push(`I6: it is held (${step.why}), and nobody was told`);
  if (!('current' in watcher.seen().aliases)) violations.push('I1: nobody put current back');
  if (step.did !== 'held')
    violations.push(...orphans(world, watcher.seen()).map((id) => `I5: the key ${id} is nobody’s`));
  const calls = cloud.requests();
  const struck = calls.flatMap(({ status }, at) => (status === 0 ? [at] : []));
  return { state, violations, calls, told, struck, looks: watcher.looks() };
}

/** The state of everything and of the consumers, where there are any. */
export function endOf(world: FaultWorld, seen: Seen, crowd: CrowdWitness): string {
  return [stateOf(world, seen), crowd.state()].filter((part) => part !== '').join(' | ');
}

/** Runs in which the topic may still be out of reach once a rotation has come to its end. */
const RUNS_MAX = 5;

/** The scheduled job comes by as long as something is on record that nobody was told of. */
async function comeBy(world: FaultWorld, watcher: Witness): Promise<void> {
  for (let runs = 0; runs < RUNS_MAX && OUTBOX_FORM.annotation in watcher.seen().annotations; runs += 1) {
    await world.worker().drive();
    watcher.look();
  }
}

/** Gives the command whenever there is something to do, as a scheduled job does; trouble is met by coming again. */
async function untilRest(world: FaultWorld, worker: Worker, { command }: Scenario, given: string): Promise<Step> {
  const { clock } = worker.ports;
  let last = '';
  for (let turns = 0; turns < PATIENCE; turns += 1) {
    const step = await attempt(() => command(worker, given));
    if (step instanceof Fault) {
      world.said.push(step.message);
      await clock.sleep(MINUTE_MS);
      continue;
    }
    if (step.did !== 'wait') return step;
    last = step.why;
    await clock.sleep(step.until - clock.now());
  }
  throw new Error(`the rotation comes to no rest: ${last}`);
}
