import { readSettings } from '../../core/settings/read-settings.ts';
import { nearest } from '../../core/values/nearest.ts';
import { plural } from '../../core/values/plural.ts';
import { elapsedMs, isoOf, type Instant } from '../../core/values/time.ts';
import { laidOut } from '../show/layout.ts';
import { painter, Stop, type Paint, type Terminal } from '../show/terminal.ts';
import type { Happened } from './drill/happened.ts';
import { played, type Kept, type Played } from './drill/play.ts';
import { SCENARIO_NAMES, SCENARIOS, type Scenario, type ScenarioName } from './drill/scenarios.ts';
import type { Team } from './drill/stage.ts';

/** Name and version of the JSON that `drill --json` prints. */
const DRILL_SCHEMA = 'key-warden/drill/v1';

export interface DrillOptions {
  /** What the secret of the drill is called: channels may take some secrets only. */
  readonly secret: string;
  /** Labels of that secret, `team=search`. */
  readonly label?: readonly string[] | undefined;
  readonly json: boolean;
}

/** Plays nights that go wrong through, in a pretend cloud, with the team's own settings. Ends with 1 where a promise broke. */
export async function drill(terminal: Terminal, named: readonly string[], options: DrillOptions): Promise<0 | 1> {
  const names = named.length === 0 ? SCENARIO_NAMES : named.map(scenarioNamed);
  const team = teamOf(terminal, options);
  const paint = painter(terminal);
  const results: Result[] = [];
  for (const name of names) {
    const scenario: Scenario = SCENARIOS[name];
    if (!options.json) terminal.out(`${paint('bold', `${name}: ${scenario.title}`)}\n\n`);
    const clock: { began?: Instant } = {};
    const result = await played(scenario, team, (line) => {
      clock.began ??= line.at;
      if (!options.json) terminal.out(lineOf(terminal, paint, line, clock.began));
    });
    results.push({ name, title: scenario.title, ...result });
    if (!options.json) terminal.out(`\n${result.promises.map((kept) => verdictOf(paint, kept)).join('')}\n`);
  }
  const broken = results.flatMap(({ promises }) => promises.filter((kept) => kept.broken !== undefined));
  if (options.json) terminal.out(`${JSON.stringify(reportOf(results, broken.length), null, 2)}\n`);
  else
    terminal.out(
      `${plural(results.length, 'drill')}: ${broken.length === 0 ? 'every promise held' : `${plural(broken.length, 'promise')} broke`}\n`,
    );
  return broken.length === 0 ? 0 : 1;
}

type Result = Played & { readonly name: ScenarioName; readonly title: string };

function scenarioNamed(name: string): ScenarioName {
  const found = SCENARIO_NAMES.find((one) => one === name);
  if (found !== undefined) return found;
  const meant = nearest(name, SCENARIO_NAMES);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new Stop(2, `there is no drill ${JSON.stringify(name)}${hint} There are ${SCENARIO_NAMES.join(', ')}`);
}

/** The settings that the shell has, for a fleet of one secret: no project of theirs is looked at, and no channel called. */
function teamOf({ environment }: Terminal, { secret, label = [] }: DrillOptions): Team {
  const reading = readSettings(environment, { project: false, callers: false });
  if ('problems' in reading)
    throw new Stop(
      4,
      ['the settings cannot be used:', ...reading.problems.map((problem) => `  - ${problem}`)].join('\n'),
    );
  const { settings } = reading;
  const project = settings.projects.find((one) => !/^\d+$/.test(one)) ?? 'drill-project';
  const labels = label.map((text) => {
    const [, name, value] = /^([a-z][\w-]{0,62})=([\w-]{0,63})$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new Stop(2, `${JSON.stringify(text)} is no label: team=search is one`);
    return [name, value] as const;
  });
  return { settings, project, secretId: secret, labels: Object.fromEntries(labels) };
}

const COLOURS = {
  story: 'yellow',
  person: 'cyan',
  worker: 'dim',
  channel: 'green',
  consumer: 'dim',
} as const;

/** A line of the timeline: the day from the second on, the hour, who, what. */
function lineOf(terminal: Terminal, paint: Paint, { at, who, what }: Happened, began: Instant): string {
  const days = Math.floor(elapsedMs(began, at) / 86_400_000);
  const day = days === 0 ? '' : `+${days} d`;
  return `${day.padStart(6)}  ${isoOf(at).slice(11, 16)}  ${paint(COLOURS[who], who.padEnd(8))}  ${laidOut(terminal, what, 27)}\n`;
}

function verdictOf(paint: Paint, { says, invariants, broken }: Kept): string {
  const mark = broken === undefined ? paint('green', '✓ held ') : paint('red', '✗ broke');
  return `  ${mark}  ${says} (${invariants.join(', ')})${broken === undefined ? '' : `: ${broken}`}\n`;
}

function reportOf(results: readonly Result[], broken: number) {
  return {
    schema: DRILL_SCHEMA,
    broken,
    drills: results.map(({ timeline, ...result }) => ({
      ...result,
      timeline: timeline.map(({ at, ...line }) => ({ at: isoOf(at), ...line })),
    })),
  };
}
