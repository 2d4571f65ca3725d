import type { GenerateRequest } from './messages.ts';

/** A token is about four characters (ai.google.dev/gemini-api/docs/tokens), an image 258 tokens. */
const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_IMAGE = 258;

/** Tokens of a text: not Google's tokenizer, but it grows with the text as that does. */
export function tokensOfText(text: string): number {
  return Math.ceil(Array.from(text).length / CHARACTERS_PER_TOKEN);
}

/** Tokens of everything that a request says, at least one. */
export function promptTokens({ contents = [], systemInstruction }: GenerateRequest): number {
  const parts = [...contents, ...(systemInstruction === undefined ? [] : [systemInstruction])].flatMap(
    ({ parts: some = [] }) => some,
  );
  const counted = parts.map(
    ({ text = '', inlineData, fileData }) =>
      tokensOfText(text) + (inlineData === undefined && fileData === undefined ? 0 : TOKENS_PER_IMAGE),
  );
  return Math.max(
    1,
    counted.reduce((sum, count) => sum + count, 0),
  );
}
