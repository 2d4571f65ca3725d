import { describe, expect, test } from '@jest/globals';
import { approvalJson } from '../../../src/app/approval/approval-json.ts';
import { approve } from '../../../src/app/approval/approve.ts';
import { approvalsOf } from '../../../src/app/approval/approvals.ts';
import { waitingIn, waitingJson, waitingText } from '../../../src/app/approval/waiting.ts';
import { changedText, planOf } from '../../../src/app/approval/plan.ts';
import type { LookUpReaders } from '../../../src/app/consumers/readers.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { start } from '../../../src/app/rotation/start.ts';
import type { RotatePorts } from '../../../src/app/rotation/drive.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Log } from '../../../src/app/ports/ports.ts';
import type { Actor } from '../../../src/core/record/actor.ts';
import type { Approval } from '../../../src/core/record/approval.ts';
import { changeOf } from '../../../src/core/record/secret-record.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import type { SecretPolicy } from '../../../src/core/settings/secret-policy.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { HOUR_MS } from '../../support/journals.ts';
import { NOBODY, rotationStage, type RotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, SCOPE } from '../../support/stage.ts';

const ANA: Actor = { who: 'ana@ops.example', is: 'verified' };
const BOB: Actor = { who: 'bob@ops.example', is: 'verified' };
const ASKED: Asked = { reason: 'request', candidate: 'minted', emergency: false, by: ANA };
const HOURS = 72;

/** A stage on which every planned rotation waits for a second person. */
async function asking(fields?: { readonly book?: undefined }) {
  const on = await rotationStage();
  const book = on.vault.create(SCOPE, 'key-warden-approvals', {});
  const scope = { scopes: [SCOPE], concurrency: 2 };
  const keeping = { book: fields === undefined ? book : fields.book, hours: HOURS, ...scope };
  const base = on.order().secretPolicy;
  const secretPolicy: SecretPolicy = { ...base, rotation: { ...base.rotation, approval: 1 } };
  const ports: RotatePorts = { ...on.ports, approvals: approvalsOf(on.ports, keeping) };
  const ask = (asked: Partial<Asked> = {}, by: RotatePorts = ports) =>
    start(by, { ...on.order({ secretPolicy }), asked: { ...ASKED, ...asked } }, () => undefined);
  const list = async () => valueOf((await on.vault.look(book)).record.approvals) ?? [];
  const says = (plan: string, by = BOB, dryRun = false) =>
    approve(ports, { ...keeping, secretPolicy }, { secret: on.secret, plan, by, dryRun });
  const write = async (approvals: readonly Approval[]) => {
    const sighting = await on.vault.look(book);
    await on.vault.commit(sighting, { annotations: changeOf(sighting.record, { approvals }) });
  };
  return { ...on, book, ports, secretPolicy, scope, keeping, ask, list, says, write };
}

const CONSUMER = { kind: 'service', project: SCOPE.project, region: 'here', deployedBy: undefined, labels: {} };
/** Ten services read the secret, and one region was not looked at. */
const READERS = (() =>
  Promise.resolve({
    readings: Array.from({ length: 10 }, (_, at) => ({
      consumer: { ...CONSUMER, name: `api-${at}` },
      read: { by: 'environment', at: 'KEY', version: 'current' },
      sees: 'at_start',
    })),
    late: [],
    notLooked: ['europe-west9'],
    barred: false,
  })) as unknown as LookUpReaders;

const planOn = async (on: Awaited<ReturnType<typeof asking>>) => (await on.list())[0]?.plan ?? '';
const requests = (on: Pick<RotationStage, 'announced'>) =>
  on.announced.filter(({ type }) => type === 'rotation.proposed');

