import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { notify } from '../../../src/app/alerts/deliver.ts';
import type { Receipt } from '../../../src/app/ports/notify-ports.ts';
import { eventFor } from '../../support/notices.ts';
import { alertStage } from '../../support/alert-stage.ts';

const EVENT = eventFor('key.unhealthy');
const LATER: Receipt = { is: 'later', why: 'it answered 503' };
const REFUSED: Receipt = { is: 'refused', why: 'it answered 404' };

async function notified(answers: readonly Receipt[]) {
  const on = alertStage();
  const outcomes = await notify(on.ports, EVENT, [await on.channel('ops', {}, answers)]);
  return { on, outcomes };
}

describe('an event on its channels', () => {
  test('is rendered for each and sent with its credential', async () => {
    const on = alertStage();
    const channels = [await on.channel('ops'), await on.channel('hook', { kind: 'webhook' })];
    expect(await notify(on.ports, EVENT, channels)).toEqual([
      { channel: 'ops', is: 'delivered' },
      { channel: 'hook', is: 'delivered' },
    ]);
    expect(on.sent.map(({ channel, secret, outgoing }) => [channel, secret, Object.keys(outgoing.body)])).toEqual([
      ['ops', 'credential of ops', ['text', 'blocks']],
      ['hook', 'credential of hook', ['type', 'timestamp', 'data']],
    ]);
  });

  test('reaches every other channel when one is broken', async () => {
    const on = alertStage();
    const channels = [
      await on.channel('refuses', {}, [REFUSED]),
      await on.channel('sleeps', {}, [LATER, LATER, LATER]),
      { ...(await on.channel('bare')), credential: 'projects/ops/secrets/none' },
      await on.channel('works'),
    ];
    expect(await notify(on.ports, EVENT, channels)).toEqual([
      { channel: 'refuses', is: 'refused', why: 'it answered 404' },
      { channel: 'sleeps', is: 'later', why: 'it answered 503' },
      { channel: 'bare', is: 'later', why: expect.stringContaining('it has no credential: ') },
      { channel: 'works', is: 'delivered' },
    ]);
  });

  test('is delivered where there is nothing to say of it, without asking for the credential', async () => {
    const on = alertStage();
    const channel = await on.channel('pd', { kind: 'pagerduty' });
    expect(await notify(on.ports, eventFor('fleet.heartbeat'), [channel])).toEqual([
      { channel: 'pd', is: 'delivered' },
    ]);
    expect(on.sent).toEqual([]);
    expect(on.vault.calls).not.toContain('read');
  });

  test('of several requests stops at the first that is not taken', async () => {
    const on = alertStage();
    const channel = await on.channel('pd', { kind: 'pagerduty' }, [REFUSED]);
    expect(await notify(on.ports, eventFor('rotation.completed'), [channel])).toMatchObject([{ is: 'refused' }]);
    expect(on.sent.map(({ outgoing }) => outgoing.path)).toEqual(['/v2/enqueue']);
    await notify(on.ports, eventFor('rotation.completed'), [channel]);
    expect(on.sent.slice(1).map(({ outgoing }) => outgoing.path)).toEqual([
      '/v2/enqueue',
      '/v2/enqueue',
      '/v2/change/enqueue',
    ]);
  });
});

describe('a channel that may take it later', () => {
  test('is asked three times, each wait longer, all with the same id', async () => {
    const { on, outcomes } = await notified([LATER, LATER, LATER]);
    expect(outcomes).toEqual([{ channel: 'ops', is: 'later', why: 'it answered 503' }]);
    expect(on.clock.slept).toEqual([750, 1500]);
    expect(new Set(on.sent.map(({ outgoing }) => outgoing.id)).size).toBe(1);
    expect(on.sent).toHaveLength(3);
  });

  test('has delivered when a later attempt is taken', async () => {
    expect((await notified([LATER])).outcomes).toEqual([{ channel: 'ops', is: 'delivered' }]);
  });

  test('is given the short pause that it asks for', async () => {
    const { on } = await notified([{ ...LATER, afterMs: 10_000 }]);
    expect(on.clock.slept).toEqual([10_000]);
  });

  test('that asks for a long pause is left to Pub/Sub at once', async () => {
    const { on, outcomes } = await notified([{ ...LATER, afterMs: 10_001 }]);
    expect(outcomes).toEqual([{ channel: 'ops', is: 'later', why: 'it answered 503', afterMs: 10_001 }]);
    expect(on.clock.slept).toEqual([]);
  });
});

describe('a channel that refuses', () => {
  test('is asked once more when its credential was replaced meanwhile', async () => {
    const on = alertStage();
    const channel = await on.channel('ops', {}, [{ is: 'delivered' }, REFUSED]);
    await notify(on.ports, EVENT, [channel]);
    await on.store(channel.credential, 'new credential');
    expect(await notify(on.ports, EVENT, [channel])).toEqual([{ channel: 'ops', is: 'delivered' }]);
    expect(on.sent.map(({ secret }) => secret)).toEqual(['credential of ops', 'credential of ops', 'new credential']);
  });

  test('is not asked again with the same credential', async () => {
    const { on, outcomes } = await notified([REFUSED]);
    expect(outcomes).toEqual([{ channel: 'ops', is: 'refused', why: 'it answered 404' }]);
    expect(on.sent).toHaveLength(1);
  });

  test('stays refused when the credential cannot be read again', async () => {
    const on = alertStage();
    const channel = await on.channel('ops', {}, [{ is: 'delivered' }, REFUSED]);
    await notify(on.ports, EVENT, [channel]);
    on.vault.failNext('read', new Fault('unavailable', 'no answer'));
    expect(await notify(on.ports, EVENT, [channel])).toEqual([
      { channel: 'ops', is: 'refused', why: 'it answered 404' },
    ]);
  });
});
