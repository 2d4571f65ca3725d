import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Survey } from '../../../src/app/ports/survey.ts';
import type { Parts } from '../../../src/app/check/ask-parts.ts';
import { check, type CheckOrder } from '../../../src/app/check/check.ts';
import { lookAtPart } from '../../../src/app/check/look-at-part.ts';
import { adopt } from '../../../src/app/rotation/adopt.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { reportOf, type Run } from '../../../src/core/health/check-run.ts';
import { answerJson, askJson, readAnswer, readAsk } from '../../../src/core/survey/part-text.ts';
import { partText } from '../../../src/core/survey/part.ts';
import { parseJson } from '../../../src/core/values/json.ts';
import { WORKING, type Scripted } from '../../support/twins/memory-prober.ts';
import { GOOD_KEY, ORDER, SCOPE, stage, type Stage } from '../../support/stage.ts';

const SCOPES = [SCOPE, { project: '1001', location: 'global' }, { project: '1002', location: 'global' }];
const ORDER_OF_ALL: CheckOrder = { ...ORDER, scopes: SCOPES, deep: 'always', budgetSeconds: 600 };

/** Instances that look at parts, each ask and answer sent as the bytes of a body; `over` is what the way does to them. */
function survey(on: Stage, over: (one: Survey) => Survey = (one) => one): Survey {
  return over(async (ask) => {
    const heard = readAsk(parseJson(JSON.stringify(askJson(ask))));
    if ('why' in heard) throw new Error(heard.why);
    const body = JSON.stringify(answerJson(await lookAtPart(on.ports, ORDER_OF_ALL, heard)));
    const answer = readAnswer(parseJson(body), ask.part);
    if ('why' in answer) throw new Error(answer.why);
    return answer;
  });
}

/** A fleet of three projects, and its keys one by one. */
interface Fleet extends Stage {
  readonly names: readonly string[];
  answers(numbers: readonly number[], scripted: Scripted | typeof WORKING): void;
}

async function fleet(): Promise<Fleet> {
  const on = stage();
  const keyOf = (n: number) => `${GOOD_KEY}${n}`;
  const answers = (numbers: readonly number[], scripted: Scripted | typeof WORKING) => {
    for (const n of numbers)
      for (const depth of ['list', 'generate'] as const)
        on.prober.script(keyOf(n), depth, 'list' in scripted ? scripted[depth] : scripted);
  };
  const names: string[] = [];
  for (const [n, { project }] of PLACES.entries()) {
    answers([n], WORKING);
    names.push(await on.secret(`s${n}`, [keyOf(n)], { project }));
  }
  return { ...on, names, answers };
}

/** Five secrets of each project. */
const PLACES = SCOPES.flatMap((scope) => Array.from({ length: 5 }, () => scope));
const ALL = PLACES.map((_, n) => n);
const FIRST = ALL.slice(0, 5);

const NO_NETWORK: Scripted = { noAnswer: 'network', detail: 'connection refused' };
const NO_BILLING: Scripted = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'This API method requires billing to be enabled.',
      status: 'PERMISSION_DENIED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'BILLING_DISABLED', domain: 'googleapis.com' },
      ],
    },
  },
};
const DEAD: Scripted = {
  status: 400,
  body: {
    error: {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ],
    },
  },
};

/** What people and alarms see of a run: its heartbeat, what is common, what is open, and its trouble. */
function seenIn(run: Run) {
  const { expected, seen, verdicts, outages, problems } = reportOf(run);
  const open = run.open.map(({ secret, project, cause }) => `${secret ?? project ?? 'all'} ${cause}`).toSorted();
  return { expected, seen, verdicts, outages, problems, open, census: run.census, listed: run.listed };
}

/** What was told of whom. */
function toldIn(on: Stage) {
  return on.announced
    .map(
      (notice) =>
        `${notice.type} ${'secret' in notice ? notice.secret : ''} ${'episode' in notice ? notice.episode.id : ''}`,
    )
    .toSorted();
}

/** What is written on every secret, but for moments: an instance that looks twice is a second later. */
async function writtenIn(on: Fleet) {
  const all = await Promise.all(on.names.map((name) => on.vault.look(name)));
  return all.map(({ annotations }) => JSON.stringify(annotations).replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'then'));
}

