import { describe, expect, test } from '@jest/globals';
import { topicAnnouncer } from '../../../src/app/alerts/announce.ts';
import { check } from '../../../src/app/check/check.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { TopicMessage } from '../../../src/app/ports/notify-ports.ts';
import type { Channel } from '../../../src/core/alerts/channels/channel.ts';
import { saidOn } from '../../../src/core/alerts/digest.ts';
import type { WardenEvent } from '../../../src/core/alerts/event/event.ts';
import { readEvent } from '../../../src/core/alerts/event/read-event.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { writeSilence } from '../../support/annotations.ts';
import type { KeyNotice } from '../../../src/core/alerts/notices/key-notices.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { recordTogether } from '../../../src/app/check/tell-together.ts';
import { ORIGIN, troubleOf } from '../../support/notices.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, stage } from '../../support/stage.ts';

const CHAT: Channel = { name: 'ops', kind: 'slack', credential: 'projects/p/secrets/slack', severityMin: 'info' };
const PAGER: Channel = { ...CHAT, kind: 'pagerduty' };
const KILLED = new Error('killed');
const { now: _now, ...origin } = ORIGIN;

/** A fleet whose runs publish; `effect` is called before and after each write and each publishing. */
function fleet(effect: (is: 'before' | 'after', what: string) => void = () => undefined) {
  const on = stage();
  const published: WardenEvent[] = [];
  const around = async <Done>(what: string, work: () => Promise<Done>): Promise<Done> => {
    effect('before', what);
    const done = await work();
    effect('after', what);
    return done;
  };
  const publisher = {
    publish: ({ data, attributes }: TopicMessage) =>
      around(`publish ${attributes['secret']}`, () => {
        const reading = readEvent(data);
        if (reading.is === 'event') published.push(reading.event);
        return Promise.resolve();
      }),
  };
  /** Each process has an announcer of its own. */
  const run = () => {
    const announcer = topicAnnouncer({ publisher, clock: on.clock, seen: { labelsOf: () => ({}) } }, origin);
    const commit: typeof on.vault.commit = (...change) => around('commit', () => on.vault.commit(...change));
    return check({ ...on.ports, vault: { ...on.vault, commit }, announcer }, ORDER);
  };
  const heardOn = (channel: Channel) => published.flatMap((event) => saidOn([channel], channel, event) ?? []);
  return { on, run, published, saidOn: heardOn };
}

const idOf = (secret: unknown) => String(secret).split('/').at(-1) ?? '';
const namedIn = ({ data }: WardenEvent): readonly string[] =>
  Array.isArray(data.detail['secrets']) ? data.detail['secrets'].map(idOf) : [idOf(data.secret)];

/** Two dead keys and one that holds no key, among ten that work, so that nothing is an outage. */
async function badMorning({ on }: Pick<ReturnType<typeof fleet>, 'on'>): Promise<void> {
  for (let at = 0; at < 10; at += 1) await on.secret(`good-${at}`, [GOOD_KEY]);
  await on.secret('dead-1', [DEAD_KEY]);
  await on.secret('dead-2', [DEAD_KEY]);
  await on.secret('quoted', [`"${GOOD_KEY}"`]);
}

