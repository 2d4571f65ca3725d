import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startGrpcDoor } from '../../src/emulator/server/grpc.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { pretendCloud } from '../support/cloud.ts';

/** One line to a driver, or one change of the pretend cloud, and what must be true after it. */
interface Step {
  readonly do: string;
  readonly key?: string;
  readonly state?: string;
  readonly gives?: Readonly<Record<string, number>>;
  readonly answers?: Readonly<Record<string, number>>;
  /** Accesses of the secret since a step last counted them. */
  readonly accesses?: number;
  /** Requests to the Gemini API since a step last counted them. */
  readonly requests?: number;
}

/** A story of clients/conformance/scenarios.json. `form` is what the secret holds, with %KEY% for the key. */
export interface Scenario {
  readonly title: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly form?: string;
  readonly steps: readonly Step[];
}

export const SCENARIOS = JSON.parse(
  readFileSync(new URL('../../clients/conformance/scenarios.json', import.meta.url), 'utf8'),
) as readonly Scenario[];

/** A program that runs a reader: it gets the addresses over HTTP and gRPC, the secret and the options as arguments. */
export interface Driver {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

const SECRET = 'projects/demo-project/secrets/app';
const keyNamed = (name: string) => 'AI' + 'za' + name.repeat(35);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Runs a story with a driver; answers what did not hold, and nothing when all of it did. `way` is how requests are sent. */
export async function played(
  driver: Driver,
  { options = {}, form = '%KEY%', steps }: Scenario,
  way: string,
): Promise<readonly string[]> {
  const cloud = await pretendCloud();
  const door = await startGrpcDoor({ behind: () => cloud, port: 0 });
  const call: Call = async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${cloud.url}/${path}`, { method, ...sent });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  const stored = (name: string) => form.replace('%KEY%', keyNamed(name));
  for (const name of ['A', 'B']) await call('POST', '_emulator/keys', { key: keyNamed(name), state: 'works' });
  await call('POST', '_emulator/secrets', { secretId: 'app', payloads: [stored('A')], aliases: { current: 1 } });

  const [command = '', ...words] = driver.command;
  const parts = [...words, cloud.url, `127.0.0.1:${door.port}`, SECRET, JSON.stringify(options)];
  const child = spawn(command, parts, {
    cwd: driver.cwd,
    env: { ...process.env, ...driver.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const asked = async (step: Step) => {
    child.stdin.write(`${JSON.stringify({ way, ...step })}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the driver ended at ${step.do}`);
    return JSON.parse(value) as Readonly<Record<string, unknown>>;
  };

  const wrong: string[] = [];
  const counted = { accesses: 0, requests: 0 };
  try {
    for (const [at, step] of steps.entries()) {
      const holds = (what: string, is: unknown, wanted: unknown) => {
        if (JSON.stringify(is) !== JSON.stringify(wanted))
          wrong.push(`step ${at + 1}, ${step.do}: ${what} ${JSON.stringify(is)}, wanted ${JSON.stringify(wanted)}`);
      };
      const change = CHANGES[step.do];
      const answer = change === undefined ? await asked(step) : {};
      await change?.(call, step, stored);
      if (answer['failed'] !== undefined) wrong.push(`step ${at + 1}, ${step.do}: ${JSON.stringify(answer['failed'])}`);
      if (step.gives !== undefined) holds('gives', named(answer['gives']), step.gives);
      if (step.answers !== undefined) holds('answers', answer['answers'], step.answers);
      if (/AIza|x-goog/.test(JSON.stringify(answer))) wrong.push(`step ${at + 1}, ${step.do}: a key is printed (I9)`);
      const now = countsOf(cloud);
      for (const what of ['accesses', 'requests'] as const) {
        if (step[what] === undefined) continue;
        holds(what, now[what] - counted[what], step[what]);
        counted[what] = now[what];
      }
    }
  } finally {
    child.stdin.end();
    child.kill();
    door.close();
    await cloud.close();
  }
  return wrong;
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** What happens in the cloud while the app runs. */
const CHANGES: Readonly<
  Record<string, (call: Call, step: Step, stored: (name: string) => string) => Promise<unknown>>
> = {
  async promote(call, { key = '' }, stored) {
    const data = Buffer.from(stored(key)).toString('base64');
    const added = await call('POST', `v1/${SECRET}:addVersion`, { payload: { data } });
    const current = String((added as { name: string }).name.split('/').pop());
    await call('PATCH', `v1/${SECRET}?updateMask=versionAliases`, { versionAliases: { current } });
  },
  state: (call, { key = '', state }) => call('POST', '_emulator/keys', { key: keyNamed(key), state }),
  down: (call) => call('POST', '_emulator/faults', { match: { service: 'secretmanager' }, times: 1000, status: 500 }),
  up: (call) => call('DELETE', '_emulator/faults'),
};

function named(gives: unknown): unknown {
  const names = new Map(['A', 'B'].map((name) => [hash(keyNamed(name)), name]));
  return Object.fromEntries(Object.entries(gives ?? {}).map(([key, count]) => [names.get(key) ?? key, count]));
}

function countsOf(cloud: PretendCloud) {
  const heard = cloud.requests();
  const accesses = heard.filter(({ path }) => /:access$|AccessSecretVersion$/.test(path)).length;
  return { accesses, requests: heard.filter(({ api }) => api === 'gemini').length };
}
