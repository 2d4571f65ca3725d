import { expect, test } from '@jest/globals';
import { modelForDeepProbe } from '../../../src/core/classify/probe-model.ts';

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
  ['the plain name before a pinned one', ['gemini-2.0-flash-001', 'gemini-2.0-flash'], 'gemini-2.0-flash'],
])('prefers %s', (_, names, model) => {
  expect(modelForDeepProbe(listing(...names))).toBe(`models/${model}`);
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
])('does not take %s', (name) => {
  expect(modelForDeepProbe(listing(name))).toBeUndefined();
});

test('does not take a model that cannot generate, or that says nothing about it', () => {
  const models = [
    { name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['countTokens'] },
    { name: 'models/gemini-2.0-flash' },
  ];
  expect(modelForDeepProbe(JSON.stringify({ models }))).toBeUndefined();
});

test('does not take a name that could change the URL it is put into', () => {
  expect(modelForDeepProbe(listing('gemini-flash/../../x?y'))).toBeUndefined();
});

test('reads a list that was cut off, and no half name from it', () => {
  const body = listing('gemini-2.5-flash', 'gemini-2.5-flash-lite');
  expect(modelForDeepProbe(body.slice(0, body.lastIndexOf('countTokens')))).toBe('models/gemini-2.5-flash-lite');
  expect(modelForDeepProbe(body.slice(0, body.lastIndexOf('-lite')))).toBe('models/gemini-2.5-flash');
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
  expect(modelForDeepProbe(body)).toBeUndefined();
});