type Story = readonly ((on: Fleet) => void)[];

/** Tells a story, a run after each of its steps, with one instance and with many. */
async function toldBoth(story: Story, over?: (one: Survey) => Survey, more: Partial<Parts> = {}) {
  const runs = async (partsOf: (on: Stage) => Parts | undefined) => {
    const on = await fleet();
    const seen = [];
    for (const step of story) {
      step(on);
      seen.push(seenIn(await check(on.ports, { ...ORDER_OF_ALL, parts: partsOf(on) })));
    }
    return { seen, told: toldIn(on), written: await writtenIn(on) };
  };
  return {
    one: await runs(() => undefined),
    many: await runs((on) => ({ survey: survey(on, over), atOnce: 3, ...more })),
  };
}

const nothing = () => undefined;

describe('many instances look and one acts, as one that does both:', () => {
  test.each<[string, Story]>([
    ['all is well', [nothing, nothing]],
    ['a key dies, and is mended', [(on) => on.answers([7], DEAD), nothing, (on) => on.answers([7], WORKING), nothing]],
    ['a key of which nothing is learned', [(on) => on.answers([7], NO_NETWORK), nothing, nothing, nothing, nothing]],
    [
      'an outage of the fleet is told once, and ends',
      [(on) => on.answers(ALL, NO_NETWORK), nothing, (on) => on.answers(ALL, WORKING), nothing, nothing],
    ],
    [
      'an outage of one project',
      [(on) => on.answers(FIRST, NO_BILLING), nothing, (on) => on.answers(FIRST, WORKING), nothing, nothing],
    ],
    [
      'a dead key under an outage',
      [
        (on) => on.answers([2], DEAD),
        (on) =>
          on.answers(
            ALL.filter((n) => n !== 2),
            NO_NETWORK,
          ),
        nothing,
      ],
    ],
    ['two keys of a project alike are no outage', [(on) => on.answers([0, 1], NO_BILLING), nothing]],
  ])('%s', async (_title, story) => {
    const { one, many } = await toldBoth(story);
    expect(many).toEqual(one);
    expect(many.seen.at(-1)).toMatchObject({ expected: ALL.length, seen: ALL.length });
  });

  test('also where projects are looked at in shares', async () => {
    const story: Story = [(on) => on.answers(FIRST, NO_BILLING), (on) => on.answers([7], DEAD)];
    const { one, many } = await toldBoth(story, undefined, { most: 2 });
    expect(many).toEqual(one);
  });

  test('also where every part is asked twice, and the first answers are lost', async () => {
    const lost = new Set<string>();
    const over =
      (real: Survey): Survey =>
      async (ask, within) => {
        const answer = await real(ask, within);
        if (lost.has(partText(ask.part))) return answer;
        lost.add(partText(ask.part));
        throw new Fault('timeout', 'did not answer in time');
      };
    const { one, many } = await toldBoth([(on) => on.answers([7], DEAD)], over);
    expect(many).toEqual(one);
  });

  test('also what is told once a day, for which it lists a project itself', async () => {
    const warned = async (partsOf: (on: Stage) => Parts | undefined) => {
      const on = await fleet();
      const order = { ...ORDER_OF_ALL, runEveryMinutes: 1440, parts: partsOf(on) };
      const secret = await on.secret('old', [GOOD_KEY], { labels: {}, current: null });
      await adopt(on.ports, { secret, secretPolicy: DEFAULT_SECRET_POLICY, dryRun: false });
      await check(on.ports, order);
      await on.vault.commit(await on.vault.look(secret), { labels: { 'key-warden': null } });
      await check(on.ports, order);
      return on.announced.flatMap((notice) => (notice.type === 'secret.warning' ? [notice.because] : []));
    };
    const one = await warned(() => undefined);
    expect(one).toEqual(['label_removed']);
    expect(await warned((on) => ({ survey: survey(on), atOnce: 2 }))).toEqual(one);
  });

  test('also where a project cannot be listed', async () => {
    const story: Story = [(on) => on.vault.failNext('list', new Fault('denied', 'you may not'))];
    const { one, many } = await toldBoth(story, undefined, { atOnce: 1 });
    expect(many.seen).toMatchObject([
      { expected: 10, seen: 10, problems: [expect.stringContaining('was not listed to the end: you may not')] },
    ]);
    expect(many).toEqual(one);
  });
});

