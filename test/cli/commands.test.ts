import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { grpc } from 'google-gax';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT, type Showcase } from '../../src/emulator/showcase/showcase.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

let cloud: PretendCloud;
let showcase: Showcase;
let folder: string;

beforeAll(async () => {
  cloud = await pretendCloud({ projects: { 'empty-project': '111111111111' } });
  showcase = setUpShowcase(cloud);
  folder = await mkdtemp(join(tmpdir(), 'key-warden-'));
});

afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

const environment = () => ({
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
  // the machine's clock decides when a deep probe is due: with these, hardly ever
  KEY_WARDEN_DEEP_EVERY_HOURS: '720',
  KEY_WARDEN_RUN_EVERY_MINUTES: '1',
});
const TOPIC = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
const on = (...words: readonly string[]) => run(words, { environment: environment() });
const json = (text: string): unknown => JSON.parse(text);

describe('check', () => {
  test('shows every managed secret, and what is wrong with each, and ends with 1', async () => {
    const { code, out, err } = await on('check');
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(out.split('\n').slice(0, 7).join('\n')).toMatchInlineSnapshot(`
     "SECRET       VERSION      KEY       VERDICT  CAUSE                 DEPTH
     old-app      1 (current)  standard  dead     key_not_found         shallow
     public-repo  1 (current)  standard  dead     key_leaked            shallow
     batch-jobs   1 (current)  auth      blocked  ip_blocked            shallow
     echoed-key   1 (current)  auth      blocked  stored_bytes_unclean  shallow
     chat-app     1 (current)  standard  works    ok                    shallow
     search-app   1 (current)  auth      works    ok                    shallow"
    `);
    expect(out).toContain('dead  public-repo  version 1 (current): the key was reported as leaked');
    expect(out).toContain('gcloud secrets versions add echoed-key --data-file=- --project=demo-project');
    expect(out).toMatch(/6 secrets checked: 2 works, 2 dead, 2 blocked\n$/);
  });

  test('prints one JSON object, and nothing else, with --json', async () => {
    const { code, out } = await on('check', '--json');
    expect(code).toBe(1);
    expect(json(out)).toMatchObject({ schema: 'key-warden/report/v1', expected: 6, seen: 6 });
  });

  test('of one good secret ends with 0, deep as well', async () => {
    const { code, out } = await on('check', '--secret', 'search-app', '--deep');
    expect(out).toContain('deep');
    expect(code).toBe(0);
  });

  test('takes full names, which need no setting', async () => {
    const { code } = await run(['check', '--secret', `projects/${SHOWCASE_PROJECT}/secrets/search-app`], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url },
    });
    expect(code).toBe(0);
  });

  test('of a secret that is not there ends with 4 and says what to look for', async () => {
    const { code, out } = await on('check', '--secret', 'ghost');
    expect(code).toBe(4);
    expect(out).toContain('secret_missing');
    expect(out).toContain('gcloud secrets list --project=demo-project');
  });

  test('changes nothing unless it is told to record', async () => {
    await on('check');
    expect((await on('status')).out).not.toContain('failing');
    // What nobody could hear of would be on record as announced.
    const unheard = await on('check', '--record');
    expect(unheard).toMatchObject({ code: 4, err: expect.stringContaining('KEY_WARDEN_ALERT_TOPIC') });
    expect((await on('status')).out).not.toContain('failing');
    cloud.pubsub.store.createTopic({ name: TOPIC, labels: {} });
    const heard = { ...environment(), KEY_WARDEN_ALERT_TOPIC: TOPIC };
    const { err } = await run(['check', '--record'], { environment: heard });
    expect(err).toContain(`by hand: on the pretend cloud at ${cloud.url}; on record as `);
    expect(err).not.toContain('nobody else');
    expect(err).toContain('"severity":"CRITICAL"');
    expect((await on('status')).out).toMatch(/public-repo +failing /);
  });

  test('in a project without managed secrets says how to begin', async () => {
    cloud.names.add('empty-project');
    const { code, out } = await on('check', '--project', 'empty-project');
    expect(code).toBe(3);
    expect(out).toContain('key-warden init --secret SECRET_ID');
  });

  test('of a project that may not be listed ends with 4 and does not say that it is empty', async () => {
    for (const command of ['check', 'status', 'purge']) {
      cloud.faults.plant({ path: '/secrets' }, 1, {
        act: 'answer',
        reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
      });
      const { code, out } = await on(command);
      expect([command, code]).toEqual([command, 4]);
      expect(out).toContain('Grant secretmanager.secrets.list');
      expect(out).not.toContain('no managed secret');
    }
  });

  test('reports a cloud that is not there and ends with 3', async () => {
    const { code, out } = await run(['check', '--project', 'demo-project', '--secret', 'x'], {
      environment: { KEY_WARDEN_EMULATOR: 'http://127.0.0.1:9' },
    });
    expect(out).toContain('store_unavailable');
    expect(code).toBe(3);
  });
});

