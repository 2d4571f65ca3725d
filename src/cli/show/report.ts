import { INIT } from '../../core/causes/commands.ts';
import { GLOBAL, parseSecretName } from '../../core/google/resource-names.ts';
import type { Report } from '../../core/health/check-run.ts';
import { passageOfStep } from '../../core/causes/step.ts';
import { passageOf, shellText } from '../../core/values/command.ts';
import { partsOf, type Passage } from '../../core/values/passage.ts';
import { plural } from '../../core/values/plural.ts';
import { laidOut, saidBehind } from './layout.ts';
import { runbookAt } from './runbook-at.ts';
import type { Detail } from './detail.ts';
import { fitted, type Column } from './fitted.ts';
import { painter, type Terminal } from './terminal.ts';

type Row = Report['secrets'][number];

const COLOUR = { works: 'green', dead: 'red', blocked: 'red', throttled: 'yellow', unclear: 'yellow' } as const;

/** With no more secrets than this, those that work are listed too. */
const LISTED_MAX = 20;

/** A report for people: one line per secret, the worst first; then each trouble once with what to do; then the totals. */
export function showReport(terminal: Terminal, report: Report, detail: Detail = 'usual'): void {
  const paint = painter(terminal);
  const rows = worstFirst(report.secrets);
  const troubled = rows.filter((row) => row.verdict !== 'works' || row.lint.length > 0);
  const listed = detail === 'verbose' || (detail === 'usual' && rows.length <= LISTED_MAX) ? rows : troubled;
  showTable(terminal, { secrets: listed });
  const groups: readonly (readonly Row[])[] =
    detail === 'verbose' ? troubled.map((row) => [row]) : troublesIn(troubled);
  for (const [first, ...others] of groups)
    if (first !== undefined)
      terminal.out(others.length === 0 ? diagnosisOf(first, terminal) : groupOf(first, others, terminal));
  for (const { project, failing, seen, cause, message } of report.outages) {
    const where = project === undefined ? '' : ` in ${project}`;
    const says = `${failing} of ${plural(seen, 'secret')}${where} failed alike (${cause}), so no key is blamed: ${message}`;
    terminal.out(`${saidBehind(terminal, paint('red', 'outage'), says)}\n`);
  }
  for (const problem of report.problems) terminal.out(saidBehind(terminal, paint('yellow', 'problem'), problem));
  terminal.out(`${laidOut(terminal, [totals(report)], 0)}\n`);
}

/** One line per secret, where there is any. */
export function showTable(terminal: Terminal, { secrets }: { readonly secrets: readonly Row[] }): void {
  if (secrets.length > 0) terminal.out(`${fitted(terminal, TABLE, secrets)}\n`);
}

/** What is wrong with one secret and what to do. */
export function showDiagnosis(terminal: Terminal, row: Row): void {
  terminal.out(diagnosisOf(row, terminal));
}

const TABLE: readonly Column<Row>[] = [
  { title: 'SECRET', cell: ({ secret }) => idOf(secret) },
  {
    title: 'VERSION',
    cell: ({ version, readAs }) => (version === undefined ? readAs : `${version} (${readAs})`),
    goes: 3,
  },
  { title: 'KEY', cell: ({ keyKind }) => keyKind ?? '-', goes: 2 },
  { title: 'VERDICT', cell: ({ verdict }, paint) => paint(COLOUR[verdict], verdict) },
  { title: 'CAUSE', cell: ({ cause }) => cause },
  { title: 'DEPTH', cell: ({ depth }) => depth, goes: 1 },
];

const RANKS = ['dead', 'blocked', 'unclear', 'throttled', 'works'] as const satisfies readonly Row['verdict'][];

function worstFirst(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(
    (a, b) => RANKS.indexOf(a.verdict) - RANKS.indexOf(b.verdict) || idOf(a.secret).localeCompare(idOf(b.secret), 'en'),
  );
}

/** Rows that have the same trouble, in the order of their first. */
function troublesIn(rows: readonly Row[]): readonly (readonly Row[])[] {
  return [
    ...Map.groupBy(rows, ({ verdict, cause, lint }) =>
      [verdict, cause, ...lint.map(({ kind }) => kind)].join(' '),
    ).values(),
  ];
}

/** What many secrets have in common: one diagnosis, one remedy, and all their names. */
function groupOf(first: Row, others: readonly Row[], terminal: Terminal): string {
  const paint = painter(terminal);
  const all = [first, ...others];
  const line = (title: string, text: Passage) => `  ${title.padEnd(TITLE - 2)}${laidOut(terminal, text, TITLE)}`;
  const isOne = new Set(all.map(({ steps }) => JSON.stringify(steps))).size === 1;
  const messages = new Set(all.map(({ message }) => message)).size;
  const notes = [...new Set(all.flatMap((row) => row.notes))];
  const whole = [
    `${paint(COLOUR[first.verdict], paint('bold', first.verdict))}  ${paint('bold', plural(all.length, 'secret'))}: ${first.title}`,
    line('which', all.map(({ secret }) => idOf(secret)).join(', ')),
    line(
      'what',
      `${first.message}${messages > 1 ? ` (so says ${idOf(first.secret)}; the others in other words)` : ''}`,
    ),
    line('means', first.meaning),
    ...lintLines(first, line),
    ...notes.map((note) => line('note', note)),
    ...all.flatMap(({ secret, problems }) => problems.map((problem) => line('problem', `${idOf(secret)}: ${problem}`))),
    ...stepLines(first, terminal, isOne ? '' : `for ${idOf(first.secret)}: `),
    ...(isOne ? [] : [line('others', 'the same for each of them, under its own name; --verbose prints it')]),
    line('runbook', runbookAt(terminal, first.runbook)),
  ];
  return `${whole.join('\n')}\n\n`;
}

function lintLines(row: Row, line: (title: string, text: Passage) => string): readonly string[] {
  return row.lint.map(({ says, do: words, ...cure }) =>
    line('stored', passageOf({ ...cure, do: `${says}. Cure: ${words}` })),
  );
}

function stepLines(row: Row, terminal: Terminal, whose = ''): readonly string[] {
  return row.steps.map((step, at) => {
    const [words = '', ...rest] = partsOf(passageOfStep(step));
    const whole = typeof words === 'string' ? [`${at === 0 ? whose : ''}${words}`, ...rest] : [words, ...rest];
    return `  ${(at === 0 ? 'do this' : '').padEnd(TITLE - 2)}${at + 1}. ${laidOut(terminal, whole, TITLE + 3)}`;
  });
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
    ...lintLines(row, line),
    ...row.notes.map((note) => line('note', note)),
    ...row.problems.map((problem) => line('problem', problem)),
    ...stepLines(row, terminal),
    line('runbook', runbookAt(terminal, row.runbook)),
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