describe('a part that nobody looked at', () => {
  const refusing =
    (location: (text: string) => boolean, fault: Fault, asked: string[] = []) =>
    (real: Survey): Survey =>
    (ask, within) => {
      asked.push(partText(ask.part));
      return location(partText(ask.part)) ? Promise.reject(fault) : real(ask, within);
    };
  const run = async (over: (one: Survey) => Survey, more: Partial<Parts & CheckOrder> = {}) => {
    const on = await fleet();
    on.answers([7], DEAD);
    return check(on.ports, { ...ORDER_OF_ALL, ...more, parts: { survey: survey(on, over), atOnce: 2, ...more } });
  };

  test('is asked once more, and then named; how much it holds is not known, and the others are looked at', async () => {
    const asked: string[] = [];
    const over = refusing((text) => text.includes('1002'), new Fault('unavailable', 'cannot be reached'), asked);
    const { expected, listed, problems, barred, open } = await run(over);
    expect(asked.filter((text) => text.includes('1002'))).toHaveLength(2);
    expect([expected, listed, barred]).toEqual([10, ['demo-project/global', '1001/global'], false]);
    expect(problems).toEqual([
      'project 1002 (global) was not looked at, and how many secrets it has is not known: cannot be reached',
    ]);
    expect(open).toHaveLength(1);
  });

  test('is not asked again where a setting must be mended first', async () => {
    const asked: string[] = [];
    const over = refusing(() => true, new Fault('denied', 'the function survey answered 403'), asked);
    expect(await run(over)).toMatchObject({ expected: 0, barred: true, listed: [] });
    expect(asked).toHaveLength(3);
  });

  test('counts as missed where its project said how much it holds', async () => {
    const over = refusing((text) => text === 'project 1001 (global), share 2 of 3', new Fault('unavailable', 'no'));
    const one = await run(over, { most: 2 });
    const { expected, seen } = reportOf(one);
    expect(expected).toBe(ALL.length);
    expect(seen).toBeLessThan(expected);
    expect(one.problems).toEqual([
      'project 1001 (global), share 2 of 3 was not looked at: no',
      expect.stringContaining(`${expected - seen} of ${expected} secrets were not reached`),
    ]);
    expect(one.listed).toEqual(['demo-project/global', '1002/global']);
  });

  test('is named where a share is too large all the same, and where there was no time', async () => {
    const over =
      (real: Survey): Survey =>
      (ask, within) =>
        ask.part.share?.at === 0 ? Promise.resolve({ is: 'too many', secrets: 20_000 }) : real(ask, within);
    expect((await run(over, { most: 3 })).problems.join()).toContain(
      'share 1 of 2 was not looked at: it has 20000 secrets, more than one instance takes',
    );
    const { problems } = await run((real) => real, { budgetSeconds: 0 });
    expect(problems).toHaveLength(3);
    expect(problems[0]).toContain('there was no time left for it');
  });
});

