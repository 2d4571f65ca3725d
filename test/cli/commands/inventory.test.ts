import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORGANIZATION } from '../../../src/emulator/world/hierarchy.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { run } from '../../support/captured.ts';
import { DAY_MS, pretendCloud, START } from '../../support/cloud.ts';
import { gcloud } from '../remedies/gcloud.ts';

const PROJECT = 'search-prod';
const OTHER = 'ads-prod';
const ACCOUNT = `app-runner@${PROJECT}.iam.gserviceaccount.com`;
const LATER = `gemini-keys@${PROJECT}.iam.gserviceaccount.com`;

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud({
    base: () => START,
    propagation: { newKeyMs: 0 },
    projects: { [PROJECT]: '111111111111', [OTHER]: '222222222222' },
  });
});
beforeEach(() => {
  cloud.reset();
  for (const email of [ACCOUNT, LATER]) cloud.accounts.setState(email, 'active');
});
afterAll(() => cloud.close());

interface Draft {
  readonly kind?: 'standard' | 'auth';
  readonly days?: number;
  readonly unrestricted?: boolean;
  readonly project?: string;
  /** The secret that holds it. */
  readonly held?: 'managed' | 'unmanaged';
}

/** A key that somebody made some time ago, called by a name. */
function key(name: string, { kind = 'auth', days = 50, unrestricted = false, project = PROJECT, held }: Draft = {}) {
  const characters = cloud.identities.keyString(kind);
  const { uid } = cloud.keyring.put(
    characters,
    'works',
    {
      project: cloud.names.numberOf(project),
      kind,
      ...(kind === 'auth' ? { serviceAccountEmail: ACCOUNT } : {}),
      ...(unrestricted ? { restrictions: { apiTargets: [] } } : {}),
    },
    START - days * DAY_MS,
  );
  cloud.keyring.change(uid, { displayName: name }, START - days * DAY_MS);
  const managed = held === 'managed' ? { labels: { 'key-warden': 'managed' }, aliases: { current: 1 } } : {};
  if (held !== undefined) cloud.secrets.seed({ project, secretId: name, payloads: [characters], ...managed });
  return { characters, uid };
}

const type = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  run(words, {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_KEY_SERVICE_ACCOUNT: LATER,
      USER: 'jane',
      ...environment,
    },
    clock: { now: () => instantOf(cloud.clock.now()), sleep: (ms) => cloud.advance(ms) },
  });

interface Finding {
  readonly kind: string;
  readonly cure: { readonly command: string };
}

/** The findings about a key. */
async function findingsOf(name: string): Promise<readonly Finding[]> {
  const { out } = await type(['inventory', '--json']);
  const { keys } = JSON.parse(out) as { keys: { displayName: string; findings: readonly Finding[] }[] };
  return keys.find(({ displayName }) => displayName === name)?.findings ?? [];
}

