import { describe, expect, test } from '@jest/globals';
import { attempt, Fault } from '../../../src/app/ports/fault.ts';
import type { Receipt } from '../../../src/app/ports/notify-ports.ts';
import { routeEvent } from '../../../src/app/alerts/route.ts';
import type { Channel } from '../../../src/core/alerts/channels/channel.ts';
import { attributesOf } from '../../../src/core/alerts/event/event.ts';
import type { NoticeType } from '../../../src/core/alerts/notice.ts';
import { writeSilence } from '../../support/annotations.ts';
import { isoOf, plusMs } from '../../../src/core/values/time.ts';
import type { Breadth } from '../../../src/core/record/wide-silence.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { groupOf } from '../../support/digests.ts';
import { eventFor, troubleOf } from '../../support/notices.ts';
import { alertStage, type AlertStage } from '../../support/alert-stage.ts';

const LATER: Receipt = { is: 'later', why: 'it answered 503', afterMs: 60_000 };
const REFUSED: Receipt = { is: 'refused', why: 'it answered 404' };

function messageOf(type: NoticeType, attributes: Record<string, string> = {}, secret?: string) {
  const event = eventFor(type);
  const data = secret === undefined ? event.data : { ...event.data, secret };
  return { data: JSON.stringify({ ...event, data }), attributes: { ...attributesOf(event), ...attributes } };
}

async function watched(on: AlertStage, silence?: string): Promise<string> {
  const annotations = silence === undefined ? {} : { 'key-warden.silence': silence };
  return Promise.resolve(on.vault.create({ project: 'apps', location: 'global' }, 'app-key', { annotations }));
}

