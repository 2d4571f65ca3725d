import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Command } from 'commander';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { alertReceivers } from '../../../src/emulator/showcase/receivers.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { pretendCloud } from '../../support/cloud.ts';
import { approving } from '../../support/approving.ts';
import { run, type Captured } from '../../support/captured.ts';
import { template, variable } from '../../support/consumers.ts';
import { configuredCommand } from '../../support/configured-command.ts';
import { deployedCloud } from '../../support/deployed-stage.ts';
import { AUTH_KEY } from '../../support/fixtures/gemini-answer-parts.ts';
import { expectGolden } from '../../support/golden.ts';
import { silentProgram } from '../program.ts';
import { COMMAND_SCHEMAS, WITHOUT_JSON } from './command-schemas.ts';

const SCHEMAS = new URL('../../../schemas/commands/v1/', import.meta.url);
const TOPIC = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The commands that can be typed: those that have none beneath them. */
function leavesOf(command: Command, path: readonly string[] = []): readonly (readonly [string, Command])[] {
  return command.commands.flatMap((one) => {
    const name = [...path, one.name()];
    return one.commands.length > 0 ? leavesOf(one, name) : [[name.join(' '), one] as const];
  });
}

/** Commands that have neither `--json` with a schema nor a reason to have none. */
function speechless(program: Command): readonly string[] {
  return leavesOf(program).flatMap(([name, command]) => {
    const hasJson = command.options.some(({ long }) => long === '--json');
    const hasSchema = name in COMMAND_SCHEMAS;
    return (hasJson && hasSchema) || (!hasJson && !hasSchema && name in WITHOUT_JSON) ? [] : [name];
  });
}

const COMMANDS = leavesOf(silentProgram())
  .map(([name]) => name)
  .filter((name) => !(name in WITHOUT_JSON));

let cloud: PretendCloud;
let folder: string;
/** What each command printed, in the state that those before it left. */
const printed = new Map<string, Captured[]>();

beforeAll(async () => {
  const receivers = alertReceivers();
  cloud = await pretendCloud({
    base: () => Date.UTC(2026, 10, 24, 9),
    propagation: { newKeyMs: 60_000 },
    services: [receivers],
  });
  setUpShowcase(cloud);
  cloud.secrets.seed({
    project: SHOWCASE_PROJECT,
    secretId: 'slack-ops',
    payloads: [`${cloud.url}/_receivers/slack/a`],
  });
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'silences', labels: {}, payloads: [] });
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'not-yet', payloads: [AUTH_KEY] });
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'wild', payloads: [AUTH_KEY] });
  cloud.pubsub.store.createTopic({ name: TOPIC, labels: {} });
  folder = mkdtempSync(join(tmpdir(), 'key-warden-json-'));

  await note('check', '--record');
  await note('check', 'search-app', '--from', `file:${join(folder, 'none')}`);
  await note('rotate', 'search-app', '--dry-run');
  await note('rotate', 'search-app');
  await cloud.advance(2 * MINUTE_MS);
  await note('resume', 'search-app');
  await cloud.advance(3 * DAY_MS);
  await note('resume', 'search-app');
  await note('rollback', 'search-app');
  await note('rotate', 'chat-app', '--standard');
  await note('abort', 'chat-app');
  await note('status');
  await note('history');
  await note('report', '--from', '30d');
  await note('freeze', 'chat-app', '--until', '4h', '--reason', 'a launch', '--owner', 'jane');
  await note('unfreeze', 'chat-app');
  await note('silence', 'chat-app', '--until', '4h', '--reason', 'it is moved', '--owner', 'jane');
  await note('silence');
  await note('init', 'not-yet');
  await note('init', 'not-there');
  await note('purge', '--dry-run');
  await note('revoke', 'old-app');
  await note('revoke', 'search-app');
  await note('forget', 'not-yet', '--dry-run');
  await note('forget', 'chat-app');
  cloud.run.deploy(`projects/${SHOWCASE_PROJECT}/locations/europe-west1/services/web`, {
    template: template([variable('KEY', 'search-app', '1')]),
  });
  await note('consumers', 'search-app');
  await note('status', '--consumers');
  cloud.run.deploy(`projects/${SHOWCASE_PROJECT}/locations/europe-west1/services/api`, {
    template: template([variable('KEY', 'search-app', 'current')]),
  });
  await note('reach', '--dry-run');
  await note('find', '--from-stdin');
  await note('inventory');
  await note('migrate');
  await note('explain', '403 Your API key was reported as leaked');
  await note('doctor', '--secret', 'search-app', '--dotenv', join(folder, 'none'), '--compare-with', 'otter');
  const [doctored] = printed.get('doctor') ?? [];
  for (const host of ['here', 'there']) writeFileSync(join(folder, host), doctored?.out ?? '');
  await note('doctor', '--compare', join(folder, 'here'), join(folder, 'there'));
  await note('alert test');
  await note('config show');
  await note('emulator', '--port', '0');
  await note('drill', 'leak');
  await note('runbook');
  await note('runbook', 'key_leaked');
  await using on = await approving();
  printed.set('approve', [
    await on.type('approve', '--group', await on.group(), '--dry-run', '--json'),
    await on.type('approve', '--secret', 'search-app', '--plan', on.plan, '--json'),
  ]);
  const deployed = await deployedCloud();
  const pull = ['config', 'pull', '--project', 'test-proj', '--region', 'europe-west1', '--json'];
  printed.set('config pull', [await configuredCommand(deployed, folder, pull)]);
  await deployed.close();
}, 60_000);

afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

async function note(name: string, ...more: readonly string[]): Promise<void> {
  printed.set(name, [...(printed.get(name) ?? []), await type(name, ...more)]);
}

const type = (name: string, ...more: readonly string[]) =>
  run([...name.split(' '), ...more, '--json'], {
    environment: {
      KEY_WARDEN_SILENCES: `projects/${SHOWCASE_PROJECT}/secrets/silences`,
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      KEY_WARDEN_KEY_SERVICE_ACCOUNT: `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`,
      KEY_WARDEN_CHANNELS: JSON.stringify([
        { name: 'ops', kind: 'slack', credential: `projects/${SHOWCASE_PROJECT}/secrets/slack-ops` },
      ]),
      KEY_WARDEN_ALERT_TOPIC: TOPIC,
      ...(name === 'reach' ? { KEY_WARDEN_REACH_CONSUMERS: '2' } : {}),
      USER: 'jane',
    },
    input: AUTH_KEY,
    ...(name === 'emulator' ? { interrupted: () => Promise.resolve() } : {}),
    clock: { now: () => instantOf(cloud.clock.now()), sleep: (ms) => cloud.advance(ms) },
  });

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const schemaOf = (name: string) => ajv.compile(COMMAND_SCHEMAS[name] ?? false);
const isRefusal = schemaOf('error');
const objectIn = (text: string) => JSON.parse(text) as Readonly<Record<string, unknown>>;

test('every command prints JSON whose schema is in schemas/, or says why it does not', () => {
  expect(speechless(silentProgram())).toEqual([]);
  const planted = silentProgram();
  planted.command('mumble').option('--json', 'print one JSON object');
  planted.command('murmur');
  expect(speechless(planted)).toEqual(['mumble', 'murmur']);
  expect(readdirSync(SCHEMAS).toSorted()).toEqual(
    Object.keys(COMMAND_SCHEMAS)
      .map((name) => fileOf(name))
      .toSorted(),
  );
});

const fileOf = (name: string) => `${name.replaceAll(' ', '-')}.json`;

describe.each(Object.keys(COMMAND_SCHEMAS))('the schema of %s', (name) => {
  test('is the file in schemas/', async () => {
    await expectGolden(new URL(fileOf(name), SCHEMAS), COMMAND_SCHEMAS[name]);
  });
});

describe.each(COMMANDS)('%s --json', (name) => {
  test('prints one object of its schema, which accepts it no more with what must be there gone', () => {
    const validate = schemaOf(name);
    const told = printed.get(name) ?? [];
    expect(told).not.toEqual([]);
    for (const { out, err } of told) {
      const whole = objectIn(out);
      expect({ err, whole, valid: validate(whole), errors: validate.errors }).toEqual({
        err: expect.anything(),
        whole: expect.anything(),
        valid: true,
        errors: null,
      });
      expect(validate({ ...whole, schema: undefined })).toBe(false);
    }
  });

  test('prints nothing but what stood in the way, where it cannot do what was asked', async () => {
    const { code, out, err } = await type(name, '--no-such-option');
    expect({ code, err, valid: isRefusal(objectIn(out)) }).toEqual({ code: 2, err: '', valid: true });
    expect(objectIn(out)).toMatchObject({ code: 2, what: expect.stringContaining('unknown option') });
  });
});

test.each([
  ['rotate', ['wild'], 4, 'it is not under care'],
  ['rotate', ['not-there'], 4, 'not-there'],
  ['resume', ['batch-jobs'], 5, 'no rotation'],
  ['silence', ['--end'], 2, 'name one secret'],
  ['status', ['--project', 'No Project'], 4, 'settings cannot be used'],
] as const)('%s %j with --json ends in an object with the exit code %i', async (name, words, code, what) => {
  const ended = await type(name, ...words);
  expect(ended.code).toBe(code);
  expect(objectIn(ended.out)).toEqual({
    schema: 'key-warden/error/v1',
    code,
    what: expect.stringContaining(what),
    next: expect.stringMatching(/./),
  });
});
