import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Buffer } from 'node:buffer';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { approvalOf, type Approval } from '../../../src/core/record/approval.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { instantOf, isoOf, plusMs } from '../../../src/core/values/time.ts';
import { writeJournal } from '../../support/annotations.ts';
import { DAY_MS, PROJECT, START } from '../../support/cloud.ts';
import { violationsIn } from './witness.ts';
import { BOOK, CURRENT, hostileWorld, MINE, THEIRS, type HostileWorld } from './world.ts';

const AUDIENCE = 'https://rotate.example';
const account = (id: string) => `${id}@${PROJECT}.iam.gserviceaccount.com`;
/** One asks, one does both, one approves and nothing else; and one may call nothing at all. */
const [ASKER, BOTH, APPROVER, STRANGER] = [account('ci'), account('lead'), account('approver'), account('stranger')];
const NOW = instantOf(START);

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld({
    KEY_WARDEN_VERIFY_CALLERS: 'on',
    KEY_WARDEN_AUDIENCE: AUDIENCE,
    KEY_WARDEN_CALLERS: `${ASKER},${BOTH}`,
    KEY_WARDEN_EMERGENCY_CALLERS: ASKER,
    KEY_WARDEN_APPROVERS: `${BOTH},${APPROVER}`,
    KEY_WARDEN_APPROVAL: '1',
    KEY_WARDEN_APPROVALS: `projects/${PROJECT}/secrets/book`,
  });
});
beforeEach(() => world.startOver());
afterAll(() => world.close());

const bearer = (email: string) => `Bearer ${world.cloud.oidc.idToken(email, AUDIENCE)}`;
const call = (who: string, body: object) => world.call('rotate', body, bearer(who));
const approve = (who: string, plan: string, secret = MINE) => call(who, { secret, mode: 'approve', plan });
const fire = (at = NOW, secretId = MINE) => world.push({ secretId, timestamp: isoOf(at), eventType: 'SECRET_ROTATE' });

/** How many keys the worker has made for a secret: those that bear its mark and were not there in the beginning. */
function madeFor(secret: string): number {
  const first = [...Object.values(world.own), ...Object.values(world.foreign)].map(
    (key) => typeof key === 'object' && key.uid,
  );
  return world.cloud.keyring
    .all()
    .filter(({ uid, annotations }) => annotations[SECRET_MARK] === secret && !first.includes(uid)).length;
}

/** Asks for a rotation, which waits, and answers its plan. */
async function asked(secret = MINE): Promise<string> {
  expect(await call(ASKER, { secret })).toBe(422);
  return /--plan ([0-9a-f]{32})/.exec(world.said.at(-1) ?? '')?.[1] ?? '';
}

function book(): readonly Approval[] {
  const { annotations = {} } = world.cloud.secrets.call('getSecret', {}, { name: BOOK });
  return valueOf(recordOf(annotations as Readonly<Record<string, string>>).approvals) ?? [];
}

/** What waits for the secret, and is said by whoever may write it to be approved. */
function approvedByHand(more: Partial<Approval> = {}): Approval {
  const waits = approvalOf(book(), MINE);
  if (waits === undefined) throw new Error('nothing waits');
  return { ...waits, approved: { by: { who: APPROVER, is: 'verified' }, at: NOW }, ...more };
}

const approvals = (...all: readonly Approval[]) => changeOf(recordOf({}), { approvals: all });
const policy = (fields: object) => ({ 'key-warden.policy': JSON.stringify({ v: 1, ...fields }) });
const resting = (fields: object) => ({
  'key-warden.rotation': JSON.stringify({ v: 1, phase: 'resting', failures: 0, passedOver: [], ...fields }),
});

/** Everything that is deployed and could begin a rotation comes by, and Google's event twice. */
async function live(): Promise<void> {
  await world.call('reconcile', {}, bearer(ASKER));
  await fire();
  await fire();
  await call(ASKER, { secret: MINE });
  await world.cloud.advance(DAY_MS);
  await world.call('reconcile', {}, bearer(ASKER));
  await fire(plusMs(NOW, DAY_MS));
}

