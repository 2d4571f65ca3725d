import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../../src/core/settings/settings.ts';
import { configuredCommand } from '../../support/configured-command.ts';
import { deployedCloud, ENVIRONMENT, FUNCTION, functionJson, shelved } from '../../support/deployed-stage.ts';
import { PROJECT, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
let home: string;

beforeAll(async () => {
  cloud = await deployedCloud();
});
afterAll(() => cloud.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'key-warden-home-'));
});

const command = (words: readonly string[], environment?: Readonly<Record<string, string>>) =>
  configuredCommand(cloud, home, words, environment);

const pathOf = () => join(home, '.config', 'key-warden', 'config.json');
const PULL = ['config', 'pull', '--project', PROJECT, '--region', 'europe-west1'];

function written(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

describe('config pull', () => {
  test('writes what the functions were told and where they are, and no more than command lines need', async () => {
    const purge = functionJson('purge', {});
    await shelved(cloud, `${FUNCTION}-purge`, { ...purge, serviceConfig: { uri: 'https://purge.example' } });
    await shelved(
      cloud,
      `${FUNCTION}-rotate`,
      functionJson('rotate', { KEY_WARDEN_AUDIENCE: 'https://rotate.example' }),
    );
    const { code, out, err } = await command(PULL);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: expect.stringMatching(/config\.json: \d+ settings of key-warden in test-proj, europe-west1\n$/),
      err: '',
    });
    const { settings, from } = JSON.parse(readFileSync(pathOf(), 'utf8')) as {
      settings: Settings & Record<string, string>;
      from: string;
    };
    expect(from).toBe('key-warden in test-proj, europe-west1');
    expect(settings).toMatchObject({
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_CHANNELS: ENVIRONMENT['KEY_WARDEN_CHANNELS'],
    });
    expect(Object.keys(settings)).not.toContain('KEY_WARDEN_CALLERS');
    expect(JSON.parse(settings['KEY_WARDEN_FUNCTIONS'] ?? '')).toEqual({
      'health-check': ENVIRONMENT['KEY_WARDEN_AUDIENCE'],
      rotate: 'https://rotate.example',
      purge: 'https://purge.example',
    });
    const shown = await command(['config', 'show']);
    expect(shown.out).toMatch(/KEY_WARDEN_PROJECTS +file +test-proj\n/);
  });

  test('says what differs from the file before, and what only a newer release knows', async () => {
    await command(PULL);
    const told = {
      ...ENVIRONMENT,
      KEY_WARDEN_PROJECTS: `${PROJECT},other-proj`,
      KEY_WARDEN_OF_TOMORROW: 'x',
      KEY_WARDEN_RUNBOOK_URL: '',
      KEY_WARDEN_PING: 7,
      NODE_ENV: 'x',
    };
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', told));
    await shelved(cloud, `${FUNCTION}-purge`, functionJson('purge', {}));
    const { code, err, out } = await command([...PULL, '--dry-run']);
    expect(code).toBe(0);
    expect(err).toContain(`KEY_WARDEN_PROJECTS: ${PROJECT} → ${PROJECT},other-proj`);
    expect(err).toContain('note: KEY_WARDEN_OF_TOMORROW is of another release');
    expect(JSON.parse(out)).toMatchObject({ schema: 'key-warden/config/v1' });
    expect(readFileSync(pathOf(), 'utf8')).not.toContain('other-proj');
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', ENVIRONMENT));
  });

  test.each([
    [['--region', 'europe-west9'], {}, 4, 'There is no function projects/test-proj/locations/europe-west9'],
    [['--region', 'somewhere'], {}, 2, 'is not a region'],
    [['--region', 'europe-west1', '--deployment', 'X'], {}, 2, 'is no name of a deployment'],
    [[], {}, 2, 'add --region REGION'],
    [['--region', 'europe-west1'], { KEY_WARDEN_EMULATOR: 'http://127.0.0.1:9' }, 4, 'unset KEY_WARDEN_EMULATOR'],
    [['--region', 'europe-west1'], { KEY_WARDEN_CONFIG: '/dev/null/x' }, 4, 'cannot be written (EEXIST)'],
  ])('%j with %j ends with %i', async (words, environment, code, says) => {
    const told = await command(['config', 'pull', '--project', PROJECT, ...words], environment);
    expect(told).toMatchObject({ code, err: expect.stringContaining(says) });
  });

  test('writes nothing that could not be used', async () => {
    const told = { ...ENVIRONMENT, KEY_WARDEN_CONCURRENCY: '100000' };
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', told));
    const { code, err } = await command(PULL);
    expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining('KEY_WARDEN_CONCURRENCY must be') });
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', ENVIRONMENT));
  });

  test('whoever may not look is told what he lacks', async () => {
    cloud.faults.plant({ path: '/functions' }, 9, {
      act: 'answer',
      reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } },
    });
    const { code, err } = await command(PULL);
    expect({ code, err }).toMatchObject({
      code: 4,
      err: expect.stringContaining('you lack cloudfunctions.functions.get on test-proj'),
    });
    cloud.faults.clear();
  });
});

