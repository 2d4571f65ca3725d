import { describe, expect, test } from '@jest/globals';
import { inventoryJson } from '../../../src/app/inventory/inventory-json.ts';
import { heldText, kindText, lastUseText, titleOf } from '../../../src/app/inventory/spoken-key.ts';
import { budgetOf, KEY_READS_A_MINUTE, lookingSeconds } from '../../../src/app/listing/pace.ts';
import { inventoryPage } from '../../../src/app/page/inventory-page.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Seen } from '../../../src/app/ports/google-reader.ts';
import { elapsedMs, instantOf, MINUTE_MS } from '../../../src/core/values/time.ts';
import { inventoryStage } from '../../support/inventory-stage.ts';
import { SCOPE } from '../../support/stage.ts';

const { project } = SCOPE;
const MAPS = { apiTargets: [{ service: 'maps-backend.googleapis.com' }] };

describe('an inventory', () => {
  test('has every key that reaches the Gemini API, with who holds it, and reads no other', async () => {
    const on = inventoryStage();
    const held = on.plant('held');
    on.plant('maps', { restrictions: MAPS });
    on.plant('open', { restrictions: {} });
    const app = await on.secret('app', [await on.characters(held.name)]);
    const reads = on.issuer.calls.filter((call) => call === 'keyString').length;
    const { lines, calls, notLooked } = await on.take();
    expect(lines.map(({ key, findings }) => [key.displayName, key.held, findings.map(({ kind }) => kind)])).toEqual([
      [
        'held',
        { is: 'held', places: [{ secret: app, version: 1, readAs: ['current', 'latest'], managed: true }] },
        ['legacy', 'unused'],
      ],
      ['open', { is: 'nobody' }, ['unrestricted', 'shadow', 'legacy']],
    ]);
    expect(notLooked).toEqual([]);
    expect(calls).toEqual({ keyLists: 1, keyStrings: 2, useCounts: 2, accounts: 0, secrets: 1, versions: 1 });
    expect(on.issuer.calls.filter((call) => call === 'keyString')).toHaveLength(reads + 2);
  });

  test('looks through no secret where no key was found, and counts a project once that is named twice', async () => {
    const on = inventoryStage();
    await on.secret('app', ['nothing']);
    expect(await on.take()).toMatchObject({ lines: [], calls: { secrets: 0, versions: 0 } });
    on.plant('one');
    expect((await on.take({ projects: [project, '123456789012'], keyProjects: [project] })).lines).toHaveLength(1);
  });

  test('takes a key with our mark for one that the purge ends', async () => {
    const on = inventoryStage();
    on.plant('old', { annotations: { 'key-warden-secret': 'projects/1/secrets/app' } });
    const { lines } = await on.take();
    expect(lines[0]?.key.held).toEqual({ is: 'kept_for_purge', secret: 'projects/1/secrets/app' });
  });

  test('asks once for each account, and says how it stands', async () => {
    const on = inventoryStage();
    const states = { a: { json: {} }, b: { json: { disabled: true } }, c: 'missing' } as const;
    for (const [id, seen] of Object.entries(states)) on.accounts.set(`${id}@p.iam.gserviceaccount.com`, seen);
    for (const id of ['a', 'a', 'b', 'c']) on.plant(id, { serviceAccountEmail: `${id}@p.iam.gserviceaccount.com` });
    const { lines } = await on.take();
    expect(lines.map(({ key }) => key.account?.state)).toEqual(['enabled', 'enabled', 'disabled', 'gone']);
    expect(lines.map(({ key }) => key.lastUse.is)).toEqual(Array.from({ length: 4 }, () => 'not_measured'));
    expect(on.asked).toHaveLength(3);
  });

  test('reads no more keys in a minute than leaves room for rotations', async () => {
    const on = inventoryStage();
    for (let at = 0; at <= KEY_READS_A_MINUTE; at += 1) on.plant(`key ${at}`);
    const before = on.clock.now();
    await on.take();
    expect(elapsedMs(before, on.clock.now())).toBeGreaterThanOrEqual(MINUTE_MS);
  });
});

