/**
 * One fresh process of the fleet measurement, so that its memory is its own: `node fleet-once.ts <ours|floor> <url>
 * <concurrency>` checks every secret once and prints seconds, CPU seconds, peak memory and how many keys worked.
 */
import process from 'node:process';
import { Pool } from 'undici';
import { check } from '../src/app/check/check.ts';
import { ALWAYS, inPool } from '../src/app/listing/pool.ts';
import { verdictsIn } from '../src/core/health/tally.ts';
import { isRecord, parseJson } from '../src/core/values/json.ts';
import { readSettings } from '../src/core/settings/read-settings.ts';
import { wireTo } from '../src/wire.ts';
import { BENCH_PROJECT } from './names.ts';

const [, , kind = 'ours', url = '', width = '16'] = process.argv;
const concurrency = Number(width);

/** The worker’s own run, as `healthCheck` makes it. */
async function ours(): Promise<number> {
  const env = { KEY_WARDEN_EMULATOR: url, KEY_WARDEN_PROJECTS: BENCH_PROJECT };
  const reading = readSettings(env, { project: true, callers: false });
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { ports } = wireTo({ write: () => undefined })(reading.settings);
  const run = await check(ports, {
    ...reading.settings,
    scopes: [{ project: BENCH_PROJECT, location: 'global' }],
    deep: 'never',
    record: true,
    concurrency,
    budgetSeconds: 3300,
    listedMax: 1000,
  });
  return verdictsIn(run.tally).works;
}

/** The least that can be done: the same requests, without a library, and a look at the status alone. */
async function floor(): Promise<number> {
  const pool = new Pool(url, { connections: concurrency, allowH2: false });
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
    return { statusCode, body: parseJson(await body.text()) };
  };
  const names: string[] = [];
  let next = '';
  do {
    const filter = encodeURIComponent('labels.key-warden=managed');
    const { body } = await get(
      `/v1/projects/${BENCH_PROJECT}/secrets?pageSize=25000&filter=${filter}&pageToken=${next}`,
    );
    const { secrets, nextPageToken } = isRecord(body) ? body : {};
    for (const secret of Array.isArray(secrets) ? secrets : [])
      if (isRecord(secret)) names.push(String(secret['name']));
    next = typeof nextPageToken === 'string' ? nextPageToken : '';
  } while (next !== '');
  const works = await inPool(names, concurrency, ALWAYS, async (name) => {
    const { body } = await get(`/v1/${name}/versions/current:access`);
    const payload = isRecord(body) && isRecord(body['payload']) ? String(body['payload']['data']) : '';
    const key = Buffer.from(payload, 'base64').toString();
    return (await get('/v1beta/models?pageSize=1', { 'x-goog-api-key': key })).statusCode === 200;
  });
  return works.filter(Boolean).length;
}

const before = process.cpuUsage();
const start = performance.now();
const works = await (kind === 'floor' ? floor() : ours());
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const figures = {
  works,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1000,
};
process.stdout.write(JSON.stringify(figures));
process.exit(0);
