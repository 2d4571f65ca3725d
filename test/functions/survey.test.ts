import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setUpShowcase, showcaseEnvironment, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { SURVEY_SCHEMA } from '../../src/core/survey/part-text.ts';
import { STANDARD, testCloud, type TestCloud } from '../support/cloud.ts';
import { functionProcess, type FunctionProcess } from '../support/function-process.ts';

const OTHER = 'other-project';
const CHECKER = 'key-warden@demo-project.iam.gserviceaccount.com';
const running: FunctionProcess[] = [];
let cloud: TestCloud;
let surveys: FunctionProcess;
let joins: FunctionProcess;
let alone: FunctionProcess;

beforeAll(async () => {
  cloud = await testCloud();
  setUpShowcase(cloud);
  cloud.names.add(OTHER);
  for (let at = 0; at < 4; at += 1)
    cloud.secrets.seed({
      project: OTHER,
      secretId: `key-${at}`,
      payloads: [STANDARD],
      labels: { 'key-warden': 'managed' },
      aliases: { current: 1 },
    });
  const environment = {
    PATH: process.env['PATH'] ?? '',
    ...showcaseEnvironment(cloud),
    KEY_WARDEN_PROJECTS: `${SHOWCASE_PROJECT},${OTHER}`,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
  };
  const start = async (target: string, more: Readonly<Record<string, string>>) => {
    const one = await functionProcess(target, more);
    running.push(one);
    return one;
  };
  alone = await start('healthCheck', environment);
  surveys = await start('survey', { ...environment, KEY_WARDEN_VERIFY_CALLERS: 'on', KEY_WARDEN_CALLERS: CHECKER });
  joins = await start('healthCheck', { ...environment, KEY_WARDEN_SURVEY_URL: surveys.url });
}, 60_000);
afterAll(async () => {
  await Promise.all(running.map((one) => one.end()));
  await cloud.close();
});

async function called(one: FunctionProcess, body: unknown = {}, token?: string) {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(one.url, { method: 'POST', body: JSON.stringify(body), headers });
  const told: unknown = await answer.json();
  return { status: answer.status, told };
}

/** What the pretend cloud's metadata server gives whoever runs there. */
async function tokenFor(one: FunctionProcess): Promise<string> {
  const path = `/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(one.url)}`;
  const answer = await cloud.ask('GET', path, { headers: { 'metadata-flavor': 'Google' } });
  return answer.text;
}

const ASK = {
  schema: SURVEY_SCHEMA,
  project: OTHER,
  location: 'global',
  most: 10,
  deep: 'never',
  runEveryMinutes: 10,
  seconds: 60,
};

describe('a check by parts', () => {
  test('has the heartbeat that one instance has', async () => {
    const seen = async (one: FunctionProcess) => {
      const { status, told } = await called(one, { deep: 'never' });
      const { expected, seen: reached, verdicts, outages, problems } = Object(told) as Record<string, unknown>;
      return { status, expected, reached, verdicts, outages, problems };
    };
    const [many, one] = [await seen(joins), await seen(alone)];
    expect(many).toEqual(one);
    expect(many).toMatchObject({ status: 200, problems: [], verdicts: { works: expect.any(Number) } });
    expect(surveys.lines.join()).toContain(`looked at 4 of 4 secrets of project ${OTHER} (global)`);
    expect(alone.lines.join()).not.toContain('looked at');
  });
});

describe('the function', () => {
  test('looks at a part for the check, and answers no byte of a key', async () => {
    const { status, told } = await called(surveys, ASK, await tokenFor(surveys));
    expect([status, told]).toEqual([200, expect.objectContaining({ schema: SURVEY_SCHEMA })]);
    expect(told).toMatchObject({ look: { expected: 4, missed: 0, isListed: true, problems: [] } });
    expect(JSON.stringify(told)).not.toContain(STANDARD.slice(0, 12));
  });

  test('writes nothing', async () => {
    const before = cloud.secrets.seed({ project: OTHER, secretId: 'unseen', payloads: [STANDARD] });
    expect(before).toBeDefined();
    const etags = async () => (await cloud.ask('GET', `/v1/projects/${OTHER}/secrets`)).text;
    const seen = await etags();
    await called(surveys, ASK, await tokenFor(surveys));
    expect(await etags()).toBe(seen);
  });

  test('is for the check alone', async () => {
    expect(await called(surveys, ASK)).toMatchObject({ status: 401 });
  });

  test('looks at nothing outside the settings (I16), and at nothing that it does not understand', async () => {
    const token = await tokenFor(surveys);
    expect(await called(surveys, { ...ASK, project: 'somebody-elses' }, token)).toMatchObject({
      status: 422,
      told: { error: { message: expect.stringContaining('KEY_WARDEN_PROJECTS') } },
    });
    expect(await called(surveys, { ...ASK, location: 'europe-west1' }, token)).toMatchObject({ status: 422 });
    expect(await called(surveys, { ...ASK, schema: 'key-warden/survey/v2' }, token)).toMatchObject({
      status: 400,
      told: { error: { message: expect.stringContaining('one of the two is being deployed') } },
    });
  });

  test('says that a part is too large for one', async () => {
    const token = await tokenFor(surveys);
    expect(await called(surveys, { ...ASK, most: 2 }, token)).toMatchObject({ status: 200, told: { tooMany: 4 } });
  });
});
