import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { plainLog } from '../../src/cli/show/plain-log.ts';
import { run } from '../support/captured.ts';
import { AUTH_KEY, STANDARD_KEY } from '../support/fixtures/gemini-answer-parts.ts';

const COMMANDS = 'check status explain doctor init rotate rollback resume abort purge silence emulator demo'
  .split(' ')
  .concat('alert test', 'config pull', 'config show');

describe('the help', () => {
  test.each(COMMANDS)('of %s begins with examples, says no word too much and fits into 80 columns', async (command) => {
    const { code, out, err } = await run([...command.split(' '), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Examples:\n {2}/);
    expect(out).not.toContain('default: false');
    const said = out.split('\n').filter((line) => !/key-warden /.test(line));
    for (const line of said) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says only of commands that look at all managed secrets that they do', async () => {
    for (const command of ['check', 'status', 'purge'])
      expect((await run([command, '--help'])).out.replaceAll(/\s+/g, ' ')).toContain('all managed ones when left out');
    for (const command of ['doctor', 'init'])
      expect((await run([command, '--help'])).out.replaceAll(/\s+/g, ' ')).not.toContain('all managed ones');
  });

  test('of the whole fits into 80 columns', async () => {
    const { out } = await run(['--help']);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('a mistake on the command line', () => {
  test.each([
    [['chekc'], 'Did you mean check?'],
    [['check', '--jsn'], 'Did you mean --json?'],
    [['check', '--jsn'], '(see key-warden check --help)'],
    [['alert', 'tset'], 'Did you mean test?'],
  ])('%j is answered with %s', async (words, hint) => {
    const { code, out, err } = await run(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(hint);
  });

  test('a misspelt setting is answered with the one that was meant', async () => {
    const { code, err } = await run(['check'], { environment: { KEY_WARDEN_PROJECT: 'p' } });
    expect(code).toBe(4);
    expect(err).toContain('KEY_WARDEN_PROJECT is not a setting of this release: did you mean KEY_WARDEN_PROJECTS?');
  });
});

test('the version is that of the package, by either spelling', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect((await run(['--version'])).out).toBe(`${version}\n`);
  expect(await run(['version'])).toMatchObject({ code: 0, out: `${version}\n` });
});

test.each([
  [['check', `--${STANDARD_KEY}`]],
  [['check', STANDARD_KEY]],
  [['rotate', '--secret', 'a', '--request-id', STANDARD_KEY, '--project', 'p-1']],
  [[AUTH_KEY]],
])('a key that was typed where none belongs is not printed (I9)', async (words) => {
  const { code, out, err } = await run(words);
  expect(code).toBe(2);
  for (const key of [STANDARD_KEY, AUTH_KEY]) expect(out + err).not.toContain(key.slice(3, 20));
});

test('an id of a request that would fill the record of its rotation is refused', async () => {
  const asked = (bytes: number) =>
    run(['rotate', '--secret', 'a', '--request-id', 'r'.repeat(bytes), '--from-stdin', '--project', 'p-1']);
  expect(await asked(101)).toMatchObject({ code: 2, err: expect.stringContaining('at most 100 bytes') });
  expect((await asked(100)).err).not.toContain('at most');
});

test('log lines for a person are words, redacted once more', () => {
  const lines: string[] = [];
  const log = plainLog({ colour: false, err: (text) => lines.push(text) }, 'verbose');
  log.write('NOTICE', `Rotation begun with ${'AI' + 'za' + 'x'.repeat(35)}`, { secret: 's' });
  expect(lines).toEqual(['  notice  Rotation begun with [redacted key]\n']);
});

describe('explain with a secret and a project', () => {
  const explained = async (...names: readonly string[]) => run(['explain', '403 reported as leaked', ...names]);

  test('has them in its commands', async () => {
    const { out, err } = await explained('--secret', 'app-key', '--project', 'search-prod');
    expect(out).toContain('key-warden rotate --secret projects/search-prod/secrets/app-key --emergency\n');
    expect(out).toContain('gcloud secrets versions add app-key --data-file=- --project=search-prod\n');
    expect(out).not.toMatch(/SECRET_ID|PROJECT_ID/);
    expect(err).toBe('');
  });

  test('by one full name, of a region too', async () => {
    const { out } = await explained('--secret', 'projects/search-prod/locations/europe-west1/secrets/app-key');
    expect(out).toContain('--location=europe-west1 --project=search-prod\n');
  });

  test('without them says how to have them', async () => {
    expect((await explained()).err).toContain('--secret SECRET_ID --project PROJECT_ID');
    expect((await explained('--secret', 'app-key')).out).toContain('key-warden rotate --secret app-key --emergency\n');
  });
});
