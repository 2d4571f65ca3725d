import { NOT_SHARED } from '../../support/rotation-stage.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rehearsalJson } from '../../../src/app/rehearsal/json.ts';
import { rehearse, type Rehearsal } from '../../../src/app/rehearsal/rehearse.ts';
import type { ToldCall } from '../../../src/app/rehearsal/told.ts';
import type { TickOrder } from '../../../src/app/rotation/tick.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { ORDER, rehearsalStand, requestsOf, type Stand } from '../../support/rehearsal-stand.ts';

const MINTED: Asked = { reason: 'request', candidate: 'minted', emergency: false };
const SUPPLIED: Asked = { ...MINTED, candidate: 'supplied' };
const EMERGENCY: Asked = { ...MINTED, reason: 'leaked', emergency: true };

let on: Stand;

beforeEach(async () => {
  on = await rehearsalStand();
});

afterEach(() => on.close());

const callsOf = ({ steps }: Rehearsal) => steps.flatMap(({ calls }) => calls);

/** What a rehearsal sends: the reads that it made, and instead of minting a key a count of those that are there. */
const sentFor = (calls: readonly ToldCall[]) =>
  calls.flatMap((call) => {
    if (call.call === 'issuer.mint') return ['GET /v2/projects/P/locations/global/keys'];
    return call.made ? requestsOf(call) : [];
  });

interface Case {
  readonly title: string;
  readonly outcome: Rehearsal['outcome'];
  readonly order: () => Partial<TickOrder> & { readonly asked: Asked };
  readonly given?: () => void;
}

const CASES: readonly Case[] = [
  { title: 'a minted key, the old one never used', outcome: 'completed', order: () => ({ asked: MINTED }) },
  {
    title: 'a minted key, the old one in use until then',
    outcome: 'completed',
    order: () => ({ asked: MINTED }),
    given: () => on.use('now'),
  },
  { title: 'a supplied key', outcome: 'completed', order: () => ({ asked: SUPPLIED, supplied: on.suppliedKey() }) },
  { title: 'an emergency', outcome: 'completed', order: () => ({ asked: EMERGENCY }) },
  {
    title: 'an emergency with a supplied key',
    outcome: 'completed',
    order: () => ({ asked: { ...EMERGENCY, candidate: 'supplied' }, supplied: on.suppliedKey() }),
  },
  {
    title: 'no account for the key, not begun',
    outcome: 'held',
    order: () => ({ asked: MINTED, secretPolicy: DEFAULT_SECRET_POLICY, secret: BOUND_TO_NOBODY }),
  },
  {
    title: 'a project with all its keys, given up',
    outcome: 'abandoned',
    order: () => ({ asked: MINTED }),
    given: () => on.fillUp(),
  },
];

/** Its key is of the old type, which no account is bound to. */
const BOUND_TO_NOBODY = `projects/${SHOWCASE_PROJECT}/secrets/chat-app`;

describe('a rehearsal tells exactly the requests that the rotation then sends, in order, and sends no write:', () => {
  test.each(CASES)('$title', async ({ outcome, order, given }) => {
    given?.();
    const asked = { ...ORDER, ...order() };
    const before = on.state();
    on.heard();

    const rehearsal = await rehearse(on.ports, asked);
    const told = callsOf(rehearsal);
    const sent = on.heard();
    expect(rehearsal).toMatchObject({ outcome, missing: [] });
    expect(on.state()).toEqual(before);
    expect(on.announced).toEqual([]);
    expect(sent.filter((line) => !line.startsWith('GET ') && !line.endsWith(':generateContent'))).toEqual([]);
    expect(new Set(sent)).toEqual(new Set(sentFor(told)));

    await on.rotate(asked);
    const rotated = on.heard();
    expect(told.flatMap(requestsOf)).toEqual(rotated);
    expect(told.filter(({ kind }) => kind === 'announcement').map(({ on: type }) => type)).toEqual(
      on.announced.map(({ type }) => type),
    );
    expect(rotated.length).toBeGreaterThan(outcome === 'held' ? 2 : 10);
  });
});

test('a key that consumers use without end is taken to be left by them: the drain ends as soon as it may', async () => {
  on.use('for ever');
  const rehearsal = await rehearse(on.ports, { ...ORDER, asked: MINTED });
  expect(rehearsal).toMatchObject({ outcome: 'completed' });
  expect(callsOf(rehearsal).filter(({ call }) => call === 'meter.usage')).toEqual([
    expect.objectContaining({ made: true, on: expect.stringContaining('taken to be unused from now on') }),
  ]);
  expect(rehearsal.steps.map(({ step }) => step).filter((step) => step.startsWith('waits'))).toEqual([
    expect.stringContaining('the old key is kept while consumers take up the new one'),
  ]);
});

test('no key is in what a rehearsal tells (I9)', async () => {
  const rehearsal = await rehearse(on.ports, { ...ORDER, asked: MINTED });
  const text = JSON.stringify(rehearsalJson(rehearsal, NOT_SHARED));
  for (const { keyString } of on.cloud.keyring.all()) expect(text).not.toContain(keyString);
});