describe('what was not looked at is said, and nothing is taken for nobody', () => {
  test('of keys in a project that the settings do not name: their strings are not read', async () => {
    const on = inventoryStage();
    on.plant('bound', { serviceAccountEmail: 'a@p.iam.gserviceaccount.com' });
    on.plant('free');
    const { lines, notLooked, barred, calls } = await on.take({ keyProjects: ['another'] });
    expect(lines.map(({ key }) => [key.kind, key.held.is])).toEqual([
      ['auth', 'not_looked'],
      ['unknown', 'not_looked'],
    ]);
    expect(notLooked).toEqual([expect.stringMatching(/^the key strings of project demo-project are not read/)]);
    expect([barred, calls.keyStrings]).toEqual([true, 0]);
    expect(on.issuer.calls).not.toContain('keyString');
  });

  test.each([
    ['denied', true],
    ['unavailable', false],
  ] as const)(
    'of a project whose keys cannot be listed, and of a key that cannot be read: %s',
    async (code, barred) => {
      const on = inventoryStage();
      on.issuer.failNext('list', new Fault(code, 'no'));
      expect(await on.take()).toMatchObject({
        notLooked: [expect.stringMatching(/were not listed to the end: no$/)],
        barred,
      });
      on.plant('one');
      on.issuer.failNext('keyString', new Fault(code, 'no'));
      const { lines, notLooked } = await on.take();
      expect(lines[0]?.key.held).toEqual({ is: 'not_looked', why: 'no' });
      expect(notLooked).toEqual([expect.stringMatching(/keys\/.*: no$/)]);
    },
  );

  test('of secrets: a key that nobody was seen to hold may be there', async () => {
    const on = inventoryStage();
    on.plant('one');
    await on.secret('app', ['x']);
    on.vault.failNext('versions', new Fault('denied', 'no'));
    const { lines, barred } = await on.take();
    expect([lines[0]?.key.held.is, barred]).toEqual(['not_looked', true]);
  });

  test.each<readonly [string, Seen | Fault, boolean]>([
    ['may not be seen', 'denied', true],
    ['cannot be asked for', new Fault('switched_off', 'off'), true],
    ['does not answer', new Fault('timeout', 'late'), false],
  ])('of an account that %s', async (_, seen, barred) => {
    const on = inventoryStage();
    on.accounts.set('a@p.iam.gserviceaccount.com', seen);
    on.plant('one', { serviceAccountEmail: 'a@p.iam.gserviceaccount.com' });
    const taken = await on.take();
    expect(taken.lines[0]?.key.account?.state).toBe('not_looked');
    expect(taken).toMatchObject({ notLooked: [expect.stringMatching(/^account a@p/)], barred });
  });

  test('of what is no email, of which nothing becomes a path', async () => {
    const on = inventoryStage();
    on.plant('one', { serviceAccountEmail: 'a/../b@p' });
    expect((await on.take()).notLooked).toEqual(['account a/../b@p: it is not the email of an account']);
    expect(on.asked).toEqual([]);
  });

  test('but a key that was deleted since it was listed is gone', async () => {
    const on = inventoryStage();
    on.plant('one');
    on.issuer.failNext('keyString', new Fault('not_found', 'gone'));
    expect(await on.take()).toMatchObject({ lines: [], notLooked: [] });
  });
});

describe('a run that has so much time and no more', () => {
  test.each([
    [240, 3],
    [90, 1],
  ])('ends in time although it waits for its pace: in %i seconds', async (budgetSeconds, minutes) => {
    const on = inventoryStage();
    for (let at = 0; at < 5 * KEY_READS_A_MINUTE; at += 1) on.plant(`key ${at}`);
    const before = on.clock.now();
    const { calls, notLooked } = await on.take({ mayGoOn: budgetOf(on.ports, lookingSeconds(budgetSeconds)) });
    expect(elapsedMs(before, on.clock.now())).toBeLessThanOrEqual(Math.max(budgetSeconds * 1000, 2 * MINUTE_MS));
    expect(calls.keyStrings).toBeGreaterThanOrEqual(minutes * KEY_READS_A_MINUTE);
    expect(notLooked).toEqual([expect.stringMatching(/^the strings of \d+ keys were not read: no time was left/)]);
  });

  test('says what it had no time for, and takes nothing for nobody or unused', async () => {
    const on = inventoryStage();
    on.plant('one');
    on.plant('two');
    await on.secret('app', ['x']);
    let left = 0;
    const takenWith = (calls: number) => {
      left = calls;
      return on.take({ mayGoOn: () => (left -= 1) >= 0 });
    };
    expect(await takenWith(0)).toMatchObject({
      lines: [],
      unlisted: [{ project, why: 'its keys were not listed: no time was left for it in this run' }],
      notLooked: [`project ${project}: its keys were not listed: no time was left for it in this run`],
      barred: false,
    });
    const listed = await takenWith(1);
    expect(listed.lines.map(({ key }) => [key.held.is, key.lastUse.is])).toEqual([
      ['not_looked', 'not_measured'],
      ['not_looked', 'not_measured'],
    ]);
    expect(listed.notLooked).toEqual(['the strings of 2 keys were not read: no time was left for it in this run']);
    expect(listed.calls.keyStrings).toBe(0);
    const read = await takenWith(3);
    expect(read.notLooked).toEqual(['1 secret: no time was left for it in this run']);
    expect(read.lines.map(({ key }) => key.held.is)).toEqual(['not_looked', 'not_looked']);
  });
});

