import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../../../src/emulator/server/server.ts';
import { run } from '../../../support/captured.ts';
import { httpLoopback, type Loopback } from '../../../support/loopback.ts';
import { pretendCloud } from '../../../support/cloud.ts';

const SECRET = 'projects/demo-project/secrets/search-app';

let cloud: PretendCloud;
let worker: Loopback;
let answers: { readonly status: number; readonly body: unknown }[] = [];

beforeAll(async () => {
  cloud = await pretendCloud();
  worker = await httpLoopback((_, response) => {
    const { status, body } = answers.shift() ?? { status: 500, body: 'nothing is left to say' };
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
});
afterEach(() => {
  answers = [];
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await cloud.close();
});

function command(...words: readonly string[]) {
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: 'demo-project',
    KEY_WARDEN_FUNCTIONS: JSON.stringify({ rotate: worker.url, 'health-check': worker.url, purge: worker.url }),
  };
  return run(words, { environment, clock: { now: () => cloud.clock.now() as never, sleep: () => Promise.resolve() } });
}

const error = (code: number, message: string, more: object = {}) => ({
  status: code,
  body: { error: { code, message }, ...more },
});

test.each([
  [error(400, 'unknown field "keyField"; known: secret'), 2, 'The deployed worker is older than this command'],
  [error(400, 'reason must be one line'), 2, 'the worker refused (rotate, 400): reason must be one line'],
  [error(401, 'the token is not valid'), 4, 'KEY_WARDEN_FUNCTIONS may be of another deployment'],
  [error(403, 'x is not among the allowed callers'), 4, 'Have the account added to the module’s `callers`'],
  [error(403, 'not in an emergency (KEY_WARDEN_EMERGENCY_CALLERS)'), 4, '(KEY_WARDEN_EMERGENCY_CALLERS)\n'],
  [error(404, 'no such secret'), 4, '404'],
  [error(409, 'another rotation is in flight'), 5, 'another rotation'],
  [error(422, 'it is not under care'), 4, 'it is not under care'],
  [error(422, 'holds no key', { notBegun: true }), 5, 'holds no key'],
  [error(500, 'the worker lacks a permission'), 4, 'lacks a permission'],
  [error(503, 'Google does not answer'), 3, 'Google does not answer'],
  [{ status: 403, body: '<html>' }, 4, 'Cloud Run does not let key-warden@demo-project'],
  [{ status: 401, body: '<html>' }, 4, 'it takes roles/run.invoker'],
  [{ status: 404, body: '<html>' }, 4, 'there is no function at http://127.0.0.1'],
  [{ status: 429, body: 'Rate exceeded.' }, 3, 'has no free instance'],
  [{ status: 504, body: '' }, 3, 'without a word of the worker’s'],
  [{ status: 200, body: '<html>' }, 3, 'without a word of the worker’s'],
  [{ status: 202, body: { schema: 'key-warden/rotation/v9' } }, 4, 'of another release than the deployed worker'],
  [{ status: 202, body: {} }, 4, 'answered in the form "none"'],
])('%j ends with %i and what to do', async (answer, code, says) => {
  answers = [answer];
  const told = await command('rotate', '--secret', SECRET);
  expect(told.err).toContain(says);
  expect(told.code).toBe(code);
});

const flight = (phase: string, more: object = {}) => ({ phase, id: 'kw-1', to: 2, ...more });
const answer = (more: object) => ({ status: 202, body: { schema: 'key-warden/rotation/v1', why: 'why', ...more } });
const onRecord = (rotation: object, more: object = {}) => answer({ rotation, leaks: [], ...more });

test.each([
  ['is followed to its end', [onRecord(flight('promoted')), onRecord({ phase: 'resting' })], 0, /at rest/],
  [
    'is followed over a moment in which nobody answers',
    [{ status: 302, body: '' }, onRecord({ phase: 'resting' })],
    3,
    /without a word/,
  ],
  [
    'was given up meanwhile',
    [onRecord({ phase: 'resting' }, { ended: [{ id: 'kw-1', outcome: 'abandoned', why: 'too many keys' }] })],
    5,
    /given up {2}\S+: too many keys/,
  ],
  [
    'left a leak',
    [onRecord({ phase: 'resting' }, { ended: [{ id: 'kw-1', outcome: 'completed' }], leaks: [{}] })],
    5,
    /a leaked key of it is not proven dead/,
  ],
  ['waits for a person', [onRecord(flight('written', { held: true, why: 'no right' }))], 5, /held {2}\S+: no right/],
  [
    'waits for the users of the old key',
    [onRecord(flight('promoted', { held: true, drain: { overdue: true } }))],
    5,
    /and then they fail: .*--cut-off-users/,
  ],
  [
    'ended before another one began',
    [onRecord(flight('promoted', { id: 'kw-2' }), { ended: [{ id: 'kw-1', outcome: 'completed' }] })],
    0,
    /at rest/,
  ],
])('a rotation that is waited for %s', async (_, looks, code, says) => {
  answers = [
    answer({ outcome: 'begun', did: 'wait', rotation: flight('written'), until: '2026-11-24T12:00:01Z' }),
    ...looks,
  ];
  const { out, err, code: ended } = await command('rotate', '--secret', SECRET, '--wait');
  expect(out + err).toMatch(says);
  expect(ended).toBe(code);
});

test.each([
  [
    { outcome: 'finished', rotation: { id: 'kw-1' }, why: 'this request was completed' },
    0,
    /^already done {2}.*: this request was completed \(kw-1\)/,
  ],
  [{ outcome: 'hurried', did: 'rest', rotation: { phase: 'resting' } }, 0, /^at rest/],
  [{ outcome: 'begun', did: 'rest', rotation: { phase: 'resting' }, givenUp: true }, 5, /^given up/],
  [{ outcome: 'begun', did: 'rest', rotation: { phase: 'resting' }, leakOpen: true }, 5, /^leak open/],
])('%j is said, and ends with %i', async (body, code, says) => {
  answers = [answer(body)];
  const told = await command('rotate', '--secret', SECRET, '--emergency');
  expect(told.out).toMatch(says);
  expect(told.code).toBe(code);
});

test('each other holder of the key is told of, and the worst of them is the end', async () => {
  const holders = [{ secret: `${SECRET}-2`, version: 1, readAs: 'current' }];
  const rest = { did: 'rest', rotation: { phase: 'resting' } };
  answers = [
    answer({
      outcome: 'begun',
      ...rest,
      holders,
      others: [
        { secret: 'a', outcome: 'begun', rotation: flight('promoted'), why: 'the old key is kept' },
        { secret: 'b', outcome: 'finished', rotation: { id: 'kw-3' }, why: 'done before' },
        { secret: 'c', outcome: 'unmanaged', why: 'it is not under care' },
      ],
    }),
  ];
  const told = await command('rotate', '--secret', SECRET, '--all-holders');
  expect(told).toMatchObject({ code: 4, out: expect.stringMatching(/under way {2}a: the old key is kept/) });
  expect(told.out).toMatch(/already done {2}b: done before\nrefused {2}c: it is not under care/);
  expect(told.err).toContain('the same key serves 1 other secret');
  answers = [answer({ outcome: 'begun', ...rest, holders })];
  expect((await command('rotate', '--secret', SECRET)).err).toContain('with --all-holders');
});

test('a purge that is refused needs a person, and one that failed is looked at again', async () => {
  const purge = (outcome: string) => ({
    status: 200,
    body: {
      schema: 'key-warden/purge/v1',
      dryRun: false,
      secrets: 1,
      purged: [{ secret: SECRET, version: 1, step: 'delete', outcome, why: 'it is still used' }],
      swept: [],
      problems: [],
    },
  });
  answers = [purge('refused'), purge('failed'), purge('done')];
  expect((await command('purge', '--secret', SECRET)).code).toBe(5);
  expect((await command('purge')).code).toBe(3);
  expect(await command('purge', '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"done"') });
});

test('whoever leaves while a rotation is waited for is told who goes on with it', async () => {
  answers = [answer({ outcome: 'begun', did: 'wait', rotation: flight('promoted') })];
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_FUNCTIONS: JSON.stringify({ rotate: worker.url }),
  };
  const told = await run(['rotate', '--secret', SECRET, '--wait'], {
    environment,
    isAttended: true,
    interrupted: () => Promise.resolve(),
  });
  expect(told).toMatchObject({ code: 3, err: expect.stringContaining('stopped watching; the worker goes on with it') });
  expect(told.err).toContain(
    'Ctrl-C is safe: all of it is on record. The worker goes on with it: it has just answered',
  );
  expect(told.err).toMatch(/how \S+search-app stands now could not be looked up \(.+\): key-warden status/);
});
