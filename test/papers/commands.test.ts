import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CommanderError, type Command as Subcommand } from 'commander';
import { CAUSES } from '../../src/core/causes/causes.ts';
import * as COMMANDS from '../../src/core/causes/commands.ts';
import { valuesOf } from '../../src/core/causes/names.ts';
import type { Step } from '../../src/core/causes/step.ts';
import { command, printedWords } from '../../src/core/values/command.ts';
import { gcloudComplaint } from '../support/gcloud-forms.ts';
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
function disarm(program: Subcommand): void {
  if (program.commands.length === 0) program.action(() => undefined);
  else program.commands.forEach(disarm);
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

const KNOWN = valuesOf({
  project: 'search-prod',
  secret: 'app-key',
  version: '7',
  location: 'europe-west1',
  keyProject: '4711',
  keyId: 'kw-7',
});

/** Every command of the remedies, where all that a reader can know is known and where nothing is. */
const remedyLines = Object.entries(CAUSES).flatMap(([cause, { remedy }]) =>
  remedy.flatMap(({ command: line }: Step) =>
    line === undefined ? [] : [{}, KNOWN].map((values) => [cause, printedWords(line, values)] as const),
  ),
);

/** What the program named first would say against a line. */
async function wrongWith([name = '', ...words]: readonly string[]): Promise<string | undefined> {
  if (name === 'key-warden') return complaint(words);
  if (name === 'gcloud') return gcloudComplaint(words);
  return ['curl', 'dig'].includes(name) ? undefined : `no program of ours: ${name}`;
}

test('every command of a remedy is one that key-warden or gcloud takes, word by word', async () => {
  expect(remedyLines.length).toBeGreaterThan(200);
  for (const [cause, words] of remedyLines)
    expect([cause, words, await wrongWith(words)]).toEqual([cause, words, undefined]);
});

test('every command that we print anywhere is one that its program takes', async () => {
  for (const [name, line] of Object.entries(COMMANDS)) {
    const words = printedWords(line, {});
    expect([name, await wrongWith(words)]).toEqual([name, undefined]);
  }
});

/** Commands about no secret in the cloud, which help and demo offer to try. */
const TO_TRY: readonly string[] = ['explain', 'alert', 'emulator', 'drill', 'demo'];

/** Lines of code that spell one of our commands themselves; in comments and in the examples of the help they may. */
function spelledIn(path: string, code: string): readonly string[] {
  if (path.endsWith('causes/commands.ts') || path.endsWith('show/examples.ts')) return [];
  const verbs = silentProgram()
    .commands.map((each) => each.name())
    .filter((name) => !TO_TRY.includes(name))
    .map((name) => `key-warden ${name} --`);
  return code
    .split('\n')
    .filter((line) => !/^\s*(?:\/\*|\*|\/\/)/.test(line) && verbs.some((verb) => line.includes(verb)))
    .map((line) => `${path}: ${line.trim()}`);
}

test('no code spells a command of ours itself: what is printed is the data that is tested', () => {
  const source = new URL('../../src/', import.meta.url);
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const spelled = paths.flatMap((path) => spelledIn(path, readFileSync(new URL(path, source), 'utf8')));
  expect(spelled).toEqual([]);
  expect(spelledIn('app/x.ts', 'const next = `key-warden resume --secret ${name}`;')).toHaveLength(1);
});

test.each([
  ['an option of ours', command('key-warden check --secrte {secretName}'), /unknown option/],
  ['a command of ours', command('key-warden chekc'), /unknown command/],
  ['a flag of gcloud', command('gcloud services api-keys delete {keyId} --regoin={region}'), /has no --regoin/],
  ['a name too few', command('gcloud services api-keys delete --project={keyProject}'), /takes 1 names/],
  ['a command of gcloud', command('gcloud secrets destroy {secret}'), /no such command/],
  ['another program', command('kubectl get secrets'), /no program of ours/],
])('a planted mistake in a remedy is found: %s', async (_what, planted, says) => {
  expect(await wrongWith(printedWords(planted, {}))).toMatch(says);
});

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
