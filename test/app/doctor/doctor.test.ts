import { describe, expect, test } from '@jest/globals';
import { proseOf } from '../../../src/core/values/passage.ts';
import {
  clockAdvice,
  conclusions,
  examine,
  missingGrants,
  secretSource,
  type Source,
} from '../../../src/app/doctor/doctor.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { stillClock } from '../../support/still-clock.ts';
import { memoryProber } from '../../support/twins/memory-prober.ts';
import { DEAD_KEY, GOOD_KEY, stage, STANDARD_KEY } from '../../support/stage.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const variable = (title: string, text: string | undefined): Source => ({
  title,
  place: 'environment',
  bytes: text === undefined ? undefined : bytes(text),
});
const file = (title: string, text: string): Source => ({ title, place: 'file', bytes: bytes(text) });
const secret = (text: string): Source => ({
  title: 'app-key',
  place: 'secret',
  secret: 'projects/demo-project/secrets/app-key',
  bytes: bytes(text),
});

const examined = (...sources: readonly Source[]) =>
  examine({ prober: memoryProber(GOOD_KEY, STANDARD_KEY), clock: stillClock() }, sources, () => 'f');

describe('examining the places where a key may be', () => {
  test('says what each holds, and probes each different key once', async () => {
    const prober = memoryProber(GOOD_KEY);
    const findings = await examine(
      { prober, clock: stillClock() },
      [
        variable('GOOGLE_API_KEY', undefined),
        variable('GEMINI_API_KEY', GOOD_KEY),
        file('.env', `${GOOD_KEY}\n`),
        secret(DEAD_KEY),
      ],
      ({ kind }) => kind,
    );
    expect(findings).toMatchObject([
      { title: 'GOOGLE_API_KEY', state: 'absent', lint: [] },
      { title: 'GEMINI_API_KEY', state: 'key', keyKind: 'auth', diagnosis: { verdict: 'works' }, sameAs: undefined },
      { title: '.env', state: 'key', sameAs: 'GEMINI_API_KEY', lint: [{ kind: 'surrounding_whitespace' }] },
      { title: 'app-key', state: 'key', diagnosis: { verdict: 'dead' } },
    ]);
    expect(prober.probes).toHaveLength(2);
  });

  test('says what could not be read, and what holds no key', async () => {
    expect(
      await examined(
        { title: 'x', place: 'file', bytes: undefined, unreadable: 'cannot be read (EACCES)' },
        secret(''),
      ),
    ).toMatchObject([
      { state: 'unreadable', detail: 'cannot be read (EACCES)' },
      { state: 'unusable', lint: [{ kind: 'empty' }] },
    ]);
  });

  test('I9: shows no byte of a key', async () => {
    const findings = await examined(variable('GEMINI_API_KEY', GOOD_KEY), secret(DEAD_KEY));
    expect(JSON.stringify(findings)).not.toMatch(/GoodKey|DeadKey/);
  });
});

