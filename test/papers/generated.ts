import { CAUSES } from '../../src/core/causes.ts';
import { IDENTITIES, OPERATOR, type Grant } from '../../src/core/identities.ts';
import { ROTATION, type Cell } from '../../src/core/rotation.ts';
import { SETTINGS } from '../../src/core/settings.ts';

/** The blocks of the README that are printed from the code: name of the block to its text. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  causes: causesTable,
  rotation: rotationTable,
  picture: rotationPicture,
  settings: settingsTable,
  iam: iamTable,
};

/** Replaces every generated block of a paper by what the code says now. */
export function withGenerated(paper: string, blocks = GENERATED): string {
  return Object.entries(blocks).reduce((text, [name, print]) => {
    const block = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`, 'g');
    return text.replace(block, (_, open: string, close: string) => `${open}\n${print()}\n\n${close}`);
  }, paper);
}

function causesTable(): string {
  const rows = Object.entries(CAUSES).map(([cause, row]) => [
    `[\`${cause}\`](docs/runbook.md#${row.runbook})`,
    row.verdict,
    row.title,
    row.newKeyHelps ? 'yes' : 'no',
    row.severity,
  ]);
  return table(['cause', 'verdict', 'what it is', 'a new key helps', 'severity'], rows);
}

function rotationTable(): string {
  const rows = Object.entries(ROTATION).map(([phase, row]) => [
    phase,
    `${row.act}${row.leased ? ' 🔒' : ''}`,
    row.effect,
    row.done,
    row.refused,
    row.worn,
    row.because,
  ]);
  return table(
    ['phase', 'act', 'effect outside', 'done', 'refused', 'unsure too often', 'twice is safe because'],
    rows,
  );
}

function rotationPicture(): string {
  const arrow = (from: string, to: Cell, label: string) =>
    to === 'held' ? [`  ${from} --> held: ${label}`] : to === from ? [] : [`  ${from} --> ${to}: ${label}`];
  const lines = Object.entries(ROTATION).flatMap(([phase, { act, done, refused }]) => [
    ...arrow(phase, done, act),
    ...arrow(phase, refused, `${act} refused`),
  ]);
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> resting', ...lines, '```'].join('\n');
}

function settingsTable(): string {
  return table(
    ['variable', 'what it is for', 'without it', 'example'],
    Object.entries(SETTINGS).map(([name, { says, fallback, example }]) => [
      `\`${name}\``,
      says,
      fallback,
      `\`${example}\``,
    ]),
  );
}

function iamTable(): string {
  const lines = (grants: readonly Grant[]) => grants.map(({ needs, on, because }) => ['', `\`${needs}\``, on, because]);
  const rows = [
    ...Object.entries(IDENTITIES).flatMap(([identity, { runs, ifStolen, grants }]) => [
      [`**${identity}**`, runs.map((name) => `\`${name}\``).join(', '), '', `_stolen_: ${ifStolen}`],
      ...lines(grants),
    ]),
    ['**you**', 'the command line', '', 'does by hand what these do: the same permissions, and for `doctor` two more'],
    ...lines(OPERATOR),
  ];
  return table(['identity', 'runs, and needs', 'on', 'because it'], rows);
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
