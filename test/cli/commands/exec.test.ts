import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { secretManagerVault } from '../../../src/edge/secret-manager/secret-manager.ts';
import { answerWithStatus } from '../../../src/emulator/wire/faults.ts';
import { run } from '../../support/captured.ts';
import { stillClock } from '../../support/still-clock.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
const KEYS = ['a', 'b', 'c'].map((letter) => `AIza${letter.repeat(35)}`);
const NAME = 'projects/test-proj/secrets/app';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);
const [OLD = '', NEW = ''] = KEYS.map(hashOf);

/** Says a hash of the key that it has, at its start and at SIGHUP, and ends with 7 when it is asked to end. */
const APP = `
  const { readFileSync } = require('node:fs');
  const { createHash } = require('node:crypto');
  const { GEMINI_API_KEY: key, GEMINI_API_KEY_FILE: file } = process.env;
  const say = (word) => console.log(word, createHash('sha256').update(key ?? readFileSync(file, 'utf8')).digest('hex').slice(0, 12));
  process.on('SIGHUP', () => say('again'));
  process.on('SIGTERM', () => process.exit(7));
  say('begins');
  setInterval(() => {}, 1000);
`;
const NODE_APP = [process.execPath, '-e', APP];

let cloud: TestCloud;
let folder: string;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  cloud = await testCloud();
  cloud.secrets.seed({ project: 'test-proj', secretId: 'app', payloads: KEYS, aliases: { current: 1 } });
  folder = mkdtempSync(join(tmpdir(), 'exec-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true });
  await cloud.close();
});

/** A real process of the command line, what it printed so far, and its end. */
function started(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: 'test-proj', ...more };
  const child = spawn(process.execPath, [CLI, 'exec', '--secret', 'app', ...words], { env });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (text) => (printed.out += String(text)));
  child.stderr.on('data', (text) => (printed.err += String(text)));
  const closed = once(child, 'close').then(([code]): unknown => code);
  closing.push(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  return { child, printed, closed };
}

/** Comes back when a thing is so, however long the machine takes; `step` is done again and again until then. */
async function until(isSo: () => boolean, step: () => Promise<unknown> = () => pause(20)): Promise<void> {
  while (!isSo()) await step();
}

/** Time of the pretend cloud goes on, a minute at a time, so that looks fall due. */
const minutes = async () => {
  await cloud.advance(60_000);
  await pause(20);
};

async function promote(version: number): Promise<void> {
  const vault = secretManagerVault({ url: cloud.url, clock: stillClock(), random: () => 0.5 });
  await vault.commit(await vault.look(NAME), { aliases: { current: version } });
  await vault.close();
}

describe('a command', () => {
  test('has the key in its environment, and is started anew with the new one when it changes', async () => {
    const { child, printed, closed } = started(['--', ...NODE_APP]);
    await until(() => printed.out.includes(OLD));
    await promote(2);
    await until(() => printed.out.includes(NEW), minutes);
    expect(printed.out).toBe(`begins ${OLD}\nbegins ${NEW}\n`);
    expect(printed.err).toContain('the key changed, version 1 → 2');
    child.kill('SIGTERM');
    expect(await closed).toBe(7);
    expect(printed.out + printed.err).not.toContain('AIza');
  });

  test('has it in a file that only its owner reads, and is told by a signal; the file goes when it ends', async () => {
    const file = join(folder, 'key');
    const { child, printed, closed } = started(['--file', file, '--signal', 'HUP', '--', ...NODE_APP]);
    await until(() => printed.out.includes(OLD));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await promote(2);
    await until(() => printed.out.includes(NEW), minutes);
    expect(printed.out).toBe(`begins ${OLD}\nagain ${NEW}\n`);
    expect(readFileSync(file, 'utf8')).toBe(KEYS[1]);
    child.kill('SIGTERM');
    expect(await closed).toBe(7);
    expect(existsSync(file)).toBe(false);
  });

  test('keeps the last good key while Secret Manager is down, and that is said once', async () => {
    const { printed } = started(['--', ...NODE_APP]);
    await until(() => printed.out.includes(OLD));
    cloud.faults.plant({ service: 'secretmanager' }, Infinity, { act: 'answer', reply: answerWithStatus(503) });
    await until(() => printed.err.includes('goes on with the key of version 1'), minutes);
    for (let later = 0; later < 30; later += 1) await minutes();
    cloud.faults.clear();
    await until(() => printed.err.includes('can be read again'), minutes);
    expect(printed.err.match(/goes on with/g)).toHaveLength(1);
    expect(printed.out).toBe(`begins ${OLD}\n`);
  });

  test('hears signals that are sent to us', async () => {
    const { child, printed } = started(['--', ...NODE_APP]);
    await until(() => printed.out.includes(OLD));
    child.kill('SIGHUP');
    await until(() => printed.out.includes('again'));
    expect(printed.out).toBe(`begins ${OLD}\nagain ${OLD}\n`);
  });

  test.each([
    ['its own code', [process.execPath, '-e', 'process.exit(42)'], 42, ''],
    ['128 and the signal that ended it', ['sh', '-c', 'kill -9 $$'], 137, ''],
    ['127 where there is none of its name', ['no-such-command'], 127, 'no-such-command: there is no such command\n'],
    ['126 where it cannot be run', ['/dev/null'], 126, '/dev/null: it cannot be run (EACCES)\n'],
  ])('ends with %s, and so do we, who say what the command cannot', async (_, words, code, said) => {
    const { printed, closed } = started(['--', ...words]);
    expect(await closed).toBe(code);
    expect(printed.err).toBe(said === '' ? '' : `key-warden: ${said}`);
  });

  test('stands with no key among its words or ours', async () => {
    const say = 'cat /proc/$$/cmdline /proc/$PPID/cmdline | tr "\\\\0" " "; test -n "$OTHER_NAME"';
    const { printed, closed } = started(['--env', 'OTHER_NAME', '--', 'sh', '-c', say]);
    expect(await closed).toBe(0);
    expect(printed.out).not.toContain('AIza');
  });

  test('is told where Google’s clients would take another variable first', async () => {
    const { printed, closed } = started(['--', 'true'], { GOOGLE_API_KEY: 'x' });
    expect(await closed).toBe(0);
    expect(printed.err).toContain('GOOGLE_API_KEY is set too');
  });
});

describe('nothing is started', () => {
  const exec = (...words: readonly string[]) =>
    run(['exec', ...words], { environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: 'test-proj' } });

  test.each([
    ['without a command', ['--secret', 'app'], 2, 'missing required argument'],
    ['without a secret', ['--', 'true'], 2, 'name one secret'],
    ['where the secret is not there', ['--secret', 'nowhere', '--', 'true'], 4, 'not found'],
    [
      'for a signal that no file goes with',
      ['--secret', 'app', '--signal', 'HUP', '--', 'true'],
      2,
      '--signal needs --file',
    ],
    ['for a signal that is none', ['--secret', 'app', '--signal', 'SIGPARTY', '--', 'true'], 2, 'one of SIGHUP'],
    ['for a variable that is none', ['--secret', 'app', '--env', 'A B', '--', 'true'], 2, 'a variable is named by'],
    [
      'where the file cannot be written',
      ['--secret', 'app', '--file', '/nowhere/key', '--', 'true'],
      3,
      'cannot be written',
    ],
  ])('%s', async (_, words, code, said) => {
    const ended = await exec(...words);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(said);
  });
});
