import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { LEAK_MARK, SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { DAY_MS, START } from '../../support/cloud.ts';
import { forgedJournals, forgedLeaks, forgedLedgers, type Forged } from './forged.ts';
import { isStagedDisabled, violationsIn } from './witness.ts';
import { hostileWorld, MINE, OLD, STAGED, THEIRS, type HostileWorld } from './world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

/** Everything that is deployed comes by, on the day and until all times are over. */
async function live(): Promise<void> {
  const event = { secretId: MINE, timestamp: new Date(START).toISOString() };
  await world.call('reconcile');
  await world.push({ ...event, eventType: 'SECRET_VERSION_ADD', versionId: `${MINE}/versions/${STAGED}` });
  await world.push({ ...event, eventType: 'SECRET_UPDATE' });
  await world.push({ ...event, eventType: 'SECRET_ROTATE' });
  await world.call('rotate', { secret: MINE });
  await world.call('purge');
  for (const days of [8, 31]) {
    await world.cloud.advance(days * DAY_MS);
    await world.call('reconcile');
    await world.call('purge');
  }
}

/** Writes it, lets the worker live, and answers what went wrong; with `change`, after that was done to the world. */
async function after(forged: Forged, change: (world: HostileWorld) => void = () => undefined) {
  world.startOver();
  change(world);
  world.write(forged.annotations(world), forged.previous);
  await live();
  const lost = isStagedDisabled(world) && !forged.mayDisableStaged ? [`version ${STAGED} was disabled`] : [];
  const wrong = violationsIn(world).filter((one) => forged.mayDestroy !== true || !IS_DESTROYED.test(one));
  return [...wrong, ...lost].map((violation) => `${forged.title}: ${violation}`);
}

const IS_DESTROYED = new RegExp(`^version (${OLD} is DESTROYED|${STAGED} was destroyed)$`);

async function all(forgeries: readonly Forged[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const forged of forgeries) wrong.push(...(await after(forged)));
  return wrong;
}

const JOURNALS = forgedJournals(process.env['HOSTILE'] === 'large');
const LEDGERS = forgedLedgers();
const LEAKS = forgedLeaks();

test('without a forgery the rotation goes to its end under these rights, and none is missing', async () => {
  world.startOver();
  await live();
  expect(violationsIn(world)).toEqual([]);
  const refused = world.cloud.requests().filter(({ status }) => status === 401 || status === 403);
  expect(refused.filter(({ api }) => api !== 'gemini')).toEqual([]);
  expect(world.said.some((line) => line.includes('rotation.completed'))).toBe(true);
});

describe('I16: whatever somebody who may update a secret writes on it, no key that is not its own is read out, marked, deleted or revived', () => {
  test('into its journal', async () => {
    expect(await all(JOURNALS)).toEqual([]);
    process.stdout.write(`hostile: ${JOURNALS.length} journals\n`);
  });

  test('into its ledger', async () => {
    expect(await all(LEDGERS)).toEqual([]);
    process.stdout.write(`hostile: ${LEDGERS.length} entries of a ledger\n`);
  });

  test('into its list of leaks', async () => {
    expect(await all(LEAKS)).toEqual([]);
    process.stdout.write(`hostile: ${LEAKS.length} leaks\n`);
  });

  test('but he can have the secret end with all its versions a minute later, which is the measure', async () => {
    world.startOver();
    const secret = { name: MINE, ttl: '60s' };
    world.cloud.secrets.call('updateSecret', {}, { secret, updateMask: 'ttl' });
    await world.cloud.advance(61_000);
    expect(() => world.cloud.secrets.call('getSecret', {}, { name: MINE })).toThrow('not found');
  });
});

describe('the same forgeries reach a key', () => {
  /** Our mark for this secret on the other one's key: it takes apikeys.keys.update, whose holder can ruin the key anyway. */
  const marked = ({ cloud, foreign }: HostileWorld) =>
    void cloud.keyring.change(foreign.theirs.uid, { annotations: { [SECRET_MARK]: MINE } }, START);
  const named = (title: string) =>
    [...forgedJournals(true), ...LEDGERS].filter((forged) => forged.title.startsWith(title));

  const deletedOnes = (wrong: readonly string[]) => wrong.filter((one) => one.endsWith('the key theirs was deleted'));

  test('once it bears our mark for the secret and nobody serves it: the proof is what holds them off', async () => {
    const unserved = (on: HostileWorld) => {
      marked(on);
      on.cloud.secrets.call('disableSecretVersion', {}, { name: `${THEIRS}/versions/1` });
    };
    const wrong: string[] = [];
    for (const forged of named('ledger: version 1, theirs, leaked')) wrong.push(...(await after(forged, unserved)));
    for (const forged of named('minted, minted request, 3 to 2, theirs')) wrong.push(...(await after(forged, marked)));
    expect(deletedOnes(wrong)).not.toEqual([]);
    expect(wrong.filter((one) => one.endsWith('holds a key that is none of the secret’s'))).not.toEqual([]);
  });

  test('that consumers read, once its own emergency has marked it as leaked, and not before', async () => {
    const gone = [];
    for (const annotations of [{}, { [LEAK_MARK]: THEIRS }, { [LEAK_MARK]: MINE }])
      for (const forged of LEAKS.filter(({ title }) => title.startsWith('leak: version 3, current'))) {
        world.startOver();
        const { uid } = world.own.current;
        world.cloud.keyring.change(uid, { annotations }, START);
        world.write(forged.annotations(world));
        await world.call('reconcile');
        gone.push(world.cloud.keyring.all().find((key) => key.uid === uid)?.deletedAt !== undefined);
      }
    expect(gone).toEqual([false, false, false, false, false, false, true, true, true]);
  });

  test('but delete none, with our mark on it, that another secret serves (I13): that one is given another first', async () => {
    const wrong: string[] = [];
    for (const forged of named('ledger: version 1, theirs, leaked')) wrong.push(...(await after(forged, marked)));
    const given = wrong.filter((one) => one.endsWith('the other secret was touched'));
    expect(deletedOnes(wrong).map((one) => one.replace('the key theirs was deleted', ''))).toEqual(
      given.map((one) => one.replace('the other secret was touched', '')),
    );
  });

  /** What a worker must never do, done by hand: the witness sees each. */
  test.each<readonly [string, (world: HostileWorld) => void]>([
    ['theirs was deleted', ({ cloud, foreign }) => void cloud.keyring.change(foreign.theirs.uid, { deletedAt: 1 }, 1)],
    [
      'deleted was revived',
      (one) => void one.cloud.keyring.change(one.foreign.deleted.uid, { deletedAt: undefined }, 1),
    ],
    [
      'elsewhere was marked',
      (one) => void one.cloud.keyring.change(one.foreign.elsewhere.uid, { annotations: { a: 'b' } }, 1),
    ],
    ['elsewhere was said', ({ said, foreign }) => void said.push(`x ${foreign.elsewhere.keyString}`)],
    ['a key of its own was said', ({ said, own }) => void said.push(own.old.keyString)],
    ['version 4 holds', ({ cloud, foreign }) => add(cloud, foreign.theirs.keyString)],
    [
      'version 1 is ENABLED',
      ({ cloud }) => void cloud.secrets.call('enableSecretVersion', {}, { name: `${MINE}/versions/1` }),
    ],
    [
      'version 2 was destroyed',
      ({ cloud }) => void cloud.secrets.call('destroySecretVersion', {}, { name: `${MINE}/versions/2` }),
    ],
    [
      'consumers read version 3, which is DISABLED',
      ({ cloud }) => void cloud.secrets.call('disableSecretVersion', {}, { name: `${MINE}/versions/3` }),
    ],
    [
      'consumers read a key that was deleted',
      ({ cloud, own }) => void cloud.keyring.change(own.current.uid, { deletedAt: 1 }, 1),
    ],
    [
      'the other secret was touched',
      ({ cloud }) => void cloud.secrets.call('disableSecretVersion', {}, { name: `${THEIRS}/versions/1` }),
    ],
  ])('and the witness sees it: %s', (violation, change) => {
    world.startOver();
    expect(violationsIn(world)).toEqual([]);
    change(world);
    expect(violationsIn(world).join('; ')).toContain(violation);
  });
});

function add({ secrets }: HostileWorld['cloud'], text: string): void {
  secrets.call('addSecretVersion', {}, { parent: MINE, payload: { data: Buffer.from(text).toString('base64') } });
}