describe('a project that the settings do not name (I16)', () => {
  test.each([
    [['--project', 'empty-project'], /^note: empty-project: none of KEY_WARDEN_PROJECTS, so the worker does nothing/],
    [['--project', SHOWCASE_PROJECT], /^$/],
    [['--secret', 'projects/111111111111/secrets/x'], /^$/],
  ])('is said to be outside: %j', async (words, said) => {
    expect((await on('status', ...words)).err).toMatch(said);
  });

  test('is not said to be where the settings name none', async () => {
    const { KEY_WARDEN_PROJECTS: _, ...without } = environment();
    expect((await run(['status', '--project', 'empty-project'], { environment: without })).err).toBe('');
  });
});

describe('init', () => {
  const MINUTE = /\d{4}-\d\d-\d\d \d\d:\d\d UTC/;

  test('puts a secret under care, first as a rehearsal', async () => {
    const key = cloud.identities.keyString('auth');
    cloud.keyring.put(key, 'works', { project: cloud.names.numberOf(SHOWCASE_PROJECT) }, cloud.clock.now());
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'fresh', payloads: [key] });
    const change = `fresh: label key-warden=managed, alias current → version 1, its key counts as made WHEN, which its issuer says\n`;
    const init = async (...more: readonly string[]) =>
      (await on('init', '--secret', 'fresh', ...more)).out.replace(MINUTE, 'WHEN');
    expect(await init('--dry-run')).toBe(`would be managed  ${change}`);
    expect(await init()).toBe(`managed  ${change}`);
    expect((await on('init', '--secret', 'fresh')).out).toBe('already managed  fresh\n');
    expect(json((await on('init', '--secret', 'fresh', '--json')).out)).toMatchObject({
      schema: 'key-warden/init/v1',
      secrets: [{ outcome: 'already' }],
    });
  });

  test('takes a dead key too, says what to do about it, and ends with 1', async () => {
    const key = cloud.identities.keyString('auth');
    cloud.keyring.put(key, 'leaked', { project: cloud.names.numberOf(SHOWCASE_PROJECT) }, cloud.clock.now());
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'burnt', payloads: [key] });
    const { code, out } = await on('init', '--secret', 'burnt', '--dry-run');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^would be managed  burnt: label key-warden=managed, alias current → version 1, its key counts as made \S+ \S+ UTC, which its issuer says\n  its key is dead: /,
    );
    expect(out).toContain(`key-warden rotate --secret projects/${SHOWCASE_PROJECT}/secrets/burnt --emergency`);
  });

  test('without a secret asks for one', async () => {
    expect(await on('init')).toMatchObject({ code: 2, err: expect.stringContaining('which secret?') });
  });

  test('of a secret that is not there ends with 4', async () => {
    expect(await on('init', '--secret', 'ghost')).toMatchObject({
      code: 4,
      out: expect.stringMatching(/^failed {2}ghost: Cannot look at .*ghost.* not found/),
    });
  });
});

