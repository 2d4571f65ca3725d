import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { surveyAt } from '../../../src/edge/functions/survey.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { answerJson, SURVEY_SCHEMA, type SurveyAsk } from '../../../src/core/survey/part-text.ts';
import { bodyOf, closedPort, httpLoopback } from '../../support/loopback.ts';
import { pretendCloud } from '../../support/cloud.ts';

const ASK: SurveyAsk = {
  part: { project: 'acme', location: 'global' },
  most: 10,
  deep: 'never',
  runEveryMinutes: 10,
  seconds: 60,
};

let cloud: PretendCloud;
beforeAll(async () => {
  cloud = await pretendCloud();
});
afterAll(() => cloud.close());

/** What comes of one ask of a function that answers so. */
async function asked(status: number, body: string) {
  const heard: string[] = [];
  await using there = await httpLoopback((request, response) => {
    void bodyOf(request).then((sent) => {
      heard.push(sent);
      response.writeHead(status).end(body);
    });
  });
  const parts = surveyAt({ url: there.url, pretendUrl: cloud.url });
  try {
    return { answer: await parts.survey(ASK, 5_000), heard };
  } finally {
    await parts.close();
  }
}

test('a part is asked for in the form that the function reads, and its answer read', async () => {
  const { answer, heard } = await asked(200, JSON.stringify(answerJson({ is: 'too many', secrets: 11 })));
  expect(answer).toEqual({ is: 'too many', secrets: 11 });
  expect(heard).toEqual([
    JSON.stringify({
      schema: SURVEY_SCHEMA,
      project: 'acme',
      location: 'global',
      most: 10,
      deep: 'never',
      runEveryMinutes: 10,
      seconds: 60,
    }),
  ]);
});

test.each([
  [401, 'denied'],
  [403, 'denied'],
  [422, 'invalid'],
  [429, 'unavailable'],
  [500, 'unavailable'],
])('a refusal with %s is %s', async (status, code) => {
  await expect(asked(status, '{"error":{"message":"whatever"}}')).rejects.toMatchObject({
    code,
    message: `the function survey answered ${status}`,
  });
});

test.each([
  ['text', '<html>', 'it answered no JSON object'],
  ['another release', '{"schema":"key-warden/survey/v2"}', 'one of the two is being deployed'],
  ['what nobody knows', `{"schema":"${SURVEY_SCHEMA}","look":{}}`, 'in no form that this release knows'],
])('%s is no answer, and may be one in a while', async (_what, body, why) => {
  await expect(asked(200, body)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(why) });
});

test('one that says nothing in time, or is not there, gave no answer', async () => {
  await using silent = await httpLoopback(() => undefined);
  const late = surveyAt({ url: silent.url, pretendUrl: cloud.url, callMs: 50 });
  await expect(late.survey(ASK, 5_000)).rejects.toMatchObject({ code: 'timeout' });
  const gone = surveyAt({ url: `http://127.0.0.1:${await closedPort()}`, pretendUrl: cloud.url });
  await expect(gone.survey(ASK, 5_000)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/cannot be reached\.$/),
  });
  await Promise.all([late.close(), gone.close()]);
});
