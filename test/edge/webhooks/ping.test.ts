import { afterEach, describe, expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { Fault } from '../../../src/app/ports/fault.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { deadManPing, type PingOptions } from '../../../src/edge/webhooks/ping.ts';
import { closedPort, httpLoopback } from '../../support/loopback.ts';

const SECRET = 'projects/ops/secrets/ping';
const UUID = '5f0c7f4e-secret-uuid';
const warnings: string[] = [];

afterEach(() => {
  expect(warnings.join('\n')).not.toContain(UUID); // whoever knows the address can feign our health
  warnings.length = 0;
});

function pingTo(address: string | Fault, options: Partial<PingOptions> = {}) {
  const read = () => (address instanceof Fault ? Promise.reject(address) : Promise.resolve(new KeyText(address)));
  return deadManPing({
    secret: SECRET,
    secrets: { read, readAnew: read },
    log: { write: (severity, message) => warnings.push(`${severity} ${message}`) },
    allowedOrigins: [],
    ...options,
  });
}

async function warningsOf(address: string | Fault, options: Partial<PingOptions> = {}): Promise<readonly string[]> {
  const ping = pingTo(address, options);
  await ping.tell('success');
  await ping.close();
  return warnings;
}

const told = (trouble: string) => [`WARNING the dead-man’s service was not told of the success: ${trouble}`];

async function answeredBy(listener: RequestListener, options: Partial<PingOptions> = {}) {
  await using server = await httpLoopback(listener);
  return await warningsOf(`${server.url}/${UUID}`, { allowedOrigins: [server.url], ...options });
}

describe('a ping', () => {
  test('goes to the address and to paths below it, and keeps its query', async () => {
    const heard: string[] = [];
    await using server = await httpLoopback(({ method, url }, response) => {
      heard.push(`${method} ${url}`);
      response.end('OK');
    });
    const ping = pingTo(`${server.url}/${UUID}/?a=b`, { allowedOrigins: [server.url] });
    for (const sign of ['start', 'success', 'fail'] as const) await ping.tell(sign);
    await ping.close();
    expect(heard).toEqual([`POST /${UUID}/start?a=b`, `POST /${UUID}?a=b`, `POST /${UUID}/fail?a=b`]);
    expect(warnings).toEqual([]);
  });

  test.each([
    [404, 'it answered 404'],
    [307, 'it answered 307'],
    [500, 'it answered 500'],
  ])('that is answered %d is a warning', async (status, trouble) => {
    expect(await answeredBy((_, response) => response.writeHead(status, { location: '/' }).end())).toEqual(
      told(trouble),
    );
  });

  test('that is never answered is a warning', async () => {
    expect(await answeredBy(() => undefined, { callMs: 30 })).toEqual(told('no answer in time'));
  });

  test('to nobody is a warning', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await warningsOf(`${url}/${UUID}`, { allowedOrigins: [url] })).toEqual(told('connection refused'));
  });

  test.each([
    ['http://ping.example', 'the target is not https'],
    ['https://169.254.169.254', 'the target’s address is not public (linkLocal)'],
  ])('to %s is refused: it goes through the guard of targets', async (origin, trouble) => {
    expect(await warningsOf(`${origin}/${UUID}`)).toEqual(told(trouble));
  });

  test('without a usable address is a warning', async () => {
    expect(await warningsOf(UUID)).toEqual(told(`what ${SECRET} holds is no address`));
    warnings.length = 0;
    expect(await warningsOf(new Fault('denied', 'no permission'))).toEqual(
      told('its address cannot be read: no permission'),
    );
  });
});
