/**
 * `npm run moto`: installs moto's server, an AWS that others made (317 MB), has AWS's own clients store keys in it, and reads each
 * place as `--from` does. Where it cannot be had, that is said loudly, and the end is 1.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { attempt, Fault } from '../../src/app/ports/fault.ts';
import type { StorePlace } from '../../src/core/consumers/key-place.ts';
import { placeReader } from '../../src/edge/places/places.ts';
import { installed } from '../clients/toolchain.ts';
import { closedPort } from '../support/loopback.ts';
import { GOOD_KEY, STANDARD_KEY } from '../support/stage.ts';

const secret = (id: string): StorePlace => ({ kind: 'aws-sm', id, field: undefined });
const parameter = (name: string): StorePlace => ({ kind: 'aws-ssm', name });

/** What each place must come to: what was stored, or the code of its refusal. */
const EXPECTED: readonly (readonly [title: string, place: StorePlace, wanted: string])[] = [
  ['a secret, in the version that is AWSCURRENT', secret('app/gemini'), `${GOOD_KEY}\n`],
  ['a secret of bytes', secret('app/bytes'), STANDARD_KEY],
  ['a SecureString, decrypted', parameter('/app/gemini'), GOOD_KEY],
  ['an earlier version of a parameter', parameter('/app/gemini:1'), STANDARD_KEY],
  ['a secret that is not there', secret('app/none'), 'not_found'],
  ['a secret that is scheduled for deletion', secret('app/old'), 'wrong_state'],
  ['a parameter that is not there', parameter('/app/none'), 'not_found'],
  ['a version of a parameter that is not there', parameter('/app/gemini:9'), 'not_found'],
];

const folder = join(tmpdir(), 'key-warden-moto');
rmSync(folder, { recursive: true, force: true });
const cwd = await installed('moto', fileURLToPath(new URL('.', import.meta.url)), folder, {
  tool: 'python3',
  install: [
    ['python3', '-m', 'venv', 'venv'],
    ['venv/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
  ],
});
process.exitCode = cwd === undefined || !(await agrees(cwd)) ? 1 : 0;
rmSync(folder, { recursive: true, force: true });

/** Starts the server and looks whether every place is read as it was stored. */
async function agrees(home: string): Promise<boolean> {
  const port = await closedPort();
  const server = spawn(join(home, 'venv', 'bin', 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    cwd: home,
    stdio: 'ignore',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const options = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } };
  try {
    await answering(endpoint);
    await store(options);
    const reader = placeReader({ aws: options });
    const outcomes = [];
    for (const [title, place, wanted] of EXPECTED) {
      const found = await attempt(() => reader.read(place));
      const is = found instanceof Fault ? found.code : Buffer.from(found).toString();
      process.stdout.write(`${is === wanted ? 'passed' : 'FAILED'}  ${title}\n`);
      outcomes.push(is === wanted);
    }
    const failed = outcomes.filter((passed) => !passed).length;
    process.stdout.write(`moto: ${outcomes.length - failed} passed, ${failed} failed\n`);
    return failed === 0;
  } finally {
    server.kill();
  }
}

async function store(options: ConstructorParameters<typeof SSMClient>[0]): Promise<void> {
  const secrets = new SecretsManagerClient(options ?? {});
  await secrets.send(new CreateSecretCommand({ Name: 'app/gemini', SecretString: STANDARD_KEY }));
  await secrets.send(new PutSecretValueCommand({ SecretId: 'app/gemini', SecretString: `${GOOD_KEY}\n` }));
  await secrets.send(new CreateSecretCommand({ Name: 'app/bytes', SecretBinary: Buffer.from(STANDARD_KEY) }));
  await secrets.send(new CreateSecretCommand({ Name: 'app/old', SecretString: STANDARD_KEY }));
  await secrets.send(new DeleteSecretCommand({ SecretId: 'app/old' }));
  const parameters = new SSMClient(options ?? {});
  const order = { Name: '/app/gemini', Type: 'SecureString' } as const;
  await parameters.send(new PutParameterCommand({ ...order, Value: STANDARD_KEY }));
  await parameters.send(new PutParameterCommand({ ...order, Value: GOOD_KEY, Overwrite: true }));
}

async function answering(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const isUp = await fetch(`${endpoint}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await pause(500);
  }
  throw new Error('moto does not answer');
}
