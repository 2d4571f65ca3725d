/**
 * One fresh process of the fleet measurement, so that its memory is its own: `node fleet-once.ts <floor|check|reconcile|purge> <url>
 * <concurrency>` does one run over every secret and prints seconds, CPU seconds, peak memory and how many secrets it saw.
 */
import process from 'node:process';
import { Pool } from 'undici';
import { check } from '../src/app/check/check.ts';
import { purgeFleet } from '../src/app/purge/purge-fleet.ts';
import { reconcile } from '../src/app/reconcile/reconcile.ts';
import { ALWAYS, inPool } from '../src/app/listing/pool.ts';
import { verdictsIn } from '../src/core/health/tally.ts';
import { isRecord, parseJson } from '../src/core/values/json.ts';
import { readSettings } from '../src/core/settings/read-settings.ts';
import { wireTo } from '../src/wire.ts';
import { BENCH_PROJECT } from './names.ts';

const [, , kind = 'check', url = '', width = '16'] = process.argv;
const concurrency = Number(width);

const reading = readSettings(
  { KEY_WARDEN_EMULATOR: url, KEY_WARDEN_PROJECTS: BENCH_PROJECT, KEY_WARDEN_CONCURRENCY: width },
  { project: true, callers: false },
);
if ('problems' in reading) throw new Error(reading.problems.join('\n'));
const { settings } = reading;
const { ports } = wireTo({ write: () => undefined })(settings);
const order = {
  ...settings,
  scopes: [{ project: BENCH_PROJECT, location: 'global' }],
  concurrency,
  budgetSeconds: 3300,
};

/** The worker’s own runs, as its functions make them. */
const RUNS: Readonly<Record<string, () => Promise<number>>> = {
  floor,
  check: async () =>
    verdictsIn((await check(ports, { ...order, deep: 'never', record: true, listedMax: 1000 })).tally).works,
  reconcile: async () => (await reconcile(ports, { ...order, me: 'bench' })).secrets,
  purge: async () => (await purgeFleet(ports, { ...order, dryRun: false })).secrets,
};

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
const seen = await RUNS[kind]?.();
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const figures = {
  seen,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1000,
};
process.stdout.write(JSON.stringify(figures));
process.exit(0);
