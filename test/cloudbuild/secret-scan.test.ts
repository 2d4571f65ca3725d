import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretsIn } from '../../build/secret-shapes.ts';

const PLANTED = [
  ['standard API key', 'AI' + 'za' + 'x'.repeat(35)],
  ['authorization API key', 'A' + 'Q.' + 'x'.repeat(40)],
  ['OAuth access token', 'ya' + '29.' + 'x'.repeat(30)],
  ['private key', '-----BEGIN ' + 'RSA PRIVATE KEY-----'],
  ['Slack webhook', 'https://hooks.slack.com/' + `services/T${'X'.repeat(9)}/B${'X'.repeat(9)}/${'x'.repeat(24)}`],
  ['Slack token', 'xo' + 'xb-123456789012-' + 'x'.repeat(12)],
  ['webhook signing secret', 'wh' + 'sec_' + 'x'.repeat(32)],
  ['GitHub token', 'gh' + 'p_' + 'x'.repeat(36)],
  ['npm token', 'np' + 'm_' + 'x'.repeat(36)],
] as const;

const scan = fileURLToPath(new URL('../../build/secret-scan.ts', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(PLANTED)('a planted %s is found, and not repeated', (kind, secret) => {
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'deep', 'settings.ts'), `// one\nconst x = '${secret}';\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [scan, folder], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain(`deep/settings.ts:2: ${kind}`);
  expect(stdout + stderr).not.toContain(secret);
});

test('what git ignores is not looked at, and a clean folder passes', () => {
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules', 'a.js'), PLANTED[0][1]);
  const { status, stdout } = spawnSync(process.execPath, [scan, folder], { encoding: 'utf8' });
  expect(stdout).toBe('secret scan: 0 files, 0 found\n');
  expect(status).toBe(0);
});

test('placeholders and words about keys are not secrets', () => {
  expect(secretsIn("AIza… and AQ.… begin keys; 'AI' + 'za'; whsec_short; -----BEGIN CERTIFICATE-----")).toEqual([]);
});