describe('inventory', () => {
  test('shows each key that needs something, with its holder and a cure, and writes nothing', async () => {
    key('app', { held: 'managed' });
    key('old', { kind: 'standard', held: 'managed' });
    key('stray', { kind: 'standard', unrestricted: true });
    const before = cloud.requests().length;
    const { code, out, err } = await type(['inventory']);
    expect(out).toMatchInlineSnapshot(`
      "old  legacy (AIza…); projects/111111111111/locations/global/keys/1138f18d-986b-4c1e-a7b9-7779e35aaa08
        age      50 days, not used since 2026-10-14
        held by  projects/111111111111/secrets/old (current, latest)
        medium   legacy: it is of the legacy type (AIza…), which Google had announced to refuse in September 2026; restricted ones were still taken then.
                 Replace it by a key that is bound to an account:
                   key-warden rotate --secret projects/111111111111/secrets/old --service-account=gemini-keys@search-prod.iam.gserviceaccount.com
        low      unused: it was not used in 41 days.
                 See whether anybody reads it still:
                   key-warden consumers --secret projects/111111111111/secrets/old

      stray  legacy (AIza…), unrestricted; projects/111111111111/locations/global/keys/b5bcf512-6077-49b0-a254-ccf9e4b5dd75
        age      50 days, not used since 2026-10-14
        held by  no secret
        high     unrestricted: it is restricted to no API, so it is good for every API of its project; the Gemini API has refused such keys since 2026-06-19.
                 Restrict it to the Gemini API; what else it is used for has to stand in the same list:
                   gcloud services api-keys update b5bcf512-6077-49b0-a254-ccf9e4b5dd75 --api-target=service=generativelanguage.googleapis.com --project=111111111111
        high     shadow: no secret that was looked through holds it, and it was not used in 41 days.
                 Delete it; for 30 days it can be brought back:
                   gcloud services api-keys delete b5bcf512-6077-49b0-a254-ccf9e4b5dd75 --project=111111111111
        medium   legacy: it is of the legacy type (AIza…), which Google had announced to refuse in September 2026; restricted ones were still taken then.
                 Delete it; for 30 days it can be brought back:
                   gcloud services api-keys delete b5bcf512-6077-49b0-a254-ccf9e4b5dd75 --project=111111111111

      3 keys can reach the Gemini API: 1 unrestricted, 1 shadow, 2 legacy, 1 unused (2026-11-24)
      "
    `);
    expect(err).toMatchInlineSnapshot(`
      "  3 keys and 2 secrets: a count of use for each key, a list of versions for each secret and an access for each version that is enabled; about 1 minute
        asked for: the keys of 1 project and 3 key strings from their issuer, 3 counts of use, 1 account, 2 secrets with 2 versions read; nothing was written
      "
    `);
    expect(code).toBe(5);
    const writes = cloud
      .requests()
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith(':access'));
    expect(writes).toEqual([]);
  });

  test('of keys that are all well ends with 0', async () => {
    key('app', { held: 'managed' });
    const { code, out } = await type(['inventory']);
    expect([code, out]).toEqual([0, '1 key can reach the Gemini API, and nothing is to be mended (2026-11-24)\n']);
  });

  test('is a table for spreadsheets, or a page, and holds no byte of a key', async () => {
    const keys = [key('app', { held: 'unmanaged' }), key('stray', { kind: 'standard' })];
    const csv = await type(['inventory', '--csv']);
    expect(csv.out.split('\r\n')[1]).toMatch(
      /^app,projects\/111111111111\/.*,enabled,.*,held,projects\/111111111111\/secrets\/app,unmanaged,medium$/,
    );
    const html = await type(['inventory', '--html', '-']);
    expect(html.out).toMatch(/^<!doctype html>[^]*2 keys can reach the Gemini API; 2 of them to be mended\./);
    for (const { characters } of keys)
      expect(csv.out + html.out + csv.err + html.err).not.toContain(characters.slice(6));
  });

  test('reads no key string of a project that the settings do not name, and ends with 4', async () => {
    key('app', { held: 'managed', project: OTHER });
    const { code, out } = await type(['inventory', '--project', OTHER]);
    expect([code, out]).toEqual([4, expect.stringContaining('the key strings of project ads-prod are not read')]);
    expect(cloud.requests().filter(({ path }) => path.endsWith('/keyString'))).toEqual([]);
  });

  test('of a project alone, where no settings name any, reads its keys', async () => {
    key('app', { held: 'managed', project: OTHER });
    const { code } = await run(['inventory', '--project', OTHER], { environment: { KEY_WARDEN_EMULATOR: cloud.url } });
    expect(code).toBe(0);
  });

  test('ends with 3 where it could not tell', async () => {
    const { code, out } = await run(['inventory', '--project', PROJECT], {
      environment: { KEY_WARDEN_EMULATOR: 'http://127.0.0.1:9' },
      clock: { now: () => instantOf(START), sleep: () => Promise.resolve() },
    });
    expect([code, out]).toEqual([3, expect.stringContaining('not looked at')]);
  });

  test.each([[['--json', '--csv']], [['--csv', '--html', 'x']], [['--html', ' ']]])(
    'takes one form: %j',
    async (words) => {
      expect((await type(['inventory', ...words])).code).toBe(2);
    },
  );
});

describe('inventory --since', () => {
  const folder = mkdtempSync(join(tmpdir(), 'key-warden-inventory-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('tells only what is new, and nothing twice', async () => {
    key('old', { kind: 'standard', held: 'managed' });
    const first = await type(['inventory', '--json']);
    const before = file('first.json', first.out);
    const nothing = await type(['inventory', '--since', before]);
    expect([first.code, nothing.code, nothing.out]).toEqual([
      5,
      0,
      '1 key can reach the Gemini API, and nothing is new (2026-11-24)\n',
    ]);
    key('stray', { days: 3 });
    const { code, out } = await type(['inventory', '--since', before]);
    expect([code, out]).toEqual([
      5,
      expect.stringMatching(/^stray [^]*2 keys can reach the Gemini API, new are: 1 shadow/),
    ]);
    const json = JSON.parse((await type(['inventory', '--since', before, '--json'])).out) as {
      keys: readonly unknown[];
      news: readonly Finding[];
    };
    expect([json.keys.length, json.news.map(({ kind }) => kind)]).toEqual([2, ['shadow']]);
  });

  test.each([
    ['is not there', () => join(folder, 'none'), /cannot be read \(ENOENT\)/],
    ['is something else', () => file('other', '{"schema":"key-warden/find/v1"}'), /not what inventory --json printed/],
  ])('of a file that %s ends with 2', async (_, path, says) => {
    expect(await type(['inventory', '--since', path()])).toMatchObject({ code: 2, err: expect.stringMatching(says) });
  });
});

