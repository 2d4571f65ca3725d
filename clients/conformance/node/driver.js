// Runs one reader as the lines on standard input say, and answers each with a line: ../README.md has the words.
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { PassThroughClient } from 'google-auth-library';
import { createHash } from 'node:crypto';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';

const [, , module, http, , secret, json] = process.argv;
const { KeyReader, NoKeyError, PLACEHOLDER } = await import(module);
const { random, ...options } = JSON.parse(json);
const { hostname, port } = new URL(http);
const client = new SecretManagerServiceClient({
  apiEndpoint: hostname,
  port: Number(port),
  protocol: 'http',
  fallback: true,
  authClient: new PassThroughClient(),
});
let seconds = 1000;
const reader = new KeyReader({
  client,
  secret,
  ...options,
  now: () => seconds,
  ...(random === undefined ? {} : { random: () => random }),
});

const hash = (key) => createHash('sha256').update(key).digest('hex');
const MODEL = 'gemini-3.8-flash';
let last;

function count(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

async function given(key) {
  return key().then(hash, (error) => {
    last = error;
    if (!(error instanceof NoKeyError)) throw error;
    return 'NoKey';
  });
}

const WAYS = {
  async fetch(prompt) {
    const response = await reader.fetch(`${http}/v1beta/models/${MODEL}:generateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': PLACEHOLDER, 'content-type': 'application/json' },
      body: JSON.stringify({ contents: contents(prompt) }),
    });
    return response.status;
  },
  async genai(prompt) {
    const { GoogleGenAI } = await import('@google/genai');
    const ai = new GoogleGenAI({ apiKey: PLACEHOLDER, httpOptions: { baseUrl: http, fetch: reader.fetch } });
    return ended(() => ai.models.generateContent({ model: MODEL, contents: contents(prompt) }));
  },
  async genai_run(prompt) {
    const { GoogleGenAI } = await import('@google/genai');
    return ended(() =>
      reader.run((apiKey) =>
        new GoogleGenAI({ apiKey, httpOptions: { baseUrl: http } }).models.generateContent({
          model: MODEL,
          contents: contents(prompt),
        }),
      ),
    );
  },
  async openai(prompt) {
    const { default: OpenAI } = await import('openai');
    const ai = new OpenAI({
      apiKey: PLACEHOLDER,
      baseURL: `${http}/v1beta/openai/`,
      fetch: reader.fetch,
      maxRetries: 0,
    });
    return ended(() => ai.chat.completions.create(chat(prompt)));
  },
  async openai_run(prompt) {
    const { default: OpenAI } = await import('openai');
    return ended(() =>
      reader.run((apiKey) =>
        new OpenAI({ apiKey, baseURL: `${http}/v1beta/openai/`, maxRetries: 0 }).chat.completions.create(chat(prompt)),
      ),
    );
  },
};

/** A role that nobody has is refused with 400, and no SDK looks at it before. */
const contents = (prompt) => [{ role: prompt === 'bad' ? 'critic' : 'user', parts: [{ text: 'hello' }] }];
const chat = (prompt) => ({ model: MODEL, messages: prompt === 'bad' ? [] : [{ role: 'user', content: 'hello' }] });

async function ended(ask) {
  try {
    await ask();
    return 200;
  } catch (error) {
    if (typeof error.status !== 'number') throw error;
    return error.status;
  }
}

const DOES = {
  async keys({ callers }) {
    return { gives: count(await Promise.all(Array.from({ length: callers }, () => given(() => reader.key())))) };
  },
  async refresh() {
    return { gives: count([await given(() => reader.refresh())]) };
  },
  async ask({ times, prompt, way = 'fetch' }) {
    const statuses = [];
    for (let at = 0; at < times; at += 1) statuses.push(await WAYS[way](prompt));
    return { answers: count(statuses) };
  },
  async settle() {
    await reader.settled();
    return {};
  },
  async advance({ seconds: more }) {
    seconds += more;
    return {};
  },
  async print() {
    const said = [String(reader), JSON.stringify(reader), inspect(reader, { depth: 9, showHidden: true })];
    return { said: [...said, inspect(last, { depth: 9 })].join('\n') };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const step = JSON.parse(line);
  const answer = await DOES[step.do](step).catch((error) => ({ failed: String(error?.stack ?? error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
