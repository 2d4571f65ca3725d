/**
 * `node build/smoke.ts [folder]`: installs what was built with its own lock file, starts every function of it as the
 * platform does, and calls it as its caller in the cloud would, against a pretend cloud. An entry point that is missing or
 * cannot be called fails here and not in a deployment.
 */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../bench/children.ts';
import { IDENTITIES } from '../src/core/google/permissions-of-deployment.ts';
import { alertReceivers } from '../src/emulator/showcase/receivers.ts';
import { startPretendCloud } from '../src/emulator/server/server.ts';
import {
  setUpShowcase,
  showcaseEnvironment,
  showcaseSigning,
  SHOWCASE_PROJECT,
} from '../src/emulator/showcase/showcase.ts';
import { SMOKE_CALLS, SMOKE_CHANNEL, type SmokeCall } from './smoke-calls.ts';

const START_MS_MAX = 120_000;

const folder = await mkdtemp(join(tmpdir(), 'smoke-'));
const cloud = await startPretendCloud({ services: [alertReceivers()] });
const environment = {
  ...showcaseEnvironment(cloud),
  ...showcaseSigning(cloud),
  ...channelOn(`${cloud.url}/_receivers/slack/ops`),
};
try {
  setUpShowcase(cloud);
  await cp(resolve(process.argv[2] ?? 'dist'), folder, { recursive: true });
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--prefer-offline'], { cwd: folder });
  for (const name of Object.values(IDENTITIES).flatMap(({ runs }) => runs)) {
    const call = SMOKE_CALLS[name];
    if (call === undefined) throw new Error(`nobody calls ${name} in smoke-calls.ts`);
    await answers(name, call);
    process.stdout.write(`${name}: starts, and answers ${call.status}\n`);
  }
} finally {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
}

/** Starts one function as the platform does, and calls it; rejects when it does not start, or answers anything else. */
async function answers(name: string, call: SmokeCall): Promise<void> {
  const port = await freePort();
  const child = spawn(process.execPath, ['node_modules/@google-cloud/functions-framework/build/src/main.js'], {
    cwd: folder,
    // What a build without a trigger sets, for functions of events too: ours are pushed to.
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      FUNCTION_TARGET: name,
      FUNCTION_SIGNATURE_TYPE: 'http',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: START_MS_MAX,
  });
  const seen: string[] = [];
  const started = Promise.withResolvers<void>();
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      seen.push(line);
      if (line.startsWith('URL:')) started.resolve();
    })
    .on('close', () => started.reject(new Error(`${name} did not start:\n${seen.join('\n')}`)));
  try {
    await started.promise;
    const response = await fetch(`http://127.0.0.1:${port}/${call.path ?? ''}`, {
      method: call.method,
      ...(call.body === undefined
        ? {}
        : { body: JSON.stringify(call.body), headers: { 'content-type': 'application/json', ...call.headers } }),
    });
    const text = `${await response.text()}\n${seen.join('\n')}`;
    if (response.status !== call.status || !text.includes(call.says))
      throw new Error(`${name} answered ${response.status} without ${call.says}: ${text.slice(0, 2000)}`);
  } finally {
    child.kill();
  }
}

/** A channel whose address is a secret, as in a deployment. */
function channelOn(address: string): Readonly<Record<string, string>> {
  const secretId = 'ops-webhook';
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [address] });
  const credential = `projects/${SHOWCASE_PROJECT}/secrets/${secretId}`;
  return { KEY_WARDEN_CHANNELS: JSON.stringify([{ name: SMOKE_CHANNEL, kind: 'slack', credential }]) };
}
