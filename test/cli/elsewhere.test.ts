import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run, type Captured } from '../support/captured.ts';
import { NUMBER, PROJECT, testCloud, type TestCloud } from '../support/cloud.ts';

const folder = mkdtempSync(join(tmpdir(), 'elsewhere-'));
const none = join(folder, 'none');
let cloud: TestCloud;
const keys: string[] = [];

/** A secret with three versions of which the second is current, all keys alive, and one key that it never held. */
beforeAll(async () => {
  cloud = await testCloud();
  for (let at = 0; at < 4; at += 1) {
    const key = cloud.identities.keyString('auth');
    cloud.keyring.put(key, 'works', { project: NUMBER, kind: 'auth' }, cloud.clock.now());
    keys.push(key);
  }
  cloud.secrets.seed({
    project: PROJECT,
    secretId: 'app-key',
    payloads: keys.slice(0, 3),
    labels: { 'key-warden': 'managed' },
    aliases: { current: 2 },
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const key = (version: number) => keys[version - 1] ?? '';
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function typed(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Captured> {
  const captured = await run([...words, '--project', PROJECT], {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, ...more },
  });
  for (const one of keys) expect(captured.out + captured.err).not.toContain(one.slice(4)); // I9
  return captured;
}

describe.each([
  ['check', ['check', 'app-key']],
  ['doctor', ['doctor', 'app-key', '--dotenv', none]],
])('%s', (_, command) => {
  const from = (place: string, more?: Readonly<Record<string, string>>) => typed([...command, '--from', place], more);

  test('finds nothing to say of a place that holds the current key', async () => {
    const { code, out } = await from('env:MY_KEY', { MY_KEY: key(2) });
    expect(code).toBe(0);
    expect(out).toMatch(/env:MY_KEY +a key \(auth\) +works/);
    expect(out).not.toContain('→');
  });

  test('says which older version a copy was left behind at, and ends with 4', async () => {
    const { code, out } = await from(`file:${file('copy', key(1))}`);
    expect(code).toBe(4);
    expect(out).toMatch(/copy holds the key of version 1 of \S*app-key, and consumers are to read version 2: bring/);
  });

  test('says what is around a key, and that it is one nobody is to read yet', async () => {
    const path = file('copied.env', `OTHER=1\nGEMINI_API_KEY="\u00a0${key(3)}"\n`);
    const { out } = await from(`file:${path}#GEMINI_API_KEY`);
    expect(out).toContain('holds the key of version 3');
    expect(out).toMatch(/copied\.env#GEMINI_API_KEY: .*write the key alone into this file/);
  });

  test('tells of a key that the secret never held, which is no fault', async () => {
    const { code, out } = await from('env:MY_KEY', { MY_KEY: key(4) });
    expect(code).toBe(0);
    expect(out).toContain('in none of its versions that can be read (3)');
  });

  test('is not content with a place where nothing is', async () => {
    for (const place of [
      'env:MY_KEY',
      `file:${none}`,
      `file:${file('other.env', 'A=1')}#GEMINI_API_KEY`,
      `file:${none}#A`,
    ]) {
      const { code, out } = await from(place);
      expect(code).toBe(4);
      expect(out).toContain('nothing is there');
    }
    expect((await from(`file:${folder}`)).out).toContain('cannot be read (EISDIR)');
  });

  test('on a build server says which setting feeds the variable, and what is different there', async () => {
    const { out } = await from('env:MY_KEY', { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' });
    expect(out).toContain('env: MY_KEY: ${{ secrets.MY_KEY }}');
    expect(out).toContain('one from a fork gets no secrets');
    const behind = await from('env:MY_KEY', { GITLAB_CI: 'true', MY_KEY: key(1) });
    expect(behind.out).toContain('the variable MY_KEY under Settings, CI/CD, Variables');
  });

  test('says how a place is written, and takes no key for one', async () => {
    expect(await from('k8s:web')).toMatchObject({ code: 2, err: expect.stringContaining('k8s:NAMESPACE/NAME#KEY') });
    expect(await from(`env:${key(1)}`)).toMatchObject({ code: 2, err: expect.stringContaining('it went nowhere') });
  });

  test('prints it as JSON too', async () => {
    const { out } = await typed([...command, '--json', '--from', 'env:MY_KEY'], { MY_KEY: `${key(1)}\n` });
    expect(JSON.parse(out)).toMatchObject({
      places: expect.arrayContaining([
        expect.objectContaining({
          title: 'env:MY_KEY',
          lint: [expect.objectContaining({ kind: 'surrounding_whitespace' })],
          kinship: { is: 'older', secret: expect.stringMatching(/app-key$/), version: 1, current: 2 },
        }),
      ]),
      advice: expect.arrayContaining([expect.stringContaining('version 1')]),
    });
  });
});

test('check compares a place with a secret that is named, and records nothing of it', async () => {
  expect(await typed(['check', '--from', 'env:A'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('name it, as in check app-key'),
  });
  expect(await typed(['check', 'app-key', '--record', '--from', 'env:A'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('leave out --record'),
  });
});

test('check annotates a run of GitHub Actions with what is to be set right elsewhere, and other logs with nothing', async () => {
  const words = ['check', 'app-key', '--from', 'env:MY_KEY'];
  const { err } = await typed(words, { GITHUB_ACTIONS: 'true', MY_KEY: key(1) });
  expect(err).toMatch(/^::warning title=a key in another place::env:MY_KEY holds the key of version 1 of /m);
  expect((await typed(words, { GITLAB_CI: 'true', MY_KEY: key(1) })).err).not.toContain('::');
});

test('doctor wants a key in GEMINI_API_KEY where no variable has one, on a build server too', async () => {
  const { out } = await typed(['doctor', 'app-key', '--dotenv', none], {
    GITLAB_CI: 'true',
    CI_COMMIT_REF_PROTECTED: 'false',
  });
  expect(out).toContain('GEMINI_API_KEY comes from GitLab CI/CD');
  expect(out).toContain('protected variables are not passed');
  expect(
    (await typed(['doctor', 'app-key', '--dotenv', none], { GITLAB_CI: 'true', GEMINI_API_KEY: key(2) })).out,
  ).not.toContain('GitLab');
});

test('doctor says of a program on Cloud Run that it could do without a key, and the runbook has the steps', async () => {
  const words = ['doctor', 'app-key', '--dotenv', none];
  const { code, out } = await typed(words, { K_SERVICE: 'web', GEMINI_API_KEY: key(2) });
  expect(code).toBe(0);
  expect(out).toMatch(/✓ +it could do without a key +it runs on Cloud Run or Cloud Functions/);
  const runbook = await run(['runbook', 'without-a-key']);
  expect(runbook).toMatchObject({ code: 0, out: expect.stringContaining('roles/aiplatform.user') });
});
