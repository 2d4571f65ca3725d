import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';
import { AUTH_KEY } from '../support/fixtures/gemini-answer-parts.ts';

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud({ projects: { 'empty-project': '111111111111' } });
});
afterAll(() => cloud.close());

test.each([
  ['check', 3, 'no managed secret was found'],
  ['status', 3, 'no managed secret was found'],
  ['history', 3, 'no managed secret was found'],
  ['purge', 3, 'no managed secret was found'],
  ['purge --dry-run', 3, 'no managed secret was found'],
  ['init --filter labels.team=nobody', 3, 'no secret was found'],
  ['forget --all', 3, 'no secret was found'],
  ['find --from-stdin', 1, 'not found'],
])('%s of what holds nothing ends with %i and says so', async (line, code, says) => {
  const ended = await run(line.split(' '), {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: 'empty-project' },
    input: AUTH_KEY,
  });
  expect(ended).toMatchObject({ code, out: expect.stringContaining(says) });
});

test('that channels are quiet about nothing is what was asked for', async () => {
  const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: 'empty-project' };
  expect((await run(['silence'], { environment })).code).toBe(0);
});