describe('where a second person approves, without a forgery', () => {
  test('a rotation begins by two names that were verified, once, and none of the rights is missing', async () => {
    const plan = await asked();
    expect([await approve(APPROVER, plan), madeFor(MINE)]).toEqual([200, 0]);
    await live();
    expect([madeFor(MINE), violationsIn(world)]).toEqual([1, []]);
    expect(world.said.some((line) => line.includes(`approved by ${APPROVER} (verified)`))).toBe(true);
    const refused = world.cloud.requests().filter(({ status, api }) => status === 403 && api !== 'gemini');
    expect(refused).toEqual([]);
  });
});

describe('whoever may write one secret approves nothing', () => {
  const WRITES: readonly (readonly [string, () => Readonly<Record<string, string>>])[] = [
    ['nothing', () => ({})],
    ['the approval that waits, as approved, on his own secret', () => approvals(approvedByHand())],
    ['one that the schedule asked for', () => approvals(approvedByHand({ by: undefined }))],
    ['one that ends in the year 9999', () => approvals(approvedByHand({ until: instantOf(253_370_764_800_000) }))],
    ['a list of approvals that nobody can read', () => ({ 'key-warden.approvals': 'yes' })],
    ['a policy that asks nobody', () => policy({ approval: 0 })],
    ['a policy that asks nobody, and a key too old', () => policy({ approval: 0, maxAgeDays: 1 })],
    ['a rest that calls itself due', () => resting({ due: { since: '2020-01-01T00:00:00.000Z', reason: 'schedule' } })],
    [
      'a rest with who asked and who approved',
      () =>
        resting({
          due: { since: '2026-11-01T00:00:00.000Z', reason: 'age' },
          by: { who: ASKER, is: 'verified' },
          note: `approved by ${APPROVER} (verified)`,
        }),
    ],
  ];

  test.each(WRITES)('by writing %s', async (_, annotations) => {
    await asked();
    world.write(annotations());
    await live();
    expect([madeFor(MINE), madeFor(THEIRS), violationsIn(world)]).toEqual([0, 0, []]);
    expect(book().filter(({ approved }) => approved !== undefined)).toEqual([]);
  });

  test('but the same words on the worker’s own secret approve, which is why nobody else may write that', async () => {
    await asked();
    writeBook(approvedByHand());
    await live();
    expect(madeFor(MINE)).toBe(1);
  });

  test.each<readonly [string, () => Partial<Approval>]>([
    ['that ends beyond every setting', () => ({ until: plusMs(NOW, 800 * DAY_MS) })],
    ['that lapsed', () => ({ until: plusMs(NOW, -1) })],
    ['by who asked', () => ({ approved: { by: { who: ASKER, is: 'verified' }, at: NOW } })],
    ['under a name that is only claimed', () => ({ approved: { by: { who: APPROVER, is: 'claimed' }, at: NOW } })],
    ['of another secret', () => ({ secret: THEIRS })],
    ['of another plan', () => ({ plan: '0'.repeat(32) })],
  ])('and not even there one %s', async (_, more) => {
    await asked();
    writeBook(approvedByHand(more()));
    await live();
    expect([madeFor(MINE), madeFor(THEIRS)]).toEqual([0, 0]);
  });
});

describe('nobody pretends that somebody else asked, or agreed', () => {
  test('without a token that is verified, or with words in a request', async () => {
    const plan = await asked();
    const wish = { secret: MINE, mode: 'approve', plan };
    const forgedToken = `Bearer ${world.cloud.oidc.idToken(APPROVER, 'https://elsewhere.example')}`;
    const unverified = `Bearer ${world.cloud.oidc.idToken(APPROVER, AUDIENCE, { email_verified: false })}`;
    const answers = [
      await world.call('rotate', wish),
      await world.call('rotate', wish, forgedToken),
      await world.call('rotate', wish, unverified),
      await call(STRANGER, wish),
      await call(ASKER, wish),
      await call(ASKER, { ...wish, by: { who: APPROVER, is: 'verified' } }),
      await call(STRANGER, { secret: MINE, by: { who: BOTH, is: 'verified' } }),
    ];
    expect(answers).toEqual([401, 401, 403, 403, 403, expect.any(Number), 403]);
    await live();
    expect(madeFor(MINE)).toBe(0);
    expect(book()).toMatchObject([{ secret: MINE, by: { who: ASKER, is: 'verified' } }]);
    expect(book()[0]?.approved).toBeUndefined();
  });

  test('nor by an event: what it has asked for was asked for by the schedule, and who approves it is still somebody', async () => {
    await fire();
    world.write(resting({ by: { who: BOTH, is: 'verified' } }));
    await fire();
    expect(book()).toMatchObject([{ secret: MINE }]);
    expect(book()[0]?.by).toBeUndefined();
    expect(madeFor(MINE)).toBe(0);
  });

  test('but a rotation in flight that he writes on his own secret goes on, as he says it was asked for: that is the measure', async () => {
    world.write({ 'key-warden.rotation': writeJournal(inFlight()) });
    await world.call('reconcile', {}, bearer(ASKER));
    expect([madeFor(MINE), madeFor(THEIRS), violationsIn(world)]).toEqual([1, 0, []]);
    expect(book()).toEqual([]);
  });
});

