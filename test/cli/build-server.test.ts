import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';
import { readXml } from '../support/xml.ts';

let cloud: PretendCloud;
let folder: string;
beforeAll(async () => {
  cloud = await pretendCloud();
  setUpShowcase(cloud);
  folder = await mkdtemp(join(tmpdir(), 'build-server-'));
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

const typed = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      ...more,
    },
  });
const casesIn = async (path: string) => readXml(await readFile(path, 'utf8')).children[0]?.children ?? [];

test('check writes a report of each key for whoever reads JUnit’s XML, beside what is printed', async () => {
  const path = join(folder, 'reports', 'check.xml');
  const { code, err, out } = await typed(['check', '--junit', path]);
  expect([code, err]).toEqual([1, expect.not.stringContaining('::')]);
  expect(out).not.toContain('<testcase');
  const cases = await casesIn(path);
  const names = cases.map(({ attributes }) => attributes['name'] ?? '');
  expect(new Set(names).size).toBe(names.length);
  const dead = cases.find(({ attributes }) => attributes['name']?.endsWith('/public-repo'));
  expect(dead?.attributes['classname']).toBe('key-warden check');
  expect(dead?.children).toMatchObject([{ name: 'failure', text: expect.stringContaining('reported as leaked') }]);
  const well = cases.find(({ attributes }) => attributes['name']?.endsWith('/search-app'));
  expect(well?.children).toEqual([]);
});

test('doctor annotates a run of GitHub Actions, and writes the same report', async () => {
  const path = join(folder, 'doctor.xml');
  const words = ['doctor', 'public-repo', '--dotenv', join(folder, 'none'), '--junit', path];
  const { code, err } = await typed(words, { GITHUB_ACTIONS: 'true' });
  expect(code).toBe(1);
  expect(err).toMatch(/^::error title=Google takes it as it is stored::key_leaked/m);
  expect(err).toMatch(/^::warning title=what to set right::/m);
  const failed = (await casesIn(path)).filter(({ children }) => children[0]?.name === 'failure');
  expect(failed.map(({ attributes }) => attributes['name'])).toContain('check: Google takes it as it is stored');
  expect((await typed(words)).err).not.toContain('::');
  expect((await typed([...words, '--annotations', 'github'])).err).toContain('::error');
});

test('a report that cannot be written ends with 4, and says where', async () => {
  const { code, err } = await typed(['check', '--junit', '/dev/null/x.xml']);
  expect([code, err]).toEqual([4, expect.stringContaining('the report could not be written to /dev/null/x.xml (')]);
});
