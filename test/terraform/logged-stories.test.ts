import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { NO_DEAD_MAN } from '../../src/app/check/dead-man.ts';
import { attempt } from '../../src/app/ports/fault.ts';
import { routeEvent } from '../../src/app/alerts/route.ts';
import { attributesOf } from '../../src/core/alerts/event/event.ts';
import { isoOf, MINUTE_MS, plusMs, type Instant } from '../../src/core/values/time.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { healthCheck } from '../../src/functions/health-check.ts';
import { alertStage } from '../support/alert-stage.ts';
import { eventFor } from '../support/notices.ts';
import { served, type Served } from '../support/served.ts';
import { GOOD_KEY, ORDER, STANDARD_KEY, stage, type Stage } from '../support/stage.ts';
import { WORKING } from '../support/twins/memory-prober.ts';
import { seriesOf, type LoggedLine } from './logged-series.ts';
import { moduleFiles } from './module.ts';
import { promtoolIsInstalled, told } from './promtool.ts';
import { alarmsOf, hoursBack } from './queries.ts';

const testIf = promtoolIsInstalled('the alarms over what the functions log') ? test : test.skip;
const files = await moduleFiles();
const alarms = alarmsOf(files);

const LETTERS =
  'pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource="pubsub_subscription",subscription_id="key-warden-dead-letters"}';

/** Calls a function on a connection of its own: there are hundreds of calls, and one that is kept may be closed under the next. */
async function called(url: string): Promise<number | undefined> {
  const call = request(url, { method: 'POST', agent: false });
  const answered = once(call, 'response');
  call.end();
  const [answer]: readonly unknown[] = await answered;
  if (!(answer instanceof IncomingMessage)) throw new Error('no answer');
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

/** Whether an alarm fires at each of these minutes, over what was logged until then. */
function firing(name: string, metrics: readonly string[], lines: readonly LoggedLine[], minutes: readonly number[]) {
  const alarm = alarms.get(name);
  if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
  const back = hoursBack(alarm) * 60 + 120;
  return minutes.map((minute) => {
    const from = Math.max(0, minute - back);
    const series = { ...seriesOf(files, metrics, lines, from, minute), [LETTERS]: `1x${minute - from}` };
    return told(name, alarm, { title: name, series, atMinute: minute - from, fires: true }) === 'as told';
  });
}

describe('over what the check logs', () => {
  const LEAKED = {
    status: 403,
    body: { error: { code: 403, message: 'Your API key was reported as leaked. Please use another API key.' } },
  };
  const SLOW = { noAnswer: 'timeout', detail: 'no answer' } as const;
  let on: Stage;
  let check: Served;
  const lines: LoggedLine[] = [];
  const minuteOf = (now: Instant, start: Instant) => Math.floor((now - start) / MINUTE_MS);

  beforeAll(async () => {
    on = stage();
    const start = on.clock.now();
    const log = structuredLog((line) => lines.push({ minute: minuteOf(on.clock.now(), start), line }));
    const anybody = () =>
      Promise.resolve({ allowed: true, caller: 'a', by: { who: 'a', is: 'verified' }, mayEmergency: false } as const);
    http('story', healthCheck({ ...on.ports, log, deadMan: NO_DEAD_MAN }, ORDER, anybody));
    check = await served('story');
    await on.secret('good', [GOOD_KEY]);
    await on.secret('other', [STANDARD_KEY]);
    await runs(12);
    on.prober.script(GOOD_KEY, 'list', LEAKED);
    await runs(432);
    on.prober.script(GOOD_KEY, 'list', WORKING.list);
    await runs(12);
  });
  afterAll(async () => {
    await check[Symbol.asyncDispose]();
  });

  /** Runs of the check, one in ten minutes. */
  async function runs(count: number): Promise<void> {
    for (let run = 0; run < count; run += 1) {
      const next = plusMs(on.clock.now(), 10 * MINUTE_MS);
      expect(await called(check.url)).toBe(200);
      await on.clock.sleep(next - on.clock.now());
    }
  }

  testIf(
    'a leak of three days is heard from its first line to its end, and looks that nobody hears of are too many',
    async () => {
      expect(firing('unhealthy', ['open', 'deliveries'], lines, [115, 122, 2000, 4430, 4500])).toEqual([
        false,
        true,
        true,
        true,
        false,
      ]);
      expect(firing('unclear', ['untold_unclear', 'heartbeat_seen'], lines, [2000, 4500])).toEqual([false, false]);
      // Nothing is learned of one key in every other run: no three runs in a row, so channels hear nothing.
      for (let pair = 0; pair < 9; pair += 1) {
        on.prober.script(STANDARD_KEY, 'list', SLOW);
        await runs(1);
        on.prober.script(STANDARD_KEY, 'list', WORKING.list);
        await runs(1);
      }
      const said = on.announced.map(({ type }) => type).filter((type) => /^key\.(?!reminder)/.test(type));
      expect(said).toEqual(['key.unhealthy', 'key.recovered']);
      expect(firing('unclear', ['untold_unclear', 'heartbeat_seen'], lines, [4560, 4735])).toEqual([false, true]);
    },
  );

  testIf(
    'a check that stopped, and one that is cut off and logs no end, are silent; what it said before stands no more',
    () => {
      const until = (minute: number) => lines.filter((one) => one.minute <= minute);
      expect(firing('silent', ['heartbeat'], until(600), [600, 700])).toEqual([false, true]);
      expect(firing('unhealthy', ['open', 'deliveries'], until(600), [600, 700])).toEqual([true, false]);
    },
  );
});

describe('over what deliveries log', () => {
  testIf('a channel that is down for a day is heard, and no more three hours after it came back', async () => {
    const on = alertStage();
    const down = Array.from(
      { length: 3 * 145 },
      () => ({ is: 'later', why: 'it answered 503', afterMs: 60_000 }) as const,
    );
    const channels = [await on.channel('ops', {}, down)];
    const start = on.ports.clock.now();
    const lines: LoggedLine[] = [];
    const log = structuredLog((line) =>
      lines.push({ minute: Math.floor((on.ports.clock.now() - start) / MINUTE_MS), line }),
    );
    const deliver = async (time: Instant) => {
      const event = { ...eventFor('key.unhealthy'), time: isoOf(time) };
      const message = { data: JSON.stringify(event), attributes: { ...attributesOf(event), channel: 'ops' } };
      await attempt(() => routeEvent({ ...on.ports, log }, channels, message));
      await on.ports.clock.sleep(10 * MINUTE_MS);
    };
    // One message comes again every ten minutes until it is taken; then each is new.
    for (let time = 0; time < 145; time += 1) await deliver(start);
    for (let time = 0; time < 60; time += 1) await deliver(on.ports.clock.now());
    const back = 1450;
    expect(firing('late', ['delivery_missed'], lines, [30, 1400, back + 5, back + 300])).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