describe('doctor', () => {
  test('finds the process that still holds the old key', async () => {
    const file = join(folder, 'mounted-key');
    await writeFile(file, `AI${'za'}SyOld${'o'.repeat(30)}\n`);
    const { code, out } = await on(
      'doctor',
      '--secret',
      'search-app',
      '--file',
      file,
      '--file',
      join(folder, 'nothing'),
      '--file',
      folder,
    );
    expect(code).toBe(1);
    expect(out).toContain('the key in projects/demo-project/secrets/search-app (current, version 1) works');
    expect(out).toContain('nothing');
    expect(out).toContain('cannot be read (EISDIR)');
    expect(out).not.toContain('SyOld');
  });

  test('reads the variables and the .env file that SDKs read', async () => {
    const path = join(folder, '.env');
    await writeFile(path, 'GEMINI_API_KEY="placeholder"\nOTHER=1\n');
    const { out } = await run(['doctor', '--dotenv', path, '--json'], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url, GOOGLE_API_KEY: 'another-one-entirely' },
    });
    expect(json(out)).toMatchObject({
      schema: 'key-warden/doctor/v1',
      places: [{ title: 'GOOGLE_API_KEY', state: 'key' }, { state: 'absent' }, { title: `GEMINI_API_KEY in ${path}` }],
    });
  });

  test('finds the variables behind a byte order mark, windows line ends, quotes and export, and tells of the mark', async () => {
    const path = join(folder, 'windows.env');
    await writeFile(
      path,
      '\ufeffexport GEMINI_API_KEY="one-key-of-somebody"\r\nGOOGLE_API_KEY=\'one-key-of-somebody\'\r\n',
    );
    const { out } = await run(['doctor', '--dotenv', path, '--json'], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url },
    });
    expect(json(out)).toMatchObject({
      places: [
        {},
        {},
        { title: `GOOGLE_API_KEY in ${path}`, lint: [] },
        { sameAs: `GOOGLE_API_KEY in ${path}`, lint: [] },
      ],
      advice: expect.arrayContaining([expect.stringContaining('begins with a byte order mark')]),
    });
  });

  test('without a key anywhere says so: nothing found is no good news', async () => {
    const { code, out } = await run(['doctor', '--dotenv', join(folder, 'none')], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url },
    });
    expect(out).toMatch(/✗ +a key is there +none was found in GOOGLE_API_KEY, GEMINI_API_KEY/);
    expect(out).toMatch(/– +Google takes it as it is stored +not looked/);
    expect(code).toBe(4);
  });

  test('of a secret whose name is mistyped says that, and not that permissions are missing', async () => {
    const { code, out } = await on('doctor', '--secret', 'serach-app');
    expect(code).toBe(4);
    expect(out).toMatch(
      /✗ +you may check projects\/demo-project\/secrets\/serach-app +it does not exist under this name/,
    );
    expect(out).not.toContain('you lack');
  });

  test('two hosts are compared by what each printed, and no key is in it', async () => {
    const key = `AI${'za'}SyHost${'h'.repeat(29)}`;
    const host = async (name: string, variables: Readonly<Record<string, string>>, ...word: readonly string[]) => {
      const { out } = await run(['doctor', '--dotenv', join(folder, 'none'), '--json', ...word], {
        environment: { KEY_WARDEN_EMULATOR: cloud.url, ...variables },
      });
      expect(out).not.toContain('hhhh');
      await writeFile(join(folder, name), out);
      return join(folder, name);
    };
    const [one, same, other] = [
      await host('one.json', { GEMINI_API_KEY: key }, '--compare-with', 'blue-otter'),
      await host('same.json', { GOOGLE_API_KEY: key }, '--compare-with', 'blue-otter'),
      await host('other.json', { GEMINI_API_KEY: `${key.slice(0, -1)}i` }, '--compare-with', 'blue-otter'),
    ];
    const plain = await host('plain.json', { GEMINI_API_KEY: key });
    expect(await readFile(plain, 'utf8')).not.toMatch(/fingerprint|comparison|blue-otter/);
    expect(await readFile(one, 'utf8')).not.toContain('blue-otter');
    expect(await run(['doctor', '--compare', one, plain])).toMatchObject({
      code: 3,
      out: expect.stringContaining('--compare-with WORD'),
    });
    for (const word of ['', key])
      expect(await run(['doctor', '--json', '--compare-with', word])).toMatchObject({ code: 2 });
    const alike = await run(['doctor', '--compare', one, same]);
    expect(alike).toMatchObject({
      code: 0,
      out: expect.stringMatching(/✓ +both hosts use the same key +GEMINI_API_KEY here, GOOGLE_API_KEY there/),
    });
    expect(await run(['doctor', '--compare', one, other])).toMatchObject({
      code: 1,
      out: expect.stringContaining('✗'),
    });
    expect(await run(['doctor', '--compare', one])).toMatchObject({ code: 2 });
    expect(await run(['doctor', '--compare', one, join(folder, 'no.json')])).toMatchObject({ code: 2 });
    expect(await run(['doctor', '--compare', one, same, other])).toMatchObject({ code: 2 });
  });

  test('compares the app’s start with its env file, and looks at what it was started with', async () => {
    const path = join(folder, 'app.env');
    await writeFile(path, 'OTHER=1\n');
    const about = (pid: number | string, ...more: readonly string[]) =>
      run(['doctor', '--pid', String(pid), '--dotenv', path, ...more], {
        environment: { KEY_WARDEN_EMULATOR: cloud.url, GEMINI_APIKEY: 'only-in-this-shell' },
      });
    await utimes(path, new Date(), new Date('2100-01-01T00:00:00Z'));
    const older = await about(process.pid);
    expect(older.code).toBe(4);
    expect(older.out).toMatch(
      /✗ +the app is younger than its files +it was started at 20\S+, before \S+app.env was changed at 2100-\S+: unless it reads/,
    );
    expect(older.out).not.toContain('GEMINI_APIKEY');
    await utimes(path, new Date(), new Date('2001-01-01T00:00:00Z'));
    expect((await about(process.pid)).out).toMatch(/✓ +the app is younger than its files +it was started at/);
    const gone = await about(2 ** 31);
    expect(gone.out).toMatch(/– +the app is younger than its files +not looked: no process 2147483648/);
    expect(gone.out).toContain('GEMINI_APIKEY was probably meant');
    expect(await about('sh')).toMatchObject({ code: 2 });
    expect((await about(process.pid, '--file', path)).out).toMatch(/after \S+app.env, \S+app.env/);
  });

  test('looks at the siblings of .env, at UTF-16, and at what others read otherwise', async () => {
    const path = join(folder, 'wide');
    await writeFile(path, Buffer.from('\ufeffGEMINI_API_KEY=one-key-of-somebody\n', 'utf16le'));
    await writeFile(`${path}.local`, 'GEMINI_API_KEY="one-key-of-somebody" # mine\n');
    const { out } = await run(['doctor', '--dotenv', path, '--json'], {
      environment: { KEY_WARDEN_EMULATOR: cloud.url },
    });
    expect(json(out)).toMatchObject({
      places: [
        {},
        {},
        { title: `GEMINI_API_KEY in ${path}` },
        { title: `GEMINI_API_KEY in ${path}.local`, sameAs: `GEMINI_API_KEY in ${path}` },
      ],
      advice: expect.arrayContaining([
        expect.stringContaining('is stored as UTF-16'),
        expect.stringContaining('takes the quotes for a part'),
      ]),
    });
  });

  test('says when the permissions could not be asked', async () => {
    cloud.faults.plant({ path: ':testIamPermissions' }, 1, { act: 'answer', reply: { status: 403, body: {} } });
    expect((await on('doctor', '--secret', 'search-app')).out).toContain(
      'the permissions on projects/demo-project/secrets/search-app could not be asked',
    );
  });

  test('tells which permission is missing', async () => {
    cloud.faults.plant({ path: ':testIamPermissions' }, 1, { act: 'answer', reply: { status: 200, body: {} } });
    expect((await on('doctor', '--secret', 'search-app')).out).toContain(
      'you lack secretmanager.versions.access on projects/demo-project/secrets/search-app, which whoever checks it needs: the check reads the key to probe it',
    );
  });
});