describe('a planned rotation that somebody asks for', () => {
  test('waits, and is put before a second person with what it does and the command', async () => {
    const on = await asking();
    await on.vault.add(
      on.vault.create(SCOPE, 'other', { labels: { 'key-warden': 'managed' } }),
      new TextEncoder().encode(GOOD_KEY),
    );
    const started = await on.ask();
    const plan = await planOn(on);
    expect(plan).toMatch(/^[0-9a-f]{32}$/);
    expect(started).toMatchObject({ outcome: 'begun', step: { did: 'held', journal: { phase: 'resting' } } });
    expect(JSON.stringify(started)).toContain(`key-warden approve --secret ${on.secret} --plan ${plan}`);
    expect(requests(on)).toMatchObject([
      {
        secret: on.secret,
        version: 1,
        plan,
        by: ANA,
        until: plusMs(on.clock.now(), HOURS * HOUR_MS),
        why: expect.stringMatching(
          /^it replaces the key of version 1, made in demo-project; the same key serves 1 other secret: projects\/123456789012\/secrets\/other; asked for by ana@ops\.example \(verified\)\. It lapses at /,
        ),
        next: `key-warden approve --secret ${on.secret} --plan ${plan}`,
      },
    ]);
  });

  test('begins once somebody else approved it, who is on record with it, and is asked for once', async () => {
    const on = await asking();
    await on.ask();
    await on.ask();
    expect(requests(on)).toHaveLength(1);
    expect(await on.says(await planOn(on))).toMatchObject({
      outcome: 'approved',
      approval: { by: ANA, approved: { by: BOB } },
    });
    const written: unknown[] = [];
    const log: Log = { write: (severity, message, fields) => written.push([severity, message, fields]) };
    expect(await on.ask({ note: 'quarterly' }, { ...on.ports, log })).toMatchObject({
      step: { journal: { phase: 'minted' } },
    });
    const journal = await on.journal();
    const rotation = journal?.phase === 'resting' ? undefined : journal?.id;
    expect(written).toContainEqual([
      'NOTICE',
      `rotation ${rotation} begins, approved by bob@ops.example (verified)`,
      { secret: on.secret, approval: { secret: on.secret, rotation, by: BOB } },
    ]);
    expect(await on.journal()).toMatchObject({ note: 'approved by bob@ops.example (verified); quarterly', by: ANA });
    expect(await on.list()).toEqual([]);
  });

  test('does not begin for who approved it, also where the schedule had asked: two people are two', async () => {
    const on = await asking();
    await on.ask({ by: undefined });
    await on.says(await planOn(on));
    const started = await on.ask({ by: BOB });
    expect(JSON.stringify(started)).toContain('you approved it, so it is for somebody else to ask for it');
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
    expect(await on.list()).toHaveLength(1);
    await on.ask({ by: undefined });
    expect((await on.journal())?.phase).not.toBe('resting');
  });

  test('a dry run of an approval changes nothing', async () => {
    const on = await asking();
    await on.ask();
    const before = await on.list();
    expect(await on.says(await planOn(on), BOB, true)).toMatchObject({ outcome: 'approved' });
    expect(await on.list()).toEqual(before);
  });

  test.each([
    ['an emergency', { reason: 'leaked', emergency: true }],
    ['a dead key', { reason: 'dead' }],
    ['a leaked key that the worker replaces by itself', { reason: 'leaked' }],
    ['a way back', { reason: 'rollback', from: 1, to: 1 }],
  ] as const)('%s does not wait, and says so', async (_, asked) => {
    const on = await asking();
    const named: string[] = [];
    await on.ask(asked, { ...on.ports, nameReaders: (lines) => named.push(...lines) });
    expect((await on.journal())?.phase).not.toBe('resting');
    expect(named).toEqual(['this does not wait although a second person is to approve planned rotations']);
    expect(requests(on)).toEqual([]);
  });

  test('is not put before anybody where something else keeps it from beginning (I12)', async () => {
    const on = await asking();
    const version = await on.add('no key at all');
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: version } });
    expect(await on.ask()).toMatchObject({ step: { did: 'held' } });
    expect(requests(on)).toEqual([]);
  });

  test('is not put before anybody where it would lapse before a window opens, and once it would not', async () => {
    const on = await asking();
    const { now } = on.clock;
    const freeze = {
      id: 'f',
      about: { all: true },
      owner: 'ops',
      reason: 'year end',
      until: plusMs(now(), 100 * HOUR_MS),
    };
    const ports = { ...on.ports, freezes: () => Promise.resolve({ freezes: [freeze] }) };
    const frozen = { step: { did: 'held', why: expect.stringContaining('ops froze all secrets') } };
    expect(await on.ask({}, ports)).toMatchObject(frozen);
    expect(requests(on)).toEqual([]);
    await on.clock.sleep(30 * HOUR_MS);
    await on.ask({}, ports);
    expect(requests(on)).toHaveLength(1);
    await on.says(await planOn(on));
    expect(await on.ask({}, ports)).toMatchObject(frozen);
  });

  test('is not put before anybody where no window opens at all', async () => {
    const on = await asking();
    const secretPolicy = { ...on.secretPolicy, calendar: { windows: '2020-01-01 UTC' } };
    const asked = () => start(on.ports, { ...on.order({ secretPolicy }), asked: ASKED }, () => undefined);
    expect(await asked()).toMatchObject({ step: { did: 'held', why: expect.stringContaining('there is no moment') } });
    expect(requests(on)).toEqual([]);
  });
});

