import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instantOf } from '../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { run } from '../../support/captured.ts';
import { DAY_MS, pretendCloud, START } from '../../support/cloud.ts';
import { writeJournal } from '../../support/annotations.ts';
import { inFlight } from '../../support/journals.ts';
import { gcloud } from '../remedies/gcloud.ts';

const PROJECT = 'search-prod';
const ACCOUNT = `gemini-keys@${PROJECT}.iam.gserviceaccount.com`;
const GEMINI = 'generativelanguage.googleapis.com';

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud({
    base: () => START,
    propagation: { newKeyMs: 60_000 },
    projects: { [PROJECT]: '111111111111' },
  });
});
beforeEach(() => {
  cloud.reset();
  cloud.accounts.setState(ACCOUNT, 'active');
});
afterAll(() => cloud.close());

/** A secret under care with a legacy key. */
function legacy(secretId: string, services: readonly string[] = [GEMINI]): string {
  const characters = cloud.identities.keyString('standard');
  const restrictions = { apiTargets: services.map((service) => ({ service })) };
  const project = cloud.names.numberOf(PROJECT);
  cloud.keyring.put(characters, 'works', { project, kind: 'standard', restrictions }, START - 50 * DAY_MS);
  const managed = { labels: { 'key-warden': 'managed' }, aliases: { current: 1 } };
  cloud.secrets.seed({ project: PROJECT, secretId, payloads: [characters], ...managed });
  return characters;
}

const type = (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  interrupted?: () => Promise<void>,
) =>
  run(words, {
    ...(interrupted === undefined ? {} : { interrupted }),
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_KEY_SERVICE_ACCOUNT: ACCOUNT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      USER: 'jane',
      ...environment,
    },
    // A drain takes a day, and whoever waits looks each minute: here each look is an hour later.
    clock: {
      now: () => instantOf(cloud.clock.now()),
      sleep: (ms) => cloud.advance(words.includes('--wait') ? ms * 60 : ms),
    },
  });

interface Plan {
  readonly counts: Readonly<Record<string, number>>;
  readonly waves: readonly (readonly string[])[];
  readonly secrets: readonly {
    readonly lacks: readonly { readonly kind: string; readonly cure: { readonly command: string } }[];
  }[];
  readonly begun: readonly { readonly secret: string; readonly outcome: string }[];
}

async function plan(...words: readonly string[]): Promise<Plan> {
  const { out } = await type(['migrate', '--json', ...words]);
  return JSON.parse(out) as Plan;
}

