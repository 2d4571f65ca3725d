import { expect, test } from '@jest/globals';
import {
  envelope,
  INVALID_PARTS,
  LEAKED,
  NOT_VALID,
  STANDARD_KEY,
} from '../../support/fixtures/gemini-answer-parts.ts';
import { APPS } from '../../support/fixtures/gemini-answers-apps.ts';
import { run } from '../../support/captured.ts';

async function explained(words: readonly string[], input?: string): Promise<unknown> {
  const { code, out } = await run(['explain', '--json', ...words], input === undefined ? {} : { input });
  expect(code).toBe(0);
  return JSON.parse(out);
}

test('an answer on standard input needs no status', async () => {
  expect(await explained([], envelope(INVALID_PARTS))).toMatchObject({
    schema: 'key-warden/explanation/v1',
    status: 400,
    verdict: 'dead',
    cause: 'key_invalid',
    reason: 'API_KEY_INVALID',
    newKeyHelps: true,
  });
});

test('words may stand on the command line', async () => {
  expect(await explained(['Unauthenticated:', '401', 'API', 'key', 'invalid'])).toMatchObject({
    status: 401,
    cause: 'said_by_app',
    verdict: 'unclear',
  });
});

test('a status that clears the key beats words that condemn it', async () => {
  expect(await explained(['--status', '429'], NOT_VALID)).toMatchObject({ status: 429, verdict: 'unclear' });
});

test('a proxy’s 500 does not hide what Google said', async () => {
  const body = envelope({ code: 403, status: 'PERMISSION_DENIED', message: LEAKED });
  expect(await explained(['--status', '500'], body)).toMatchObject({ cause: 'key_leaked' });
});

test('how the key was sent changes what an answer means', async () => {
  const words = ['--status', '401', 'API_KEY_SERVICE_BLOCKED'];
  expect(await explained(words)).toMatchObject({ cause: 'wrong_transport' });
  const token = ['--status', '401', 'ACCESS_TOKEN_TYPE_UNSUPPORTED'];
  expect(await explained([...token, '--key-kind', 'auth'])).toMatchObject({ cause: 'auth_key_refused' });
  expect(await explained([...token, '--sent-as', 'bearer'])).toMatchObject({ cause: 'wrong_transport' });
});

test.each(['', ' \n\t'])('nothing at all (%j) is a usage error', async (input) => {
  const { code, out, err } = await run(['explain'], { input });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('nothing to explain');
});

test('a terminal without words is a usage error', async () => {
  expect(await run(['explain'])).toMatchObject({ code: 2, out: '' });
});

test('a status alone is enough', async () => {
  expect(await explained(['--status', '503'], '')).toMatchObject({ status: 503, cause: 'overloaded' });
});

test.each([
  ['bytes that are no text', '\ufffd\u0000\u0001\u001b[2J\ufffd'.repeat(99)],
  ['half a surrogate pair', '\ud83d'],
  ['ten megabytes', 'x '.repeat(5_000_000)],
  ['a hundred thousand brackets', '['.repeat(100_000)],
])('%s are unclear', async (_, input) => {
  expect(await explained([], input)).toMatchObject({ verdict: 'unclear' });
});

test('neither form shows a key or moves the cursor', async () => {
  const input = `\u001b[2JPermission denied: Consumer 'api_key:${STANDARD_KEY}' has been suspended.`;
  for (const words of [['explain'], ['explain', '--json']]) {
    const { code, out } = await run(words, { input });
    expect(code).toBe(0);
    expect(out).toContain('[redacted key]');
    expect(out).not.toContain(STANDARD_KEY.slice(4, 20));
    expect(out).not.toContain('\u001b');
  }
});

test('the project that an answer names is the one that the commands name', async () => {
  const metadata = { service: 'generativelanguage.googleapis.com', consumer: 'projects/4711' };
  const details = [{ reason: 'SERVICE_DISABLED', metadata }];
  const input = JSON.stringify({
    error: { code: 403, status: 'PERMISSION_DENIED', message: 'it is disabled', details },
  });
  const told = await run(['explain', '--secret', 'app-key', '--project', 'search-prod'], { input });
  expect(told.out).toContain('gcloud services enable generativelanguage.googleapis.com --project=4711\n');
  const bare = await run(['explain', '--secret', 'app-key', '--project', 'search-prod', '403 SERVICE_DISABLED']);
  expect(bare.out).toContain('Do this       1. Find out which project owns the key');
  expect(bare.out).not.toContain('gcloud services enable');
});

test('people get the meaning, the cure and whether one answer settles it', async () => {
  const leak = await run(['explain', LEAKED]);
  expect(leak.out).toMatch(/^dead: .* \(key_leaked\)\n {2}Google said {3}Your API key was reported as leaked/);
  expect(leak.out).toContain('  A new key     helps\n');
  expect(leak.out).toContain('key-warden runbook key_leaked');
  const late = await run(['explain', '504 Gateway Timeout']);
  expect(late.out).toContain('  A new key     not known yet');
  const gone = await run(['explain', '404 models/old is not found for API version v1beta']);
  expect(gone.out).toContain('  A new key     would not help\n');
  const slow = await run(['explain', '429 rate limit, 15 requests per minute']);
  expect(slow.out).toContain('  A new key     would not help; but one such answer does not settle it');
});

test.each(APPS.map(({ title, cause, answer }) => [title, cause, answer] as const))(
  '“%s” is read alike as an argument and on standard input, with its status and without: %s',
  async (_, cause, { body, status, keyKind, sentAs }) => {
    const told = ['--key-kind', keyKind, '--sent-as', sentAs];
    const given = status === undefined ? [] : ['--status', String(status)];
    const answers = [
      await explained([...told, ...given, '--', body]),
      await explained([...told, ...given], body),
      await explained([...told, ...given, '--secret', 'app-key', '--project', 'search-prod'], body),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ cause });
    if (status === undefined) return;
    // Without the status the same, or nothing: never a verdict on the key that was not there before.
    const bare = await explained(told, body);
    expect([cause, 'unknown', 'permission_denied', 'said_by_app']).toContain((bare as { cause: string }).cause);
  },
);

test('what the case at hand tells is shown, and the attempts before the last one', async () => {
  const input = `Attempt 1: error 503: overloaded\nAttempt 2: error 401: Invalid API key`;
  const { out } = await run(['explain'], { input });
  expect(out).toMatch(/^unclear: an app says so; Google was not heard \(said_by_app\)\n {2}It says/);
  expect(out).toContain('  Before that   1. 503 overloaded: Attempt 1');
  expect(out).toContain('  In this case  Google’s own text for a bad key is another one');
  expect(await explained([], input)).toMatchObject({ google: false, earlier: [{ status: 503, cause: 'overloaded' }] });
});
