import { NOT_LOOKED_AT } from '../wire/not-served.ts';
import { anything, listOf, message, smallInteger, text, type Of, type Reader } from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.ai.generativelanguage.v1beta';

/** Fields that are accepted and not looked at. */
function unread<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Reader<unknown>>>;
function unread(...names: readonly string[]): Readonly<Record<string, Reader<unknown>>> {
  return Object.fromEntries(names.map((name) => [name, anything]));
}

const part = message(`${PACKAGE}.Part`, { text, ...unread(...NOT_LOOKED_AT.Part) });

const content = message(`${PACKAGE}.Content`, { parts: listOf(part), role: text });

const generationConfig = message(`${PACKAGE}.GenerationConfig`, {
  maxOutputTokens: smallInteger,
  candidateCount: smallInteger,
  stopSequences: listOf(text),
  responseMimeType: text,
  ...unread(...NOT_LOOKED_AT.GenerationConfig),
});

/** The body of generateContent and streamGenerateContent. */
export const generateRequest = message(`${PACKAGE}.GenerateContentRequest`, {
  model: text,
  contents: listOf(content),
  systemInstruction: content,
  generationConfig,
  cachedContent: text,
  ...unread(...NOT_LOOKED_AT.GenerateContentRequest),
});

export type GenerateRequest = Of<typeof generateRequest>;

/** The body of countTokens. */
export const countRequest = message(`${PACKAGE}.CountTokensRequest`, {
  contents: listOf(content),
  generateContentRequest: generateRequest,
});
