/** Parsed JSON, or `undefined` for text that is not JSON: annotations and bodies are foreign input. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // callers say what they expected; the parser's message could quote the text
  }
}

export type JsonRecord = Readonly<Record<string, unknown>>;

/** An object that is neither null nor an array, so that its fields can be looked at one by one. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object a text holds as JSON, or `undefined`. */
export function parseRecord(text: string): JsonRecord | undefined {
  const value = parseJson(text);
  return isRecord(value) ? value : undefined;
}