describe('what waits', () => {
  test('says for whom, since when and until when, with the command; and then who approved it', async () => {
    const on = await asking();
    await on.ask();
    const now = on.clock.now();
    const { approvals } = await waitingIn(on.vault, on.book, now);
    expect(approvals.map(waitingText)).toEqual([
      expect.stringMatching(
        /: its rotation, asked for by ana@ops\.example \(verified\) at .+ UTC, waits for somebody else than ana@ops\.example until .+ UTC: key-warden approve --secret /,
      ),
    ]);
    expect(approvals.map(waitingJson)).toMatchObject([
      { askedBy: ANA, approvedBy: null, next: expect.stringContaining('key-warden approve') },
    ]);
    await on.says(await planOn(on));
    const [after] = (await waitingIn(on.vault, on.book, now)).approvals;
    expect(after && waitingText(after)).toMatch(
      /was approved by bob@ops\.example \(verified\) and has not begun; that lapses at /,
    );
    expect(after && waitingJson(after)).not.toHaveProperty('next');
    expect(after && waitingText({ ...after, by: undefined, approved: undefined })).toContain(
      'asked for by the schedule',
    );
    expect(after && waitingJson({ ...after, by: undefined })).toMatchObject({ askedBy: null, approvedBy: BOB });
  });

  test('is nothing where nothing keeps it or it lapsed, and not known where that cannot be read', async () => {
    const on = await asking();
    await on.ask();
    expect(await waitingIn(on.vault, undefined, on.clock.now())).toEqual({ approvals: [], problems: [] });
    expect(await waitingIn(on.vault, on.book, plusMs(on.clock.now(), HOURS * HOUR_MS))).toEqual({
      approvals: [],
      problems: [],
    });
    expect(await waitingIn(on.vault, `${on.book}-gone`, on.clock.now())).toMatchObject({
      problems: [expect.stringMatching(/^what waits for approval is not known: /)],
    });
  });
});

