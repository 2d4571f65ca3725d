import { expect, test } from '@jest/globals';
import { run } from '../../support/captured.ts';
import { approving } from '../../support/approving.ts';

test('somebody else than who asked approves a plan through the worker, once', async () => {
  await using on = await approving();
  const say = (...more: readonly string[]) => on.type('approve', '--secret', 'search-app', '--plan', on.plan, ...more);
  expect(await say('--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^nothing was changed; without --dry-run: \S+search-app is approved until .+ UTC\n$/),
  });
  expect(await say()).toMatchObject({
    code: 0,
    out: expect.stringMatching(/it begins with: key-warden rotate --secret \S+search-app\n$/),
  });
  expect(await say()).toMatchObject({ code: 5, err: expect.stringContaining('approved already') });
});

test('all that one message asks for is approved by one command', async () => {
  await using on = await approving();
  const group = await on.group();
  const say = (...more: readonly string[]) => on.type('approve', '--group', group, ...more);
  expect(await say('--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^nothing was changed; .*search-app is approved/),
  });
  expect(JSON.parse((await say('--dry-run', '--json')).out)).toMatchObject({ group, approved: [{}], refused: [] });
  await on.type('approve', '--secret', 'search-app', '--plan', on.plan);
  expect(await say()).toMatchObject({ code: 5, err: expect.stringContaining('approved already') });
});

test('an approval names its plan, and takes a worker that verifies who gives it', async () => {
  const environment = { KEY_WARDEN_PROJECTS: 'demo-project', KEY_WARDEN_EMULATOR: 'http://127.0.0.1:1' };
  expect(await run(['approve', 'app'], { environment })).toMatchObject({
    code: 2,
    err: expect.stringContaining('which plan?'),
  });
  expect(await run(['approve', 'app', '--group', 'x'], { environment })).toMatchObject({
    code: 2,
    err: expect.stringContaining('--group, or a secret with --plan'),
  });
  expect(await run(['approve', 'app', '--plan', 'x'], { environment })).toMatchObject({
    code: 4,
    err: expect.stringContaining('an approval is given through the worker alone'),
  });
});