describe('a key that its list of APIs keeps from Gemini', () => {
  const project = '120000000011';
  const key = `AI${'za'}SyDrive${'v'.repeat(28)}`;
  let keyId: string;

  beforeAll(() => {
    cloud.names.add('keys-prod', project);
    const now = cloud.clock.now();
    keyId = cloud.keyring.put(key, 'works', { project, kind: 'standard' }, now).keyId;
    const { uid } = cloud.keyring.byString(key) ?? { uid: '' };
    cloud.keyring.change(uid, { restrictions: { apiTargets: [{ service: 'drive.googleapis.com' }] } }, now);
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'drive-app', payloads: [key] });
  });

  const whole = () =>
    `gcloud services api-keys update ${keyId} --api-target=service=drive.googleapis.com --api-target=service=generativelanguage.googleapis.com --project=${project}`;

  test.each(['check', 'doctor'])('%s prints the command that keeps what it may call now', async (command) => {
    const { code, out } = await on(command, '--secret', 'drive-app');
    expect(out).toContain(whole());
    expect(out).toContain('the key may call drive.googleapis.com, and not the Gemini API');
    expect(out).not.toContain('vvvv');
    expect(code).toBe(1);
  });

  test.each(['check', 'doctor'])(
    '%s prints none where the list may not be read, and names the right',
    async (command) => {
      cloud.faults.plant({ path: '/keys' }, 1, {
        act: 'answer',
        reply: { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } },
      });
      const { out } = await on(command, '--secret', 'drive-app');
      expect(out).not.toContain('api-keys update');
      expect(out).toContain('apikeys.keys.list');
      expect(out).toContain('gcloud services api-keys list');
    },
  );
});

