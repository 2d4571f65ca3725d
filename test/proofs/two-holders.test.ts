import { describe, expect, test } from '@jest/globals';
import type { Holders } from '../../src/app/listing/holders.ts';
import { leakedPurgeOf } from '../../src/app/purge/purge-leaked.ts';
import { purgeFleet } from '../../src/app/purge/purge-fleet.ts';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { start } from '../../src/app/rotation/start.ts';
import type { RotatePorts } from '../../src/app/rotation/drive.ts';
import { holdsKey } from '../../src/core/key/stored-form.ts';
import { KeyText } from '../../src/core/key/key-text.ts';
import { valueOf } from '../../src/core/record/part.ts';
import { HOUR_MS } from '../../src/core/values/time.ts';
import { hourly, usage } from '../support/used-hours.ts';
import { NOBODY, rotationStage } from '../support/rotation-stage.ts';
import { MANAGED, SCOPE } from '../support/stage.ts';

const SCOPES = { scopes: [SCOPE], concurrency: 1 };
const DAYS = 60;
const REFUSED = {
  status: 400,
  body: {
    error: {
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: 'API key not valid. Please pass a valid API key.',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ],
    },
  },
};

/**
 * One key in two secrets, used every hour as long as either serves it, and the worker's runs as they come: `reconcile` every
 * hour, the purge every day. A witness stands at the issuer and looks, at every deletion, who serves the key.
 */
async function twoHolders(known?: Holders, isUsed = true) {
  const on = await rotationStage([]);
  const { vault, issuer, clock, meter, secret, key, order, works, prober } = on;
  const { issued, characters } = await key('shared');
  const shared = new KeyText(characters);
  const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
  for (const name of [secret, ads]) {
    await vault.add(name, new TextEncoder().encode(characters));
    await vault.commit(await vault.look(name), { aliases: { current: 1 } });
  }
  const serves = async (name: string): Promise<boolean> => holdsKey((await vault.read(name, 'current')).bytes, shared);
  const servers = async () => (await Promise.all([secret, ads].map(serves))).filter(Boolean).length;
  const robbed: number[] = [];
  const deletions: number[] = [];
  const purge = leakedPurgeOf(SCOPES);
  const ports: RotatePorts = {
    ...on.ports,
    purgeLeaked: (at, name, policy, holders) => purge(at, name, policy, known ?? holders),
    issuer: {
      ...issuer,
      async mint(wanted) {
        const minted = await issuer.mint(wanted);
        works((await issuer.keyString(minted.name)).reveal());
        return minted;
      },
      async delete(name, unlessUsed) {
        if (name === issued.name && (await servers()) > 0) robbed.push(clock.now());
        if (name === issued.name) deletions.push(clock.now());
        await issuer.delete(name, unlessUsed);
        if (name === issued.name)
          for (const depth of ['list', 'generate'] as const) prober.script(characters, depth, REFUSED);
      },
    },
  };
  let usedUntil = clock.now();
  meter.script(issued.uid, ({ from, until }) =>
    usage(hourly(from, until, 5).filter(({ endsAt }) => endsAt <= usedUntil)),
  );
  const { secretPolicy } = order();
  const run = { ...SCOPES, secretPolicy, me: 'w', rotationsMax: 5, runEveryMinutes: 60, budgetSeconds: 60 };
  return {
    ...on,
    ports,
    ads,
    robbed,
    deletions,
    retention: secretPolicy.rotation.retentionDays * 24 * HOUR_MS,
    servers,
    isAlive: () => issuer.keys().some(({ name, deletedAt }) => name === issued.name && deletedAt === undefined),
    begin: (name: string, emergency: boolean) =>
      start(
        ports,
        {
          ...order(),
          secret: name,
          asked: { reason: emergency ? 'leaked' : 'request', candidate: 'minted', emergency },
        },
        () => undefined,
      ),
    async hours(count: number) {
      for (let hour = 1; hour <= count; hour += 1) {
        await clock.sleep(HOUR_MS);
        if (isUsed && (await servers()) > 0) usedUntil = clock.now();
        await reconcile(ports, run);
        if (hour % 24 === 0) await purgeFleet(ports, { ...SCOPES, secretPolicy, dryRun: false });
      }
    },
  };
}