describe('migrate', () => {
  test('prints the plan and writes nothing', async () => {
    for (const id of ['ads', 'chat', 'search']) legacy(id);
    const before = cloud.requests().length;
    const { code, out } = await type(['migrate']);
    expect(out).toMatchInlineSnapshot(`
      "3 secrets: 3 ready
      wave 1  ads
      wave 2  chat, search
      note  the organisation policy iam.managed.disableServiceAccountApiKeyCreation is enforced in 111111111111; keys for the Gemini API alone, as these, are said to pass
      the next wave begins with: key-warden migrate --begin
      "
    `);
    expect(code).toBe(0);
    const writes = cloud
      .requests()
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !/:(?:access|testIamPermissions)$/.test(path));
    expect(writes).toEqual([]);
  });

  test('takes a fleet to auth keys wave by wave, and goes on wherever it was left', async () => {
    const keys = ['ads', 'chat', 'search'].map((id) => legacy(id));
    const first = await plan('--begin');
    expect(first.waves.map(({ length }) => length)).toEqual([1, 2]);
    expect(first.begun).toMatchObject([{ secret: expect.stringMatching(/ads$/), outcome: 'under_way' }]);
    // The new key is refused for a minute: nothing more is begun meanwhile.
    const meanwhile = await type(['migrate', '--begin']);
    expect(meanwhile).toMatchObject({ code: 0, err: expect.stringContaining('the wave before is not through') });
    expect(meanwhile.out).toMatch(/^3 secrets: 1 under way, 2 ready\nunder way {2}ads: rotation kw-/);
    await cloud.advance(120_000);
    expect((await type(['resume', '--secret', `projects/${PROJECT}/secrets/ads`])).code).toBe(0);
    expect((await plan()).counts).toMatchObject({ done: 1, ready: 2 });
    const second = await type(['migrate', '--begin']);
    expect(second.out.match(/^under way {2}projects/gm)).toHaveLength(2);
    await cloud.advance(120_000);
    for (const id of ['chat', 'search']) await type(['resume', '--secret', `projects/${PROJECT}/secrets/${id}`]);
    const { code, out } = await type(['migrate', '--begin', '--verbose']);
    expect([code, out]).toEqual([0, '3 secrets: 3 done\ndone  ads\ndone  chat\ndone  search\n']);
    expect(JSON.stringify(cloud.secrets.snapshot())).toContain('to an auth key, by migrate');
    for (const key of keys) expect(out).not.toContain(key.slice(6));
  });

  test('waits for the end of a wave where that is wanted, and can be left and taken up again', async () => {
    for (const id of ['ads', 'chat', 'search']) legacy(id);
    expect(await type(['migrate', '--wait'])).toMatchObject({ code: 2 });
    const left = await type(['migrate', '--begin', '--wait'], {}, () => Promise.resolve());
    expect([left.code, left.err]).toEqual([
      3,
      expect.stringContaining(
        'stopped watching; all of it is on record, and goes on with: key-warden migrate --begin --wait',
      ),
    ]);
    expect(left.err).toContain('waiting until ');
    const through = await type(['migrate', '--begin', '--wait']);
    expect(through.out).toMatch(/^at rest {2}projects\S+ads/m);
    expect(through.code).toBe(0);
    expect((await plan()).counts).toMatchObject({ done: 1, ready: 2 });
    const { begun } = await plan('--begin', '--wait');
    expect(begun.map(({ outcome }) => outcome)).toEqual(['at_rest', 'at_rest']);
    expect((await plan()).counts).toMatchObject({ done: 3 });
  });

  test('prints a next command that says what was typed', async () => {
    legacy('ads', [GEMINI, 'maps-backend.googleapis.com']);
    const given = ['--project', PROJECT, '--service-account', ACCOUNT, '--drop-targets'];
    const { out } = await type(['migrate', ...given]);
    const [, next = ''] = /begins with: key-warden (.*)\n/.exec(out) ?? [];
    expect(next).toBe(`migrate --begin --service-account=${ACCOUNT} --project ${PROJECT} --drop-targets`);
    const { code, out: began } = await type(next.split(' '), { KEY_WARDEN_KEY_SERVICE_ACCOUNT: ACCOUNT });
    expect([code, began]).toEqual([0, expect.stringMatching(/under way {2}projects/)]);
  });

  test('says what is held, and begins nothing more', async () => {
    const journal =
      writeJournal(inFlight({ phase: 'minted', held: true, why: 'no such account', to: undefined })) ?? '';
    cloud.secrets.seed({
      project: PROJECT,
      secretId: 'stuck',
      payloads: [cloud.identities.keyString('standard')],
      labels: { 'key-warden': 'managed' },
      aliases: { current: 1 },
      annotations: { 'key-warden.rotation': journal },
    });
    legacy('ads');
    const { code, out, err } = await type(['migrate', '--begin']);
    expect({ code, out }).toMatchObject({
      code: 5,
      out: expect.stringContaining('held  stuck: rotation kw-1-abc is minted: no such account'),
    });
    expect(err).toContain('the wave before is not through');
  });

  test('names a few waves and counts the others', async () => {
    for (let at = 100; at < 190; at += 1) legacy(`app-${at}`);
    const { out } = await type(['migrate']);
    expect(out).toMatch(/^wave 3 .*\nand 2 more waves\n/m);
  });

  test('points to keys that no secret under care serves', async () => {
    const project = cloud.names.numberOf(PROJECT);
    cloud.keyring.put(cloud.identities.keyString('standard'), 'works', { project, kind: 'standard' }, START);
    const { code, out } = await type(['migrate']);
    expect([code, out]).toEqual([
      3,
      '0 secrets\nno secret under care serves 1 legacy key of these projects: key-warden inventory\n',
    ]);
  });

  test('ends with 3 or 4 where not all could be seen', async () => {
    legacy('ads');
    const denied = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } };
    cloud.faults.plant({ path: '/secrets' }, 1, { act: 'answer', reply: denied });
    const { code, out } = await type(['migrate']);
    expect([code, out]).toEqual([4, expect.stringContaining('not looked at')]);
    const nowhere = await type(['migrate'], { KEY_WARDEN_EMULATOR: 'http://127.0.0.1:9' });
    expect(nowhere.code).toBe(3);
  });

  test('what stops one secret stops no other', async () => {
    const key = legacy('ads');
    const managed = { labels: { 'key-warden': 'managed' }, aliases: { current: 1 } };
    cloud.secrets.seed({ project: PROJECT, secretId: 'twin', payloads: [key], ...managed });
    const freezes = { KEY_WARDEN_FREEZES: '2026-11-20..2026-12-01 Europe/Berlin' };
    const { code, out } = await type(['migrate', '--begin'], freezes);
    expect(code).toBe(5);
    expect(out.match(/^not begun/gm)).toHaveLength(2);
  });

  test('takes an account for an account', async () => {
    expect((await type(['migrate', '--service-account', 'nobody'])).code).toBe(2);
  });
});

