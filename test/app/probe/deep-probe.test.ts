import { describe, expect, test } from '@jest/globals';
import { probeDeep } from '../../../src/app/probe/deep-probe.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { memoryProber, WORKING, type Scripted } from '../../support/twins/memory-prober.ts';
import { GOOD_KEY } from '../../support/stage.ts';

const MODELS = ['models/gemini-3.8-flash', 'models/gemini-3.1-flash-lite', 'models/gemini-2.5-flash'];

function refusal(status: number, word: string, message: string, more: object = {}): Scripted {
  return { status, body: { error: { code: status, status: word, message, ...more } } };
}

const CLOSED = refusal(
  404,
  'NOT_FOUND',
  'This model models/gemini-3.8-flash is no longer available to new users. Please update your code to use a newer model.',
);
const QUOTA_OF_ZERO = refusal(
  429,
  'RESOURCE_EXHAUSTED',
  'You exceeded your current quota, please check your plan and billing details. * Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: gemini-3.8-flash',
);
const GATED = refusal(403, 'PERMISSION_DENIED', 'The caller does not have permission');
const OTHER_FORM = refusal(400, 'INVALID_ARGUMENT', 'This model only supports the Interactions API.');
const DENIED = refusal(403, 'PERMISSION_DENIED', 'Your project has been denied access. Please contact support.');

async function probed(models: readonly string[], ...answers: readonly Scripted[]) {
  const prober = memoryProber();
  prober.script(GOOD_KEY, 'generate', ...answers);
  const list = { models: models.map((name) => ({ name, supportedGenerationMethods: ['generateContent'] })) };
  const outcome = await probeDeep(prober, new KeyText(GOOD_KEY), JSON.stringify(list));
  return { outcome, asked: prober.probes.flatMap((probe) => (probe.depth === 'generate' ? [probe.model] : [])) };
}

describe('the next model is asked where a refusal may be about one model alone', () => {
  test.each([
    ['closed to new users', CLOSED, 'model_not_found'],
    ['a quota of 0', QUOTA_OF_ZERO, 'quota_zero'],
    ['for partners only', GATED, 'permission_denied'],
    ['another form of request', OTHER_FORM, 'bad_request'],
  ])('%s', async (_, refused, cause) => {
    const { outcome, asked } = await probed(MODELS, refused, WORKING.generate);
    expect(asked).toEqual(MODELS.slice(0, 2));
    expect(outcome).toEqual({
      answers: 2,
      diagnosis: expect.objectContaining({ verdict: 'works' }),
      notes: [`models/gemini-3.8-flash was refused (${cause})`],
    });
  });

  test('three models are asked and no more, whatever they answer', async () => {
    const { outcome, asked } = await probed([...MODELS, 'models/gemini-2.0-flash'], QUOTA_OF_ZERO);
    expect(asked).toEqual(MODELS);
    expect(outcome).toMatchObject({ answers: 3, diagnosis: { cause: 'quota_zero' } });
  });

  test('models that are gone say nothing beside one that has no quota', async () => {
    const { outcome } = await probed(MODELS, CLOSED, QUOTA_OF_ZERO, CLOSED);
    expect(outcome).toMatchObject({ answers: 3, diagnosis: { verdict: 'blocked', cause: 'quota_zero' } });
  });

  test('when all of them are gone, nothing is known', async () => {
    const { outcome } = await probed(MODELS, CLOSED);
    expect(outcome).toEqual({ answers: 3, skipped: `deep probe skipped: ${MODELS.join(', ')} are listed but gone` });
  });
});

test('a refusal that is about the key or its project is believed from the first model', async () => {
  const { outcome, asked } = await probed(MODELS, DENIED);
  expect(asked).toEqual(MODELS.slice(0, 1));
  expect(outcome).toMatchObject({ answers: 1, diagnosis: { cause: 'project_denied' }, notes: [] });
});

test('no answer to the second model leaves the key unjudged, and counts as none', async () => {
  const { outcome } = await probed(MODELS, CLOSED, { noAnswer: 'timeout', detail: 'no answer in 20 s' });
  expect(outcome).toMatchObject({ answers: 1, diagnosis: { cause: 'timeout' } });
});

test('a thinking model that spends its token on a thought works', async () => {
  const thought = { candidates: [{ finishReason: 'MAX_TOKENS' }], usageMetadata: { thoughtsTokenCount: 1 } };
  const { outcome } = await probed(MODELS, { status: 200, body: thought });
  expect(outcome).toMatchObject({ diagnosis: { verdict: 'works' } });
});
