import type { ToldStep } from '../../../src/core/causes/step.ts';
import { gcloud } from './gcloud.ts';
import { filledIn, SECRET, wordsOf, type Stand } from './stand.ts';

/** What came of following a remedy to its end, in the order in which it was followed. */
export interface Followed {
  readonly cause: string;
  /** The command after which the key works. */
  readonly mendedBy?: string;
  /** The steps that a person has to take without a command. */
  readonly persons: readonly string[];
}

/** Commands whose code says what they saw. */
const LOOKING = ['doctor', 'status', 'purge', 'init'];

interface Seen {
  readonly cause: string;
  readonly steps: readonly ToldStep[];
}

/** What a deep check says now. */
export async function look(on: Stand): Promise<Seen> {
  const { out } = await on.type(['check', '--secret', SECRET, '--deep', '--json']);
  const [seen] = (JSON.parse(out) as { secrets: readonly Seen[] }).secrets;
  if (seen === undefined) throw new Error('the check saw nothing');
  return seen;
}

/**
 * Types every command of a remedy in the state that it is printed for, one after the other, until the key works. Throws where a
 * command is no command, walks in a circle, or looks and does not see the trouble.
 */
export async function follow(on: Stand): Promise<Followed> {
  const { cause, steps } = await look(on);
  const persons: string[] = [];
  for (const { do: words, command, looks } of steps) {
    if (command === undefined) {
      if (looks !== true) persons.push(words);
      continue;
    }
    const seen = await typed(on, command);
    if (looks === true) {
      const isHere = !/another network|somewhere else/.test(words);
      if (isHere && seen !== undefined && seen !== cause)
        throw new Error(`${command} sees ${seen}, and the trouble is ${cause}`);
      continue;
    }
    if ((await look(on)).cause === 'ok')
      return { cause, mendedBy: command.replaceAll(/ --(?:project|secret)\S* ?\S*/g, ''), persons };
  }
  return { cause, persons };
}

/** Types a line as it is printed, what only a person knows filled in; the cause that it shows, if it is a check. */
export async function typed(on: Stand, line: string, from: readonly string[] = []): Promise<string | undefined> {
  if (from.includes(line)) throw new Error(`in a circle: ${[...from, line].join(' → ')}`);
  const { words, takes } = wordsOf(line);
  const piped = takes && on[takes];
  const [program = '', ...rest] = words.map((word) => filledIn(on, word));
  const open = rest.find((word) => /[A-Z]{3,}_[A-Z_]+/.test(word) && !word.includes('NEW_KEY'));
  if (program === 'gcloud') {
    if (open === undefined) await gcloud(on, rest, piped);
    return undefined;
  }
  if (program !== 'key-warden') return undefined;
  const { code, out, err } = await on.type([...rest, ...(rest[0] === 'check' ? ['--json'] : [])], piped);
  if (code === 2) throw new Error(`${line} is no command: ${err}`);
  if (rest[0] === 'check') return (JSON.parse(out) as { secrets: readonly Seen[] }).secrets[0]?.cause;
  // What a command says is to be done first is done, and then it is typed again.
  const first = /(?:not under care): (key-warden [^\n]+?)\.?\n/.exec(`${out}${err}`)?.[1];
  if (first === undefined) {
    if (code !== 0 && !LOOKING.includes(rest[0] ?? '')) throw new Error(`${line} ends with ${code}: ${out}`);
    return undefined;
  }
  await typed(on, first, [...from, line]);
  return typed(on, line, [...from, first]);
}
