import { expect, test } from '@jest/globals';
import { networkTroubleOf } from '../../../src/edge/http/network-trouble.ts';

test.each([
  ['ECONNREFUSED', 'network', 'connection refused'],
  ['ECONNRESET', 'network', 'the connection broke'],
  ['EPIPE', 'network', 'the connection broke'],
  ['UND_ERR_SOCKET', 'network', 'the connection broke'],
  ['ENOTFOUND', 'network', 'the host name does not resolve'],
  ['EAI_AGAIN', 'network', 'the name server does not answer'],
  ['EHOSTUNREACH', 'network', 'no route to the host'],
  ['ENETUNREACH', 'network', 'no route to the network'],
  ['ETIMEDOUT', 'timeout', 'no connection in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'no connection in time'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', 'no answer in time'],
  ['CERT_HAS_EXPIRED', 'network', 'no secure connection: the TLS handshake failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'network', 'no secure connection: the TLS handshake failed'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'network', 'no secure connection: the TLS handshake failed'],
  ['EPROTO', 'network', 'no secure connection: the TLS handshake failed'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'network', 'no secure connection: the TLS handshake failed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network', 'no secure connection: the TLS handshake failed'],
  ['ENEW', 'network', 'the request failed'],
])('%s reads "%s: %s"', (code, noAnswer, detail) => {
  expect(networkTroubleOf(Object.assign(new Error('secret 10.0.0.1'), { code }))).toEqual({ noAnswer, detail });
});

test.each([undefined, null, 'ECONNREFUSED', new Error('connect ECONNREFUSED'), { code: 61 }])(
  'what carries no code (%p) is only "the request failed": its text is not repeated',
  (error) => {
    expect(networkTroubleOf(error)).toEqual({ noAnswer: 'network', detail: 'the request failed' });
  },
);

test('what does not speak HTTP is known by the name of the error: undici gives it no code', () => {
  expect(networkTroubleOf({ name: 'HTTPParserError', code: undefined, message: 'Expected HTTP/' })).toEqual({
    noAnswer: 'network',
    detail: 'what answered does not speak HTTP',
  });
});