describe('what is refused, in words that can be acted on', () => {
  const refusal = async (on: Awaited<ReturnType<typeof asking>>, plan: string, by = BOB) => {
    const done = await on.says(plan, by);
    return done.outcome === 'refused' ? done.why : done.outcome;
  };

  test('approval by who asked', async () => {
    const on = await asking();
    await on.ask();
    expect(await refusal(on, await planOn(on), ANA)).toMatch(
      /: it was asked for by ana@ops\.example \(verified\), and is approved by somebody else: key-warden approve /,
    );
    expect((await on.list())[0]?.approved).toBeUndefined();
  });

  test('approval of nothing, and of another plan', async () => {
    const on = await asking();
    expect(await refusal(on, '0'.repeat(32))).toMatch(
      /: nothing waits for approval; to have it asked for again: key-warden rotate /,
    );
    await on.ask();
    expect(await refusal(on, '0'.repeat(32))).toContain(
      `Read what it does, then: key-warden approve --secret ${on.secret}`,
    );
  });

  test('approval that comes too late, or twice', async () => {
    const on = await asking();
    await on.ask();
    const plan = await planOn(on);
    await on.says(plan);
    expect(await refusal(on, plan)).toMatch(/it is approved already, by bob@ops\.example \(verified\) at /);
    await on.clock.sleep(HOURS * HOUR_MS + 1);
    expect(await refusal(on, plan)).toMatch(
      /too late: what waited lapsed at .+ UTC; to have it asked for again: key-warden rotate /,
    );
    expect(await on.ask()).toMatchObject({ step: { did: 'held' } });
    expect(requests(on)).toHaveLength(2);
  });

  test('approval under a name that is only claimed, and a request under one', async () => {
    const on = await asking();
    await on.ask();
    expect(await refusal(on, await planOn(on), { ...BOB, is: 'claimed' })).toMatch(/approval takes a verified token$/);
    const claimed = await on.ask({ by: { who: 'bob@ops.example', is: 'claimed' } });
    expect(claimed).toMatchObject({
      step: { did: 'held', why: expect.stringMatching(/only claimed here: ask the worker/) },
    });
  });

  test('approval of a plan that changed since, with what changed; and it waits no more', async () => {
    const on = await asking();
    await on.ask();
    const other = on.vault.create(SCOPE, 'other', { labels: { 'key-warden': 'managed' } });
    await on.vault.add(other, new TextEncoder().encode(GOOD_KEY));
    expect(await refusal(on, await planOn(on))).toMatch(
      /the plan changed since it was asked for: other secrets serve the key\. It waits no more; to have it asked for again: key-warden rotate /,
    );
    expect(await on.list()).toEqual([]);
  });

  test('a beginning by a plan that changed after it was approved: it is asked for anew', async () => {
    const on = await asking();
    await on.ask();
    await on.says(await planOn(on));
    const other = on.vault.create(SCOPE, 'other', { labels: { 'key-warden': 'managed' } });
    await on.vault.add(other, new TextEncoder().encode(GOOD_KEY));
    expect(await on.ask()).toMatchObject({
      step: {
        did: 'held',
        why: expect.stringMatching(
          /^the plan changed since it was approved \(other secrets serve the key\); it waits for /,
        ),
      },
    });
    expect(requests(on)).toHaveLength(2);
    expect((await on.list())[0]?.approved).toBeUndefined();
  });

  test('all of it where no secret is named that could keep it, or what is kept cannot be read', async () => {
    const on = await asking({ book: undefined });
    expect(await on.ask()).toMatchObject({
      step: { did: 'held', why: expect.stringContaining('KEY_WARDEN_APPROVALS names no secret') },
    });
    expect(await refusal(on, '0'.repeat(32))).toContain('KEY_WARDEN_APPROVALS names no secret');
    const broken = await asking();
    await broken.vault.commit(await broken.vault.look(broken.book), { annotations: { 'key-warden.approvals': 'x' } });
    expect(await broken.ask()).toMatchObject({
      step: { did: 'held', why: expect.stringMatching(/^whether it is approved is not known: /) },
    });
    await expect(broken.says('0'.repeat(32))).rejects.toThrow(Fault);
  });

  test('a rotation where nobody keeps approvals at all', async () => {
    const on = await asking();
    const { approvals: _, ...without } = on.ports;
    expect(await on.ask({}, without)).toMatchObject({
      step: { did: 'held', why: 'a second person is to approve it, and cannot here' },
    });
  });

  test('a request for which there is no room: it is asked for when there is', async () => {
    const on = await asking();
    await on.ask();
    const [one] = await on.list();
    if (one === undefined) throw new Error('nothing waits');
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ ...one, secret: `${one.secret}-${at}` }));
    await on.write(many(24));
    expect(await on.ask()).toMatchObject({
      step: { did: 'held', why: expect.stringMatching(/^24 rotations wait for approval already/) },
    });
    const by = { ...BOB, who: `${'b'.repeat(195)}@ops` };
    await on.write([...many(24).map((other) => ({ ...other, approved: { by, at: other.at } })), one]);
    expect(await refusal(on, one.plan, by)).toMatch(/there is no room to keep it/);
  });
});

