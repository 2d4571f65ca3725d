import process from 'node:process';
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
    // Consumers are looked at and changed in parallel: of such calls any may be the n-th.
    const isExact = scenario.crowd === undefined;
    if (
      ending.struck.length !== faults.length ||
      struck === undefined ||
      (isExact && (ending.struck.at(-1) !== last || named(struck) !== named(expected)))
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

/** With `FAULTS=large` no fault stands for another. */
export const LARGE = process.env['FAULTS'] === 'large';

/**
 * One fault of each of these kinds at each of these calls. Whoever comes after a death knows only what the cloud holds: so of all
 * deaths between the same two effects, at the same moment and with the same announcements made, one stands for the others.
 */
export function* singles(
  { calls, told }: Pick<Ending, 'calls' | 'told'>,
  kinds: readonly Planned['kind'][],
  wanted: (call: HeardRequest) => boolean = () => true,
): Iterable<Case> {
  const left = new Set<string>();
  let effects = 0;
  for (const [index, expected] of calls.entries()) {
    const leaves = (): string => `${effects} effects, ${told[index]} told, ${expected.at}`;
    const before = leaves();
    if (isEffect(expected)) effects += 1;
    const heirs = { before, after: leaves(), lost: `answer ${index}` };
    if (!wanted(expected)) continue;
    for (const kind of kinds) {
      if (left.has(heirs[kind]) && !LARGE) continue;
      left.add(heirs[kind]);
      yield { faults: [{ at: index + 1, kind }], expected };
    }
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
    const rest = { calls: ending.calls.slice(from), told: ending.told.slice(from) };
    for (const second of singles(rest, kinds, wanted)) yield { ...second, faults: [...faults, ...second.faults] };
  }
}

function named({ method, path }: HeardRequest): string {
  return `${method} ${path}`;
}
