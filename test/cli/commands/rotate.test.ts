import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { HOUR_MS, instantOf } from '../../../src/core/values/time.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { writeHistory, writeJournal } from '../../support/annotations.ts';
import { inFlight } from '../../support/journals.ts';
import { run } from '../../support/captured.ts';
import { pretendCloud } from '../../support/cloud.ts';

let cloud: PretendCloud;

beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
});

afterEach(() => cloud.close());

const ACCOUNT = ['--service-account', 'search-app@demo-project.iam.gserviceaccount.com'];

const on = (...words: readonly string[]) => onIn({}, ...words);
const settings = () => ({
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
});
const onIn = (shell: Readonly<Record<string, string>>, ...words: readonly string[]) =>
  run(words, { environment: { ...shell, ...settings() } });
const status = async (secret: string) =>
  JSON.parse((await on('status', '--secret', secret, '--json')).out) as {
    secrets: [{ aliases: Record<string, number>; rotation: Record<string, unknown> }];
  };
const minted = () => cloud.keyring.all().filter(({ annotations }) => annotations['key-warden-rotation'] !== undefined);

test('a leak is shown by status, which ends with 5, until the key is proven dead (I18)', async () => {
  expect((await on('status', '--secret', 'search-app')).code).toBe(3);
  await on('rotate', '--secret', 'search-app', '--emergency', ...ACCOUNT);
  const { code, out } = await on('status', '--secret', 'search-app');
  expect(code).toBe(5);
  expect(out).toMatch(
    /leak open {2}version 1 of search-app: since .*\n {2}key .*\n {2}dead {2}no\n {2}over {2}once its key .*: closed by the worker.*\n {2}you {3}no command closes it\. /,
  );
  expect(JSON.parse((await on('status', '--secret', 'search-app', '--json')).out)).toMatchObject({
    secrets: [{ leaks: [{ version: 1, told: 0 }] }],
  });
});

const SOON = instantOf(Date.UTC(2026, 10, 24, 12));
test.each<[string, Partial<InFlight>, readonly string[]]>([
  [
    'while its new key is refused',
    { phase: 'minted', notBefore: SOON, emergency: true },
    ['nothing: the worker goes on with it at 2026-11-24 12:00 UTC', 'at once: resume', 'to give it up: abort'],
  ],
  [
    'before consumers read it',
    { phase: 'written' },
    ['nothing: the worker goes on with it', 'at once: resume', 'to give it up: abort'],
  ],
  [
    'of a leaked key that consumers no longer read',
    { phase: 'promoted', emergency: true },
    ['nothing: the worker goes on with it', 'at once: resume'],
  ],
  ['in its drain', { phase: 'promoted', notBefore: SOON }, ['rollback']],
  ['that is held', { phase: 'minted', held: true }, ['resume']],
])('status says what is left to a person of a rotation %s', async (_, fields, said) => {
  cloud.secrets.seed({
    project: SHOWCASE_PROJECT,
    secretId: 'moving',
    payloads: ['x'],
    labels: { 'key-warden': 'managed' },
    annotations: { 'key-warden.rotation': writeJournal(inFlight(fields)) ?? '' },
  });
  const { out } = await on('status', '--secret', 'moving');
  const lines = out.slice(out.indexOf('\n  you ')).trim().split('\n').slice(0, said.length);
  const plain = lines.map((line) =>
    line
      .replace(/^you/, '')
      .trim()
      .replace(/key-warden (\w+) --secret \S+$/, '$1'),
  );
  expect(plain).toEqual(said);
});

test('a cause that two rotations share is shown by status, which ends with 5', async () => {
  const why = 'an auth key is bound to a service account, and neither the old key nor the policy names one';
  for (const secretId of ['one', 'two'])
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId,
      payloads: ['x'],
      labels: { 'key-warden': 'managed' },
      annotations: {
        'key-warden.history':
          writeHistory([
            { id: 'kw-0', reason: 'age', outcome: 'abandoned', from: 1, at: instantOf(Date.now()), why },
          ]) ?? '',
      },
    });
  const { code, out } = await on('status');
  expect(code).toBe(5);
  expect(out).toContain(`stopped  no rotation is begun in project`);
  expect(out).toContain(why);
});