describe('the plan', () => {
  const plan = (
    on: Awaited<ReturnType<typeof asking>>,
    more: Partial<Parameters<typeof planOf>[1]> = {},
    readers = READERS,
  ) =>
    planOf(
      { vault: on.vault, holders: NOBODY, readers },
      {
        secret: on.secret,
        given: on.secret,
        from: 1,
        wishes: { candidate: 'minted' },
        policy: { ...on.secretPolicy, rotation: { ...on.secretPolicy.rotation, lookAtConsumers: 1 } },
        ...more,
      },
    );

  test('says who reads the secret, and what could not be looked at', async () => {
    const on = await asking();
    expect((await plan(on)).says).toBe(
      'it replaces the key of version 1, made in demo-project; 10 consumers read it: service api-0 in here, service api-1 in here, service api-2 in here, service api-3 in here, service api-4 in here, service api-5 in here, service api-6 in here, service api-7 in here and 2 more; 1 place could not be looked at',
    );
    expect(
      (await plan(on, {}, () => Promise.resolve({ readings: [], late: [], notLooked: [], barred: false }))).says,
    ).toContain('nobody who could be found reads it');
  });

  test('is another one where anything of it is', async () => {
    const on = await asking();
    const one = await plan(on);
    const mint = { keyServiceAccount: 'a@b.iam.gserviceaccount.com' };
    const other = await plan(on, { wishes: { candidate: 'minted', mint } });
    expect(other.says).toContain('bound to a@b.iam.gserviceaccount.com');
    expect(changedText(one.parts, other.parts)).toBe('something else is asked of the new key');
    const kept = await plan(on, { wishes: one.parts.wishes, policy: { ...on.secretPolicy, mint: {} } });
    expect(kept.says).toBe('it replaces the key of version 1');
    expect(changedText(one.parts, kept.parts)).toBe('new keys are made in another way, and others read the secret');
    expect(new Set([one.plan, other.plan, kept.plan]).size).toBe(3);
    expect((await plan(on)).plan).toBe(one.plan);
  });

  test('replaces what is newest where no alias says what consumers read', async () => {
    const on = await asking();
    await on.ask();
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: null } });
    expect(await on.says(await planOn(on))).toMatchObject({ outcome: 'approved' });
  });

  test('that others replaced while somebody approved is left as they have it', async () => {
    const on = await asking();
    await on.ask();
    const [one] = await on.list();
    if (one === undefined) throw new Error('nothing waits');
    const vault = {
      ...on.vault,
      async read(...asked: Parameters<typeof on.vault.read>) {
        await on.write([{ ...one, plan: 'f'.repeat(32) }]);
        return on.vault.read(...asked);
      },
    };
    const order = { ...on.keeping, secretPolicy: on.secretPolicy };
    await approve({ ...on.ports, vault }, order, { secret: on.secret, plan: one.plan, by: BOB, dryRun: false });
    expect((await on.list())[0]?.approved).toBeUndefined();
  });
});