describe('what is to be done is looked at again by the one that does it:', () => {
  const dead = async (before: (on: Fleet) => void, more: Partial<CheckOrder> = {}) => {
    const on = await fleet();
    on.answers([6, 7, 8], DEAD);
    on.answers([9], NO_NETWORK);
    const looked = survey(on, (real) => async (ask, within) => {
      const answer = await real(ask, within);
      before(on);
      return answer;
    });
    const run = await check(on.ports, { ...ORDER_OF_ALL, ...more, parts: { survey: looked, atOnce: 1 } });
    return { on, run };
  };

  test('what was mended meanwhile is told of nobody', async () => {
    const { on, run } = await dead((one) => one.answers(ALL, WORKING));
    expect([on.announced, run.open]).toEqual([[], []]);
  });

  test('a secret that is gone is none, and one that cannot be seen is named', async () => {
    const once = new Set(['not_found', 'denied'] as const);
    const { run } = await dead((on) => {
      for (const code of once) on.vault.failNext('look', new Fault(code, `it is ${code}`));
      once.clear();
    });
    expect(run.problems).toEqual([expect.stringMatching(/was to be looked at again, and was not: it is denied$/)]);
    expect(run.open).toHaveLength(1);
  });

  test('no more of them than one run records, and those that are left are counted', async () => {
    const { run } = await dead(() => undefined, { recordedMax: 1 });
    expect(run.problems).toEqual([
      expect.stringContaining('trouble of 3 further secrets was not recorded in this run'),
    ]);
    expect(run.untoldUnclear).toBe(1);
  });

  test('those that were told already after those that were not, so that none waits for ever behind them', async () => {
    const on = await fleet();
    const run = () => check(on.ports, { ...ORDER_OF_ALL, recordedMax: 2, parts: { survey: survey(on), atOnce: 3 } });
    for (const n of [0, 5, 14]) {
      on.answers([n], DEAD);
      expect((await run()).problems).toEqual([]);
    }
    expect(toldIn(on).map((told) => /s\d+#/.exec(told)?.[0])).toEqual(['s5#', 's14#', 's0#']);
    on.answers([13], NO_NETWORK);
    expect(await run()).toMatchObject({ untoldUnclear: 1, open: [{}, {}, {}] });
  });

  test('none of them once the time is over, which are counted and come first in the next run', async () => {
    const on = await fleet();
    on.answers([6, 7], DEAD);
    const late = survey(on, (real) => async (ask, within) => {
      const answer = await real(ask, within);
      await on.clock.sleep(ORDER_OF_ALL.budgetSeconds * 1000);
      return answer;
    });
    const run = await check(on.ports, { ...ORDER_OF_ALL, parts: { survey: late, atOnce: 3 } });
    expect(run.problems).toEqual([
      expect.stringContaining('trouble of 2 further secrets was not recorded in this run'),
    ]);
    expect(on.announced).toEqual([]);
  });

  test('an outage whose keeper cannot be seen is told in the next run', async () => {
    const on = await fleet();
    on.answers(ALL, NO_NETWORK);
    const parts = { survey: survey(on), atOnce: 1 };
    on.vault.failNext('look', new Fault('unavailable', 'no answer'));
    const { problems } = await check(on.ports, { ...ORDER_OF_ALL, parts });
    expect(problems).toEqual([expect.stringMatching(/^an outage could not be remembered on .*: no answer$/)]);
    await check(on.ports, { ...ORDER_OF_ALL, parts });
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage']);
  });

  test('named secrets are looked at by this instance alone', async () => {
    const on = await fleet();
    const nobody = () => Promise.reject(new Fault('unavailable', 'nobody is asked'));
    const run = await check(on.ports, {
      ...ORDER_OF_ALL,
      secrets: on.names.slice(0, 1),
      parts: { survey: nobody, atOnce: 1 },
    });
    expect(run).toMatchObject({ expected: 1, problems: [] });
  });
});

test('a part that hangs does not keep the others from being told of', async () => {
  const on = await fleet();
  on.answers([7], DEAD);
  const waited: number[] = [];
  const hanging = survey(on, (real) => async (ask, withinMs) => {
    if (ask.part.project !== '1002') return real(ask, withinMs);
    waited.push(withinMs);
    await on.clock.sleep(withinMs);
    throw new Fault('timeout', 'did not answer in time');
  });
  const run = await check(on.ports, { ...ORDER_OF_ALL, budgetSeconds: 240, parts: { survey: hanging, atOnce: 1 } });
  expect(waited).toEqual([60_000, 60_000]);
  expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy']);
  expect(run.problems).toEqual([expect.stringContaining('project 1002 (global) was not looked at')]);
});

test('an instance whose time is over says how much it missed', async () => {
  const on = await fleet();
  on.answers(FIRST, DEAD);
  const ask = { part: SCOPE, most: 10, deep: 'never', runEveryMinutes: 10, seconds: 1 } as const;
  expect(await lookAtPart(on.ports, { ...ORDER_OF_ALL, concurrency: 1 }, ask)).toMatchObject({
    look: { expected: 5, missed: 4 },
  });
});
