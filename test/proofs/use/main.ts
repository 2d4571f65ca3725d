/**
 * `npm run use`: how often unusual use is told where nothing but chance happened, and how many thefts are, over fabricated keys. The same each
 * time. With `--paper` the table takes the place of the last one in docs/proof/use.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { KINDS, type Kind } from '../../support/fabricated-use.ts';
import { measured } from './measure.ts';

const { values } = parseArgs({
  options: { keys: { type: 'string', default: '100' }, paper: { type: 'boolean', default: false } },
});
const FLEET = { keys: Number(values.keys), days: 28, thefts: [100, 1_000, 10_000] };
/** By which factor each hour differs from what is expected: the standard deviation of its logarithm. */
const ROUGHNESS = [0.3, 0.5];

const head = ['key', 'rough', 'false alarms', ...FLEET.thefts.map((perHour) => `theft of ${perHour}/h`)];
const rows = ROUGHNESS.flatMap((roughness) =>
  Object.keys(KINDS)
    .filter((kind): kind is Kind => kind in KINDS)
    .map((kind) => {
      const { keys, falseAlarms, thefts } = measured(kind, { ...FLEET, roughness });
      const told = thefts.map((theft) =>
        theft.told === 0 ? '0 %' : `${Math.round((100 * theft.told) / keys)} %, ${theft.hours.toFixed(1)} h`,
      );
      return [kind, String(roughness), (falseAlarms / keys).toFixed(2), ...told];
    }),
);
const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
process.stdout.write(`${table}\n`);

if (values.paper) {
  const paper = new URL('../../../docs/proof/use.md', import.meta.url);
  const [before, after] = ['<!-- measured -->', '<!-- /measured -->'];
  const text = readFileSync(paper, 'utf8');
  const [start, end] = [text.indexOf(before) + before.length, text.indexOf(after)];
  writeFileSync(paper, `${text.slice(0, start)}\n\n${table}\n\n${text.slice(end)}`);
}
