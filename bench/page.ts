/**
 * What the page of 2,000 secrets costs, each with two rotations behind it, as a ratio to the floor: the same secrets as JSON. Processor
 * time, so that another program on the machine does not count. `node bench/page.ts [rounds]`.
 */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { memberJson } from '../src/app/on-record/fleet-json.ts';
import { pageOf } from '../src/app/page/page.ts';
import { pageFleet } from '../test/support/page-fleet.ts';
import { cpuMs, median, verdictLine } from './children.ts';

const ROUNDS = Number(process.argv[2] ?? 7);
const SECRETS = 2_000;

const page = pageFleet(SECRETS);
const [ours, floor] = [new Array<number>(), new Array<number>()];
for (let round = 0; round < ROUNDS; round += 1) {
  ours.push(cpuMs(() => pageOf(page)));
  floor.push(cpuMs(() => JSON.stringify(page.fleet.members.map(memberJson))));
}
const html = Buffer.from(pageOf(page));
const ms = median(ours);
process.stdout.write(
  `a page of ${SECRETS} secrets: ${ms.toFixed(0)} ms, ${(ms / median(floor)).toFixed(0)} times the same as JSON; ${(html.length / 1e6).toFixed(1)} MB, ${(gzipSync(html).length / 1e6).toFixed(2)} MB compressed\n`,
);
process.stdout.write(`${verdictLine(`milliseconds for a page of ${SECRETS} secrets`, ms, { atMost: 800 })}\n`);
