import { describe, expect, test } from '@jest/globals';
import { countsOf, migrationJson } from '../../../src/app/migration/migration-json.ts';
import { migrationPlan, type PlanOrder } from '../../../src/app/migration/plan.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { GoogleReader, Seen } from '../../../src/app/ports/google-reader.ts';
import type { KeyRules } from '../../../src/app/ports/key-rules.ts';
import { BINDING_PERMISSIONS } from '../../../src/core/google/key-rules.ts';
import { pastOf } from '../../../src/core/record/ledger.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { DEAD_KEY, GOOD_KEY, MANAGED, SCOPE, stage, STANDARD_KEY } from '../../support/stage.ts';
import { writeHistory, writeJournal } from '../../support/annotations.ts';
import { inFlight, NOW } from '../../support/journals.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';

const { project } = SCOPE;
const NUMBER = '123456789012';
const ACCOUNT = 'gemini-keys@demo-project.iam.gserviceaccount.com';
const GEMINI = { service: 'generativelanguage.googleapis.com' };

interface Scene {
  readonly account?: Seen | Fault;
  readonly permitted?: readonly string[] | Fault;
  readonly enforced?: boolean | Fault;
}

function planStage({ account = { json: {} }, permitted = BINDING_PERMISSIONS, enforced = false }: Scene = {}) {
  const on = stage();
  const issuer = memoryIssuer(on.clock.now);
  const answer = <T>(value: T | Fault): Promise<T> =>
    value instanceof Fault ? Promise.reject(value) : Promise.resolve(value);
  const reader: GoogleReader = { read: () => answer(account) };
  const rules: KeyRules = { permittedOn: () => answer(permitted), isEnforced: () => answer(enforced) };
  const plan = (order: Partial<PlanOrder> = {}) =>
    migrationPlan(
      { ...on.ports, issuer, reader, rules },
      {
        scopes: [SCOPE],
        concurrency: 2,
        secretPolicy: DEFAULT_SECRET_POLICY,
        keyProjects: [project, NUMBER],
        serviceAccount: ACCOUNT,
        dropTargets: false,
        byWorker: false,
        ...order,
      },
    );
  const lacksOf = async (order: Partial<PlanOrder> = {}) =>
    (await plan(order)).steps.map(({ state, lacks }) => [state, ...lacks.map(({ kind }) => kind)].join(' '));
  return { ...on, issuer, plan, lacksOf };
}

