/** A model as `models.list` shows it. The selection is made up to hold every kind a chooser must tell apart. */
export interface Model {
  readonly name: string;
  readonly version: string;
  readonly displayName: string;
  readonly description: string;
  readonly inputTokenLimit: number;
  readonly outputTokenLimit: number;
  readonly supportedGenerationMethods: readonly string[];
}

const TEXT = ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'];
const SPEECH = ['generateContent', 'countTokens'];

const ROWS: readonly (readonly [id: string, title: string, methods: readonly string[]])[] = [
  ['gemini-2.5-pro', 'Gemini 2.5 Pro', TEXT],
  ['gemini-2.5-flash', 'Gemini 2.5 Flash', TEXT],
  ['gemini-2.5-flash-lite', 'Gemini 2.5 Flash-Lite', TEXT],
  ['gemini-2.5-flash-image', 'Nano Banana', ['generateContent', 'countTokens', 'batchGenerateContent']],
  ['gemini-2.5-flash-preview-tts', 'Gemini 2.5 Flash Preview TTS', SPEECH],
  ['gemini-2.5-flash-native-audio-latest', 'Gemini 2.5 Flash Native Audio', ['countTokens', 'bidiGenerateContent']],
  ['gemini-3-pro-preview', 'Gemini 3 Pro Preview', TEXT],
  ['gemini-3.1-flash-lite', 'Gemini 3.1 Flash-Lite', TEXT],
  ['gemini-3.8-flash', 'Gemini 3.8 Flash', TEXT],
  ['gemini-flash-lite-latest', 'Gemini Flash-Lite Latest', TEXT],
  ['gemma-3-27b-it', 'Gemma 3 27B', SPEECH],
  ['gemini-embedding-001', 'Gemini Embedding 001', ['embedContent', 'countTextTokens', 'asyncBatchEmbedContent']],
  ['aqa', 'Attributed Question Answering', ['generateAnswer']],
  ['imagen-4.0-generate-001', 'Imagen 4', ['predict']],
  ['veo-3.0-generate-001', 'Veo 3', ['predictLongRunning']],
];

/** In the order in which the list is paged. */
export const MODELS: readonly Model[] = ROWS.map(([id, displayName, supportedGenerationMethods]) => ({
  name: `models/${id}`,
  version: '001',
  displayName,
  description: `${displayName} of the pretend cloud`,
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  supportedGenerationMethods,
}));
