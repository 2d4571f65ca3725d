import { countsOf } from '../../app/rehearsal/json.ts';
import { sharedKeyText, type SharedKey } from '../../app/listing/shared-key.ts';
import type { ReadersJson } from '../../app/consumers/readers-json.ts';
import type { Rehearsal } from '../../app/rehearsal/rehearse.ts';
import type { ToldCall } from '../../app/rehearsal/told.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import type { Phase } from '../../core/record/phases.ts';
import { isoOf, spokenMinute } from '../../core/values/time.ts';
import { plural } from '../../core/values/plural.ts';
import { laidOut, saidBehind } from './layout.ts';
import { foreseenInShort } from './foreseen.ts';
import { readersInShort } from './readers.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

/** What each phase means to consumers. */
const STORY: Readonly<Record<Phase, string | undefined>> = {
  resting: undefined,
  opened: 'a new key is made at its issuer; consumers keep the old one',
  minted: 'it is proven, then written as a new version that nobody reads yet',
  written: 'the new version is read back and proven once more',
  verified: 'the alias current moves: who reads it gets the new key with the next read',
  promoted: 'the old version goes on working until nobody uses its key',
  drained: 'the old version is disabled: who pins it, or never reads the secret again, fails from then on',
  reverting: 'consumers are given the earlier key again',
  abandoned: 'what was made is taken away; consumers keep what they read before',
};

/** Who else serves the key, and who reads the secret, where that was looked up. */
interface About {
  readonly shared: SharedKey;
  readonly consumers: ReadersJson | undefined;
}

/** An emergency drains nothing. */
const NOT_AWAITED = 'nobody who still uses the old key is waited for';

/** What would happen to consumers, and when; with `verbose` every call, under the phase and the step that make it. Then what it all comes to. */
export function showRehearsal(
  terminal: Terminal,
  rehearsal: Rehearsal,
  { shared, consumers }: About,
  verbose: boolean,
): void {
  if (verbose) showCalls(terminal, rehearsal);
  else showStory(terminal, rehearsal);
  const { secret, outcome, why, steps, missing, problems, reach } = rehearsal;
  const paint = painter(terminal);
  const { reads, readsMade, writes, announcements } = countsOf(steps);
  const line = (title: string, text: string) => terminal.out(saidBehind(terminal, title, text));
  terminal.out('\n');
  line(paint(outcome === 'completed' ? 'green' : 'red', outcome), `${secret}: ${why}`);
  for (const text of sharedKeyText(shared)) line(paint('yellow', 'shared'), text);
  if (consumers !== undefined)
    for (const [title, text] of readersInShort(terminal, besides(consumers, reach))) line(title, text);
  if (reach !== undefined) for (const [title, text] of foreseenInShort(terminal, reach)) line(title, text);
  for (const { permission, role } of missing)
    line(paint('red', 'missing'), `${permission}: grant ${role} on the secret`);
  for (const problem of problems) line(paint('yellow', 'problem'), problem);
  terminal.out(
    verbose
      ? `nothing was written: ${readsMade} of ${plural(reads, 'read')} were made; ${plural(writes, 'write')} and ${plural(announcements, 'announcement')} would be\n`
      : 'nothing was written; --verbose shows every call\n',
  );
}

/** Who reads the secret, without those who stay behind of whom it is told what becomes of them anyway. */
function besides(consumers: ReadersJson, reach: Rehearsal['reach']): ReadersJson {
  const told = new Set(reach?.consumers.map(({ consumer }) => consumer));
  const behind = consumers.readers.filter(({ leftBehind }) => leftBehind);
  return { ...consumers, left: consumers.left.filter((_, at) => !told.has(behind[at]?.name ?? '')) };
}

/** The first moment of each phase. */
function showStory(terminal: Terminal, { steps }: Rehearsal): void {
  const paint = painter(terminal);
  const told = new Set<Phase>();
  for (const { phase, at } of steps) {
    const isHurried = phase === 'promoted' && steps.some((step) => step.phase === 'drained' && step.at === at);
    const says = phase === undefined || told.has(phase) ? undefined : isHurried ? NOT_AWAITED : STORY[phase];
    if (phase !== undefined) told.add(phase);
    if (says !== undefined)
      terminal.out(`  ${paint('dim', spokenMinute(at))}  ${laidOut(terminal, says, STORY_INDENT)}\n`);
  }
}

/** Behind the moment. */
const STORY_INDENT = 24;

function showCalls(terminal: Terminal, { steps }: Rehearsal): void {
  const paint = painter(terminal);
  const shown = new Set<Phase>();
  let last: Phase | undefined;
  for (const { phase, step, at, calls } of steps) {
    if (phase !== undefined && phase !== last) terminal.out(heading(paint, phase, shown.has(phase)));
    if (phase !== undefined) shown.add(phase);
    last = phase;
    terminal.out(`  ${paint('dim', isoOf(at))}  ${step}\n`);
    for (const call of calls) terminal.out(`    ${wordFor(paint, call)}  ${call.call}  ${call.on}\n`);
  }
}

/** A phase with its row of the table, once: what its act does, and why it may be done again after a crash. */
function heading(paint: Paint, phase: Phase, known: boolean): string {
  const { act, effect, because } = ROTATION[phase];
  const name = paint('bold', phase);
  return known ? `${name}\n` : `${name}  ${act} (${effect})\n${paint('dim', `  may be done twice: ${because}`)}\n`;
}

/** `later`: a read of what is not there yet. */
function wordFor(paint: Paint, { kind, made }: ToldCall): string {
  if (kind === 'write') return paint('yellow', 'WRITE');
  if (kind === 'announcement') return paint('cyan', 'TELL ');
  return made ? 'read ' : paint('dim', 'later');
}
