import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { instantOf } from '../../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../../src/emulator/showcase/showcase.ts';
import { run } from '../../../support/captured.ts';
import { functionProcess, type FunctionProcess } from '../../../support/function-process.ts';
import { gatewayTo, type Gateway } from '../../../support/gateway.ts';
import { pretendCloud } from '../../../support/cloud.ts';

/**
 * The deployed functions as processes of the framework, each with callers of its own, and the command line before them as
 * somebody who may list secrets and look at them, and nothing else.
 */
const account = (id: string) => `${id}@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
const ON_CALL = account('on-call');
const SEARCH = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
const ALERTS = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
const READER = `projects/${SHOWCASE_PROJECT}/roles/Reader`;

let cloud: PretendCloud;
let gateway: Gateway;
let functions: Record<'health-check' | 'rotate' | 'purge', FunctionProcess>;
let environment: Record<string, string>;

beforeAll(async () => {
  cloud = await pretendCloud({
    propagation: { newKeyMs: 0 },
    metadata: { email: ON_CALL, project: SHOWCASE_PROJECT },
  });
  const worker = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_ALERT_TOPIC: ALERTS,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_CALLERS: ON_CALL,
    KEY_WARDEN_KEY_SERVICE_ACCOUNT: account('search-app'),
  };
  const [check, rotate, purge] = await Promise.all([
    functionProcess('healthCheck', worker),
    functionProcess('rotate', { ...worker, KEY_WARDEN_EMERGENCY_CALLERS: ON_CALL }),
    functionProcess('purge', { ...worker, KEY_WARDEN_CALLERS: account('somebody-else') }),
  ]);
  functions = { 'health-check': check, rotate, purge };
  gateway = await gatewayTo(cloud.url, 'on-call');
  environment = {
    KEY_WARDEN_EMULATOR: gateway.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_FUNCTIONS: JSON.stringify({
      'health-check': check.url,
      rotate: rotate.url,
      purge: purge.url,
      notify: 'https://notify.example',
    }),
    USER: 'jane',
  };
});

beforeEach(() => {
  cloud.reset();
  setUp();
});

afterAll(async () => {
  await Promise.all(Object.values(functions).map((one) => one.end()));
  await gateway[Symbol.asyncDispose]();
  await cloud.close();
});

function setUp(): void {
  setUpShowcase(cloud);
  cloud.pubsub.store.createTopic({ name: ALERTS, labels: {} });
  cloud.iam.register('on-call', ON_CALL);
  cloud.iam.defineRole(READER, ['secretmanager.secrets.list', 'secretmanager.secrets.get']);
  cloud.iam.grant(SHOWCASE_PROJECT, `serviceAccount:${ON_CALL}`, READER);
}

const command = (...words: readonly string[]) => run(words, { environment });
const onRecord = () => JSON.stringify(cloud.secrets.snapshot());
const verified = (who: string) => ({ by: { who, is: 'verified' } });

/** The events of the worker's log, which are those that it announced. */
const told = ({ lines }: FunctionProcess): readonly Record<string, unknown>[] =>
  lines.flatMap((line) => (line.startsWith('{') ? ((JSON.parse(line) as { notice?: never }).notice ?? []) : []));

/** What one may do is asked by a POST, and changes nothing. */
function writesOf(calls: readonly string[]): readonly string[] {
  return calls.filter((call) => !call.startsWith('GET ') && !call.endsWith(':testIamPermissions'));
}

describe('with a deployment known, people need no right to write secrets', () => {
  test('rotate is the worker’s, under the verified name of whoever asks, and says so before', async () => {
    const { code, out, err } = await command('rotate', '--secret', SEARCH, '--reason', 'quarterly, as always');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/^under way {2}\S+search-app: /) });
    expect(out).toMatch(/\n {2}search-app reads version 2; version 1 goes on working until nobody uses its key/);
    expect(err).toContain(`asking the worker: rotate at ${functions.rotate.url}, as ${ON_CALL}`);
    expect(onRecord()).toMatch(/phase\W+promoted/);
    expect(told(functions.rotate)).toContainEqual(
      expect.objectContaining({ type: 'rotation.promoted', ...verified(ON_CALL) }),
    );
  });

  test('migrate plans with the rights of whoever asks, and the worker begins the wave under their verified name', async () => {
    const reads = `projects/${SHOWCASE_PROJECT}/roles/Plans`;
    const may = [
      'secretmanager.versions.access',
      'iam.serviceAccounts.get',
      'apikeys.keys.list',
      'apikeys.keys.getKeyString',
    ];
    cloud.iam.defineRole(reads, may);
    cloud.iam.grant(SHOWCASE_PROJECT, `serviceAccount:${ON_CALL}`, reads);
    const { code, out, err } = await command('migrate', '--begin', '--service-account', account('search-app'));
    expect(err).toContain(`asking the worker: rotate at ${functions.rotate.url}, as ${ON_CALL}`);
    expect(out).toMatch(/whether the worker may is not seen from here[^]*^under way {2}\S+\/secrets\/chat-app/m);
    expect([0, 5]).toContain(code);
    expect(told(functions.rotate)).toContainEqual(
      expect.objectContaining({ type: 'rotation.promoted', ...verified(ON_CALL) }),
    );
  });

  test('migrate that waits follows what the worker has on record, until somebody leaves', async () => {
    cloud.iam.defineRole(READER, [
      'secretmanager.secrets.list',
      'secretmanager.secrets.get',
      'secretmanager.versions.access',
    ]);
    let looks = 0;
    const clock = { now: () => instantOf(cloud.clock.now()), sleep: () => setImmediate() };
    const interrupted = () => new Promise<void>((resolve) => void (looks++ > 0 && resolve()));
    const words = ['migrate', '--begin', '--wait', '--service-account', account('search-app')];
    const { code, out, err } = await run(words, { environment, interrupted, clock });
    // 3, unless the plan has something worse to say.
    expect([3, 4, 5]).toContain(code);
    expect(out).toMatch(/^under way {2}\S+\/secrets\/chat-app: .*old key is kept/m);
    expect(err.match(/rotations? of the wave under way/g)?.length).toBeGreaterThan(1);
    expect(err).toContain('stopped watching; all of it is on record');
  });

  test('as JSON it is one object, with what is true now', async () => {
    const { code, out } = await command('rotate', '--secret', SEARCH, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'key-warden/turn/v1',
      secret: SEARCH,
      outcome: 'under_way',
      now: expect.stringMatching(/^search-app reads version 2; /),
      holders: [],
      others: [],
    });
  });

  test('the date on which a leaked key goes although others serve it is the worker’s to set', async () => {
    const shared = cloud.keyring.all().find(({ displayName }) => displayName === 'search-app');
    cloud.secrets.seed({
      project: SHOWCASE_PROJECT,
      secretId: 'ads',
      payloads: [shared?.keyString ?? ''],
      labels: { 'key-warden': 'managed' },
      aliases: { current: 1 },
    });
    const { code, err } = await command('rotate', '--secret', SEARCH, '--emergency', '--at-the-latest', '60');
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/is deleted from \S+ \S+ UTC on, whoever serves it then\n/),
    });
    const dated = cloud.keyring.all().filter(({ annotations }) => 'key-warden-delete-by' in annotations);
    expect(dated.map(({ displayName }) => displayName)).toEqual(['search-app']);
  });

  test('and the rest of a rotation’s life too: rollback, abort, resume, cutting users off, an emergency', async () => {
    await command('rotate', '--secret', SEARCH);
    expect(await command('resume', '--secret', SEARCH)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^under way/),
    });
    expect(await command('resume', '--secret', SEARCH, '--cut-off-users')).toMatchObject({ code: 5 });
    expect(await command('rollback', '--secret', SEARCH)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/rest/),
    });
    expect(await command('abort', '--secret', SEARCH)).toMatchObject({ code: 5 });
    expect(await command('rotate', '--secret', SEARCH, '--emergency')).toMatchObject({ code: 0 });
    expect(onRecord()).toMatch(/outcome\W+completed/);
  });

  test('what a dry run foresees is what the worker may do, not what the person may', async () => {
    const { code, out } = await command('rotate', '--secret', SEARCH, '--dry-run');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/nothing was written/) });
    const { out: json } = await command('rotate', '--secret', SEARCH, '--dry-run', '--json');
    expect(JSON.parse(json)).toMatchObject({ schema: 'key-warden/rehearsal/v1', outcome: 'completed' });
  });

  test('revoke, silence, init, forget, check --record and alert test are the worker’s as well', async () => {
    const listed = await command('revoke', '--secret', SEARCH, '--json');
    const [{ uid }] = (JSON.parse(listed.out) as { doomed: [{ uid: string }] }).doomed;
    expect(await command('revoke', '--secret', SEARCH, '--confirm', uid)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^deleted {2}/),
      err: expect.stringContaining('which consumers read as current'),
    });
    const quiet = ['silence', '--secret', SEARCH, '--until', '4h', '--reason', 'moving'];
    expect(await command(...quiet)).toMatchObject({ code: 0, out: expect.stringMatching(/channels are quiet/) });
    expect(await command('silence', '--secret', SEARCH, '--end')).toMatchObject({ code: 0 });
    expect(await command('silence', '--outages', '--until', '4h', '--reason', 'moving')).toMatchObject({
      code: 2,
      err: expect.stringContaining('KEY_WARDEN_SILENCES'),
    });
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'new-app', payloads: ['hunter2 and more'] });
    expect(await command('init', '--secret', 'new-app')).toMatchObject({ out: expect.stringMatching(/^managed/) });
    expect(await command('forget', '--secret', 'new-app')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^forgotten/),
    });
    const checked = await command('check', '--record', '--secret', 'public-repo', '--json');
    expect(checked.code).toBe(1);
    expect(JSON.parse(checked.out)).toMatchObject({
      schema: 'key-warden/report/v1',
      secrets: [{ cause: 'key_leaked' }],
    });
    expect(await command('alert', 'test')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^arrived {2}the worker’s topic/),
    });
    const types = told(functions.rotate).map(({ type }) => type);
    for (const type of ['silence.set', 'silence.ended', 'alert.test']) expect(types).toContain(type);
  });

  test('the one who asks wrote nothing, and could not have', () => {
    expect(gateway.calls.length).toBeGreaterThan(10);
    expect(writesOf(gateway.calls)).toEqual([]);
  });
});

describe('who asks the worker and may not', () => {
  test('is told by whom he may be let in', async () => {
    const { code, err } = await command('purge', '--dry-run');
    expect(code).toBe(4);
    expect(err).toContain(
      `${ON_CALL} is not among the allowed callers (KEY_WARDEN_CALLERS). Have the account added to the module’s`,
    );
  });

  test('by hand (--local) needs rights of his own, and is on record as somebody who says who he is', async () => {
    const refused = await command('rotate', '--secret', SEARCH, '--local');
    expect(refused.err).toContain(
      `by hand (--local), and the worker is not asked: on the pretend cloud at ${gateway.url}; on record as jane (claimed)`,
    );
    expect(refused.err).toContain('nobody else will hear of it');
    expect(refused.code).toBe(4);
    const { err } = await run(['rotate', '--secret', SEARCH, '--local'], {
      environment: { ...environment, KEY_WARDEN_EMULATOR: cloud.url },
    });
    expect(err).toContain('by hand (--local)');
    expect(onRecord()).toMatch(/who\W+jane\W+is\W+claimed/);
  });

  test('sends no key to a function: the way for that is a version (I9)', async () => {
    const { code, err } = await run(['rotate', '--secret', SEARCH, '--from-stdin'], { environment, input: 'x' });
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('gcloud secrets versions add search-app'),
    });
  });

  test('asks for a part of the fleet that the worker knows nothing of', async () => {
    const { code, err } = await command('check', '--record', '--project', SHOWCASE_PROJECT);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('at all of its own projects') });
  });

  test('asks a deployment without that function', async () => {
    const none = { ...environment, KEY_WARDEN_FUNCTIONS: JSON.stringify({ purge: functions.purge.url }) };
    const { code, err } = await run(['rotate', '--secret', SEARCH], { environment: none });
    expect({ code, err }).toMatchObject({
      code: 4,
      err: expect.stringContaining('the deployment has no function rotate'),
    });
  });
});
