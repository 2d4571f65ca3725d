import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from '../support/cloud.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let cloud: PretendCloud;

beforeAll(async () => {
  cloud = await pretendCloud();
  setUpShowcase(cloud);
});
afterAll(() => cloud.close());

const environment = () => ({
  ...process.env,
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
});

/** A line of bash in which `cli` is the command line. */
const bash = (line: string) =>
  promisify(execFile)('bash', ['-c', `cli() { "$NODE" "$CLI" "$@"; }; ${line}`], {
    env: { ...environment(), NODE: process.execPath, CLI },
  });

describe('the real process', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that waits for a rotation stops watching at %s, says what goes on, and ends with 3',
    async (signal) => {
      const secret = signal === 'SIGINT' ? 'search-app' : 'chat-app';
      const words = [CLI, 'rotate', '--secret', secret, '--standard', '--wait'];
      const child = spawn(process.execPath, words, { env: environment() });
      let [out, err] = ['', ''];
      let told = false;
      child.stdout.on('data', (text) => (out += String(text)));
      child.stderr.on('data', (text) => {
        err += String(text);
        if (told || !err.includes('waiting until')) return;
        told = true;
        child.kill(signal);
        child.kill(signal); // as a parent in the same group passes it on
      });
      const [code] = await once(child, 'close');
      expect(code).toBe(3);
      expect(out).toMatch(/^under way {2}projects\/demo-project\/secrets\//);
      expect(err).toContain('stopped watching; the rotation is on record');
      expect(err).not.toMatch(/^\{/m); // what is logged meanwhile is in sentences too
    },
  );

  test('whose reader has seen enough ends quietly', async () => {
    const { stdout, stderr } = await bash('cli --help | head -1; cli explain "401 API key invalid" | head -1');
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).not.toMatch(/EPIPE| at /);
  });

  test('ends as it would have ended, whoever stopped reading', async () => {
    const { stdout } = await bash('cli check 2> /dev/null | true; echo "${PIPESTATUS[0]}"');
    expect(stdout).toBe('1\n');
  });

  test('whose words cannot be written says so without a stack, and ends with 3', async () => {
    const { stdout, stderr } = await bash('cli --help > /dev/full; echo $?');
    expect(stdout).toBe('3\n');
    expect(stderr).toBe('key-warden: what it says cannot be written (ENOSPC)\n');
  });
});

test('whoever moves the pretend cloud’s clock lives through a whole drain with it', async () => {
  const own = await pretendCloud();
  try {
    setUpShowcase(own);
    const cli = async (...words: readonly string[]) => {
      const env = { ...environment(), KEY_WARDEN_EMULATOR: own.url };
      return (await promisify(execFile)(process.execPath, [CLI, ...words, '--secret', 'chat-app'], { env })).stdout;
    };
    const later = (advanceSeconds: number) =>
      fetch(`${own.url}/_emulator/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds }) });
    expect(await cli('rotate', '--standard')).toMatch(/^under way/);
    await later(120);
    expect(await cli('resume')).toMatch(/^under way/);
    await later(3 * 24 * 3600);
    expect(await cli('resume')).toMatch(/^at rest/);
    expect(JSON.stringify(own.secrets.snapshot())).toContain('DISABLED');
  } finally {
    await own.close();
  }
}, 60_000);
