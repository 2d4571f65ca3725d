import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CommanderError, type Command } from 'commander';
import { EXAMPLES } from '../../src/cli/show/examples.ts';
import { allPapers, shellOf } from './markdown.ts';
import { silentProgram } from './program.ts';

/** The words after each `key-warden` in a line of shell, quotes resolved. Capitals stand for something to fill in. */
function callsIn(line: string): readonly (readonly string[])[] {
  return [...line.matchAll(/(?<![\w./-])key-warden ([a-z][^|;&>#\n]*|"[^"]*")+/g)].map(([call]) =>
    [...call.replace(/^key-warden /, '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, plain]) => double ?? single ?? plain ?? '',
    ),
  );
}

/** Takes away what the commands do; a command that has commands of its own does nothing itself. */
function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined);
  else command.commands.forEach(disarm);
}

/** What the real program says against a call; nothing is run. */
async function complaint(words: readonly string[]): Promise<string | undefined> {
  const program = silentProgram();
  disarm(program);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return undefined;
  } catch (trouble) {
    if (trouble instanceof CommanderError) return trouble.exitCode === 0 ? undefined : trouble.message;
    throw trouble;
  }
}

const calls = allPapers().flatMap((paper) =>
  shellOf(paper).flatMap((line) => callsIn(line).map((words) => [paper.path, words.join(' '), words] as const)),
);

/** Commands in the runbooks that come with Cloud Monitoring's alarms; what Terraform fills in is capitals here. */
const alarms = readFileSync(new URL('../../terraform/alerts.tf', import.meta.url), 'utf8');
const alarmCalls = [...alarms.replaceAll(/\$\{[^}]*\}/g, 'X').matchAll(/`(key-warden [^`]+)`/g)].flatMap(
  ([, call = '']) => callsIn(call).map((words) => ['terraform/alerts.tf', words.join(' '), words] as const),
);

const helpCalls = Object.entries(EXAMPLES).flatMap(([name, lines]) =>
  lines.flatMap((line) => callsIn(line).map((words) => [`--help of ${name}`, words.join(' '), words] as const)),
);

test('the papers are full of commands', () => {
  expect(calls.length).toBeGreaterThan(60);
  expect(alarmCalls.length).toBeGreaterThan(8);
  expect(helpCalls.length).toBeGreaterThan(25);
});

test('every key-warden command in the papers and in the help is one that the program takes', async () => {
  const wrong: string[] = [];
  for (const [path, call, words] of [...calls, ...alarmCalls, ...helpCalls]) {
    const problem = await complaint(words);
    if (problem !== undefined) wrong.push(`${path}: key-warden ${call}: ${problem}`);
  }
  expect(wrong).toEqual([]);
});

test.each([
  ['a command', 'key-warden rotat --secret S'],
  ['an option', 'cat x | npx key-warden rotate --secrte S'],
  ['a choice', 'key-warden explain --key-kind secret "some words"'],
])('a planted mistake is found: %s', async (_what, line) => {
  const [words = []] = callsIn(line);
  expect(await complaint(words)).toMatch(/^error: /);
});
