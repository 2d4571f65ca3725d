import type { HeardRequest } from '../../../src/emulator/wire/request-log.ts';
import { run, type Ending, type Planned, type Scenario } from './schedule.ts';
import type { FaultWorld } from './world.ts';

/** What many schedules of one scenario came to. */
export interface Sweep {
  readonly schedules: number;
  readonly looks: number;
  /** Sentences, each with the faults that led to it; empty when everything went as it should. */
  readonly wrong: readonly string[];
}

/** Faults with the call that the last of them must strike, known from a run that was quiet from there on. */
export interface Case {
  readonly faults: readonly Planned[];
  readonly expected: HeardRequest;
}

/** Runs every case and compares its end with the calm one. */
export async function sweep(
  world: FaultWorld,
  scenario: Scenario,
  calm: Ending,
  cases: Iterable<Case> | AsyncIterable<Case>,
): Promise<Sweep> {
  const wrong: string[] = [];
  let schedules = 0;
  let looks = 0;
  for await (const { faults, expected } of cases) {
    const ending = await run(world, scenario, faults);
    schedules += 1;
    looks += ending.looks;
    const title = faults.map(({ at, kind }) => `${kind} ${at}`).join(', ') + ` (${named(expected)})`;
    const last = faults.reduce((sum, { at }) => sum + at, -1);
    const struck = ending.calls[ending.struck.at(-1) ?? -1];
    if (
      ending.struck.length !== faults.length ||
      ending.struck.at(-1) !== last ||
      struck === undefined ||
      named(struck) !== named(expected)
    )
      wrong.push(`${title}: the faults struck calls ${ending.struck.join(', ')}`);
    if (ending.state !== calm.state && scenario.mayEnd?.test(ending.state) !== true)
      wrong.push(`${title}: ${ending.state}`);
    wrong.push(...ending.violations.map((sentence) => `${title}: ${sentence}`));
  }
  return { schedules, looks, wrong };
}

/** Calls that change something; between two of them the cloud is the same for whoever comes anew. */
export function isEffect({ method, path }: HeardRequest): boolean {
  return method !== 'GET' && !path.endsWith(':generateContent');
}

/** One fault of each of these kinds at each of these calls. */
export function* singles(
  { calls }: Ending,
  kinds: readonly Planned['kind'][],
  wanted: (call: HeardRequest) => boolean = () => true,
): Iterable<Case> {
  for (const [index, expected] of calls.entries()) {
    if (!wanted(expected)) continue;
    for (const kind of kinds) yield { faults: [{ at: index + 1, kind }], expected };
  }
}

/** Every first fault with every second one after it. The second is counted from the first. */
export async function* pairs(
  world: FaultWorld,
  scenario: Scenario,
  firsts: Iterable<Case>,
  kinds: readonly Planned['kind'][],
  wanted: (call: HeardRequest) => boolean = () => true,
): AsyncIterable<Case> {
  for (const { faults } of firsts) {
    const ending = await run(world, scenario, faults);
    const from = faults.reduce((sum, { at }) => sum + at, 0);
    const rest = { ...ending, calls: ending.calls.slice(from) };
    for (const second of singles(rest, kinds, wanted)) yield { ...second, faults: [...faults, ...second.faults] };
  }
}

function named({ method, path }: HeardRequest): string {
  return `${method} ${path}`;
}
