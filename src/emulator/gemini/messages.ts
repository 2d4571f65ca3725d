import { anything, listOf, message, smallInteger, text, type Of, type Reader } from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.ai.generativelanguage.v1beta';

/** Fields that are accepted and not looked at. */
function unread<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Reader<unknown>>>;
function unread(...names: readonly string[]): Readonly<Record<string, Reader<unknown>>> {
  return Object.fromEntries(names.map((name) => [name, anything]));
}

const part = message(`${PACKAGE}.Part`, {
  text,
  ...unread(
    'thought',
    'thoughtSignature',
    'partMetadata',
    'inlineData',
    'fileData',
    'videoMetadata',
    'mediaResolution',
  ),
  ...unread('functionCall', 'functionResponse', 'executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse'),
});

const content = message(`${PACKAGE}.Content`, { parts: listOf(part), role: text });

const generationConfig = message(`${PACKAGE}.GenerationConfig`, {
  maxOutputTokens: smallInteger,
  candidateCount: smallInteger,
  stopSequences: listOf(text),
  responseMimeType: text,
  ...unread(
    'temperature',
    'topP',
    'topK',
    'seed',
    'presencePenalty',
    'frequencyPenalty',
    'responseLogprobs',
    'logprobs',
  ),
  ...unread('responseSchema', 'responseJsonSchema', 'responseModalities', 'speechConfig', 'thinkingConfig'),
  ...unread('mediaResolution', 'imageConfig', 'enableEnhancedCivicAnswers', 'responseFormat'),
});

/** The body of generateContent and streamGenerateContent. */
export const generateRequest = message(`${PACKAGE}.GenerateContentRequest`, {
  model: text,
  contents: listOf(content),
  systemInstruction: content,
  generationConfig,
  cachedContent: text,
  ...unread('tools', 'toolConfig', 'safetySettings', 'labels', 'store', 'serviceTier'),
});

export type GenerateRequest = Of<typeof generateRequest>;

/** The body of countTokens. */
export const countRequest = message(`${PACKAGE}.CountTokensRequest`, {
  contents: listOf(content),
  generateContentRequest: generateRequest,
});