describe('settings that cannot be used', () => {
  test('are all named at once, with code 4 and no stack', async () => {
    const { code, err } = await run(['check'], {
      environment: { KEY_WARDEN_CONCURRENCY: '0', KEY_WARDEN_GEMINI_URL: 'ftp://x' },
    });
    expect(code).toBe(4);
    expect(err).toContain('no project is set');
    expect(err).toContain('KEY_WARDEN_CONCURRENCY must be a whole number from 1 to 500, not "0"');
    expect(err).toContain('KEY_WARDEN_GEMINI_URL must be https://host');
    expect(err).not.toContain('    at ');
  });

  test('a bare secret id in several projects is ambiguous', async () => {
    expect(await on('check', '--secret', 'x', '--project', 'a-project', '--project', 'b-project')).toMatchObject({
      code: 2,
      err: expect.stringContaining('name the project with --project'),
    });
  });

  test('a project takes no word after its own, which names a secret', async () => {
    const { code, out } = await on('check', '--project', SHOWCASE_PROJECT, 'search-app');
    expect({ code, lines: out.split('\n').filter((line) => line.startsWith('search-app')) }).toEqual({
      code: 0,
      lines: [expect.stringContaining('works')],
    });
  });

  test('a secret that is none is refused', async () => {
    expect(await on('check', '--secret', 'a/b')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"a/b" is not a secret'),
    });
  });
});

