import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { ProjectMeter, ProjectUsage } from '../../../src/app/ports/project-meter.ts';
import { useWatch, type WatchUsePorts } from '../../../src/app/use/watch-use.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { HOUR_MS, MINUTE_MS, instantOf, plusMs, type Instant } from '../../../src/core/values/time.ts';
import type { Story } from '../../support/fabricated-use.ts';
import { inFlight, resting } from '../../support/journals.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, SCOPE } from '../../support/stage.ts';

/** The clock of the stage, as the first look of an hour finds it. */
async function standing() {
  const on = await rotationStage([GOOD_KEY]);
  const { clock, issuer, vault } = on;
  await clock.sleep(HOUR_MS - (clock.now() % HOUR_MS) + 35 * MINUTE_MS);
  const until = (): Instant => instantOf(Math.floor((clock.now() - 31 * MINUTE_MS) / HOUR_MS) * HOUR_MS);
  const last = until();
  const { issued, characters } = await on.key();
  await vault.commit(await vault.look(on.secret), { aliases: { current: await on.add(characters) } });
  const stories = new Map<string, Story>();
  const asked: (readonly string[] | undefined)[] = [];
  const usage: ProjectMeter['useByKey'] = async (_, { from, until: end, uids }) => {
    await Promise.resolve();
    asked.push(uids);
    const counted = new Set<Instant>();
    const keys = [...stories].filter(([uid]) => uids === undefined || uids.includes(uid));
    const used = keys.map(([uid, story]) => {
      const hours: { endsAt: Instant; requests: number }[] = [];
      for (let endsAt = plusMs(from, HOUR_MS); endsAt <= end; endsAt = plusMs(endsAt, HOUR_MS)) {
        counted.add(endsAt);
        hours.push({ endsAt, requests: story(endsAt) ?? 0 });
      }
      return [
        uid,
        { hours, seenSince: from, lastMethods: ['google.ai.v1.GenerativeService.GenerateContent'] },
      ] as const;
    });
    return { known: true, counted, keys: new Map(used) };
  };
  const over = { useByKey: usage };
  const ports: WatchUsePorts = { ...on.ports, projectMeter: { useByKey: (...given) => over.useByKey(...given) } };
  const order = {
    scopes: [SCOPE],
    concurrency: 2,
    secretPolicy: DEFAULT_SECRET_POLICY,
    projects: [SCOPE.project],
    runEveryMinutes: 10,
  };
  return {
    ...on,
    ports,
    order,
    over,
    asked,
    issued,
    last,
    stories,
    issuer,
    watch: (fields: Partial<typeof order> = {}, given = ports) => useWatch(given, { ...order, ...fields }),
    /** From the last complete hour on. */
    stolen:
      (requests = 1_500): Story =>
      (hour) =>
        hour >= last ? requests : 20,
  };
}

const ALWAYS = (): boolean => true;

describe('a look at the use of keys', () => {
  test('tells whoever serves a key that is used as never before, once for the hour, by which methods, and what to do', async () => {
    const { watch, stories, issued, last, secret, stolen, announced, clock } = await standing();
    stories.set(issued.uid, stolen());
    const looking = watch();
    expect(await looking.run(ALWAYS)).toEqual([]);
    expect(await looking.run(ALWAYS)).toEqual([]);
    await clock.sleep(HOUR_MS);
    expect(await looking.run(ALWAYS)).toEqual([]);
    expect(announced).toEqual([
      {
        type: 'key.unusual',
        secret,
        version: 2,
        project: '123456789012',
        key: issued.name,
        use: { hour: last, requests: 1_500, usual: 20, most: 80 },
        why: expect.stringMatching(/^1500 requests in the hour from .*, lately by GenerateContent; usual there are 20/),
        step: expect.stringContaining('launched'),
        next: `key-warden consumers --secret ${secret}`,
      },
    ]);
  });

  test('asks for the last hour of all keys at once, and for the past of busy ones alone', async () => {
    const { watch, stories, issued, asked, announced } = await standing();
    stories.set('resting', () => 3);
    expect(await watch().run(ALWAYS)).toEqual([]);
    expect(asked).toEqual([undefined]);
    stories.set(issued.uid, () => 900);
    for (let at = 0; at < 30; at += 1) stories.set(`busy-${at}`, () => 900);
    asked.length = 0;
    expect(await watch().run(ALWAYS)).toEqual([]);
    expect(asked.map((uids) => uids?.length)).toEqual([undefined, 30, 1]);
    expect(announced).toEqual([]);
  });

  test('takes what may be our own deep probes off first', async () => {
    const { watch, stories, issued, last, announced, order } = await standing();
    const { secretPolicy } = order;
    const hourly = { ...secretPolicy, checks: { ...secretPolicy.checks, deepEveryHours: 1 } };
    const story =
      (requests: number): Story =>
      (hour) =>
        hour === last ? requests : 0;
    stories.set(issued.uid, story(183));
    await watch({ secretPolicy: hourly }).run(ALWAYS);
    expect(announced).toEqual([]);
    stories.set(issued.uid, story(190));
    await watch({ secretPolicy: hourly }).run(ALWAYS);
    expect(announced).toMatchObject([{ use: { requests: 184, usual: 0, most: 60 } }]);
  });

  test('tells of a key that no secret serves to everybody, and of one that does not reach Gemini to nobody', async () => {
    const { watch, stories, issuer, stolen, announced } = await standing();
    const shadow = issuer.plant({ project: SCOPE.project });
    const maps = issuer.plant({
      project: SCOPE.project,
      restrictions: { apiTargets: [{ service: 'maps-backend.googleapis.com' }] },
    });
    stories.set(shadow.uid, stolen());
    stories.set(maps.uid, stolen());
    await watch().run(ALWAYS);
    expect(announced).toMatchObject([
      { type: 'key.unusual', key: shadow.name, project: 'demo-project', next: 'key-warden inventory' },
    ]);
    expect(announced[0]).not.toHaveProperty('secret');
  });
});

