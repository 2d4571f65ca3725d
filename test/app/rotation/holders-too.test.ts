import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { projectsTooFull, requestsFor, startAll, type RotationRequest } from '../../../src/app/rotation/holders-too.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { MANAGED, SCOPE } from '../../support/stage.ts';

const PLANNED: Asked = { reason: 'request', candidate: 'minted', emergency: false };
const LEAKED: Asked = { reason: 'leaked', candidate: 'minted', emergency: true };

/** One key that works in two secrets. */
async function sharedStage(asked: Asked = PLANNED) {
  const on = await rotationStage([]);
  const { vault, issuer, secret, key, order, works } = on;
  const { issued, characters } = await key('shared');
  const ads = vault.create(SCOPE, 'ads', { labels: MANAGED });
  for (const name of [secret, ads]) {
    await vault.add(name, new TextEncoder().encode(characters));
    await vault.commit(await vault.look(name), { aliases: { current: 1 } });
  }
  const ports = {
    ...on.ports,
    issuer: {
      ...issuer,
      async mint(wanted: Parameters<typeof issuer.mint>[0]) {
        const minted = await issuer.mint(wanted);
        works((await issuer.keyString(minted.name)).reveal());
        return minted;
      },
    },
  };
  const request: RotationRequest = { ...order(), asked };
  const others = requestsFor(request, [{ secret: ads, version: 1, readAs: 'current' }]);
  const phases = async () =>
    Promise.all([secret, ads].map(async (name) => (await vault.look(name)).aliases['current']));
  return { ...on, ports, ads, issued, request, others, phases };
}

const watch = () => undefined;

describe('the requests for the other holders (I13)', () => {
  test('are the same request, without the version and the project of the first', async () => {
    const { request, ads } = await sharedStage();
    const named = { ...request, project: 'shop-prod', asked: { ...PLANNED, from: 3, requestId: 'r-1' } };
    const [other] = requestsFor(named, [{ secret: ads, version: 1, readAs: 'latest' }]);
    expect(other).toEqual({ ...request, secret: ads, asked: { ...PLANNED, requestId: 'r-1' } });
  });

  test('leave alone whose rotation is under way, unless it is to be hurried', async () => {
    const { request, ads } = await sharedStage();
    const holders = [{ secret: ads, version: 1, readAs: 'previous' }];
    expect(requestsFor(request, holders)).toEqual([]);
    expect(requestsFor({ ...request, asked: LEAKED }, holders)).toHaveLength(1);
  });
});

describe('room for a key of their own', () => {
  test('is counted in the project that makes the keys, the secret’s own policy included', async () => {
    const { ports, issuer, vault, request, ads, others } = await sharedStage();
    await vault.commit(await vault.look(ads), {
      annotations: { 'key-warden.policy': JSON.stringify({ v: 1, keyProject: 'ads-prod' }) },
    });
    for (let at = 1; at < 300; at += 1) issuer.plant({ project: SCOPE.project });
    expect(await projectsTooFull(ports, [request])).toEqual([
      `project ${SCOPE.project} has 300 API keys and 0 that were deleted within 30 days: 1 more, one for each who serves the key, do not fit into 300`,
    ]);
    expect(await projectsTooFull(ports, others)).toEqual([expect.stringMatching(/^project ads-prod has /)]);
    const asked = { ...PLANNED, mint: { keyProject: 'keys-prod' } };
    expect(await projectsTooFull(ports, [{ ...request, asked }])).toEqual([
      expect.stringMatching(/^project keys-prod has /),
    ]);
  });

  test('that is not known keeps nobody from beginning', async () => {
    const { ports, vault, issuer, request, secretPolicyWithoutProject } = await withoutProject();
    vault.failNext('look', new Fault('denied', 'no'));
    issuer.failNext('list', new Fault('unavailable', 'no answer'));
    expect(await projectsTooFull(ports, [{ ...request, secretPolicy: secretPolicyWithoutProject }])).toEqual([]);
  });
});

async function withoutProject() {
  const on = await sharedStage();
  return { ...on, secretPolicyWithoutProject: { ...on.request.secretPolicy, mint: {} } };
}

describe('a request for all who serve a key', () => {
  test('takes each as far as it goes', async () => {
    const { ports, request, others, phases, ads } = await sharedStage();
    const all = await startAll(ports, request, others, () => true, watch);
    expect(all.started).toMatchObject({ outcome: 'begun', step: { journal: { phase: 'promoted' } } });
    expect(all.others).toMatchObject([
      { secret: ads, is: 'asked', started: { outcome: 'begun', step: { journal: { phase: 'promoted' } } } },
    ]);
    expect(await phases()).toEqual([2, 2]);
  });

  test('is on record for all before time is up, and the next run goes on', async () => {
    const { ports, request, others, phases } = await sharedStage();
    const all = await startAll(ports, request, others, () => false, watch);
    expect(all.others).toMatchObject([{ started: { outcome: 'begun', step: { journal: { phase: 'opened' } } } }]);
    expect(await phases()).toEqual([2, 1]);
  });

  test('deletes the leaked key once the last is off it', async () => {
    const { ports, request, others, issued, issuer } = await sharedStage(LEAKED);
    await startAll(ports, request, others, () => true, watch);
    expect(issuer.keys().find(({ name }) => name === issued.name)?.deletedAt).toBeDefined();
  });

  test('asks nothing of the others where nothing came of the first', async () => {
    const { ports, vault, secret, request, others, phases } = await sharedStage();
    await vault.commit(await vault.look(secret), { labels: { 'key-warden': null } });
    expect(await startAll(ports, request, others, () => true, watch)).toMatchObject({
      started: { outcome: 'unmanaged' },
      others: [],
    });
    expect(await phases()).toEqual([1, 1]);
  });

  test('given once more goes on with what it began', async () => {
    const { ports, request, others, ads } = await sharedStage({ ...PLANNED, requestId: 'r-1' });
    await startAll(ports, request, others, () => false, watch);
    const again = await startAll(ports, request, others, () => true, watch);
    expect(again).toMatchObject({
      started: { outcome: 'same' },
      others: [{ secret: ads, started: { outcome: 'same', step: { journal: { phase: 'promoted' } } } }],
    });
  });

  test.each([
    ['begins', 0],
    ['goes on', 1],
  ])('is stopped by no other that fails when it %s', async (_, after) => {
    const { ports, vault, ads, request, others, phases } = await sharedStage();
    let looks = 0;
    const failing = {
      ...ports,
      vault: {
        ...vault,
        look: (name: string) => {
          if (name === ads) looks += 1;
          return name === ads && looks > after ? Promise.reject(new Fault('denied', 'no')) : vault.look(name);
        },
      },
    };
    const all = await startAll(failing, request, others, () => true, watch);
    expect(all.others).toEqual([{ secret: ads, is: 'failed', why: 'no' }]);
    expect(await phases()).toEqual([2, 1]);
  });
});