describe('what was seen is told', () => {
  const AT = instantOf(Date.UTC(2026, 10, 24));
  const KEY = {
    name: 'projects/1/locations/global/keys/k1',
    uid: 'u',
    displayName: '',
    project,
    kind: 'unknown',
    reach: 'unrestricted',
    createdAt: AT,
    lastUse: { is: 'used', at: AT },
    held: { is: 'nobody' },
  } as const;
  const place = (id: string, readAs: readonly string[] = [], managed = true) => ({
    secret: id,
    version: 1,
    readAs,
    managed,
  });

  test('in words', () => {
    expect([titleOf(KEY), titleOf({ ...KEY, displayName: 'app' }), titleOf({ ...KEY, name: 'odd' })]).toEqual([
      'k1',
      'app',
      'odd',
    ]);
    expect(kindText(KEY)).toBe('type not known, unrestricted');
    expect(kindText({ ...KEY, kind: 'auth', reach: 'listed', account: { email: 'a@b', state: 'enabled' } })).toBe(
      'auth, as a@b',
    );
    const uses = [KEY.lastUse, { is: 'unused', since: AT }, { is: 'not_measured', why: 'no' }] as const;
    expect(uses.map((lastUse) => lastUseText({ ...KEY, lastUse }))).toEqual([
      'used 2026-11-24',
      'not used since 2026-11-24',
      'use not measured',
    ]);
    const holds = [
      KEY.held,
      { is: 'not_looked', why: 'no' },
      { is: 'kept_for_purge', secret: 's' },
      { is: 'held', places: [place('a'), place('b', ['current'], false)] },
      { is: 'held', places: ['a', 'b', 'c', 'd'].map((id) => place(id, ['latest'])) },
    ] as const;
    expect(holds.map((held) => heldText({ ...KEY, held }))).toEqual([
      'no secret',
      'not known: no',
      'kept for the purge of s',
      'a (by its number alone), b (current, not managed)',
      'a (latest), b (latest), c (latest), 1 more secret',
    ]);
  });

  test('for programs and as a page, without a byte of a key', async () => {
    const on = inventoryStage();
    const planted = [
      on.plant('used'),
      on.plant('<idle>'),
      on.plant('bound', { serviceAccountEmail: 'a@p.iam.gserviceaccount.com' }),
    ];
    on.meter.script(planted[0]?.uid ?? '', { known: true, hours: [{ endsAt: on.clock.now(), requests: 1 }] });
    const taken = await on.take();
    const json = inventoryJson(taken);
    expect(json.keys.map(({ lastUse, ageDays }) => [lastUse.is, ageDays])).toEqual([
      ['used', 100],
      ['unused', 100],
      ['not_measured', 100],
    ]);
    expect(json.counts).toEqual({ shadow: 3, legacy: 2 });
    const page = inventoryPage({ ...taken, notLooked: ['there'] });
    expect(page).toMatch(/3 keys can reach the Gemini API; 3 of them to be mended\./);
    expect(page).toContain('Not looked at: there');
    expect(page).toContain('&lt;idle&gt;');
    for (const { name } of planted) expect(`${JSON.stringify(json)}${page}`).not.toContain(await on.characters(name));
    expect(inventoryPage({ ...taken, lines: [] })).toMatch(
      /0 keys can reach the Gemini API, and nothing is to be mended\./,
    );
    expect(inventoryPage({ ...taken, lines: [], notLooked: ['there'] })).toContain('as far as was looked.');
  });
});
