import type { KeyKind } from '../key/key-text.ts';

/**
 * How a key travelled; `unknown` of an answer that somebody else got. The same bytes from Google mean different things
 * for each: see `rules.ts`.
 */
export const WAYS_OF_SENDING = ['header', 'query', 'bearer', 'unknown'] as const;
export type SentAs = (typeof WAYS_OF_SENDING)[number];

/** What Google (or something on the way) said when a key was used. */
export interface Answer {
  readonly sentAs: SentAs;
  readonly keyKind: KeyKind;
  /** HTTP status; absent when a person pasted text that names none. */
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  /** The raw body as text, complete unless `truncated`. */
  readonly body: string;
  /** The body was cut off, by the prober's bound or by a connection that broke: a parser may find half of it. */
  readonly truncated?: boolean | undefined;
}

/** Why no usable HTTP answer came back. `timeout` covers connect, headers and body; `network` everything else. */
export interface NoAnswer {
  readonly noAnswer: 'timeout' | 'network';
  /** One short phrase without addresses or key bytes, such as `connection refused`. */
  readonly detail: string;
}