describe('revoke', () => {
  test('says which key could be deleted, and the command that it prints deletes it (I18)', async () => {
    const said = await on('revoke', '--secret', 'search-app');
    expect(said.code).toBe(0);
    expect(said.out).toMatch(
      /in {12}search-app version 1, which consumers read as current: they have no key from then on\n/,
    );
    expect(said.out).toMatch(/would delete {2}search-app: nothing was changed/);
    const command = /delete it {5}key-warden (.*)\n/.exec(said.out)?.[1] ?? '';
    expect(command).toMatch(/^revoke --secret projects\/demo-project\/secrets\/search-app --confirm [\w-]+$/);
    const done = await on(...command.split(' '));
    expect(done).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^deleted {2}search-app: deleted at its issuer/),
    });
    expect(done.err).toContain('which consumers read as current');
    expect((await on('status', '--secret', 'search-app')).code).toBe(5);
    expect((await on('revoke', '--secret', 'search-app')).code).toBe(5);
  });

  test('refuses the uid of another key, and says so as JSON', async () => {
    const { code, out } = await on('revoke', '--secret', 'search-app', '--confirm', 'no-such-uid', '--json');
    expect(code).toBe(5);
    expect(JSON.parse(out)).toMatchObject({ schema: 'key-warden/revocation/v1', outcome: 'refused' });
  });

  test('names the other secrets that serve the key (I13)', async () => {
    const key = cloud.keyring.all()[0]?.keyString ?? '';
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId: 'copy-of-it',
      payloads: [key],
      labels: { 'key-warden': 'managed' },
    });
    const { out } = await on('revoke', '--secret', 'copy-of-it');
    expect(out).toMatch(/also read in {2}projects\/\d+\/secrets\/[\w-]+ version 1/);
  });
});

