import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deployedFunctions } from '../../../src/edge/functions/deployed-functions.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { bodyOf, closedPort, httpLoopback } from '../../support/loopback.ts';
import { pretendCloud } from '../../support/cloud.ts';

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud();
});
afterAll(() => cloud.close());

test('a function is called with a token for it alone, and its answer is given back as it is', async () => {
  const heard: string[] = [];
  await using worker = await httpLoopback((request, response) => {
    void bodyOf(request).then((body) => {
      const [, payload = ''] = (request.headers.authorization ?? '').split('.');
      const { aud } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aud: string };
      heard.push(`${request.method} ${request.url} ${body} ${aud}`);
      response.writeHead(202).end('{"schema":"x"}');
    });
  });
  const functions = deployedFunctions({ urls: { rotate: worker.url }, pretendUrl: cloud.url });
  const rotate = await functions.open('rotate');
  expect(rotate).toMatchObject({ url: worker.url, as: 'key-warden@demo-project.iam.gserviceaccount.com' });
  expect(await rotate?.ask({ method: 'POST', body: { secret: 's' } })).toEqual({ status: 202, body: { schema: 'x' } });
  await rotate?.ask({ method: 'GET', query: { secret: 'projects/p/secrets/s' } });
  expect(heard).toEqual([
    `POST / {"secret":"s"} ${worker.url}`,
    `GET /?secret=projects%2Fp%2Fsecrets%2Fs  ${worker.url}`,
  ]);
  expect(await functions.open('purge')).toBeUndefined();
  await functions.close();
});

test('a redirect is not followed: the token would go along', async () => {
  const heard: string[] = [];
  await using elsewhere = await httpLoopback((request, response) => {
    heard.push(String(request.url));
    response.end('{}');
  });
  await using worker = await httpLoopback((_, response) => {
    response.writeHead(302, { location: elsewhere.url }).end('<html>');
  });
  const functions = deployedFunctions({ urls: { rotate: worker.url }, pretendUrl: cloud.url });
  expect(await (await functions.open('rotate'))?.ask({ method: 'GET' })).toEqual({ status: 302, body: undefined });
  expect(heard).toEqual([]);
  await functions.close();
});

test('one that is not there, or says nothing in time, leaves open what it did', async () => {
  await using silent = await httpLoopback(() => undefined);
  const urls = { rotate: `http://127.0.0.1:${await closedPort()}`, purge: silent.url };
  const functions = deployedFunctions({ urls, pretendUrl: cloud.url, callMs: 50 });
  await expect((await functions.open('purge'))?.ask({ method: 'GET' })).rejects.toMatchObject({ code: 'timeout' });
  const patient = deployedFunctions({ urls, pretendUrl: cloud.url });
  await expect((await patient.open('rotate'))?.ask({ method: 'GET' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('look with `key-warden status`'),
  });
  await functions.close();
  await patient.close();
});

test('no token goes over plain http to another machine', async () => {
  const functions = deployedFunctions({ urls: { rotate: 'http://worker.internal' }, pretendUrl: cloud.url });
  await expect(functions.open('rotate')).rejects.toMatchObject({ code: 'invalid' });
  await functions.close();
});
