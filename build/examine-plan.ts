/**
 * `terraform show -json PLAN | node build/examine-plan.ts [first|again]`: exit 1 when a plan of the module is not as it should
 * be. `first`, which it is without a word, is the plan of an empty project; `again` that of one in which all of it is there.
 */
import process from 'node:process';
import { parseRecord } from '../src/core/values/json.ts';
import { complaintsAbout } from './plan-rules.ts';

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const plan = parseRecord(Buffer.concat(chunks).toString());
const moment = process.argv[2] === 'again' ? 'again' : 'first';
const complaints = plan === undefined ? ['is no JSON object'] : complaintsAbout(plan, moment);
for (const complaint of complaints) process.stderr.write(`plan: ${complaint}\n`);
process.stdout.write(`plan: ${complaints.length === 0 ? 'as it should be' : `${complaints.length} complaints`}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