describe('an approval lets one rotation begin', () => {
  test('and none after it, whatever is replayed', async () => {
    const plan = await asked();
    await approve(APPROVER, plan);
    await fire();
    expect(madeFor(MINE)).toBe(1);
    expect(await approve(APPROVER, plan)).toBe(422);
    await fire();
    await world.cloud.advance(8 * DAY_MS);
    await world.call('reconcile', {}, bearer(ASKER));
    await fire();
    await fire(plusMs(NOW, 8 * DAY_MS));
    expect(await approve(APPROVER, plan)).toBe(422);
    await call(ASKER, { secret: MINE });
    expect(madeFor(MINE)).toBe(1);
  });

  test('not of a plan that changed: the version that he adds is another one’s', async () => {
    const plan = await asked();
    await approve(APPROVER, plan);
    const { own, cloud } = world;
    const data = Buffer.from(own.current.keyString).toString('base64');
    cloud.secrets.call('addSecretVersion', {}, { parent: MINE, payload: { data } });
    const secret = { name: MINE, versionAliases: { current: CURRENT + 1 } };
    cloud.secrets.call('updateSecret', {}, { secret, updateMask: 'version_aliases' });
    await live();
    expect(madeFor(MINE)).toBe(0);
    expect(await approve(APPROVER, plan)).toBe(422);
    expect(world.said.some((line) => line.includes('another version is replaced'))).toBe(true);
  });

  test('not of another secret than it was given for', async () => {
    const [, theirs] = [await asked(), await asked(THEIRS)];
    expect(await approve(APPROVER, theirs, MINE)).toBe(422);
    expect(await approve(APPROVER, theirs, THEIRS)).toBe(200);
    await live();
    expect(madeFor(MINE)).toBe(0);
  });

  test('and not once it lapsed', async () => {
    await approve(APPROVER, await asked());
    await world.cloud.advance(31 * DAY_MS);
    await live();
    expect(madeFor(MINE)).toBe(0);
  });
});

test('an event that somebody forges of another secret, twice, has it asked for once, and begins nothing', async () => {
  await fire(NOW, THEIRS);
  await fire(NOW, THEIRS);
  await fire(plusMs(NOW, 1), THEIRS);
  expect([madeFor(THEIRS), book().map(({ secret }) => secret)]).toEqual([0, [THEIRS]]);
  expect(world.said.filter((line) => line.includes('rotation.proposed'))).toHaveLength(1);
});

test('an emergency, which may not wait, is for who may ask for one', async () => {
  expect(await call(BOTH, { secret: MINE, mode: 'emergency' })).toBe(403);
  expect(madeFor(MINE)).toBe(0);
  expect(await call(ASKER, { secret: MINE, mode: 'emergency' })).toBe(202);
  expect(madeFor(MINE)).toBeGreaterThan(0);
});

function writeBook(...all: readonly Approval[]): void {
  const secret = { name: BOOK, annotations: approvals(...all) };
  world.cloud.secrets.call('updateSecret', {}, { secret, updateMask: 'annotations' });
}

/** A rotation that nobody asked for and nobody approved, which says otherwise. */
function inFlight() {
  return {
    phase: 'opened',
    id: 'kw-forged',
    reason: 'request',
    candidate: 'minted',
    emergency: false,
    by: { who: BOTH, is: 'verified' },
    note: `approved by ${APPROVER} (verified)`,
    from: CURRENT,
    openedAt: NOW,
    since: NOW,
    tries: 0,
    held: false,
    rest: { failures: 0, passedOver: [] },
  } as const;
}
