import type { NoAnswer } from '../../core/classify/answer.ts';
import { isRecord } from '../../core/values/json.ts';

/** Codes of Node's sockets and of undici, or the name of an error that has none, for a connection that could not be made or did not last. */
const PHRASES: Readonly<Record<string, NoAnswer>> = {
  ECONNREFUSED: { noAnswer: 'network', detail: 'connection refused' },
  ECONNRESET: { noAnswer: 'network', detail: 'the connection broke' },
  EPIPE: { noAnswer: 'network', detail: 'the connection broke' },
  UND_ERR_SOCKET: { noAnswer: 'network', detail: 'the connection broke' },
  ENOTFOUND: { noAnswer: 'network', detail: 'the host name does not resolve' },
  EAI_AGAIN: { noAnswer: 'network', detail: 'the name server does not answer' },
  EHOSTUNREACH: { noAnswer: 'network', detail: 'no route to the host' },
  ENETUNREACH: { noAnswer: 'network', detail: 'no route to the network' },
  ETIMEDOUT: { noAnswer: 'timeout', detail: 'no connection in time' },
  UND_ERR_CONNECT_TIMEOUT: { noAnswer: 'timeout', detail: 'no connection in time' },
  UND_ERR_HEADERS_TIMEOUT: { noAnswer: 'timeout', detail: 'no answer in time' },
  HTTPParserError: { noAnswer: 'network', detail: 'what answered does not speak HTTP' },
};

/**
 * Says in a few words what kept an answer away. Only the code or name of the error is looked at: its message may quote addresses,
 * header values or a piece of a body.
 */
export function networkTroubleOf(error: unknown): NoAnswer {
  const code = codeOf(error);
  const known = PHRASES[code];
  if (known !== undefined) return known;
  if (/CERT|TLS|SSL|ISSUER|SIGNATURE|EPROTO/.test(code)) {
    return { noAnswer: 'network', detail: 'no secure connection: the TLS handshake failed' };
  }
  return { noAnswer: 'network', detail: 'the request failed' };
}

function codeOf(error: unknown): string {
  if (!isRecord(error)) return '';
  return [error['code'], error['name']].find((text) => typeof text === 'string') ?? '';
}