describe('rotate', () => {
  test('mints, proves, writes, verifies and promotes, then waits for the drain', async () => {
    const { code, out, err } = await on('rotate', '--secret', 'search-app', ...ACCOUNT);
    expect(code).toBe(0);
    expect(out).toContain('the old key is kept while consumers take up the new one');
    expect(err).toContain('write: done → written (version 2)');
    const { secrets } = await status('search-app');
    expect(secrets[0]).toMatchObject({
      aliases: { current: 2, previous: 1 },
      rotation: { phase: 'promoted', act: 'confirm', from: 1, to: 2, reason: 'request', held: false },
    });
    expect(minted()).toMatchObject([{ kind: 'auth', state: 'works' }]);
    expect((await on('check', '--secret', 'search-app')).code).toBe(0);
    expect((await on('status')).out).toContain('you   key-warden rollback --secret');
  });

  test.each([
    [{ USER: 'ada' }, 'ada'],
    [{ LOGNAME: 'grace' }, 'grace'],
    [{ USERNAME: 'joan' }, 'joan'],
    [{}, 'somebody at a command line'],
  ])('has on record who asked, as claimed: %j', async (shell, who) => {
    await onIn(shell, 'rotate', '--secret', 'search-app', ...ACCOUNT);
    const { secrets } = await status('search-app');
    expect(secrets[0].rotation['by']).toEqual({ who, is: 'claimed' });
  });

  test('of what holds no key begins nothing, and the command that it prints does (I12)', async () => {
    const labels = { 'key-warden': 'managed' };
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'password', payloads: ['correct-horse'], labels });
    const { code, out } = await on('rotate', '--secret', 'password', '--emergency');
    expect(code).toBe(5);
    expect(out).toMatch(
      /^not begun {2}projects\/\S+: version 1 holds nothing that looks like a Gemini key, so it is not rotated\./,
    );
    expect(out).not.toContain('key-warden resume');
    const [, printed = ''] = /: key-warden (rotate --secret \S+ --replace 1 --form bare)/.exec(out) ?? [];
    const again = await on(...printed.split(' '), ...ACCOUNT, '--key-project', SHOWCASE_PROJECT);
    expect(again.code).toBe(0);
    expect(again.err).toContain('write: done → written (version 2)');
  });

  test('of a secret in rotation says who and since when, and ends with 5', async () => {
    await on('rotate', '--secret', 'search-app', ...ACCOUNT);
    expect(await on('rotate', '--secret', 'search-app', ...ACCOUNT)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/rotation kw-[a-z0-9-]+ \(request\) is promoted since 20/),
    });
    expect(minted()).toHaveLength(1);
  });

  test('of a key that other APIs accept too is held with the list, and goes on as the message says', async () => {
    const alive = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app');
    const apiTargets = ['generativelanguage.googleapis.com', 'maps-backend.googleapis.com'].map((service) => ({
      service,
    }));
    cloud.keyring.change(alive?.uid ?? '', { restrictions: { apiTargets } }, cloud.clock.now());
    const held = await on('rotate', '--secret', 'search-app', ...ACCOUNT);
    expect(held).toMatchObject({ code: 5, out: expect.stringContaining('maps-backend.googleapis.com') });
    expect(minted()).toHaveLength(0);
    const [abort, rotate] = [...held.out.matchAll(/key-warden ((?:abort|rotate) [^(]*?)(?= and| \()/g)].map(
      ([, words = '']) => words.split(' '),
    );
    expect((await on(...(abort ?? []))).code).toBe(0);
    expect((await on(...(rotate ?? []), ...ACCOUNT)).code).toBe(0);
    expect(minted()).toMatchObject([{ restrictions: { apiTargets: [apiTargets[0]] } }]);
  });

  test('of a key that AI Studio made in a project of its own mints the successor here, bound to the account that is named', async () => {
    const key = cloud.identities.keyString('auth');
    const elsewhere = cloud.names.numberOf('gen-lang-client-1');
    cloud.keyring.put(key, 'works', { project: elsewhere, kind: 'auth' }, cloud.clock.now());
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'pasted', payloads: [key] });
    expect(await on('init', '--secret', 'pasted')).toMatchObject({ code: 0 });
    const { code, out } = await on('rotate', '--secret', 'pasted', ...ACCOUNT);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('the old key is kept') });
    expect(minted()).toMatchObject([
      { project: cloud.names.numberOf(SHOWCASE_PROJECT), serviceAccountEmail: ACCOUNT[1] },
    ]);
  });

  test('with the same request id gives the same rotation, also after its end', async () => {
    await on('rotate', '--secret', 'search-app', '--request-id', 'r1', ...ACCOUNT);
    expect((await on('rotate', '--secret', 'search-app', '--request-id', 'r1', ...ACCOUNT)).code).toBe(0);
    await on('rotate', '--secret', 'chat-app', '--request-id', 'r2', '--emergency', '--standard');
    expect(await on('rotate', '--secret', 'chat-app', '--request-id', 'r2', '--emergency')).toMatchObject({
      code: 0,
      out: expect.stringContaining('this request was completed'),
    });
    expect(minted()).toHaveLength(2);
  });

  test('in an emergency does not wait for a drain', async () => {
    const { code, out } = await on('rotate', '--secret', 'public-repo', '--emergency', '--standard', '--wait');
    expect(code).toBe(0);
    expect(out).toContain('at rest');
    expect((await on('check', '--secret', 'public-repo')).code).toBe(0);
  });

  test('in an emergency that cannot be done opens nothing, says what is missing, and remembers the leak (I18)', async () => {
    const { code, out } = await on('rotate', '--secret', 'public-repo', '--emergency');
    expect(code).toBe(5);
    expect(out).toMatch(/^not begun {2}.*: an auth key is bound to a service account/);
    expect(out).toContain('--emergency --service-account=SERVICE_ACCOUNT_EMAIL');
    expect(out).toContain('The leak of version 1 is on record until its key is dead');
    const after = await on('status', '--secret', 'public-repo');
    expect(after).toMatchObject({ code: 5, out: expect.stringMatching(/leak open {2}version 1 of public-repo/) });
    expect((await status('public-repo')).secrets[0].rotation).toMatchObject({ phase: 'resting' });
    expect(await on('rotate', '--secret', 'public-repo', '--emergency', ...ACCOUNT)).toMatchObject({ code: 0 });
  });

  test('is given up before promotion, and afterwards only rolled back', async () => {
    await on('rotate', '--secret', 'search-app', ...ACCOUNT);
    expect(await on('abort', '--secret', 'search-app')).toMatchObject({
      code: 5,
      err: expect.stringContaining('to go back, key-warden rollback'),
    });
    const back = await on('rollback', '--secret', 'search-app');
    expect(back.out).toContain('at rest');
    expect((await status('search-app')).secrets[0]).toMatchObject({
      aliases: { current: 1 },
      rotation: { phase: 'resting' },
    });
  });

  test('of a leaked key is not rolled back after its end: such a key does not come back (I14)', async () => {
    await on('rotate', '--secret', 'search-app', '--emergency', ...ACCOUNT);
    expect(await on('rollback', '--secret', 'search-app')).toMatchObject({
      code: 5,
      err: expect.stringContaining('the earlier key leaked, so nobody goes back to it: key-warden rotate'),
    });
    expect((await status('search-app')).secrets[0].aliases).toMatchObject({ current: 2 });
  });

  test('without anything to go back to says so', async () => {
    expect(await on('rollback', '--secret', 'search-app')).toMatchObject({
      code: 5,
      err: expect.stringContaining('no earlier key is kept'),
    });
    expect(await on('resume', '--secret', 'search-app')).toMatchObject({
      code: 5,
      err: expect.stringContaining('no rotation is in flight'),
    });
  });

  test('of an auth key needs to know the service account, and changes nothing without it', async () => {
    const { code, out, err } = await on('rotate', '--secret', 'chat-app');
    expect(code).toBe(5);
    expect(out).toContain('--service-account=SERVICE_ACCOUNT_EMAIL');
    expect(err).toMatch(
      /^ {2}by hand: on the pretend cloud at \S+; on record as .*\n.*nobody else will hear of it.*\n$/,
    );
    expect((await status('chat-app')).secrets[0]).toMatchObject({
      aliases: { current: 1 },
      rotation: { phase: 'resting' },
    });
    expect(minted()).toEqual([]);
  });

  test('takes a key from standard input, and refuses a bad one before anything is written', async () => {
    const environment = {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    };
    const supply = (input?: string) =>
      run(['rotate', '--secret', 'search-app', '--from-stdin'], {
        environment,
        ...(input === undefined ? {} : { input }),
      });
    const key = cloud.identities.keyString('auth');
    expect(await supply()).toMatchObject({ code: 2, err: expect.stringContaining('printf %s') });
    expect(await supply(key)).toMatchObject({ code: 1, err: expect.stringContaining('nothing was written') });
    cloud.keyring.put(key, 'works', { project: cloud.names.numberOf(SHOWCASE_PROJECT) }, cloud.clock.now());
    expect(await supply(key)).toMatchObject({ code: 0, out: expect.stringContaining('the old key is kept') });
    expect((await status('search-app')).secrets[0]).toMatchObject({
      aliases: { current: 2, previous: 1 },
      rotation: { candidate: 'supplied' },
    });
    expect(minted()).toEqual([]);
  });

  test('needs one secret', async () => {
    expect(await on('rotate')).toMatchObject({ code: 2, err: expect.stringContaining('name one secret') });
  });
});

