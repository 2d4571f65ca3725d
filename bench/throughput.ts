/**
 * Checks a second, as a ratio to the floor: Google's client library and the HTTP client of the probes making the same requests with the
 * same concurrency and ignoring the answers. Both run in this process, in turns, against a pretend cloud in another one.
 */
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { PassThroughClient } from 'google-auth-library';
import process from 'node:process';
import { Pool } from 'undici';
import { check, type CheckOrder } from '../src/app/check/check.ts';
import { inPool } from '../src/app/listing/pool.ts';
import { readSettings } from '../src/core/settings/read-settings.ts';
import { wireTo } from '../src/wire.ts';
import { median, startCloudProcess, verdictLine } from './children.ts';
import { BENCH_PROJECT } from './names.ts';

const SECRETS = 400;
const CONCURRENCY = 16;
const ROUNDS = Number(process.argv[2] ?? 15);

const { child, url } = await startCloudProcess(SECRETS);
const reading = readSettings(
  { KEY_WARDEN_EMULATOR: url, KEY_WARDEN_PROJECTS: BENCH_PROJECT },
  { project: true, callers: false },
);
if ('problems' in reading) throw new Error(reading.problems.join('\n'));
const { settings } = reading;
const wired = wireTo({ write: () => undefined })(settings);
const order: CheckOrder = {
  ...settings,
  scopes: [{ project: BENCH_PROJECT, location: 'global' }],
  deep: 'never',
  record: true,
  concurrency: CONCURRENCY,
};

const { hostname, port } = new URL(url);
const client = new SecretManagerServiceClient({
  apiEndpoint: hostname,
  port: Number(port),
  protocol: 'http',
  fallback: true,
  authClient: new PassThroughClient(),
});
const gemini = new Pool(url, { connections: 64, allowH2: false });

async function floor(): Promise<number> {
  const parent = `projects/${BENCH_PROJECT}`;
  const [secrets] = await client.listSecrets(
    { parent, filter: 'labels.key-warden=managed', pageSize: 1000 },
    { autoPaginate: false },
  );
  await inPool(
    secrets,
    CONCURRENCY,
    () => true,
    async ({ name }) => {
      const [version] = await client.accessSecretVersion({ name: `${name}/versions/current` });
      const key = Buffer.from(version.payload?.data ?? '').toString();
      const answer = await gemini.request({
        method: 'GET',
        path: '/v1beta/models?pageSize=1',
        headers: { 'x-goog-api-key': key },
      });
      await answer.body.dump();
    },
  );
  return secrets.length;
}

async function ours(): Promise<number> {
  const run = await check(wired.ports, order);
  if (run.checked.some(({ finding }) => finding.diagnosis.verdict !== 'works'))
    throw new Error('a key of the bench does not work');
  return run.checked.length;
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const done = await work();
  if (done !== SECRETS) throw new Error(`${done} of ${SECRETS} secrets were reached`);
  return done / ((performance.now() - start) / 1000);
}

const measured = { floor: new Array<number>(), ours: new Array<number>() };
await perSecond(floor);
await perSecond(ours);
for (let round = 0; round < ROUNDS; round += 1) {
  // Who goes first changes, because the machine may slow down or wake up in the middle of a round.
  if (round % 2 === 0) measured.floor.push(await perSecond(floor));
  measured.ours.push(await perSecond(ours));
  if (round % 2 === 1) measured.floor.push(await perSecond(floor));
}
child.kill();
const [least, got] = [median(measured.floor), median(measured.ours)];
process.stdout.write(
  `checks a second: ${got.toFixed(0)}, floor ${least.toFixed(0)} (${SECRETS} secrets, ${CONCURRENCY} at a time, ${ROUNDS} rounds)\n`,
);
process.stdout.write(`${verdictLine('checks a second against the floor', got / least, { atLeast: 0.95 })}\n`);
process.exit(0);
