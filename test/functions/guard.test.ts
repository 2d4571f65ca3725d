import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Server } from 'node:http';
import { Fault } from '../../src/app/ports/fault.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { guard } from '../../src/functions/guard.ts';

const KEY = `AI${'za'}${'x'.repeat(35)}`;
const ID = '0af7651916cd43dd8448eb211c80319c';
const lines: string[] = [];
/** What the framework prints on its own. */
const printed: string[] = [];
const servers: Server[] = [];
const urls: Record<string, string> = {};
let next: () => unknown;

async function serve(name: string): Promise<void> {
  const server = getTestServer(name);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  urls[name] = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

beforeAll(async () => {
  jest.spyOn(console, 'error').mockImplementation((text: unknown) => void printed.push(String(text)));
  const log = structuredLog((line) => lines.push(line));
  const guarded = guard(log, 'ops');
  http(
    'guarded',
    guarded.http('guarded', async (_, response) => {
      log.write('INFO', 'at work');
      await Promise.resolve(next());
      response.status(200).json({});
    }),
  );
  http(
    'halfway',
    guarded.http('halfway', async (_, response) => {
      response.write('half');
      await Promise.resolve(next());
    }),
  );
  cloudEvent(
    'guardedEvent',
    guarded.event('guardedEvent', async () => void (await Promise.resolve(next()))),
  );
  for (const name of ['guarded', 'halfway', 'guardedEvent']) await serve(name);
});

beforeEach(() => {
  lines.length = 0;
  printed.length = 0;
});

afterAll(() => {
  jest.restoreAllMocks();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const reports = () =>
  [...lines, ...printed].filter((line) => line.includes('ReportedErrorEvent') || /\n {4}at /.test(line));
const crash = () => {
  throw new TypeError(`it is ${KEY}`);
};
const call = (name: string) =>
  fetch(urls[name] ?? '', { method: 'POST', headers: { traceparent: `00-${ID}-b7ad6b7169203331-01` } });
const send = () =>
  fetch(`${urls['guardedEvent'] ?? ''}/projects/ops/topics/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: { data: btoa('x'), messageId: '1' }, subscription: 's' }),
  });

describe('a guarded HTTP function', () => {
  test('answers as it would, and its log lines carry the trace of the call', async () => {
    next = () => undefined;
    expect((await call('guarded')).status).toBe(200);
    expect(entries()).toEqual([
      { severity: 'INFO', message: 'at work', 'logging.googleapis.com/trace': `projects/ops/traces/${ID}` },
    ]);
  });

  test('with a bug in it answers 500 without a detail, and reports the bug once', async () => {
    next = crash;
    const answer = await call('guarded');
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error: { code: 500, message: 'guarded failed because of a bug in it; its log has more' } },
    ]);
    expect(reports()).toHaveLength(1);
    expect(entries()[1]).toMatchObject({
      severity: 'ERROR',
      stack_trace: expect.stringMatching(/^TypeError: in guarded/),
    });
    expect(printed).toEqual([]);
    expect(lines.join('')).not.toContain(KEY); // I9
  });

  test('that outside trouble stops answers 503 with a reason, and is no bug', async () => {
    next = () => {
      throw new Fault('denied', 'secretmanager.secrets.list is missing');
    };
    const answer = await call('guarded');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: { code: 503, message: 'secretmanager.secrets.list is missing' } },
    ]);
    expect(reports()).toEqual([]);
    expect(entries()[1]).toMatchObject({ severity: 'ERROR', code: 'denied' });
  });

  test('that breaks in the middle of its answer ends it', async () => {
    next = crash;
    expect(await (await call('halfway')).text()).toBe('half');
    expect(reports()).toHaveLength(1);
  });
});

describe('a guarded function of events', () => {
  test('acknowledges what it did', async () => {
    next = () => undefined;
    expect((await send()).status).toBe(204);
  });

  test('with a bug in it lets the event come again, and reports the bug once', async () => {
    next = crash;
    expect((await send()).status).toBe(500);
    expect(reports()).toHaveLength(1);
    expect(JSON.stringify([lines, printed])).not.toContain(KEY); // I9
  });

  test('that outside trouble stops lets the event come again, and is no bug', async () => {
    next = () => {
      throw new Fault('unavailable', 'no topic');
    };
    expect((await send()).status).toBe(500);
    expect(reports()).toEqual([]);
    expect(printed).toEqual(['no topic']);
  });
});
