import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { stderr } from 'node:process';
import type { Service } from '../../../src/emulator/wire/http.ts';
import { pretendCloud, STANDARD, START, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

/** Says something into a socket and waits until `until` stands in the answer. */
async function said(port: number, words: string, until: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(words);
  let heard = '';
  for await (const chunk of socket) {
    heard += String(chunk);
    if (until.test(heard)) break;
  }
  socket.destroy();
  return heard;
}

const broken: Service = {
  title: 'broken',
  answer: ({ path }) => {
    if (path === '/broken') throw new Error('a bug');
    return undefined;
  },
};

describe('the front end', () => {
  test('listens on loopback only, on a free port', async () => {
    cloud = await testCloud();
    expect(cloud.url).toBe(`http://127.0.0.1:${cloud.port}`);
    expect(cloud.port).toBeGreaterThan(0);
  });

  test('rejects when the port is taken', async () => {
    cloud = await testCloud();
    await expect(pretendCloud({ port: cloud.port })).rejects.toThrow(/EADDRINUSE/);
  });

  test('answers a path nobody owns with the page of Google’s front end', async () => {
    cloud = await testCloud();
    const heard = await cloud.ask('GET', '/nothing/here');
    expect(heard.status).toBe(404);
    expect(heard.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(heard.text).toContain('The requested URL <code>/nothing/here</code> was not found on this server.');
  });

  test('answers a bug of a service with 500 INTERNAL and says nothing of the bug', async () => {
    cloud = await testCloud({ services: [broken], printBugs: false });
    const heard = await cloud.ask('GET', '/broken');
    expect(heard.status).toBe(500);
    expect(heard.json()).toEqual({
      error: { code: 500, message: 'Internal error encountered.', status: 'INTERNAL' },
    });
  });

  test('prints the bug to stderr only when asked to', async () => {
    const written = jest.spyOn(stderr, 'write').mockReturnValue(true);
    try {
      for (const printBugs of [false, true]) {
        cloud = await testCloud({ services: [broken], printBugs });
        await cloud.ask('GET', '/broken');
        expect(written).toHaveBeenCalledTimes(printBugs ? 1 : 0);
        await cloud.close();
      }
      expect(written.mock.calls[0]?.[0]).toMatch(/^Error: a bug\n\s+at /);
    } finally {
      written.mockRestore();
    }
  });

  test('answers a bug in what is due with 500 too', async () => {
    const settle = (): void => {
      throw new Error('a bug');
    };
    cloud = await testCloud({ services: [{ title: 'late', answer: () => undefined, settle }], printBugs: false });
    expect((await cloud.ask('GET', '/nothing')).status).toBe(500);
  });

  test('goes on when a caller leaves in the middle of a body', async () => {
    cloud = await testCloud();
    const leaving = connect(cloud.port, '127.0.0.1');
    leaving.write('POST /v1beta/models HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc', () => leaving.destroy());
    await once(leaving, 'close');
    expect((await cloud.ask('GET', '/nothing')).status).toBe(404);
  });

  test('writes JSON as Google does: indented, with four marks escaped, short when asked', async () => {
    cloud = await testCloud();
    await cloud.control('POST keys', { key: STANDARD, state: 'restricted_referrer' });
    const headers = { 'x-goog-api-key': STANDARD };
    const long = await cloud.ask('GET', '/v1beta/models', { headers });
    expect(long.text).toContain('{\n  "error": {\n    "code": 403,\n');
    expect(long.text).toContain('\\u003cempty\\u003e');
    const short = await cloud.ask('GET', '/v1beta/models?prettyPrint=false', { headers });
    expect(short.text).not.toContain('\n');
    expect(short.json()).toEqual(long.json());
  });

  test('refuses a body over ten MiB with 413 and takes one of ten MiB', async () => {
    cloud = await testCloud();
    const large = await cloud.ask('POST', '/v1beta/models/x:generateContent', { body: 'x'.repeat(10 * 2 ** 20 + 1) });
    expect(large.status).toBe(413);
    expect(large.json()).toMatchObject({ error: { code: 413, status: 'INVALID_ARGUMENT' } });
    const bounded = await cloud.ask('POST', '/v1beta/models/x:generateContent', { body: 'x'.repeat(10 * 2 ** 20) });
    expect(bounded.status).toBe(403);
  });

  test('answers HEAD like GET, without the body', async () => {
    cloud = await testCloud();
    const heard = await cloud.ask('HEAD', '/oauth2/v3/certs');
    expect(heard.status).toBe(200);
    expect(heard.headers.get('cache-control')).toContain('max-age');
    expect(heard.text).toBe('');
  });

  test('answers pipelined requests on one socket in their order', async () => {
    cloud = await testCloud();
    const line = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
    const heard = await said(cloud.port, line('/oauth2/v3/certs') + line('/nothing'), /not found on this server/);
    expect(heard.indexOf('HTTP/1.1 200')).toBe(0);
    expect(heard.indexOf('HTTP/1.1 404')).toBeGreaterThan(0);
  });

  test('keeps a socket open for the next request', async () => {
    cloud = await testCloud();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const url = `${cloud.url}/oauth2/v3/certs`;
    const visit = async () => {
      const request = get(url, { agent });
      const [response] = await once(request, 'response');
      response.resume();
      await once(response, 'end');
      return request.reusedSocket;
    };
    expect([await visit(), await visit()]).toEqual([false, true]);
    agent.destroy();
  });

  test('close ends idle sockets and calls that hang', async () => {
    cloud = await testCloud();
    cloud.faults.plant({ path: '/hangs' }, 1, { act: 'hang' });
    const idle = connect(cloud.port, '127.0.0.1');
    await once(idle, 'connect');
    const hanging = connect(cloud.port, '127.0.0.1');
    const gone = once(hanging, 'close');
    hanging.on('error', () => undefined);
    hanging.write('GET /hangs HTTP/1.1\r\nhost: x\r\n\r\n');
    while (cloud.requests().length === 0) await new Promise(setImmediate);
    await cloud.close();
    await gone;
    idle.destroy();
    expect(cloud.requests().at(-1)).toMatchObject({ path: '/hangs', status: 0 });
  });

  test('lets what is due happen before each request, and on a tick when asked', async () => {
    let settled = 0;
    const counting: Service = {
      title: 'counting',
      answer: () => undefined,
      settle: (now) => {
        expect(now).toBe(START);
        settled += 1;
      },
    };
    cloud = await testCloud({ services: [counting] });
    await cloud.ask('GET', '/nothing');
    expect(settled).toBe(1);
    await cloud.close();
    cloud = await testCloud({ services: [counting], tickMs: 1 });
    // oxlint-disable-next-line no-unmodified-loop-condition -- the ticks of the clock change it
    while (settled < 3) await new Promise(setImmediate);
  });
});
