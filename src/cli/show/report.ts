import { INIT } from '../../core/causes/commands.ts';
import { GLOBAL, parseSecretName } from '../../core/google/resource-names.ts';
import type { Report } from '../../core/health/check-run.ts';
import { passageOfStep } from '../../core/causes/step.ts';
import { passageOf, shellText } from '../../core/values/command.ts';
import type { Passage } from '../../core/values/passage.ts';
import { plural } from '../../core/values/plural.ts';
import { laidOut } from './layout.ts';
import { columns, painter, type Paint, type Terminal } from './terminal.ts';

type Row = Report['secrets'][number];

const COLOUR = { works: 'green', dead: 'red', blocked: 'red', throttled: 'yellow', unclear: 'yellow' } as const;

/** A report for people: one line per secret, then what is wrong with each and what to do, then the totals. */
export function showReport(terminal: Terminal, report: Report): void {
  const paint = painter(terminal);
  showTable(terminal, report);
  for (const row of report.secrets) if (row.verdict !== 'works' || row.lint.length > 0) showDiagnosis(terminal, row);
  for (const { project, failing, seen, cause, message } of report.outages) {
    const where = project === undefined ? '' : ` in ${project}`;
    terminal.out(
      `${paint('red', 'outage')}  ${failing} of ${plural(seen, 'secret')}${where} failed alike (${cause}), so no key is blamed: ${message}\n\n`,
    );
  }
  for (const problem of report.problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
  terminal.out(`${totals(report)}\n`);
}

/** One line per secret, where there is any. */
export function showTable(terminal: Terminal, { secrets }: Pick<Report, 'secrets'>): void {
  if (secrets.length > 0) terminal.out(`${table(secrets, painter(terminal))}\n`);
}

/** What is wrong with one secret and what to do. */
export function showDiagnosis(terminal: Terminal, row: Row): void {
  terminal.out(diagnosisOf(row, terminal));
}

function table(rows: readonly Row[], paint: Paint): string {
  return columns([
    ['SECRET', 'VERSION', 'KEY', 'VERDICT', 'CAUSE', 'DEPTH'].map((title) => paint('dim', title)),
    ...rows.map((row) => [
      idOf(row.secret),
      row.version === undefined ? row.readAs : `${row.version} (${row.readAs})`,
      row.keyKind ?? '-',
      paint(COLOUR[row.verdict], row.verdict),
      row.cause,
      row.depth,
    ]),
  ]);
}

/** Width of the words in front of each line. */
const TITLE = 11;

function diagnosisOf(row: Row, terminal: Terminal): string {
  const paint = painter(terminal);
  const line = (title: string, text: Passage) => `  ${title.padEnd(TITLE - 2)}${laidOut(terminal, text, TITLE)}`;
  const version = row.version === undefined ? row.readAs : `version ${row.version} (${row.readAs})`;
  const lines = [
    `${paint(COLOUR[row.verdict], paint('bold', row.verdict))}  ${paint('bold', idOf(row.secret))}  ${version}: ${row.title}`,
    line('what', row.message),
    line('means', row.meaning),
    ...row.lint.map(({ says, do: words, ...cure }) =>
      line('stored', passageOf({ ...cure, do: `${says}. Cure: ${words}` })),
    ),
    ...row.notes.map((note) => line('note', note)),
    ...row.problems.map((problem) => line('problem', problem)),
    ...row.steps.map(
      (step, at) =>
        `  ${(at === 0 ? 'do this' : '').padEnd(TITLE - 2)}${at + 1}. ${laidOut(terminal, passageOfStep(step), TITLE + 3)}`,
    ),
    `  runbook  docs/runbook.md#${row.runbook}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

function totals({ verdicts, expected, seen, problems }: Report): string {
  const counts = Object.entries(verdicts)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  const checked = seen === expected ? plural(seen, 'secret') : `${seen} of ${plural(expected, 'secret')}`;
  if (expected === 0) return problems.length === 0 ? NOTHING : 'nothing was checked';
  return counts.length === 0 ? `${checked} checked` : `${checked} checked: ${counts.join(', ')}`;
}

const NOTHING = `no managed secret was found. Put one under care: ${shellText(INIT, {})} (that sets the label key-warden=managed)`;

/** The short id, with the region of a regional secret: `app-key`, `app-key (europe-west1)`. */
export function idOf(name: string): string {
  const id = parseSecretName(name);
  if (id === undefined) return name;
  return id.location === GLOBAL ? id.secret : `${id.secret} (${id.location})`;
}
