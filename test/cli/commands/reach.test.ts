import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Buffer } from 'node:buffer';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { run } from '../../support/captured.ts';
import { httpLoopback, type Loopback } from '../../support/loopback.ts';
import { pretendCloud } from '../../support/cloud.ts';

let cloud: PretendCloud;
/** The deployed `reach`, as far as the command sees it. */
let worker: Loopback;
let asked: string[] = [];
beforeAll(async () => {
  cloud = await pretendCloud();
  setUpShowcase(cloud);
  worker = await httpLoopback((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(Buffer.concat(chunks).toString());
      const counts = { on: 1, due: 0, underway: 0, failed: 0, undone: 0, broken: 0, left: 1 };
      const consumers = [
        { consumer: 'api', is: 'on' },
        { consumer: 'web', is: 'left', why: 'it is a function' },
      ];
      const reached = [{ secret: SEARCH, to: 2, consumers, notLooked: [], revised: 1 }];
      const told = { schema: 'key-warden/reach/v1', dryRun: false, secrets: 1, reached, problems: [], counts };
      response.end(JSON.stringify(told));
    });
  });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await cloud.close();
});

const SEARCH = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
const environmentOf = (consumers: string) => ({
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONSUMER_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_REACH_CONSUMERS: consumers,
});
const reach = (consumers: string, ...words: readonly string[]) =>
  run(['reach', ...words], { environment: environmentOf(consumers) });
const deployed = (urls: Readonly<Record<string, string>>, ...words: readonly string[]) =>
  run(['reach', ...words], { environment: { ...environmentOf('0'), KEY_WARDEN_FUNCTIONS: JSON.stringify(urls) } });

describe('reach', () => {
  test('says that nobody is to be brought along where that is so, and how it would be', async () => {
    expect(await reach('0')).toMatchObject({
      code: 0,
      out: 'nobody is to be brought along, for KEY_WARDEN_REACH_CONSUMERS is 0: set it to 1 or 2\n',
    });
  });

  test('says that nobody waits, of how many secrets, and in a dry run that nothing was changed', async () => {
    expect(await reach('2', '--dry-run')).toMatchObject({
      code: 0,
      out: 'no consumer waits for a new key (6 secrets looked at)\nnothing was changed: this was a dry run\n',
    });
    expect((await reach('2', '--secret', 'search-app')).out).toBe(
      'no consumer waits for a new key (1 secret looked at)\n',
    );
  });

  test('says by whose hand before it writes: whose it is, and where', async () => {
    const { err } = await reach('2');
    expect(err).toContain(`by hand: on the pretend cloud at ${cloud.url}; on record as`);
    expect((await reach('2', '--dry-run')).err).not.toContain('by hand');
  });
});

describe('where a worker is deployed, reach', () => {
  test('is the worker’s, under the account that asks, which is said before', async () => {
    asked = [];
    const { code, out, err } = await deployed({ reach: worker.url }, '--secret', SEARCH, '--again');
    expect(err).toContain(`asking the worker: reach at ${worker.url}, as `);
    expect(asked.map((body) => JSON.parse(body) as unknown)).toEqual([
      { dryRun: false, again: true, secrets: [SEARCH] },
    ]);
    expect(code).toBe(5);
    expect(out).toContain('version 2');
    expect(out).toContain('it is a function');
    expect(JSON.parse((await deployed({ reach: worker.url }, '--json')).out)).toMatchObject({ counts: { left: 1 } });
  });

  test('is done by hand where somebody says so, and the worker is not asked', async () => {
    asked = [];
    const { err, out } = await deployed({ reach: worker.url }, '--local');
    expect(err).toContain('by hand (--local), and the worker is not asked');
    expect(out).toContain('KEY_WARDEN_REACH_CONSUMERS is 0');
    expect(asked).toEqual([]);
  });

  test('is refused where that worker brings no key to anybody, or for a part of its fleet', async () => {
    const none = await deployed({ purge: worker.url });
    expect(none).toMatchObject({ code: 4, err: expect.stringContaining('`rotation.reach_consumers` is 1 or 2') });
    const part = await deployed({ reach: worker.url }, '--project', SHOWCASE_PROJECT);
    expect(part).toMatchObject({ code: 2, err: expect.stringContaining('at all of its own projects') });
  });
});
