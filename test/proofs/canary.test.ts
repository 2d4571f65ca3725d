import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { KEY_STATES } from '../../src/emulator/world/key-states.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

/** A stretch that no output, log, request, annotation or error may ever hold (I9). */
const CANARY = 'CanaryNeverShown';
const PROJECT = 'canary-project';

/** States that would only make this slow: they hold the connection until a time limit. */
const SLOW: readonly string[] = ['hang', 'endless'];
const STATES = KEY_STATES.filter((state) => !SLOW.includes(state));

let cloud: PretendCloud;
const written: string[] = [];

beforeAll(async () => {
  cloud = await pretendCloud();
  cloud.pubsub.store.createTopic({ name: `projects/${PROJECT}/topics/alerts`, labels: {} });
  const project = cloud.names.numberOf(PROJECT);
  for (const [n, state] of STATES.entries()) {
    const kind = n % 2 === 0 ? 'standard' : 'auth';
    const key =
      kind === 'standard'
        ? `AI${'za'}Sy${CANARY}${String(n).padStart(17, 'x')}`
        : `AQ${'.'}${CANARY}${String(n).padStart(34, 'x')}`;
    cloud.keyring.put(key, state, { project, kind, reach: 'every' }, cloud.clock.now());
    cloud.secrets.seed({
      project: PROJECT,
      secretId: `s-${state}`,
      payloads: [n % 3 === 0 ? `GEMINI_API_KEY="${key}"\n` : key],
      labels: { 'key-warden': 'managed' },
    });
  }
  cloud.secrets.seed({
    project: PROJECT,
    secretId: 'two-keys',
    payloads: [`AI${'za'}${CANARY} AQ${'.'}${CANARY}`],
    labels: { 'key-warden': 'managed' },
  });
  cloud.secrets.seed({
    project: PROJECT,
    secretId: 'account',
    payloads: [JSON.stringify({ type: 'service_account', private_key: CANARY })],
    labels: { 'key-warden': 'managed' },
  });
});

afterAll(() => cloud.close());

const environment = () => ({
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
  KEY_WARDEN_ALERT_TOPIC: `projects/${PROJECT}/topics/alerts`,
  GEMINI_API_KEY: `AI${'za'}Sy${CANARY}FromTheEnvironment`,
  GOOGLE_API_KEY: ` "AQ${'.'}${CANARY}%FromTheEnvironment" `,
});

async function captured(...words: readonly string[]): Promise<void> {
  const { out, err } = await run(words, { environment: environment() });
  written.push(out, err);
}

describe('I9: no byte of a key is written', () => {
  test('by a check of keys in every state, as text, as JSON, recorded and logged', async () => {
    await captured('check');
    await captured('check', '--json', '--deep');
    await captured('check', '--record');
    expect(written.join('')).toContain(`${STATES.length + 2} secrets checked`);
  });

  test('by the other commands', async () => {
    await captured('status', '--json');
    await captured('status');
    await captured('doctor', '--secret', 's-leaked', 's-suspended', 'two-keys');
    await captured('doctor', '--secret', 's-works', '--json');
    await captured('init', '--secret', 's-works', 's-leaked', '--json');
    expect(written.join('')).toContain('key-warden/doctor/v1');
  });

  test('by explain, when the pasted answer echoes the key', async () => {
    const answer = `403 Permission denied: Consumer 'api_key:AI${'za'}Sy${CANARY}${'x'.repeat(17)}' has been suspended.`;
    for (const words of [
      ['explain', answer],
      ['explain', '--json', answer],
    ])
      await captured(...words);
    expect(written.join('')).toContain('project_suspended');
  });

  test('by the real process, not even when it is given nonsense', async () => {
    const bin = fileURLToPath(new URL('../../src/bin.js', import.meta.url));
    for (const words of [['check', '--secret', 's-leaked'], ['check', '--nonsense'], ['doctor']]) {
      written.push(
        await new Promise((ended) => {
          execFile(
            process.execPath,
            [bin, ...words],
            { env: { ...process.env, ...environment() } },
            (trouble, out, err) => ended(inspect(trouble) + out + err),
          );
        }),
      );
    }
    expect(written.join('')).toContain('key_leaked');
  });

  test('into an annotation, an event, or the URL of a request', () => {
    written.push(
      inspect(cloud.secrets.snapshot(), { depth: 20 }),
      inspect(cloud.requests(), { depth: 20, maxArrayLength: null }),
    );
    expect(written.join('')).toContain('key-warden.health');
  });

  test('anywhere', () => {
    expect(
      written
        .filter((text) => text.includes(CANARY))
        .map((text) => text.slice(text.indexOf(CANARY) - 80, text.indexOf(CANARY) + 40)),
    ).toEqual([]);
    expect(written.filter((text) => text.includes(Buffer.from(CANARY).toString('base64').slice(0, 16)))).toEqual([]);
  });
});
