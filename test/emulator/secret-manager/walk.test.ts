import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { base64, PROJECT, startRig, type Heard, type Rig } from '../../support/secret-manager-rig.ts';

const X = `projects/${PROJECT}/secrets/x`;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** What a person would keep in mind of one version. */
interface Remembered {
  state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  scheduled: boolean;
  etag: string;
}

interface Memory {
  readonly versions: Remembered[];
  delayed: boolean;
  aliasAt: number | undefined;
}

type Step =
  | { readonly kind: 'add' }
  | {
      readonly kind: 'move';
      readonly verb: 'enable' | 'disable' | 'destroy';
      readonly number: number;
      readonly guard: 'none' | 'right' | 'stale';
    }
  | { readonly kind: 'alias'; readonly number: number }
  | { readonly kind: 'delay'; readonly on: boolean }
  | { readonly kind: 'days'; readonly days: number };

const number = fc.integer({ min: 0, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const) }),
  fc.record({
    kind: fc.constant('move' as const),
    verb: fc.constantFrom('enable' as const, 'disable' as const, 'destroy' as const),
    number,
    guard: fc.constantFrom('none' as const, 'right' as const, 'stale' as const),
  }),
  fc.record({ kind: fc.constant('alias' as const), number }),
  fc.record({ kind: fc.constant('delay' as const), on: fc.boolean() }),
  fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 3 }) }),
);

/** Takes a step in the memory; answers the status the pretend cloud owes. */
function foreseen(memory: Memory, taken: Step): number {
  switch (taken.kind) {
    case 'add':
      memory.versions.push({ state: 'ENABLED', scheduled: false, etag: '' });
      return 200;
    case 'delay':
      memory.delayed = taken.on;
      return 200;
    case 'alias':
      if (memory.versions[taken.number - 1] === undefined) return 400;
      memory.aliasAt = taken.number;
      return 200;
    case 'days':
      // One day is the delay, so everything scheduled is due.
      for (const version of memory.versions) {
        if (version.scheduled) version.state = 'DESTROYED';
        version.scheduled = false;
      }
      return 200;
    case 'move': {
      const version = memory.versions[taken.number - 1];
      if (version === undefined) return 404;
      if (taken.guard === 'stale' || version.state === 'DESTROYED') return 400;
      if (taken.verb !== 'destroy') {
        version.state = taken.verb === 'enable' ? 'ENABLED' : 'DISABLED';
        version.scheduled = false;
        return 200;
      }
      if (version.scheduled) return 400;
      version.state = memory.delayed ? 'DISABLED' : 'DESTROYED';
      version.scheduled = memory.delayed;
      return 200;
    }
  }
}

function act(memory: Memory, taken: Step): Promise<Heard> {
  switch (taken.kind) {
    case 'add':
      return rig.ask('POST', `${X}:addVersion`, { payload: { data: base64('v') } });
    case 'delay':
      return rig.ask('PATCH', `${X}?updateMask=version_destroy_ttl`, taken.on ? { versionDestroyTtl: '86400s' } : {});
    case 'alias':
      return rig.ask('PATCH', `${X}?updateMask=version_aliases`, { versionAliases: { current: taken.number } });
    case 'days':
      rig.clock.advance(taken.days * 86_400_001);
      return rig.ask('GET', X);
    case 'move': {
      const right = memory.versions[taken.number - 1]?.etag ?? '';
      const etag = { none: '', right, stale: '"0"' }[taken.guard];
      return rig.ask('POST', `${X}/versions/${taken.number}:${taken.verb}`, { etag });
    }
  }
}

/** Compares everything that can be read with what is remembered, and takes note of the etags, which only rise. */
async function compare(memory: Memory): Promise<void> {
  const { body } = await rig.ask('GET', `${X}/versions`);
  const listed = Array.isArray(body['versions']) ? body['versions'].toReversed() : [];
  expect(listed.map(({ state }: { state: unknown }) => state)).toEqual(memory.versions.map(({ state }) => state));
  expect(listed.map((version: object) => 'scheduledDestroyTime' in version)).toEqual(
    memory.versions.map(({ scheduled }) => scheduled),
  );
  for (const [index, version] of memory.versions.entries()) {
    const etag = String(listed[index].etag);
    expect(etag >= version.etag).toBe(true);
    version.etag = etag;
    const access = await rig.ask('GET', `${X}/versions/${index + 1}:access`);
    expect(access.status).toBe(version.state === 'ENABLED' ? 200 : 400);
  }
  const latest = await rig.ask('GET', `${X}/versions/latest`);
  expect(latest.status).toBe(memory.versions.length === 0 ? 404 : 200);
  const aliased = await rig.ask('GET', `${X}/versions/current`);
  expect(aliased.status).toBe(memory.aliasAt === undefined ? 404 : 200);
  if (memory.aliasAt !== undefined) expect(aliased.body['name']).toMatch(new RegExp(`/${memory.aliasAt}$`));
}

test('any sequence of calls leaves what a simple memory of it foresees', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      rig.vault.reset();
      rig.vault.seed({ project: PROJECT, secretId: 'x' });
      const memory: Memory = { versions: [], delayed: false, aliasAt: undefined };
      for (const taken of steps) {
        const heard = await act(memory, taken);
        expect(heard.status).toBe(foreseen(memory, taken));
        await compare(memory);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
