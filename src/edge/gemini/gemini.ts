import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import type { Prober } from '../../app/ports/ports.ts';
import type { Answer, NoAnswer } from '../../core/classify/answer.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { endpointOf } from '../google/endpoints.ts';
import { networkTroubleOf } from '../http/network-trouble.ts';
import { readBounded } from '../http/read-bounded.ts';

/** How long each part of a probe may take, and how much of an answer is kept. All are ours: Google documents none. */
export interface ProbeLimits {
  /** Name look-up, TCP and TLS together. */
  readonly connectMs: number;
  /** From the request to the end of the answer's headers. */
  readonly headersMs: number;
  /** From the headers to the last byte of the body. */
  readonly bodyMs: number;
  /** The whole model list is some 100 kB. */
  readonly bodyBytes: number;
}

const LIMITS: ProbeLimits = { connectMs: 5_000, headersMs: 20_000, bodyMs: 10_000, bodyBytes: 1_048_576 };

/** More probes than this at once wait for each other, however many a caller starts. */
const AT_ONCE = 64;

/** Where and how patiently to probe; everything has a default. */
export interface ProberOptions {
  readonly url?: string | undefined;
  readonly limits?: Partial<ProbeLimits> | undefined;
  /** Probes at once; more wait for each other. */
  readonly atOnce?: number | undefined;
  /** Told of the `Date` of every answer, which is Google's time. */
  readonly heard?: ((date: string | readonly string[] | undefined) => void) | undefined;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** One token of the shortest prompt: what a deep probe may cost. */
const ONE_TOKEN = JSON.stringify({
  contents: [{ role: 'user', parts: [{ text: '.' }] }],
  generationConfig: { maxOutputTokens: 1 },
});

/**
 * Asks the Gemini API with a key, on connections of its own that are kept between probes. The key travels in one header
 * and nowhere else: URLs get logged. Redirects are answers, never followed, so that no other host sees the key.
 * Throws `invalid` at once for a URL that is not https.
 */
export function geminiProber(options: ProberOptions = {}): Prober & { close(): Promise<void> } {
  const endpoint = endpointOf('Gemini API', options.url ?? 'https://generativelanguage.googleapis.com');
  const limits = { ...LIMITS, ...options.limits };
  const pool = new Pool(endpoint.origin, {
    connections: options.atOnce ?? AT_ONCE,
    allowH2: false, // a probe that hangs holds up nobody else's
    connect: { timeout: limits.connectMs },
    headersTimeout: limits.headersMs,
  });

  const ask = async (key: KeyText, call: Call): Promise<Answer | NoAnswer> => {
    const characters = key.reveal();
    if (!FITS_A_HEADER.test(characters)) {
      return { noAnswer: 'network', detail: 'not sent: the key has characters that a header cannot carry' };
    }
    try {
      const { statusCode, headers, body } = await pool.request({
        method: call.method,
        path: endpoint.prefix + call.path,
        headers: {
          'x-goog-api-key': characters,
          'user-agent': 'gemini-key-warden',
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      options.heard?.(headers['date']);
      return await answerOf(key, statusCode, headers['content-type'], body, limits);
    } catch (error) {
      return networkTroubleOf(error);
    }
  };

  return {
    listModels: (key, pageSize) => ask(key, { method: 'GET', path: `/v1beta/models?pageSize=${pageSize}` }),
    generate(key, model) {
      if (!MODEL_NAME.test(model)) {
        return Promise.resolve({ noAnswer: 'network', detail: 'not sent: that is not the name of a model' });
      }
      return ask(key, { method: 'POST', path: `/v1beta/${model}:generateContent`, body: ONE_TOKEN });
    },
    close: () => pool.close(),
  };
}

/** Printable ASCII with no space at either end, which servers would trim and so test another key. */
const FITS_A_HEADER = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The names come from a list that Google answered, and become part of a path. */
const MODEL_NAME = /^(?:models|tunedModels)\/[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * A body that broke off is still an answer when its status alone says that the key did the job, or when a piece came
 * that may say why it did not.
 */
async function answerOf(
  key: KeyText,
  status: number,
  contentType: string | string[] | undefined,
  stream: Readable,
  limits: ProbeLimits,
): Promise<Answer | NoAnswer> {
  const { text, cut } = await readBounded(stream, limits.bodyBytes, limits.bodyMs);
  const worked = status >= 200 && status < 300;
  if (text === '' && !worked && cut === 'time') return { noAnswer: 'timeout', detail: 'no body in time' };
  if (text === '' && !worked && cut === 'broken') return { noAnswer: 'network', detail: 'the connection broke' };
  return {
    sentAs: 'header',
    keyKind: key.kind,
    status,
    contentType: Array.isArray(contentType) ? contentType[0] : contentType,
    body: text,
    ...(cut === undefined ? {} : { truncated: true }),
  };
}