describe('what is missing is mended by the command that is printed', () => {
  const lackOf = async (kind: string, environment = {}): Promise<readonly string[]> => {
    const { out } = await type(['migrate', '--json'], environment);
    const { secrets } = JSON.parse(out) as Plan;
    const lack = secrets.flatMap(({ lacks }) => lacks).find((one) => one.kind === kind);
    if (lack === undefined) throw new Error(`${kind} was not said: ${out}`);
    return lack.cure.command.split(' ');
  };

  test('an account that is disabled', async () => {
    legacy('ads');
    cloud.accounts.setState(ACCOUNT, 'disabled');
    const [, ...words] = await lackOf('account_disabled');
    await gcloud({ cloud, mend: () => undefined }, words);
    expect((await plan()).counts).toMatchObject({ ready: 1, blocked: 0 });
  });

  test.each([
    ['no_account', { KEY_WARDEN_KEY_SERVICE_ACCOUNT: undefined }],
    ['account_gone', { KEY_WARDEN_KEY_SERVICE_ACCOUNT: `not-there@${PROJECT}.iam.gserviceaccount.com` }],
  ])('%s: the accounts are listed, and one of them is named', async (kind, environment) => {
    legacy('ads');
    const [, ...words] = await lackOf(kind, environment);
    await gcloud({ cloud, mend: () => undefined }, words);
    const { out } = await type(['migrate', '--json', '--service-account', ACCOUNT]);
    expect((JSON.parse(out) as Plan).counts).toMatchObject({ ready: 1 });
  });

  test('other APIs that are given up', async () => {
    legacy('ads', [GEMINI, 'maps-backend.googleapis.com']);
    const [, ...words] = await lackOf('other_apis');
    expect(await type(words)).toMatchObject({ code: 0, out: expect.stringContaining('1 ready') });
  });

  test.each([
    ['unreadable_record', 3],
    ['no_single_key', 3],
  ])('%s: it is shown', async (kind, code) => {
    const key = legacy('ads');
    cloud.secrets.seed({
      project: PROJECT,
      secretId: 'odd',
      payloads: [kind === 'no_single_key' ? `A=${key}\nB=${cloud.identities.keyString('standard')}` : key],
      labels: { 'key-warden': 'managed' },
      aliases: { current: 1 },
      ...(kind === 'unreadable_record' ? { annotations: { 'key-warden.rotation': 'in no form' } } : {}),
    });
    const [, ...words] = await lackOf(kind);
    expect((await type(words)).code).toBe(code);
  });
});
