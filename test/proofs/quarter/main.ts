/**
 * `npm run quarter`: lives through a quarter of rotations in some minutes. Ends with 1 when something was not kept. With `--paper` what it
 * printed takes the place of the last run in docs/proof/quarter.md. With `--rules` it is the one by windows, freezes and approvals, and no paper.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { judge } from './judge.ts';
import { DAYS } from './calendar.ts';
import { quarter } from './quarter.ts';
import { RULED_FLEET, RULES } from './rules.ts';
import { summaryOf } from './table.ts';

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '2000' },
    'keys-per-project': { type: 'string', default: '125' },
    'spread-days': { type: 'string', default: '0' },
    'check-every-minutes': { type: 'string', default: '720' },
    rules: { type: 'boolean', default: false },
    paper: { type: 'boolean', default: false },
  },
});
const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1000);
const isShown = process.stderr.isTTY;
const lived = await quarter({
  keys: Number(values.keys),
  keysPerProject: Number(values['keys-per-project']),
  spreadDays: Number(values['spread-days']),
  checkEveryMinutes: Number(values['check-every-minutes']),
  ...(values.rules ? { ...RULED_FLEET, rules: RULES } : {}),
  onDay: (day) => void (isShown && process.stderr.write(`\rday ${day} of ${DAYS}, ${seconds()} s `)),
});
if (isShown) process.stderr.write('\r\u001B[K');
const judged = judge(lived);
const colour = process.stdout.isTTY && process.stdout.hasColors() && process.env['NO_COLOR'] === undefined;
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
const told = (inColour: boolean) =>
  `${summaryOf(lived, judged, inColour)}It took ${seconds()} s and ${megabytes} MB at most, the pretend world included.\n`;
process.stdout.write(told(colour));
if (values.paper && !values.rules) {
  const paper = new URL('../../../docs/proof/quarter.md', import.meta.url);
  const written = readFileSync(paper, 'utf8').replace(/```text\n[\s\S]*?```/, () => `\`\`\`text\n${told(false)}\`\`\``);
  writeFileSync(paper, written);
}
process.exitCode = judged.every(({ kept }) => kept) ? 0 : 1;
