/**
 * One fresh process of the transport measurement: `node transport-once.ts <floor|plain|rest|grpc> <url> <milliseconds>`. `plain` is what
 * is deployed; `rest` and `grpc` are Google's client library.
 */
import { Agent, get } from 'node:http';
import { PassThroughClient } from 'google-auth-library';
import { systemClock } from '../src/edge/process/system.ts';

const [, , kind = 'rest', url = '', milliseconds = '2000'] = process.argv;
const SECRET = 'projects/1/secrets/gemini';
const CONCURRENT = 50;

type Access = () => Promise<unknown>;

async function plain(): Promise<Access> {
  const { secretManagerVault } = await import('../src/edge/secret-manager/secret-manager.ts');
  const vault = secretManagerVault({ url, atOnce: CONCURRENT, clock: systemClock, random: Math.random });
  return () => vault.read(SECRET, 'current');
}

async function library(transport: 'rest' | 'grpc'): Promise<Access> {
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  const { hostname, port } = new URL(url);
  const plainly = transport === 'rest' ? { protocol: 'http' } : { sslCreds: await insecure() };
  const client = new SecretManagerServiceClient({
    apiEndpoint: hostname,
    port: Number(port),
    fallback: transport === 'rest',
    authClient: new PassThroughClient(),
    ...plainly,
  });
  return () => client.accessSecretVersion({ name: `${SECRET}/versions/current` });
}

async function insecure() {
  const { grpc } = await import('google-gax');
  return grpc.credentials.createInsecure();
}

/** The least that can be done for the same answer: HTTP without any library. */
function floor(): Access {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
  return () =>
    new Promise((resolve, reject) => {
      get(`${url}/v1/${SECRET}/versions/current:access`, { agent }, (response) => {
        const chunks: Uint8Array[] = [];
        response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      }).on('error', reject);
    });
}

async function accessesWithin(limitMs: number, access: Access): Promise<number> {
  const end = performance.now() + limitMs;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      await access();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  return done;
}

const access =
  kind === 'floor' ? floor() : kind === 'plain' ? await plain() : await library(kind === 'grpc' ? 'grpc' : 'rest');
await access();
const readyMs = performance.now(); // counted from the start of the process
const rssMegabytes = process.memoryUsage.rss() / 1e6;
const before = process.cpuUsage();
const done = await accessesWithin(Number(milliseconds), access);
const { user, system } = process.cpuUsage(before);
const perSecond = done / (Number(milliseconds) / 1000);
process.stdout.write(JSON.stringify({ readyMs, rssMegabytes, perSecond, cpuMicros: (user + system) / done }));
process.exit(0);
