import { readersInWords } from '../../app/consumers/in-short.ts';
import { KINDS, leftBehindText, readersJson, type ReadersJson } from '../../app/consumers/readers-json.ts';
import type { Readers } from '../../app/consumers/readers.ts';
import type { Reading, Sees } from '../../core/consumers/reading.ts';
import { spokenDuration } from '../../core/values/duration.ts';
import { plural } from '../../core/values/plural.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { fitted, type Column } from './fitted.ts';
import { laidOut, saidBehind } from './layout.ts';
import { idOf } from './report.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

const COLOURS = {
  'at once': 'green',
  'next instance': 'green',
  'next deploy': 'yellow',
  never: 'red',
} as const satisfies Record<Sees, Parameters<Paint>[0]>;

/** Who reads a secret and when each has a new version, then why some never have, then what was not looked at. */
export function readersText(
  terminal: Terminal,
  readers: Readers,
  { projects, now }: { readonly projects: readonly string[]; readonly now: Instant },
): string {
  const { readings, notLooked, late } = readers;
  const paint = painter(terminal);
  const where = `${plural(projects.length, 'project')}: ${projects.join(', ')}`;
  const table = readings.length === 0 ? '' : fitted(terminal, tableOf(readings, now), readings);
  const number = new Set(readings.map(({ consumer }) => consumer.name)).size;
  const found = number === 0 ? 'nobody was found that reads it' : plural(number, 'consumer');
  return [
    table,
    `${laidOut(terminal, [`${found} in ${where}`], 0)}\n`,
    ...leftBehindText(readers).map((line) => saidBehind(terminal, paint('red', 'left'), line)),
    ...notLooked.map((line) => saidBehind(terminal, paint('yellow', 'not looked at'), line)),
    ...late.map((line) => saidBehind(terminal, paint('dim', 'late'), line)),
  ].join('');
}

/** The same in a few lines, each with its title: how many there are, then who is left and what was not looked at. */
export function readersInShort(
  terminal: Pick<Terminal, 'colour'>,
  { readers, left, notLooked, late }: ReadersJson,
): readonly (readonly [title: string, text: string])[] {
  const paint = painter(terminal);
  return [
    [paint('dim', 'readers'), readersInWords(readers)],
    ...left.map((line) => [paint('red', 'left'), line] as const),
    ...notLooked.map((line) => [paint('yellow', 'not looked at'), line] as const),
    ...late.map((line) => [paint('dim', 'late'), line] as const),
  ];
}

/** The same of each secret that is shown; what may be missing of all of them is said once. */
export function showReaders(
  terminal: Terminal,
  shown: readonly { readonly secret: string }[],
  readers: ReadonlyMap<string, Readers>,
): void {
  for (const { secret } of shown) {
    const own = readers.get(secret);
    if (own === undefined) continue;
    terminal.out(`\n${idOf(secret)}\n`);
    for (const [title, text] of readersInShort(terminal, { ...readersJson(own), late: [] }))
      terminal.out(saidBehind(terminal, `  ${title}`, text));
  }
}

function tableOf(readings: readonly Reading[], now: Instant): readonly Column<Reading>[] {
  const several = new Set(readings.map(({ consumer }) => consumer.project)).size > 1;
  return [
    {
      title: 'CONSUMER',
      cell: ({ consumer: { kind, name, project } }) =>
        `${KINDS[kind]} ${several ? `${project}/` : ''}${name.slice(name.lastIndexOf('/') + 1)}`,
    },
    { title: 'SEES A NEW VERSION', cell: ({ sees }, paint) => paint(COLOURS[sees], sees) },
    { title: 'REGION', cell: ({ consumer }) => consumer.region, goes: 3 },
    { title: 'RUNS', cell: ({ running, share = 0, tag }) => runsCell(running, share, tag), goes: 1 },
    { title: 'FOR', cell: ({ since }) => (since === undefined ? '-' : spokenDuration(elapsedMs(since, now))), goes: 2 },
    { title: 'READS', cell: ({ read: { version } }) => version },
    { title: 'AS', cell: ({ read: { at } }) => at },
  ];
}

function runsCell(running: string | undefined, share: number, tag: string | undefined): string {
  if (running === undefined) return 'next';
  const of = share > 0 && share < 100 ? ` ${share} %` : tag === undefined ? '' : ` (${tag})`;
  return `${running}${of}`;
}