describe('an event', () => {
  test('becomes one delivery per channel, each in the order of its secret and channel', async () => {
    const on = alertStage();
    const channels = [await on.channel('ops'), await on.channel('pd', { kind: 'pagerduty' })];
    const message = messageOf('fleet.outage');
    expect(await routeEvent(on.ports, channels, message)).toEqual({ is: 'routed', channels: ['ops', 'pd'] });
    expect(on.deliveries).toEqual(
      ['ops', 'pd'].map((channel) => ({
        data: message.data,
        attributes: { ...message.attributes, channel },
        orderingKey: `fleet|${channel}`,
      })),
    );
    expect(on.sent).toEqual([]);
  });

  test('that no channel wants is done with', async () => {
    const on = alertStage();
    const channels = [await on.channel('ops', { types: ['key.aging'] })];
    expect(await routeEvent(on.ports, channels, messageOf('fleet.outage'))).toEqual({ is: 'routed', channels: [] });
  });

  test('comes again when a delivery could not be published', async () => {
    const on = alertStage();
    const deliveries = { publish: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    await expect(
      routeEvent({ ...on.ports, deliveries }, [await on.channel('ops')], messageOf('fleet.outage')),
    ).rejects.toThrow('no topic');
  });
});

describe('a silence', () => {
  const silenced = async (type: NoticeType, hours = 1) => {
    const on = alertStage();
    const until = plusMs(on.clock.now(), hours * 3_600_000);
    const secret = await watched(on, writeSilence({ owner: 'ana', reason: 'move', until }));
    const outcome = await routeEvent(on.ports, [await on.channel('ops')], messageOf(type, {}, secret));
    return { on, outcome, until };
  };

  test('of the secret holds the event back and says whose it is', async () => {
    const { on, outcome, until } = await silenced('key.unhealthy');
    expect(outcome).toEqual({ is: 'silenced', silence: { owner: 'ana', reason: 'move', until } });
    expect(on.deliveries).toEqual([]);
    expect(on.logged).toEqual([
      `NOTICE silenced by ana until 2027-01-15T09:00:00.000Z (move): ${eventFor('key.unhealthy').data.summary}`,
    ]);
  });

  test('lets a recovery through, so that no incident stays open', async () => {
    const { on, outcome } = await silenced('key.recovered');
    expect(outcome).toMatchObject({ is: 'routed' });
    expect(on.vault.calls).not.toContain('look');
  });

  test('that is over holds nothing back', async () => {
    const { on, outcome } = await silenced('key.unhealthy', 0);
    expect(outcome).toMatchObject({ is: 'routed' });
    expect(on.logged).toEqual([]);
  });

  test('that is not understood holds nothing back, and is told', async () => {
    const on = alertStage();
    const secret = await watched(on, '{"v":1}');
    expect(await routeEvent(on.ports, [await on.channel('ops')], messageOf('key.unhealthy', {}, secret))).toMatchObject(
      {
        is: 'routed',
      },
    );
    expect(on.logged).toEqual([`WARNING ${secret}: the annotation key-warden.silence is ignored: it names no owner`]);
  });

  test('that cannot be looked up holds nothing back, and is told', async () => {
    const on = alertStage();
    const secret = await watched(on);
    on.vault.failNext('look', new Fault('unavailable', 'no answer'));
    expect(await routeEvent(on.ports, [await on.channel('ops')], messageOf('key.unhealthy', {}, secret))).toMatchObject(
      {
        is: 'routed',
      },
    );
    expect(on.logged).toEqual([`WARNING whether ${secret} is silenced is not known: no answer`]);
  });
});

function writtenFrom(change: RecordChange): Record<string, string> {
  const all = Object.entries(changeOf(recordOf({}), change));
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

describe('a silence of more than one secret', () => {
  const silenced = async (breadth: Breadth) => {
    const on = alertStage();
    const until = plusMs(on.clock.now(), 3_600_000);
    const wideSilences = [{ about: breadth, owner: 'ana', reason: 'move', until }];
    const annotations = writtenFrom({ wideSilences });
    const silences = on.vault.create({ project: 'ops', location: 'global' }, 'silences', { annotations });
    const channels = [await on.channel('ops')];
    const route = (message: { data: string; attributes: Record<string, string> }) =>
      routeEvent({ ...on.ports, silences }, channels, message);
    return { on, route };
  };

  test('holds an outage back, and never its end', async () => {
    const { on, route } = await silenced({ outages: true });
    expect(await route(messageOf('fleet.outage'))).toMatchObject({ is: 'silenced', silence: { owner: 'ana' } });
    expect(await route(messageOf('fleet.recovered'))).toEqual({ is: 'routed', channels: ['ops'] });
    expect(on.logged[0]).toContain('silenced by ana');
  });

  test('leaves out of one message what it is about, and the first of the others says the rest', async () => {
    const { on, route } = await silenced({ cause: 'billing_disabled' });
    const events = groupOf([
      troubleOf('ads', 'billing_disabled'),
      troubleOf('maps', 'key_invalid'),
      troubleOf('search', 'key_invalid'),
    ]);
    const outcomes = [];
    for (const event of events) outcomes.push(await route({ data: JSON.stringify(event), attributes: {} }));
    expect(outcomes).toMatchObject([{ is: 'silenced' }, { channels: ['ops'] }, { channels: [] }]);
    expect(on.deliveries.map(({ data }) => JSON.parse(data).data.headline)).toEqual([
      expect.stringMatching(/^2 secrets · /),
    ]);
  });
});

describe('what one run tells together', () => {
  test('is one message on a channel for people and one each on a pager, and is not looked up for a silence', async () => {
    const on = alertStage();
    const channels = [await on.channel('ops'), await on.channel('pd', { kind: 'pagerduty' })];
    const [worst, other] = groupOf([troubleOf('ads', 'key_leaked'), troubleOf('maps', 'key_invalid')]);
    const message = (event: typeof worst) => ({ data: JSON.stringify(event), attributes: {} });
    expect(await routeEvent(on.ports, channels, message(other))).toEqual({ is: 'routed', channels: ['pd'] });
    expect(await routeEvent(on.ports, channels, message(worst))).toEqual({ is: 'routed', channels: ['ops', 'pd'] });
    const said = on.deliveries.map(({ data, attributes }) => [attributes['channel'], JSON.parse(data).data.headline]);
    expect(said).toEqual([
      ['pd', other?.data.headline],
      ['ops', expect.stringMatching(/^2 secrets · /)],
      ['pd', worst?.data.headline],
    ]);
    expect(on.vault.calls).not.toContain('look');
  });
});

describe('a delivery', () => {
  const goesOut = async (answers: readonly Receipt[]) => {
    const on = alertStage();
    const channels: readonly Channel[] = [await on.channel('other'), await on.channel('ops', {}, answers)];
    return { on, outcome: routeEvent(on.ports, channels, messageOf('key.unhealthy', { channel: 'ops' })) };
  };

  test('goes out on its channel and on no other', async () => {
    const { on, outcome } = await goesOut([]);
    expect(await outcome).toEqual({ is: 'delivered', channel: 'ops' });
    expect(on.sent.map(({ channel }) => channel)).toEqual(['ops']);
    expect(on.deliveries).toEqual([]);
    expect(on.logged).toEqual([`INFO delivered on ops: ${eventFor('key.unhealthy').data.summary}`]);
  });

  test('that may be taken later comes again', async () => {
    const { on, outcome } = await goesOut([LATER]);
    await expect(outcome).rejects.toEqual(new Fault('unavailable', 'ops did not take an alert yet: it answered 503'));
    expect(on.logged).toEqual(['WARNING ops did not take an alert yet: it answered 503']);
    expect(on.deadLetters).toEqual([]);
  });

  test('that is refused ends as a dead letter at once, with the reason', async () => {
    const { on, outcome } = await goesOut([REFUSED]);
    expect(await outcome).toEqual({ is: 'refused', why: 'it answered 404' });
    const { data, attributes } = messageOf('key.unhealthy');
    expect(on.deadLetters.map((letter) => ({ ...letter, data: JSON.parse(letter.data) }))).toEqual([
      {
        data: JSON.parse(data),
        attributes: { ...attributes, channel: 'ops', why: 'it answered 404' },
        orderingKey: 'projects/123456789012/secrets/app-key|ops',
      },
    ]);
    expect(on.logged).toEqual(['ERROR ops refused an alert and will not get it: it answered 404']);
  });

  test('that is refused comes again when it cannot be put away', async () => {
    const on = alertStage();
    const deadLetters = { publish: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    const channels = [await on.channel('ops', {}, [REFUSED])];
    await expect(
      routeEvent({ ...on.ports, deadLetters }, channels, messageOf('fleet.outage', { channel: 'ops' })),
    ).rejects.toThrow('no topic');
  });

  test('for a channel that the settings no longer have is dropped', async () => {
    const on = alertStage();
    expect(await routeEvent(on.ports, [], messageOf('key.unhealthy', { channel: 'gone' }))).toEqual({
      is: 'dropped',
      why: 'no channel has the name "gone" any more',
    });
    expect(on.logged).toEqual(['WARNING a message was dropped: no channel has the name "gone" any more']);
  });
});

describe('a message that is no event', () => {
  test('is dropped with a warning, for it will never become one', async () => {
    const on = alertStage();
    expect(await routeEvent(on.ports, [], { data: 'hello', attributes: {} })).toEqual({
      is: 'dropped',
      why: 'the message is not a JSON object',
    });
    expect(on.logged).toEqual(['WARNING a message was dropped: the message is not a JSON object']);
  });

  test('of a newer release comes again, and in the end reaches the dead letters: it may be an alert', async () => {
    const on = alertStage();
    const event = { ...eventFor('key.unhealthy'), type: 'key-warden.key.unhealthy.v2' };
    await expect(routeEvent(on.ports, [], { data: JSON.stringify(event), attributes: {} })).rejects.toEqual(
      new Fault('invalid', 'an event was not passed on: the event has version v2; this release reads v1'),
    );
  });
});

test('a delivery says how long people waited for it, where the event says when it was published', async () => {
  const on = alertStage();
  const channels = [await on.channel('ops')];
  const waited: unknown[] = [];
  const log = { write: (_severity: string, _message: string, fields = {}) => waited.push(fields) };
  const deliver = (time: string) => {
    const event = { ...eventFor('key.unhealthy'), time };
    const message = { data: JSON.stringify(event), attributes: { ...attributesOf(event), channel: 'ops' } };
    return routeEvent({ ...on.ports, log }, channels, message);
  };
  await deliver(isoOf(plusMs(on.ports.clock.now(), -90_000)));
  await deliver('soon');
  expect(waited).toMatchObject([
    { channel: 'ops', delivered: { seconds: 90 } },
    { channel: 'ops', delivered: {} },
  ]);
  expect(waited[1]).not.toMatchObject({ delivered: { seconds: expect.any(Number) } });
});

test('a delivery says whether it kept the promise of two minutes, once that is decided', async () => {
  const promised = async (secondsAgo: number, answers: readonly Receipt[] = []) => {
    const on = alertStage();
    const channels = [await on.channel('ops', {}, answers)];
    const event = { ...eventFor('key.unhealthy'), time: isoOf(plusMs(on.ports.clock.now(), -secondsAgo * 1000)) };
    const message = { data: JSON.stringify(event), attributes: { ...attributesOf(event), channel: 'ops' } };
    const lines: Record<string, unknown>[] = [];
    const log = { write: (_severity: string, _message: string, fields = {}) => lines.push(fields) };
    await attempt(() => routeEvent({ ...on.ports, log }, channels, message));
    return lines.map((line) => line['promised']);
  };
  const never = [LATER, LATER, LATER];
  expect(await promised(100)).toEqual([{ missed: 0 }]);
  expect(await promised(200)).toEqual([{ missed: 1 }]);
  expect(await promised(0, [REFUSED, REFUSED])).toEqual([{ missed: 1 }]);
  expect([await promised(0, never), await promised(200, never)]).toEqual([[undefined], [{ missed: 1 }]]);
});