describe('inventory --organization', () => {
  test('shows the keys of every project that has some, and reads the strings of the settings’ projects alone', async () => {
    key('app', { held: 'managed' });
    key('theirs', { project: OTHER });
    for (const scope of [ORGANIZATION, ORGANIZATION.replace('organizations/', '')]) {
      const { code, out } = await type(['inventory', '--organization', scope, '--csv']);
      expect(code).toBe(4);
      const rows = out.split('\r\n').map((row) => row.split(','));
      expect(rows.map((row) => [row[0], row[2], row[11]])).toEqual([
        ['key', 'project', 'held'],
        ['app', PROJECT, 'held'],
        ['theirs', OTHER, 'not_looked'],
        ['', undefined, undefined],
      ]);
    }
  });

  test('says what of it could not be searched', async () => {
    key('app', { held: 'managed' });
    const denied = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } } };
    cloud.faults.plant({ path: ':searchAllResources' }, 1, { act: 'answer', reply: denied });
    const { code, out } = await type(['inventory', '--organization', ORGANIZATION]);
    expect([code, out]).toEqual([4, expect.stringMatching(/^not looked at .*search/m)]);
  });

  test.each([[['--organization', 'acme']], [['--organization', '1', '--project', PROJECT]]])(
    'takes a number, and no project beside it: %j',
    async (words) => {
      expect((await type(['inventory', ...words])).code).toBe(2);
    },
  );
});

describe('a cure is a command that runs in the state that it is told for', () => {
  const mend = () => {
    for (const { uid, restrictions } of cloud.keyring.all())
      if (restrictions.apiTargets.length === 0)
        cloud.keyring.change(
          uid,
          { restrictions: { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] } },
          START,
        );
  };

  /** Types the cure of a finding as it is printed. */
  async function cured(name: string, kind: string): Promise<readonly string[]> {
    const finding = (await findingsOf(name)).find((one) => one.kind === kind);
    if (finding === undefined) throw new Error(`${kind} was not found`);
    const [program, ...words] = finding.cure.command.split(' ');
    if (program === 'gcloud') await gcloud({ cloud, mend }, words);
    else expect(await type(words)).toMatchObject({ code: 0 });
    return (await findingsOf(name)).map((one) => one.kind);
  }

  test('of an account that is disabled', async () => {
    key('app', { held: 'managed' });
    cloud.accounts.setState(ACCOUNT, 'disabled');
    expect(await cured('app', 'account_disabled')).toEqual([]);
  });

  test.each(['account_gone', 'legacy'])(
    'of a key whose successor is to be bound to another account: %s',
    async (kind) => {
      key('app', { held: 'managed', kind: kind === 'legacy' ? 'standard' : 'auth' });
      if (kind === 'account_gone') cloud.accounts.setState(ACCOUNT, 'deleted');
      await cured('app', kind);
      const made = cloud.keyring.all().find(({ serviceAccountEmail }) => serviceAccountEmail === LATER);
      expect(made).toMatchObject({ kind: 'auth' });
    },
  );

  test('of a key without a restriction', async () => {
    key('app', { held: 'managed', unrestricted: true });
    expect(await cured('app', 'unrestricted')).toEqual([]);
  });

  test('of a shadow that nobody uses, which is deleted and can be brought back', async () => {
    const { uid } = key('stray', { kind: 'standard' });
    expect(await cured('stray', 'shadow')).toEqual([]);
    expect(cloud.keyring.all().find((one) => one.uid === uid)?.deletedAt).toBeDefined();
  });

  test('of a shadow that may be used: somebody looks, and it is left alone', async () => {
    const { uid } = key('stray');
    expect(await cured('stray', 'shadow')).toEqual(['shadow']);
    expect(cloud.keyring.all().find((one) => one.uid === uid)?.deletedAt).toBeUndefined();
  });

  test('of a secret that nobody looks after', async () => {
    key('app', { held: 'unmanaged' });
    expect(await cured('app', 'unmanaged')).toEqual([]);
  });

  test('of a key that is not used', async () => {
    key('app', { held: 'managed', kind: 'standard' });
    expect(await cured('app', 'unused')).toEqual(['legacy', 'unused']);
  });
});