describe('resume of a drain whose old key is used to the last', () => {
  /** The app that nobody moved: it asks every four hours, before and after the promotion. */
  async function used(days: number): Promise<void> {
    const key = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app');
    if (key === undefined) throw new Error('the show has this key');
    for (let hours = 0; hours < days * 24; hours += 4) {
      const answer = await fetch(`${cloud.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
        method: 'POST',
        headers: { 'x-goog-api-key': key.keyString, 'content-type': 'application/json' },
        body: JSON.stringify({ contents: [{ parts: [{ text: 'hello' }] }] }),
      });
      expect(answer.status).toBe(200);
      await cloud.advance(4 * HOUR_MS);
    }
  }

  const onTime = (...words: readonly string[]) =>
    run(words, {
      environment: settings(),
      clock: { now: () => instantOf(cloud.clock.now()), sleep: (milliseconds) => cloud.advance(milliseconds) },
    });

  test('is held and held again, with the way that cuts users off under its own name', async () => {
    await used(2);
    await onTime('rotate', '--secret', 'search-app', ...ACCOUNT);
    await used(8);
    for (const again of [1, 2]) {
      const { code, out } = await onTime('resume', '--secret', 'search-app');
      expect({ again, code, out }).toMatchObject({ code: 5, out: expect.stringContaining('held') });
      expect(out).toContain('Find who still uses it and move them');
      expect(out).toContain('--cut-off-users');
      await used(1);
    }
    expect(await onTime('resume', '--secret', 'search-app', '--cut-off-users')).toMatchObject({
      code: 0,
      out: expect.stringContaining('at rest'),
    });
    const refused = await onTime('resume', '--secret', 'search-app', '--cut-off-users');
    expect(refused).toMatchObject({ code: 5, err: expect.stringContaining('no rotation is in flight') });
    expect(await onTime('rollback', '--secret', 'search-app')).toMatchObject({ code: 0 });
    expect((await status('search-app')).secrets[0].aliases).toMatchObject({ current: 1 });
    expect((await onTime('check', '--secret', 'search-app')).code).toBe(0);
  });
});

describe('rotate --dry-run', () => {
  const writes = () =>
    cloud
      .requests()
      .filter(({ method, path }) => method !== 'GET' && !/:(testIamPermissions|generateContent)$/.test(path)).length;

  test('says what will happen to consumers and when, in sentences, without a port or a call', async () => {
    const { code, out } = await on('rotate', 'search-app', '--dry-run', ...ACCOUNT);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.replace(/^ {2}20\S+ \S+ UTC {2}/, '- '))).toEqual([
      '- a new key is made at its issuer; consumers keep the old one',
      '- it is proven, then written as a new version that nobody reads yet',
      '- the new version is read back and proven once more',
      '- the alias current moves: who reads it gets the new key with the next read',
      '- the old version goes on working until nobody uses its key',
      '- the old version is disabled: who pins it, or never reads the secret again, fails from then on',
      '',
      expect.stringMatching(
        /^completed {2}projects\/demo-project\/secrets\/search-app: consumers would read the new key/,
      ),
      'readers  nobody was found that reads it',
      expect.stringMatching(/^problem {2}the organisation policy/),
      'nothing was written; --verbose shows every call',
      '',
    ]);
  });

  test('says every call to the end where somebody wants that, and writes nothing', async () => {
    const before = writes();
    const { code, out } = await on('rotate', '--secret', 'search-app', '--dry-run', '--verbose', ...ACCOUNT);
    expect(code).toBe(0);
    expect(out).toMatch(/WRITE {2}issuer\.mint {2}projects\/demo-project\/locations\/global\/keys\/kw-/);
    expect(out).toMatch(/waits until .*: the old key is kept while consumers take up the new one/);
    expect(out).toMatch(/^written {2}verify \(none: reads `to` by its number and probes it\)$/m);
    expect(out).toMatch(/^resting\n.*nothing is due$/m);
    expect(out).toMatch(/^nothing was written: \d+ of \d+ reads were made; \d+ writes and 3 announcements would be$/m);
    expect(writes()).toBe(before);
    expect(minted()).toEqual([]);
    expect((await status('search-app')).secrets[0]).toMatchObject({
      aliases: { current: 1 },
      rotation: { phase: 'resting' },
    });
  });

  test('prints JSON, and ends with 5 where the rotation would be given up', async () => {
    const { code, out } = await on('rotate', '--secret', 'chat-app', '--dry-run', '--json');
    expect(code).toBe(5);
    expect(JSON.parse(out)).toMatchObject({ schema: 'key-warden/rehearsal/v1', outcome: 'held' });
  });

  test('says what the caller may not do, and ends with 4', async () => {
    cloud.faults.plant({ path: 'search-app:testIamPermissions' }, 9, {
      act: 'answer',
      reply: { status: 200, body: {} },
    });
    const { code, out } = await on('rotate', '--secret', 'search-app', '--dry-run', ...ACCOUNT);
    expect(code).toBe(4);
    expect(out).toContain('missing  secretmanager.versions.add: grant roles/secretmanager.secretVersionAdder');
  });

  test('is held where the account cannot be bound to, as the rotation would be, and nothing was minted', async () => {
    cloud.faults.plant({ path: 'gserviceaccount.com:testIamPermissions' }, 9, {
      act: 'answer',
      reply: { status: 200, body: {} },
    });
    const { code, out } = await on('rotate', '--secret', 'search-app', '--dry-run', ...ACCOUNT);
    expect({ code, out }).toMatchObject({
      code: 5,
      out: expect.stringContaining('grant iam.serviceAccountApiKeyBindings.create on that account'),
    });
    expect(minted()).toHaveLength(0);
  });

  test('of a secret without a version comes to nothing, as the rotation would', async () => {
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'empty', labels: { 'key-warden': 'managed' } });
    const { code, out } = await on('rotate', '--secret', 'empty', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('nothing  projects/demo-project/secrets/empty: the secret has no version');
  });

  test('of a secret in rotation says so, and ends with 5', async () => {
    await on('rotate', '--secret', 'search-app', ...ACCOUNT);
    const { code, out } = await on('rotate', '--secret', 'search-app', '--dry-run', ...ACCOUNT);
    expect(code).toBe(5);
    expect(out).toMatch(/^busy {2}projects.*rotation kw-[a-z0-9-]+ \(request\) is promoted since 20/m);
  });

  test('examines the key on standard input for real, and shows a journal that it does not read', async () => {
    const supply = (input: string) =>
      run(['rotate', '--secret', 'search-app', '--dry-run', '--from-stdin'], {
        environment: {
          KEY_WARDEN_EMULATOR: cloud.url,
          KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
          KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
        },
        input,
      });
    const key = cloud.identities.keyString('auth');
    expect(await supply(key)).toMatchObject({ code: 1, err: expect.stringContaining('nothing was written') });
    cloud.keyring.put(key, 'works', { project: cloud.names.numberOf(SHOWCASE_PROJECT) }, cloud.clock.now());
    const before = writes();
    const { code, out } = await supply(key);
    expect(code).toBe(0);
    expect(out).not.toContain('issuer.mint');
    expect(out).not.toContain(key);
    expect(writes()).toBe(before);
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId: 'later',
      payloads: [key],
      labels: { 'key-warden': 'managed' },
      annotations: { 'key-warden.rotation': '{"v":9}' },
    });
    expect(await on('rotate', '--secret', 'later', '--dry-run')).toMatchObject({
      code: 5,
      out: expect.stringContaining('held  projects/demo-project/secrets/later'),
    });
  });

  test('says when that could not be asked', async () => {
    cloud.faults.plant({ path: ':testIamPermissions' }, 99, { act: 'answer', reply: { status: 403, body: {} } });
    const { out } = await on('rotate', '--secret', 'search-app', '--dry-run', ...ACCOUNT);
    expect(out).toContain('problem  permissions could not be asked for');
  });
});

test('a rotation in flight is left to itself, with the command that fits its phase, and an emergency hurries it', async () => {
  await on('rotate', '--secret', 'search-app', ...ACCOUNT);
  const busy = await on('rotate', '--secret', 'search-app', ...ACCOUNT);
  expect(busy).toMatchObject({ code: 5, err: expect.stringContaining('it goes on by itself: key-warden status') });
  const urgent = await on('rotate', '--secret', 'search-app', '--emergency', ...ACCOUNT);
  expect(urgent).toMatchObject({ code: 0, out: expect.stringMatching(/^at rest/) });
  expect(urgent.err).toContain('its old key goes at once');
});