describe('the conclusion', () => {
  const concluded = async (...sources: readonly Source[]) => conclusions(await examined(...sources)).map(proseOf);

  test('is empty when everything is the same good key', async () => {
    expect(
      await concluded(variable('GOOGLE_API_KEY', GOOD_KEY), variable('GEMINI_API_KEY', GOOD_KEY), secret(GOOD_KEY)),
    ).toEqual([]);
    expect(await concluded()).toEqual([]);
  });

  test('names the variable that wins when both are set and differ', async () => {
    expect(await concluded(variable('GOOGLE_API_KEY', GOOD_KEY), variable('GEMINI_API_KEY', STANDARD_KEY))).toEqual([
      expect.stringContaining('use GOOGLE_API_KEY and ignore the other'),
    ]);
    expect(await concluded(variable('GOOGLE_API_KEY', undefined), variable('GEMINI_API_KEY', STANDARD_KEY))).toEqual(
      [],
    );
    expect(await concluded(variable('GOOGLE_API_KEY', STANDARD_KEY), variable('GEMINI_API_KEY', undefined))).toEqual(
      [],
    );
  });

  test('is no choice of two when one of the variables is empty', async () => {
    const [advice, ...more] = await concluded(variable('GOOGLE_API_KEY', ''), variable('GEMINI_API_KEY', GOOD_KEY));
    expect(advice).toMatch(/^GOOGLE_API_KEY: the value is empty/);
    expect(more).toEqual([]);
  });

  test('of a mounted file that was encoded twice is how to encode it, and the key inside is compared', async () => {
    const twice = Buffer.from(GOOD_KEY).toString('base64');
    expect(await concluded(file('/run/key', twice), secret(GOOD_KEY))).toEqual([
      '/run/key: the value is a key in base64; in Kubernetes, put the key as it is under stringData, or encode it once under data',
    ]);
  });

  test('is a restart when the process holds a dead key and the secret a good one', async () => {
    expect(await concluded(variable('GEMINI_API_KEY', DEAD_KEY), secret(GOOD_KEY))).toEqual([
      'GEMINI_API_KEY holds a key that is refused, while the key in app-key works: this process was started with an old key. Restart it, or redeploy so that it reads the secret again.',
    ]);
  });

  test('warns of a good key that no rotation will reach', async () => {
    expect(await concluded(file('/run/key', STANDARD_KEY), secret(GOOD_KEY))).toEqual([
      '/run/key holds a different key than app-key: a rotation of the secret does not reach it.',
    ]);
  });

  test('does not call a copy of the secret’s key different', async () => {
    expect(
      await concluded(variable('GOOGLE_API_KEY', STANDARD_KEY), file('/run/key', STANDARD_KEY), secret(STANDARD_KEY)),
    ).toEqual([]);
  });

  test('says what is wrong with a key that no copy explains', async () => {
    const prober = memoryProber();
    prober.script(GOOD_KEY, 'list', { noAnswer: 'timeout', detail: 'no answer in 20 s' });
    const findings = await examine(
      { prober, clock: stillClock() },
      [variable('GEMINI_API_KEY', GOOD_KEY), secret(GOOD_KEY), file('/run/key', DEAD_KEY)],
      ({ kind }) => kind,
    );
    expect(conclusions(findings)).toEqual([
      'GEMINI_API_KEY: no answer in time: no answer in 20 s (key-warden runbook timeout)',
      expect.stringMatching(/^\/run\/key: Google does not know this key: .*key-warden runbook key_invalid\)$/),
    ]);
  });

  test('repeats what is wrong with the bytes, with the cure for that place', async () => {
    const quoted = `"${GOOD_KEY}"`;
    expect(await concluded(variable('GEMINI_API_KEY', quoted), file('/run/key', quoted), secret(quoted))).toEqual([
      'GEMINI_API_KEY: the value is wrapped in quotes; write the key alone into this variable',
      '/run/key: the value is wrapped in quotes; write the key alone into this file',
      expect.stringMatching(/^app-key: .*gcloud secrets versions add app-key --data-file=- --project=demo-project`$/),
    ]);
  });
});

describe('the secret as a place', () => {
  test('is the version that consumers read', async () => {
    const on = stage();
    const name = await on.secret('app-key', [DEAD_KEY, GOOD_KEY], { current: 1 });
    expect(await secretSource(on.vault, name)).toEqual({
      title: `${name} (current, version 1)`,
      place: 'secret',
      secret: name,
      bytes: bytes(DEAD_KEY),
    });
    const bare = await on.secret('bare', [DEAD_KEY, GOOD_KEY], { current: null });
    expect(await secretSource(on.vault, bare)).toMatchObject({ title: `${bare} (latest, version 2)` });
  });

  test('that cannot be read says why', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    on.vault.failNext('read', new Fault('denied', 'secretmanager.versions.access is missing'));
    expect(await secretSource(on.vault, name)).toEqual({
      title: name,
      place: 'secret',
      secret: name,
      bytes: undefined,
      unreadable: 'secretmanager.versions.access is missing',
      barred: true,
    });
  });

  test('tells which permissions the caller lacks', async () => {
    const on = stage();
    const name = await on.secret('app-key', [GOOD_KEY]);
    expect(await missingGrants(on.vault, name)).toEqual([]);
    on.vault.allowOnly('secretmanager.versions.access');
    expect((await missingGrants(on.vault, name)).map(({ needs }) => needs)).toEqual([
      'secretmanager.secrets.get',
      'secretmanager.secrets.update',
    ]);
  });
});

describe('the clock', () => {
  const noon = instantOf(Date.UTC(2026, 10, 24, 12));

  test.each([
    ['the same', noon, noon, []],
    ['not known at Google', noon, undefined, []],
    ['a minute apart, which tokens tolerate', plusMs(noon, 60_000), noon, []],
    ['ahead', plusMs(noon, 90_000), noon, [expect.stringContaining('90 s ahead of Google’s')]],
    ['behind', plusMs(noon, -61_000), noon, [expect.stringContaining('61 s behind Google’s')]],
  ])('that is %s', (_, here, google, advice) => {
    expect(clockAdvice(here, google)).toEqual(advice);
  });
});