describe('a key that two secrets serve (I13)', () => {
  test('gets a successor in each when one of them is rotated, and is deleted when nobody serves it', async () => {
    const { begin, hours, vault, secret, ads, robbed, isAlive, announced } = await twoHolders();
    await begin(secret, false);
    await hours(DAYS * 24);
    const looks = await Promise.all([vault.look(secret), vault.look(ads)]);
    expect(looks.map(({ aliases }) => aliases['current'])).toEqual([2, 2]);
    expect(looks.map(({ record }) => valueOf(record.retired))).toEqual([[], []]);
    expect([isAlive(), robbed]).toEqual([false, []]);
    expect(announced.filter(({ type }) => type === 'rotation.held')).toEqual([]);
  });

  test('that nobody uses gets one in each as well, which a person need not ask for', async () => {
    const { begin, hours, vault, secret, ads, robbed, isAlive, announced } = await twoHolders(undefined, false);
    await begin(secret, false);
    await hours(40 * 24);
    const looks = await Promise.all([vault.look(secret), vault.look(ads)]);
    expect(looks.map(({ aliases }) => aliases['current'])).toEqual([2, 2]);
    expect([isAlive(), robbed]).toEqual([false, []]);
    expect(announced.map(({ type }) => type).filter((type) => type === 'rotation.opened')).toHaveLength(2);
    expect(announced.filter(({ type }) => type === 'rotation.held')).toEqual([]);
  });

  test('outlives an emergency of one while the other serves it, and not the other’s own', async () => {
    const { begin, secret, ads, robbed, servers, isAlive } = await twoHolders();
    await begin(ads, true);
    expect([await servers(), isAlive(), robbed]).toEqual([1, true, []]);
    await begin(secret, true);
    expect([await servers(), isAlive(), robbed]).toEqual([0, false, []]);
  });

  test('and leaked is told to whoever brought one of them back to it, and then deleted all the same', async () => {
    const { begin, hours, vault, secret, ads, servers, isAlive, announced, deletions } = await twoHolders();
    await begin(ads, true);
    await vault.enable(ads, await vault.lookVersion(ads, 1));
    await vault.commit(await vault.look(ads), { aliases: { current: 1 } });
    await hours(1);
    expect([await servers(), isAlive()]).toEqual([2, true]);
    expect(announced).toContainEqual(
      expect.objectContaining({ type: 'secret.warning', because: 'current_leaked', secret: ads }),
    );
    await begin(secret, true);
    await hours(2);
    expect([isAlive(), deletions.length]).toEqual([false, 1]);
  });

  test('does not outlive the rotation that the other is given by itself, by more than an hour', async () => {
    const { begin, hours, vault, secret, ads, robbed, isAlive } = await twoHolders();
    await begin(ads, true);
    await hours(1);
    const { record } = await vault.look(secret);
    expect(valueOf(record.rotation)).toMatchObject({ phase: 'promoted', emergency: false });
    for (let hour = 0; hour < 72 && valueOf((await vault.look(secret)).record.retired)?.length !== 1; hour += 1)
      await hours(1);
    await hours(1);
    expect([isAlive(), robbed]).toEqual([false, []]);
  });

  test('is kept for the rollback of whoever retired it last, and deleted once (I8)', async () => {
    const { begin, hours, vault, secret, ads, isAlive, deletions, retention } = await twoHolders(undefined, false);
    await begin(secret, false);
    await hours(48);
    await begin(ads, false);
    await hours(5 * 24);
    const at = async (name: string) => valueOf((await vault.look(name)).record.retired)?.[0]?.at ?? 0;
    const last = Math.max(await at(secret), await at(ads));
    expect(await at(ads)).toBeGreaterThan(await at(secret));
    await hours(20 * 24);
    expect([isAlive(), deletions.filter((one) => one < last + retention)]).toEqual([false, []]);
    expect(deletions).toHaveLength(1);
  });

  test('and a worker that asks nobody is caught by the witness', async () => {
    const { begin, hours, ads, robbed } = await twoHolders(NOBODY);
    await begin(ads, true);
    await hours(1);
    expect(robbed).toHaveLength(1);
  });
});
