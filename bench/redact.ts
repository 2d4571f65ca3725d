/**
 * What it costs to take keys out of 64 KiB, at its worst, as a ratio to the floor: writing the same text as JSON and
 * reading it back. Processor time, so that another program on the machine does not count. `node bench/redact.ts [rounds]`.
 */
import process from 'node:process';
import { KeyText } from '../src/core/key/key-text.ts';
import { redact } from '../src/core/key/redact.ts';
import { cpuMs, median, verdictLine } from './children.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const CHARACTERS = 65_536;
const KEY = new KeyText('AI' + 'za' + 'Sy' + 'x'.repeat(33));

/** Each repeated to the whole length: escapes of every kind, breaks, beginnings of keys, and plain prose. */
const PARTS = [
  '\\u0041',
  '\\',
  '%41',
  '%25',
  '&#65;',
  '&amp;',
  '=\r\n',
  '\u200b',
  'A\n',
  'AI' + 'za',
  'AI' + 'za\n',
  'FAQ' + '.',
  'AQ' + '.a\\n',
  'api_key  \\\\',
  'IP address ::1.2.3.4 ',
  'a plain sentence. ',
];

let worst = { part: '', ms: 0, ratio: 0 };
for (const part of PARTS) {
  const text = part.repeat(Math.ceil(CHARACTERS / part.length)).slice(0, CHARACTERS);
  const [ours, floor] = [new Array<number>(), new Array<number>()];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(cpuMs(() => redact(text, KEY)));
    floor.push(cpuMs(() => JSON.parse(JSON.stringify(text))));
  }
  const ms = median(ours);
  if (ms > worst.ms) worst = { part, ms, ratio: ms / median(floor) };
}
process.stdout.write(
  `redacting 64 KiB: ${worst.ms.toFixed(1)} ms at worst, of ${JSON.stringify(worst.part)}, ${worst.ratio.toFixed(0)} times the floor\n`,
);
process.stdout.write(`${verdictLine('milliseconds for 64 KiB at worst', worst.ms, { atMost: 20 })}\n`);
