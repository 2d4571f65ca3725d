import { expect, test } from '@jest/globals';
import { modelsForDeepProbe, PROBE_MODELS_MAX } from '../../../src/core/classify/probe-model.ts';

const GENERATES = ['generateContent', 'countTokens'];

function listing(...names: readonly string[]): string {
  return JSON.stringify({
    models: names.map((name) => ({ name: `models/${name}`, supportedGenerationMethods: GENERATES })),
  });
}

test.each([
  [
    'flash-lite before flash before others',
    ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemma-3'],
    'gemini-2.5-flash-lite',
  ],
  ['flash when there is no flash-lite', ['gemini-2.5-pro', 'gemini-2.5-flash'], 'gemini-2.5-flash'],
  ['a larger Gemini before another family', ['gemma-3-1b-it', 'gemini-2.5-pro'], 'gemini-2.5-pro'],
  ['another family when it is all there is', ['gemma-3-1b-it'], 'gemma-3-1b-it'],
  [
    'the newest, since old ones are closed to new projects',
    ['gemini-2.0-flash', 'gemini-10-flash', 'gemini-2.5-flash'],
    'gemini-10-flash',
  ],
  [
    'a numbered one before one without a number',
    ['gemini-flash-lite', 'gemini-2.0-flash-lite'],
    'gemini-2.0-flash-lite',
  ],
  ['3.6-flash to 2.0-flash-lite, which was retired', ['gemini-2.0-flash-lite', 'gemini-3.6-flash'], 'gemini-3.6-flash'],
  ['3.10 to 3.9: versions count part by part', ['gemini-3.9-flash', 'gemini-3.10-flash'], 'gemini-3.10-flash'],
  ['3.1 to 3: a part that is not there is 0', ['gemini-3-flash', 'gemini-3.1-flash'], 'gemini-3.1-flash'],
  [
    'a chat model to a newer one whose name says more',
    ['gemini-9-flash-extra', 'gemini-3.6-flash-lite-001'],
    'gemini-3.6-flash-lite-001',
  ],
  ['the plain name before a pinned one', ['gemini-2.0-flash-001', 'gemini-2.0-flash'], 'gemini-2.0-flash'],
])('prefers %s', (_, names, model) => {
  expect(modelsForDeepProbe(listing(...names))[0]).toBe(`models/${model}`);
});

test.each([
  'gemini-3.0-flash-preview',
  'gemini-2.0-flash-exp',
  'gemini-2.0-flash-experimental',
  'gemini-embedding-001',
  'gemini-2.5-flash-image',
  'gemini-2.5-flash-tts',
  'gemini-2.0-flash-live-001',
  'gemini-flash-latest',
  'gemini-2.5-flash-native-audio',
  'gemini-robotics-er-1.5',
  'learnlm-2.0-flash',
  'gemini-speech-1',
  'gemini-vision-1',
  'gemini-video-1',
  'veo-3.0-generate',
  'gemini-2.5-computer-use',
  'deep-research-pro',
  'aqa',
  'gemini-2.0-flash-thinking',
  'gemini-3-omni',
  'gemini-music-1',
  'lyria-2',
  'gemini-3.9-flash-translate',
  'gemini-3.9-flash-transcribe',
  'gemini-3.9-flash-dialog',
  'gemini-3.9-flash-cyber',
  'gemini-3.8-flash-lite-tts',
])('does not take %s', (name) => {
  expect(modelsForDeepProbe(listing(name))).toEqual([]);
});

test('a model that is closed is followed by models of other versions, then by others of the same', () => {
  const names = [
    'gemini-3.8-flash',
    'gemini-3.8-flash-lite',
    'gemini-3.1-flash-lite',
    'gemini-2.5-flash',
    'gemini-3-pro',
  ];
  expect(modelsForDeepProbe(listing(...names))).toEqual([
    'models/gemini-3.8-flash-lite',
    'models/gemini-3.1-flash-lite',
    'models/gemini-2.5-flash',
  ]);
  expect(modelsForDeepProbe(listing('gemini-3.8-flash', 'gemini-3.8-flash-lite', 'gemini-3.8-flash'))).toEqual([
    'models/gemini-3.8-flash-lite',
    'models/gemini-3.8-flash',
  ]);
});

test('never more models than a probe may ask', () => {
  const names = Array.from({ length: 40 }, (_, at) => `gemini-3.${at}-flash`);
  expect(modelsForDeepProbe(listing(...names))).toHaveLength(PROBE_MODELS_MAX);
});

test('does not take a model that cannot generate, or that says nothing about it', () => {
  const models = [
    { name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['countTokens'] },
    { name: 'models/gemini-2.0-flash' },
  ];
  expect(modelsForDeepProbe(JSON.stringify({ models }))).toEqual([]);
});

test('does not take a name that could change the URL it is put into', () => {
  expect(modelsForDeepProbe(listing('gemini-flash/../../x?y'))).toEqual([]);
});

test('reads a list that was cut off, and no half name from it', () => {
  const body = listing('gemini-2.5-flash', 'gemini-2.5-flash-lite');
  expect(modelsForDeepProbe(body.slice(0, body.lastIndexOf('countTokens')))[0]).toBe('models/gemini-2.5-flash-lite');
  expect(modelsForDeepProbe(body.slice(0, body.lastIndexOf('-lite')))).toEqual(['models/gemini-2.5-flash']);
});

test.each([
  '',
  'nonsense',
  '[]',
  '{}',
  '{"models":{}}',
  '{"models":["models/gemini-2.5-flash", null, {"supportedGenerationMethods":["generateContent"]}]}',
  '<html>{',
])('finds none in %j', (body) => {
  expect(modelsForDeepProbe(body)).toEqual([]);
});
