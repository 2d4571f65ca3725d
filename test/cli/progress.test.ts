import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Progressed } from '../../src/cli/show/progress.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run } from '../support/captured.ts';
import { testCloud } from '../support/cloud.ts';

let cloud: PretendCloud;

beforeAll(async () => {
  cloud = await testCloud();
  setUpShowcase(cloud);
});
afterAll(() => cloud.close());

const environment = () => ({
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
});

/** What somebody who watches is told of the progress of a command; the end of it comes last. */
async function toldBy(...words: readonly string[]): Promise<readonly (Progressed | undefined)[]> {
  const told: (Progressed | undefined)[] = [];
  await run(words, { environment: environment(), progress: (one) => void told.push(one) });
  return told;
}

test('a check counts what it lists, then what it has seen of that, and what is bad so far', async () => {
  const told = await toldBy('check');
  const listed = told.filter((one) => one?.doing === 'listing secrets').length - 1;
  const checked = told.filter((one) => one?.doing === 'checking secrets');
  expect(checked.map((one) => one?.done)).toEqual(checked.map((_, at) => at + 1));
  expect(checked.at(-1)).toMatchObject({ done: listed, of: listed, bad: expect.any(Number) });
  expect(checked.at(-1)?.bad).toBeGreaterThan(0);
  expect(told.at(-1)).toBeUndefined();
});

test.each([
  ['status', 'listing secrets'],
  ['history', 'listing secrets'],
  ['status --consumers', 'looking through 1 project for who reads it'],
  ['consumers --secret search-app', 'looking through 1 project for who reads it'],
])('%s says what it does meanwhile: %s', async (line, doing) => {
  const told = await toldBy(...line.split(' '));
  expect(told).toContainEqual(expect.objectContaining({ doing }));
  expect(told.at(-1)).toBeUndefined();
});

describe('nobody is told', () => {
  test.each(['check --quiet', 'check -q', 'check --json', 'status --json', 'history --quiet', 'consumers --json'])(
    'by %s',
    async (line) => expect(await toldBy(...line.split(' '))).toEqual([undefined]),
  );

  test('and a pipe gets the same list as without anybody who watches', async () => {
    const piped = await run(['history'], { environment: environment() });
    expect(await run(['history'], { environment: environment(), progress: () => undefined })).toEqual(piped);
  });
});

test('progress ends with a command that cannot go on', async () => {
  expect(await toldBy('check', '--secret', 'a/b')).toEqual([undefined]);
});