describe('what others write approves nothing', () => {
  const forged = (one: Approval, approved: Approval['approved'], more: Partial<Approval> = {}): Approval => ({
    ...one,
    ...more,
    approved,
  });

  test.each([
    ['a claimed name', { ...BOB, is: 'claimed' }, {}],
    ['who asked', ANA, {}],
    ['an end beyond every setting', BOB, { until: 1_800_000_000_000 + 800 * HOUR_MS }],
  ] as const)('not an approval by %s', async (_, by, more) => {
    const on = await asking();
    await on.ask();
    const [one] = await on.list();
    if (one === undefined) throw new Error('nothing waits');
    await on.write([forged(one, { by, at: one.at }, more as Partial<Approval>)]);
    expect(await on.ask()).toMatchObject({ step: { did: 'held' } });
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
  });

  test('not one that stands on the secret itself', async () => {
    const on = await asking();
    await on.ask();
    await on.says(await planOn(on));
    const annotation = (await on.vault.look(on.book)).annotations['key-warden.approvals'] ?? '';
    await on.write([]);
    await on.vault.commit(await on.vault.look(on.secret), { annotations: { 'key-warden.approvals': annotation } });
    expect(await on.ask()).toMatchObject({ step: { did: 'held' } });
  });

  test('not one that was used: of another version it lets nothing begin', async () => {
    const on = await asking();
    await on.ask();
    await on.says(await planOn(on));
    const used = await on.list();
    await on.vault.commit(await on.vault.look(on.secret), { aliases: { current: await on.add(GOOD_KEY) } });
    await on.write(used);
    expect(await on.ask()).toMatchObject({
      step: {
        did: 'held',
        why: expect.stringMatching(/^the plan changed since it was approved \(another version is replaced\)/),
      },
    });
  });

  test('not one that is gone when its rotation is about to begin, so that two runs begin one rotation', async () => {
    const on = await asking();
    await on.ask();
    await on.says(await planOn(on));
    const vault = {
      ...on.vault,
      async read(...asked: Parameters<typeof on.vault.read>) {
        await on.write([]);
        return on.vault.read(...asked);
      },
    };
    const approvals = approvalsOf({ ...on.ports, vault }, on.keeping);
    expect(await on.ask({}, { ...on.ports, approvals })).toMatchObject({
      step: { did: 'held', why: expect.stringMatching(/^its approval was used already; it waits for /) },
    });
  });

  test('and whoever writes the book all the time lets nobody else write', async () => {
    const on = await asking();
    const commit = () => Promise.reject(new Fault('stale', 'somebody else wrote it'));
    const approvals = approvalsOf({ ...on.ports, vault: { ...on.vault, commit } }, on.keeping);
    await expect(on.ask({}, { ...on.ports, approvals })).rejects.toThrow('somebody else wrote it');
  });
});

describe('what the schedule begins', () => {
  const DUE = { runEveryMinutes: 10, rotationsMax: 20, budgetSeconds: 240, me: 'w' };

  async function aged() {
    const on = await asking();
    await on.clock.sleep(100 * 24 * HOUR_MS);
    const run = () => reconcile(on.ports, { ...on.scope, ...DUE, secretPolicy: on.secretPolicy });
    return { ...on, run };
  }

  test('waits in the same way, and anybody who may approve can; then the next run begins it', async () => {
    const on = await aged();
    await on.run();
    await on.run();
    expect(requests(on)).toMatchObject([{ by: undefined, step: 'If you agree, as anybody who may approve:' }]);
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
    expect(await on.says(await planOn(on), ANA)).toMatchObject({ outcome: 'approved' });
    expect(await on.run()).toMatchObject({ begun: 1 });
    expect(await on.journal()).toMatchObject({
      phase: 'minted',
      reason: 'age',
      note: 'approved by ana@ops.example (verified)',
    });
  });
});

test('what is answered names nobody where the schedule asked, and nobody before somebody approved', () => {
  const parts = { version: 'v', wishes: 'w', keys: 'k', holders: 'h', consumers: 'c' };
  const at = instantOf(0);
  const waiting: Approval = { secret: 'projects/1/secrets/a', plan: 'p', parts, at, until: plusMs(at, HOUR_MS) };
  expect(approvalJson(waiting, true)).toMatchObject({ askedBy: null, approvedBy: null, dryRun: true });
  expect(approvalJson({ ...waiting, by: ANA, approved: { by: BOB, at } }, false)).toMatchObject({
    askedBy: { who: 'ana@ops.example' },
    approvedBy: { who: 'bob@ops.example' },
  });
});
