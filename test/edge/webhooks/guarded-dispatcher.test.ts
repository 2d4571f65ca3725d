import { describe, expect, test } from '@jest/globals';
import { request } from 'undici';
import {
  guardedDispatcher,
  isTargetRefused,
  type GuardOptions,
  type Resolve,
} from '../../../src/edge/webhooks/guarded-dispatcher.ts';
import { httpLoopback, tcpLoopback } from '../../support/loopback.ts';

/** What a request through the guard came to: a status, a refusal, or the code of another error. */
async function asked(url: string, options: Partial<GuardOptions> = {}): Promise<string | number> {
  const dispatcher = guardedDispatcher({ allowedOrigins: [], connectMs: 60_000, ...options });
  try {
    const { statusCode, body } = await request(url, { dispatcher });
    await body.dump();
    return statusCode;
  } catch (error) {
    if (isTargetRefused(error)) return error.message;
    return String((error as { code?: unknown }).code);
  } finally {
    await dispatcher.destroy();
  }
}

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('a connection', () => {
  test('is made to a loopback that the setting names', async () => {
    await using server = await httpLoopback((_, response) => response.end('ok'));
    expect(await asked(server.url, { allowedOrigins: [server.url] })).toBe(200);
  });

  test.each([
    ['https://127.0.0.1/', 'the target’s address is not public (loopback)'],
    ['https://[::1]/', 'the target’s address is not public (loopback)'],
    ['https://[::ffff:10.0.0.1]/', 'the target’s address is not public (private)'],
    ['https://169.254.169.254/', 'the target’s address is not public (linkLocal)'],
    ['https://2852039166/', 'the target’s address is not public (linkLocal)'],
    ['https://0x7f.1/', 'the target’s address is not public (loopback)'],
    ['https://metadata.google.internal/', 'the target is the metadata server'],
    ['http://hooks.example/', 'the target is not https'],
    ['https://hooks.example:22/', 'the target’s port is 22 and not 443'],
  ])('to %s is never begun, though no name is looked up', async (url, refusal) => {
    const resolve: Resolve = (_, callback) => callback(new Error('nothing was to be looked up'), []);
    expect(await asked(url, { resolve })).toBe(refusal);
  });

  test.each([
    [['10.0.0.7'], 'private'],
    [['127.0.0.1'], 'loopback'],
    [['169.254.169.254'], 'linkLocal'],
    [['fd00::7'], 'uniqueLocal'],
    [['8.8.8.8', '10.0.0.7'], 'private'],
    [['2606:4700::1', '::ffff:192.168.0.1'], 'private'],
  ])('to a name with the addresses %j is refused at the moment of connecting', async (addresses, range) => {
    expect(await asked('https://hooks.example/', { resolve: resolvesTo(...addresses) })).toBe(
      `the target’s address is not public (${range})`,
    );
  });

  test('to a name without an address is refused', async () => {
    expect(await asked('https://hooks.example/', { resolve: resolvesTo() })).toBe('the target has no address');
  });

  test('to a name that does not resolve fails as it would anywhere', async () => {
    const resolve: Resolve = (_, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    expect(await asked('https://hooks.example/', { resolve })).toBe('ENOTFOUND');
  });

  test('asks for the addresses anew each time, so that a name cannot change between check and use', async () => {
    const asks: string[] = [];
    const turns = [['10.0.0.7'], ['10.0.0.8']];
    const resolve: Resolve = (hostname, callback) => {
      asks.push(hostname);
      resolvesTo(...(turns[asks.length - 1] ?? []))(hostname, callback);
    };
    const dispatcher = guardedDispatcher({ allowedOrigins: [], connectMs: 60_000, resolve });
    for (let turn = 0; turn < 2; turn += 1)
      await expect(request('https://hooks.example/', { dispatcher })).rejects.toThrow('not public');
    await dispatcher.destroy();
    expect(asks).toEqual(['hooks.example', 'hooks.example']);
  });

  test('to a named internal host is made to the address that was checked', async () => {
    const heard: Buffer[] = [];
    await using server = await tcpLoopback((socket) => {
      socket.once('data', (chunk: Buffer) => {
        heard.push(chunk);
        socket.destroy();
      });
    });
    const origin = `https://hooks.corp.internal:${server.port}`;
    await asked(origin, { allowedOrigins: [origin], resolve: resolvesTo('127.0.0.1') });
    expect(server.sockets()).toBe(1);
    expect(heard[0]?.[0]).toBe(0x16); // a TLS handshake
    expect(heard[0]?.includes('hooks.corp.internal')).toBe(true);
  });

  test('to a named internal host is refused where the metadata server listens', async () => {
    const origin = 'https://hooks.corp.internal:8443';
    expect(await asked(origin, { allowedOrigins: [origin], resolve: resolvesTo('169.254.169.254') })).toBe(
      'the target’s address is not public (linkLocal)',
    );
  });

  test('looks names up with the system where nothing else is given', async () => {
    await using server = await httpLoopback((_, response) => response.end('ok'));
    const origin = `http://localhost:${server.port}`;
    expect(await asked(origin, { allowedOrigins: [origin] })).toBe(200);
  });
});

test('only a refusal of ours is taken for one', () => {
  for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 'ENOTFOUND' }), { code: 'x' }, undefined])
    expect(isTargetRefused(other)).toBe(false);
});