describe('the settings of a command', () => {
  test('are those of the file, unless a variable says otherwise, which is told', async () => {
    await command(PULL);
    const environment = { KEY_WARDEN_PROJECTS: 'other-proj' };
    const { err } = await command(['status'], environment);
    expect(err).toMatch(/^note: KEY_WARDEN_PROJECTS: the variable goes before \S+config\.json, which says otherwise\n/);
    const { out } = await command(['config', 'show'], environment);
    expect(out).toMatch(/KEY_WARDEN_PROJECTS +variable +other-proj\n/);
    expect(out).toContain('differs  KEY_WARDEN_PROJECTS: the variable goes before the file, which says test-proj');
    expect((await command(['status'])).out).toContain('app');
  });

  test('have gcloud’s project where nothing names one, and say so', async () => {
    const folder = join(home, '.config', 'gcloud');
    written(join(folder, 'active_config'), 'work\n');
    written(
      join(folder, 'configurations', 'config_work'),
      '[auth]\nproject = no\n[core]\naccount = me\nproject = test-proj\n',
    );
    const { err, out } = await command(['status', '--json']);
    expect(err).toBe('note: the project is gcloud’s: test-proj\n');
    expect(JSON.parse(out)).toMatchObject({ problems: [] });
    expect((await command(['config', 'show'], { CLOUDSDK_CORE_PROJECT: 'p-env' })).out).toMatch(
      /PROJECTS +gcloud +p-env/,
    );
    const other = await command(['config', 'show'], { CLOUDSDK_ACTIVE_CONFIG_NAME: '../x' });
    expect(other.out).toMatch(/KEY_WARDEN_PROJECTS +default/);
  });

  test.each([
    ['{', 'it is not a JSON object'],
    ['{"schema":"key-warden/config/v2"}', 'use the release that wrote it'],
  ])('are none where the file cannot be used: %s', async (text, says) => {
    written(pathOf(), text);
    for (const words of [['status'], ['config', 'show']]) {
      const { code, err } = await command(words);
      expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining(says) });
    }
    expect((await command(['explain', '400 API key expired'])).err).not.toContain('configuration');
    rmSync(pathOf());
    expect((await command(['config', 'show'])).code).toBe(0);
  });

  test('are told as JSON, with what is wrong, and against what they are', async () => {
    await command(PULL);
    const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_CONCURRENCY: 'x' };
    const { code, out } = await command(['config', 'show', '--json'], environment);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'key-warden/settings/v1',
      against: cloud.url,
      file: { unused: expect.stringContaining('real deployment') },
      problems: [expect.stringContaining('KEY_WARDEN_CONCURRENCY')],
    });
    const shown = await command(['config', 'show'], environment);
    expect(shown.out).toContain(`against  a pretend cloud at ${cloud.url}`);
    expect(shown.out).toContain('problem  KEY_WARDEN_CONCURRENCY');
  });
});