describe('troubles that begin in one run', () => {
  test('are one message for people and one incident each for a pager, and are over the same way', async () => {
    const world = fleet();
    await badMorning(world);
    await world.run();
    expect(world.saidOn(CHAT).map(namedIn)).toEqual([expect.arrayContaining(['dead-1', 'dead-2', 'quoted'])]);
    expect(world.saidOn(PAGER).map(namedIn)).toHaveLength(3);
    for (const id of ['dead-1', 'dead-2'])
      await world.on.vault.commit(await cured(world, id), { aliases: { current: 2 } });
    await world.on.clock.sleep(600_000);
    await world.run();
    const over = world.saidOn(CHAT).filter(({ data }) => data.notice === 'key.recovered');
    expect(over.map(namedIn)).toEqual([['dead-1', 'dead-2']]);
  });

  const cured = async ({ on }: ReturnType<typeof fleet>, id: string) => {
    const name = `projects/demo-project/secrets/${id}`;
    await on.vault.add(name, new TextEncoder().encode(GOOD_KEY));
    return on.vault.look(name);
  };

  test('are announced at the same moment again when they last', async () => {
    const world = fleet();
    await badMorning(world);
    await world.run();
    await world.on.clock.sleep(5 * 3_600_000);
    await world.run();
    expect(world.saidOn(CHAT).map(({ data }) => data.notice)).toEqual(['key.unhealthy', 'key.reminder']);
  });

  test('leave out what is silenced, which speaks for nobody', async () => {
    const world = fleet();
    await badMorning(world);
    const until = plusMs(world.on.clock.now(), 3_600_000);
    const silence = writeSilence({ owner: 'ana', reason: 'a move', until });
    const name = await world.on.secret('hushed', [DEAD_KEY], { annotations: { 'key-warden.silence': silence } });
    await world.run();
    const hushed = world.published.find(({ data }) => data.secret === name);
    expect(hushed?.data.together).toBeUndefined();
    expect(world.saidOn(CHAT).map(namedIn)).toContainEqual(expect.not.arrayContaining(['hushed']));
  });

  test('are told by themselves, where somebody who wrote meanwhile makes something else of one', async () => {
    const told: [string, number][] = [];
    const announcer = {
      announce: (notice: Notice, together: readonly KeyNotice[] = []) =>
        Promise.resolve(void told.push([notice.type, together.length])),
    };
    await recordTogether(announcer, ['a', 'b'], 2, {
      async record(id, held) {
        await held.announce(troubleOf(id, 'key_leaked'));
        await held.announce(troubleOf(id, 'key_leaked', 'key.reminder'));
      },
      isQuiet: () => false,
    });
    expect(told).toEqual([
      ['key.unhealthy', 2],
      ['key.unhealthy', 2],
      ['key.reminder', 0],
      ['key.reminder', 0],
    ]);
  });

  test('all count as not told where one of them could not be published, and are told by the next run', async () => {
    let isDeaf = true;
    const world = fleet((is, what) => {
      if (is === 'before' && what.includes('dead-2') && isDeaf) throw new Fault('unavailable', 'no topic');
    });
    await badMorning(world);
    const first = await world.run();
    expect(first.checked.flatMap(({ announced }) => announced)).toEqual([]);
    expect(first.checked.flatMap(({ problems }) => problems)).toHaveLength(3);
    isDeaf = false;
    const second = await world.run();
    expect(second.checked.flatMap(({ announced }) => announced)).toHaveLength(3);
    const last = world.saidOn(CHAT).at(-1);
    expect(last && namedIn(last)).toHaveLength(3);
  });

  test('reach a chat and a pager in the end, wherever runs die, and a run that ends tells none of them twice', async () => {
    const morning = async (deaths: readonly number[]) => {
      let effects = 0;
      const world = fleet(() => {
        effects += 1;
        if (deaths.includes(effects)) throw KILLED;
      });
      await badMorning(world);
      for (let turn = 0; turn < 4; turn += 1) {
        await world.run().catch((reason: unknown) => expect(reason).toBe(KILLED));
        await world.on.clock.sleep(600_000);
      }
      return { world, effects };
    };
    const smooth = await morning([]);
    expect(smooth.world.saidOn(CHAT)).toHaveLength(1);
    const wrong: unknown[] = [];
    for (let at = 1; at <= smooth.effects; at += 1) {
      for (const deaths of [[at], [at, at + 3]]) {
        const { world } = await morning(deaths);
        for (const channel of [CHAT, PAGER]) {
          const named = new Set(world.saidOn(channel).flatMap(namedIn));
          if (named.size !== 3) wrong.push({ deaths, on: channel.kind, named: [...named] });
        }
        const ids = new Set(world.published.map(({ id }) => id));
        if (ids.size !== 3) wrong.push({ deaths, ids: [...ids] });
      }
    }
    expect(wrong).toEqual([]);
  });
});