describe('a plan', () => {
  test('tells where each secret stands, and leaves out what is no Gemini key', async () => {
    const on = planStage();
    const app = await on.secret('app', [STANDARD_KEY]);
    await on.secret('by-latest', [DEAD_KEY], { current: null });
    await on.secret('done', [GOOD_KEY]);
    await on.secret('password', ['no key at all']);
    await on.secret('odd', ['KEY=AQ.'.concat('x'.repeat(50), '\nOTHER=', 'AQ.', 'y'.repeat(50))]);
    await on.secret('theirs', [STANDARD_KEY], { labels: {} });
    const { steps, waves, notes, notLooked } = await on.plan();
    expect(steps.map(({ secret, state }) => [secret.split('/').at(-1), state])).toEqual([
      ['app', 'ready'],
      ['by-latest', 'ready'],
      ['done', 'done'],
    ]);
    expect(waves[0]).toEqual([app]);
    expect([notes, notLooked]).toEqual([[], []]);
  });

  test('goes by what is on record: what is on its way, what came to nothing, and what is proven', async () => {
    const on = planStage();
    const past = (outcome: 'completed' | 'abandoned') => ({
      annotations: { 'key-warden.history': writeHistory([pastOf(inFlight({ why: 'so' }), outcome, NOW)]) ?? '' },
    });
    const flight = (fields: Parameters<typeof inFlight>[0]) => ({
      annotations: { 'key-warden.rotation': writeJournal(inFlight(fields)) ?? '' },
    });
    await on.secret('a-gave-up', [STANDARD_KEY], past('abandoned'));
    await on.secret('b-held', [DEAD_KEY], flight({ held: true, why: 'no account' }));
    await on.secret('c-going', [DEAD_KEY], flight({}));
    await on.secret('d-done', [GOOD_KEY], past('completed'));
    await on.secret('e-new', [DEAD_KEY]);
    const { steps, waves } = await on.plan();
    expect(steps.map(({ state, why }) => `${state} ${why}`.trim())).toEqual([
      'held rotation kw-1-abc is written: no account',
      'under_way rotation kw-1-abc is written',
      'done',
      'ready',
      'ready',
    ]);
    expect(waves.map((wave) => wave.map((name) => name.split('/').at(-1)))).toEqual([['e-new', 'a-gave-up']]);
  });

  test('takes a promotion for proof that a project makes keys that are taken', async () => {
    for (const [promotedAt, sizes] of [
      [NOW, [2]],
      [undefined, [1, 1]],
    ] as const) {
      const on = planStage();
      const journal =
        writeJournal(inFlight({ phase: promotedAt === undefined ? 'written' : 'promoted', promotedAt })) ?? '';
      await on.secret('a', [GOOD_KEY], { annotations: { 'key-warden.rotation': journal } });
      for (const [id, key] of Object.entries({ b: STANDARD_KEY, c: DEAD_KEY })) await on.secret(id, [key]);
      expect((await on.plan()).waves.map(({ length }) => length)).toEqual(sizes);
    }
  });

  test('counts the legacy keys that no secret under care serves', async () => {
    const on = planStage();
    const held = on.issuer.plant({ project, restrictions: { apiTargets: [GEMINI] } });
    on.issuer.plant({ project, restrictions: { apiTargets: [GEMINI] } });
    on.issuer.plant({ project, annotations: { 'key-warden-secret': 'projects/1/secrets/a' } });
    on.issuer.plant({ project, serviceAccountEmail: ACCOUNT });
    await on.secret('app', [(await on.issuer.keyString(held.name)).reveal()]);
    expect((await on.plan()).outside).toBe(1);
    const drains = on.issuer.plant({ project, restrictions: { apiTargets: [GEMINI] } });
    expect((await on.plan()).outside).toBe(2);
    const journal = inFlight({ phase: 'promoted', fromKey: { name: drains.name, uid: drains.uid } });
    await on.secret('bpp', [GOOD_KEY], { annotations: { 'key-warden.rotation': writeJournal(journal) ?? '' } });
    expect((await on.plan()).outside).toBe(1);
  });

  test('is printed for programs', async () => {
    const on = planStage();
    await on.secret('app', [STANDARD_KEY]);
    const json = migrationJson(await on.plan());
    expect(json).toMatchObject({ schema: 'key-warden/migration/v1', counts: { ready: 1, done: 0 }, barred: false });
    expect(JSON.stringify(json)).not.toContain(STANDARD_KEY);
    expect(countsOf([])).toEqual({ done: 0, under_way: 0, held: 0, ready: 0, blocked: 0 });
  });
});