describe('usage', () => {
  test('errors end with 2 and point at the help', async () => {
    for (const words of [
      ['chekc'],
      ['check', '--jsn'],
      ['explain', '--status', '9000'],
      ['emulator', '--port', 'x'],
      ['explain', '--key-kind', 'odd'],
    ]) {
      const { code, err, out } = await run(words);
      expect(code).toBe(2);
      expect(err).toContain('--help');
      expect(out).toBe('');
    }
  });

  test('help shows examples first and every command', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const name of ['check', 'status', 'explain', 'doctor', 'init', 'emulator', 'demo'])
      expect(out).toContain(name);
    expect((await run(['check', '--help'])).out).toMatch(/^Examples:/);
  });

  test('without a command shows the help and ends with 2', async () => {
    expect(await run([])).toMatchObject({ code: 2, err: expect.stringContaining('Usage: key-warden') });
  });
});

describe('emulator', () => {
  test('prints its address first and ends when it is asked to', async () => {
    const { code, out, err } = await run(['emulator', '--port', '0', '--grpc-port', '0'], {
      interrupted: () => Promise.resolve(),
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(err).toContain('KEY_WARDEN_EMULATOR=http://127.0.0.1:');
    expect(err).toContain('a channel of the kind email needs a relay');
    expect(err).toMatch(/gRPC +on 127\.0\.0\.1:\d+/);
  });

  test('starts from a seed file, with the projects that it is told of', async () => {
    const file = join(folder, 'fleet.json');
    const seed = ['POST /_emulator/secrets', { project: 'my-project', secretId: 'x' }];
    await writeFile(file, JSON.stringify({ version: 1, calls: [seed] }));
    const words = ['emulator', '--port', '0', '--empty', '--project', 'my-project'];
    const interrupted = () => Promise.resolve();
    const started = await run([...words, '--seed', file], { interrupted });
    expect(started.code).toBe(0);
    for (const line of ['KEY_WARDEN_PROJECTS=my-project\n', 'CLOUDSDK_CORE_PROJECT=my-project\n'])
      expect(started.err).toContain(line);
    await writeFile(file, '{}');
    const refused = await run([...words, '--grpc-port', '0', '--seed', file], { interrupted });
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('cannot be loaded: a seed file has') });
  });

  test('on a port that is taken says which and what to do', async () => {
    expect(await run(['emulator', '--port', String(cloud.port), '--empty'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('(EADDRINUSE); choose another with --port'),
    });
  });

  test('on a gRPC port that is taken ends too, and gives the other port back', async () => {
    grpc.setLogVerbosity(grpc.logVerbosity.NONE);
    const other = await pretendCloud();
    await other.close();
    const ended = await run(['emulator', '--port', String(other.port), '--grpc-port', String(cloud.port)]);
    expect(ended).toMatchObject({
      code: 4,
      err: expect.stringContaining('(EADDRINUSE); choose another with --grpc-port'),
    });
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

describe('demo', () => {
  test('runs to its end, announces once and recovers', async () => {
    const { code, out } = await run(['demo']);
    expect(code).toBe(0);
    expect(out.match(/slack .*search-app · the key was reported as leaked/g)).toHaveLength(1);
    const incident =
      /pagerduty +trigger +(incident projects\/\d+\/secrets\/search-app#\d{8}-1\/critical): search-app · the key was reported as leaked/.exec(
        out,
      )?.[1];
    expect(out.match(/pagerduty +trigger/g)).toHaveLength(1);
    expect(out).toContain('(nothing)');
    expect(out).toMatch(/retire: done +version 1 disabled, its key deleted at the issuer/);
    expect(out).toContain('search-app · works again · demo-project: the trouble is over');
    expect(out).toContain(`pagerduty      resolve  ${incident}\n`);
    expect(out).toMatch(/wait +the new key is refused so far/);
  });

  test('is coloured where colour is seen', async () => {
    expect((await run(['demo'], { colour: true })).out).toContain('\u001b[');
  });
});

test('a broken key is found by the next check', async () => {
  showcase.turn('search-app', 'leaked');
  expect((await on('check', '--secret', 'search-app')).out).toContain('dead');
  showcase.turn('search-app', 'works');
});