describe('by policy', () => {
  const eager = {
    ...DEFAULT_SECRET_POLICY,
    rotation: { ...DEFAULT_SECRET_POLICY.rotation, rotateWhenUnusual: 1 },
  };
  const asked = async (
    secretPolicy: typeof eager,
    prepare?: (on: Awaited<ReturnType<typeof standing>>) => Promise<unknown>,
  ) => {
    const on = await standing();
    on.stories.set(on.issued.uid, on.stolen());
    await prepare?.(on);
    expect(await on.watch({ secretPolicy }).run(ALWAYS)).toEqual([]);
    return {
      ...on,
      left: (await on.journal()) ?? {},
      why: on.announced.map((notice) => ('why' in notice ? notice.why : '')),
    };
  };

  test('a planned rotation is due, which the next run begins if it may, and it is told', async () => {
    const { left, last, why } = await asked(eager);
    expect(left).toMatchObject({ phase: 'resting', due: { since: last, reason: 'use' } });
    expect(why).toEqual([expect.stringMatching(/; by its policy a planned rotation begins when it may$/)]);
  });

  test('nothing is due unless the policy says so, and it alone is told', async () => {
    const { left, why } = await asked(DEFAULT_SECRET_POLICY);
    expect(left).not.toHaveProperty('due');
    expect(why).toEqual([expect.stringMatching(/theft$/)]);
  });

  test.each<[string, Parameters<typeof asked>[1]]>([
    ['what is under way is not hurried', (on) => on.write(inFlight({ phase: 'opened' }))],
    ['what is due already stays so', (on) => on.write(resting({ due: { since: on.last, reason: 'age' } }))],
    [
      'a record that cannot be read is left alone',
      async ({ vault, secret }) =>
        vault.commit(await vault.look(secret), { annotations: { 'key-warden.rotation': 'x' } }),
    ],
    [
      'a key that is not read as current is not replaced',
      async ({ vault, secret }) => vault.commit(await vault.look(secret), { aliases: { current: 1, old: 2 } }),
    ],
  ])('%s', async (_, prepare) => {
    const { left, announced } = await asked(eager, prepare);
    expect(left).not.toMatchObject({ due: { reason: 'use' } });
    expect(announced).toHaveLength(1);
  });
});

describe('whoever may write a secret’s annotations', () => {
  test('keeps none of it quiet: what is on record is not asked', async () => {
    const { watch, stories, issued, stolen, announced, vault, secret } = await standing();
    stories.set(issued.uid, stolen());
    const forged = { 'key-warden.policy': '{', 'key-warden.rotation': 'x', 'key-warden.health': '{}' };
    await vault.commit(await vault.look(secret), { annotations: forged });
    await watch().run(ALWAYS);
    expect(announced).toMatchObject([{ type: 'key.unusual', secret }]);
  });
});

describe('what is not known', () => {
  test('is said, and looked at again by the next run', async () => {
    const { watch, over, stories, issued, stolen, announced } = await standing();
    stories.set(issued.uid, stolen());
    const looking = watch();
    const { useByKey } = over;
    const fails =
      (on: (uids: readonly string[] | undefined) => boolean): ProjectMeter['useByKey'] =>
      (project, window) =>
        on(window.uids)
          ? Promise.resolve({ known: false, why: 'no access' } satisfies ProjectUsage)
          : useByKey(project, window);
    for (const failing of [() => true, (uids: readonly string[] | undefined) => uids !== undefined]) {
      over.useByKey = fails(failing);
      expect(await looking.run(ALWAYS)).toEqual([
        'how the keys of project demo-project are used is not known: no access',
      ]);
    }
    over.useByKey = useByKey;
    expect(await looking.run(ALWAYS)).toEqual([]);
    expect(announced).toHaveLength(1);
  });

  test('is whose key it is, where the issuer does not answer', async () => {
    const { watch, ports, stories, issued, stolen, announced } = await standing();
    stories.set(issued.uid, stolen());
    const issuer = { ...ports.issuer, keyString: () => Promise.reject(new Fault('denied', 'no')) };
    expect(await watch({}, { ...ports, issuer }).run(ALWAYS)).toEqual([
      'unusual use of a key of project demo-project is not told to its owners yet: no',
    ]);
    expect(announced).toEqual([]);
  });

  test('is what there was no time for', async () => {
    const { watch, asked } = await standing();
    expect(await watch().run(() => false)).toEqual([
      'the use of keys was not looked at for want of time: the next run does',
    ]);
    expect(asked).toEqual([]);
  });
});

test('a process that has just begun judges no hour that the run before it could judge', async () => {
  const { watch, asked, clock } = await standing();
  await clock.sleep(20 * MINUTE_MS);
  expect(await watch().run(ALWAYS)).toEqual([]);
  expect(asked).toEqual([]);
});