describe('what is missing is said of each key', () => {
  test.each<readonly [string, Scene, Partial<PlanOrder>, string]>([
    ['an account', {}, { serviceAccount: undefined }, 'blocked no_account'],
    [
      'nothing, where the policy names the account',
      {},
      { serviceAccount: undefined, secretPolicy: { ...DEFAULT_SECRET_POLICY, mint: { keyServiceAccount: ACCOUNT } } },
      'ready',
    ],
    ['an account that is there', { account: 'missing' }, {}, 'blocked account_gone'],
    ['an account that is in use', { account: { json: { disabled: true } } }, {}, 'blocked account_disabled'],
    ['the right to bind keys to it', { permitted: [] }, {}, 'blocked may_not_bind'],
    ['nothing that is known, where the worker binds them', { permitted: [] }, { byWorker: true }, 'ready'],
    [
      'nothing that is known, where nobody says',
      { permitted: new Fault('denied', 'no'), enforced: new Fault('denied', 'no'), account: 'denied' },
      {},
      'ready',
    ],
    [
      'a policy that wants the new type',
      {},
      { secretPolicy: { ...DEFAULT_SECRET_POLICY, mint: { keyKind: 'standard' } } },
      'blocked standard_by_policy',
    ],
  ])('%s', async (_, scene, order, says) => {
    const on = planStage(scene);
    await on.secret('app', [STANDARD_KEY]);
    expect(await on.lacksOf(order)).toEqual([says]);
  });

  test('other APIs that the key is good for, unless they are given up', async () => {
    const on = planStage();
    const { name } = on.issuer.plant({
      project,
      restrictions: { apiTargets: [GEMINI, { service: 'maps-backend.googleapis.com' }] },
    });
    const key = (await on.issuer.keyString(name)).reveal();
    await on.secret('app', [key]);
    const { steps } = await on.plan();
    expect(steps[0]?.lacks[0]?.says).toMatch(/also good for maps-backend\.googleapis\.com/);
    expect(await on.lacksOf({ dropTargets: true })).toEqual(['ready']);
    const mint = { dropTargets: 'on' } as const;
    expect(await on.lacksOf({ secretPolicy: { ...DEFAULT_SECRET_POLICY, mint } })).toEqual(['ready']);
  });

  test('room under the 300 keys of a project, key by key', async () => {
    const on = planStage();
    for (let at = 0; at < 289; at += 1)
      on.issuer.plant({ project: NUMBER, restrictions: { apiTargets: [{ service: 'x' }] } });
    await on.secret('app', [STANDARD_KEY]);
    await on.secret('bpp', [DEAD_KEY]);
    expect(await on.lacksOf({ keyProjects: [NUMBER] })).toEqual(['ready', 'blocked no_room']);
  });

  test('one key where a value holds several, and a record that can be read', async () => {
    const on = planStage();
    await on.secret('both', [`A=${STANDARD_KEY}\nB=${DEAD_KEY}\n`]);
    for (const part of ['rotation', 'history'])
      await on.secret(`cut-${part}`, [STANDARD_KEY], { annotations: { [`key-warden.${part}`]: 'in no form' } });
    expect(await on.lacksOf()).toEqual([
      'blocked no_single_key',
      'blocked unreadable_record',
      'blocked unreadable_record',
    ]);
  });

  test('and what could not be found out is a note', async () => {
    const on = planStage({
      permitted: new Fault('denied', 'no'),
      enforced: new Fault('denied', 'no'),
      account: 'denied',
    });
    await on.secret('app', [STANDARD_KEY]);
    on.issuer.failNext('list', new Fault('denied', 'no list'));
    expect((await on.plan()).notes).toEqual([
      expect.stringMatching(/^whether an organisation policy forbids the keys in/),
      expect.stringMatching(/^whether keys may be bound to/),
      expect.stringMatching(/^account gemini-keys@/),
    ]);
    const enforced = planStage({ enforced: true, permitted: [] });
    await enforced.secret('app', [STANDARD_KEY]);
    expect((await enforced.plan({ byWorker: true })).notes).toEqual([
      expect.stringMatching(/is enforced in \d+; keys for the Gemini API alone/),
      expect.stringMatching(/whether the worker may is not seen from here/),
    ]);
  });

  test('and a project whose keys cannot be counted has room', async () => {
    const on = planStage();
    await on.secret('app', [STANDARD_KEY]);
    const count = { list: 0 };
    const list = on.issuer.list;
    on.issuer.list = (...asked) => {
      count.list += 1;
      if (asked[1]) throw new Fault('unavailable', 'not now');
      return list(...asked);
    };
    const { steps, notes } = await on.plan();
    expect([steps[0]?.state, notes]).toEqual([
      'ready',
      [expect.stringMatching(/^how many keys project \d+ has: not now$/)],
    ]);
  });
});

describe('what could not be looked at is said', () => {
  test.each([
    ['denied', true],
    ['unavailable', false],
  ] as const)('of a secret that cannot be read: %s', async (code, barred) => {
    const on = planStage();
    await on.secret('app', [STANDARD_KEY]);
    on.vault.failNext('read', new Fault(code, 'no'));
    expect(await on.plan()).toMatchObject({ steps: [], notLooked: [expect.stringMatching(/\/app: no$/)], barred });
  });

  test('but a version that nobody can read serves nobody', async () => {
    const on = planStage();
    const name = await on.secret('app', [STANDARD_KEY]);
    await on.vault.disable(name, await on.vault.lookVersion(name, 1));
    expect(await on.plan()).toMatchObject({ steps: [], notLooked: [] });
  });

  test('a secret under care is all that counts', async () => {
    const on = planStage();
    await on.secret('app', [STANDARD_KEY], { labels: { ...MANAGED } });
    expect((await on.plan({ keyProjects: [] })).steps).toHaveLength(1);
  });
});
