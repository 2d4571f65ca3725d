import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  command,
  filled,
  passageOf,
  openSlots,
  runsAsItStands,
  shellText,
  SLOTS,
  told,
  type Command,
} from '../../../src/core/values/command.ts';
import { partsOf, proseOf } from '../../../src/core/values/passage.ts';

const ENABLE = command('gcloud secrets versions enable {version} --secret={secret} {regional} --project={project}');
const KNOWN = { version: '7', secret: 'app-key', project: 'search-prod' };

test('a command is printed with its names filled in', () => {
  expect(shellText(ENABLE, KNOWN)).toBe('gcloud secrets versions enable 7 --secret=app-key --project=search-prod');
});

test('a slot that is not known is a word in capitals, and the command does not run as it stands', () => {
  expect(shellText(ENABLE, { secret: 'app-key' })).toBe(
    'gcloud secrets versions enable VERSION --secret=app-key --project=PROJECT_ID',
  );
  expect(openSlots(ENABLE.words, { secret: 'app-key' })).toEqual(['project', 'version']);
  expect(runsAsItStands(ENABLE, { secret: 'app-key' })).toBe(false);
  expect(runsAsItStands(ENABLE, KNOWN)).toBe(true);
});

test('a slot for a list becomes as many words as there are', () => {
  const check = command('key-warden check {scope}');
  expect(shellText(check, {})).toBe('key-warden check --secret SECRET_ID');
  expect(shellText(check, { scope: [] })).toBe('key-warden check');
  expect(shellText(check, { scope: ['--project', 'p'] })).toBe('key-warden check --project p');
  expect(shellText(ENABLE, { ...KNOWN, regional: ['--location=europe-west1'] })).toContain(
    '--secret=app-key --location=europe-west1 --project=search-prod',
  );
});

test('a key comes through a pipe, from a variable that is asked for or set already', () => {
  const add = { ...command('gcloud secrets versions add {secret} --data-file=-') };
  const line = 'gcloud secrets versions add app-key --data-file=-';
  const print = (key: Command['key'] & object) => shellText({ ...add, key }, KNOWN);
  expect(print({ variable: 'KEY', asks: true })).toBe(`read -rs KEY; printf %s "$KEY" | ${line}`);
  expect(print({ variable: 'NEW_KEY', asks: false })).toBe(`printf %s "$NEW_KEY" | ${line}`);
  expect(print({ variable: 'NEW_KEY', asks: false, before: 'x-goog-api-key: ' })).toBe(
    `printf 'x-goog-api-key: %s' "$NEW_KEY" | ${line}`,
  );
  expect(runsAsItStands({ ...add, key: { variable: 'KEY', asks: true } }, KNOWN)).toBe(false);
});

test('what a command reads is a file to name', () => {
  const explain: Command = { ...command('key-warden explain'), reads: 'answerFile' };
  expect(shellText(explain, {})).toBe('key-warden explain < ANSWER_FILE');
  expect(runsAsItStands(explain, {})).toBe(false);
});

test('words are told with their command, and without one', () => {
  const enable = told({ do: 'Enable it in {project}', command: ENABLE }, KNOWN);
  const line = 'gcloud secrets versions enable 7 --secret=app-key --project=search-prod';
  expect(enable).toEqual({ do: 'Enable it in search-prod', command: line });
  expect(passageOf(enable)).toEqual(['Enable it in search-prod:', { command: line }]);
  expect(proseOf([...partsOf(passageOf(enable)), 'Wait.'])).toBe(`Enable it in search-prod: \`${line}\`. Wait.`);
  expect(proseOf(passageOf(told({ do: 'Wait' }, {})))).toBe('Wait');
});

test('what is filled in is left as it is, whatever a replacement or a slot would read in it', () => {
  expect(filled('{secret}', { secret: '$&' })).toBe('$&');
  expect(filled('{version}', { version: '{nothing}' })).toBe('{nothing}');
});

test('braces of curl are no slots', () => {
  expect(shellText(command(String.raw`curl -w %{http_code}\n`), {})).toBe(String.raw`curl -w '%{http_code}\n'`);
});

test('a slot that does not exist does not compile', () => {
  // @ts-expect-error there is no such slot
  expect(command('gcloud secrets list --project={porject}').words).toHaveLength(4);
});

test('every slot has a word that stands for it, which is one to replace', () => {
  for (const shown of Object.values(SLOTS).flat())
    expect(shown).toMatch(
      /^(?:(?:--[a-z-]+=|serviceAccount:)?[A-Z]{3,}[A-Z_]*|--secret|--replication-policy=automatic)$/,
    );
});

test('a shell reads every word as it was meant', async () => {
  const words = fc.sample(fc.string({ unit: fc.constantFrom(...`ab'"$\`\\ *?~!#&;|<>(){}[]%=\n`) }), {
    numRuns: 200,
    seed: 7,
  });
  const line = shellText({ words: ['printf', String.raw`%s\0`, ...words.map((word) => `=${word}`)] }, {});
  const { stdout } = await promisify(execFile)('bash', ['-c', line]);
  expect(stdout).toBe(words.map((word) => `=${word}\0`).join(''));
});
