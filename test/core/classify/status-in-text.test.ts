import { expect, test } from '@jest/globals';
import { LONGEST_TEXT, statusIn } from '../../../src/core/classify/status-in-text.ts';

test.each([
  ['[GoogleGenerativeAI Error]: Error fetching from https://x/v1beta: [400 Bad Request] API key not valid.', 400],
  ['ApiError: [429]', 429],
  ['googleapi: Error 403: Your project has been denied access., forbidden', 403],
  ['{"error": {"code": 403, "message": "Error 500"}}', 403],
  ['{"error": {"code": "429"}}', 429],
  ['{"error": {"code": 7}}', 403],
  ['{"error": {"code": 700, "status": "NOT_FOUND"}}', 404],
  ['{"error": {"code": "rate_limit_exceeded"}}', 429],
  ['{"status":"PermissionDenied"}', 403],
  ['400 INVALID_ARGUMENT. {"error": {"message": "m"}}', 400],
  ['{"message": "Request failed with status code 404"}', 404],
  ['401 API key invalid', 401],
  ['Unauthenticated: 401 API key invalid', 401],
  ['we are getting 403 since midnight', 403],
  ['it returned a 429', 429],
  ['PermissionDenied(403)', 403],
  ['HTTP/1.1 429 Too Many Requests', 429],
  ['HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 400 \r\n\r\n{"error":{"code":401}}', 400],
  ['* ALPN\n< HTTP/2 403 \n< server: x', 403],
  ['it failed [401] with status 404', 401],
  ['it was NotThere(451)', 451],
  ['it was NotThere(500)', 500],
  ['Bad Request', 400],
  ['Unauthorized', 401],
  ['Forbidden', 403],
  ['Too Many Requests', 429],
  ['Internal Server Error', 500],
  ['404 ms later', undefined],
  ['it got 404 tokens', undefined],
  ['HTTP 401', 401],
  ['HTTPError: 503', 503],
  ['http status code: 502', 502],
  ['status=429', 429],
  ['status_code: 404', 404],
  ['error code: 429, 3 requests', 429],
  ['grpc_status:9, grpc_message:"x"', 400],
  ['grpc-status: 16', 401],
  ['grpc_status: 99', undefined],
  ['7 PERMISSION_DENIED: x', 403],
  ['rpc error: code = InvalidArgument desc = x', 400],
  ['Status(StatusCode="ResourceExhausted")', 429],
  ['PERMISSION_DENIED', 403],
  ['UNAUTHENTICATED', 401],
  ['FAILED_PRECONDITION', 400],
  ['RESOURCE_EXHAUSTED', 429],
  ['RESOURCE_EXHAUSTED: Your prepayment credits are depleted', 402],
  ['PERMISSION_DENIED: prepay', 403],
  ['Payment Required', 402],
  ['it says NOT_FOUND', 404],
  ['Request Timeout', 408],
  ['DEADLINE_EXCEEDED', 504],
  ['Bad Gateway', 502],
  ['UNAVAILABLE', 503],
  ['An internal error has occurred', 500],
  ['403. That’s an error.', 403],
  ['<html><title>Error 502 (Server Error)!!1</title>{code: 404}', 502],
  ['<html><title>403 Forbidden</title>', 403],
  ['[500] and behind it [403 Forbidden]', 403],
  ['[500] and nothing else', 500],
  ['{"error":{"code":500,"status":"PERMISSION_DENIED"}}', 403],
  ['{"statusCode":500,"message":"403 Forbidden"}', 403],
  ['{"statusCode":500,"message":"no"}', 500],
  ['{"httpResponseCode":403}', 403],
  ['{"httpCode":"429"}', 429],
  ['{"httpRequest":{"status":404}}', undefined],
  ['Fehler 403', 403],
  ['it said: 404 not there', 404],
  ['| 04:03 | 429 | no |', 429],
  ['content-length: 429 date: today', undefined],
  ['504 Gateway Time-out', 504],
  ['closed with 1011 (internal error)', undefined],
  ['H\0T\0T\0P\0/\x002\0 \x004\x000\x001\0', 401],
  ['API Key not found. Please pass a valid API key.', undefined],
  ['API key expired', undefined],
  ['took 404 ms', undefined],
  ['404ms', undefined],
  ['500 tokens', undefined],
  ['error 429.5', undefined],
  ['exit status 137', undefined],
  ['2026-11-24T04:03:40.401Z it failed', undefined],
  ['listening on :443, 10.0.0.404', undefined],
  ['limit: 500, model: gemini', undefined],
  ['{"candidates":[{"content":{"parts":[{"text":"Error 401: API key invalid"}]}}]}', undefined],
  ['', undefined],
  [`${' '.repeat(LONGEST_TEXT)}HTTP 401`, undefined],
])('%j speaks of %p', (text, status) => {
  expect(statusIn(text)).toBe(status);
});

test.each([
  'NEW_WORD',
  'bad request',
  'unauthorized',
  'payment required',
  'forbidden',
  'not found',
  'too many',
  'resource exhausted',
  'internal',
  'server error',
  'bad gateway',
  'service unavailable',
  'gateway timeout',
  'deadline exceeded',
  'unauthenticated',
  'unavailable',
])('a number before “%s” is a status, and says more than the words', (words) => {
  expect(statusIn(`it was 451 ${words} there`)).toBe(451);
});

test.each([
  'exhausted',
  'denied',
  'unauthenticated',
  'unauthorized',
  'forbidden',
  'argument',
  'unavailable',
  'exceeded',
  'notfound',
  'failed',
])('a number after “%s:” is a status', (word) => {
  expect(statusIn(`it was ${word}: 451`)).toBe(451);
});

test.each(['get', 'got', 'gets', 'getting', 'receive', 'received', 'return', 'returned', 'returns', 'answers'])(
  'a number that somebody says to %s is a status',
  (verb) => {
    expect(statusIn(`we ${verb} 451`)).toBe(451);
    expect(statusIn(`we ${verb} an 451`)).toBe(451);
  },
);

test.each(['answered with', 'says', 'throws', 'status', 'error', 'code', 'exception', 'response', 'erreur', 'erro'])(
  'a number after “%s” is a status',
  (word) => {
    expect(statusIn(`it ${word.replace(' with', '')} 451`)).toBe(451);
  },
);

test.each(['length', 'limit', 'max', 'tokens', 'timeout', 'count', 'line', 'port', 'dur'])(
  'a number after “%s:” is none',
  (name) => {
    expect(statusIn(`it had ${name}: 451 there`)).toBeUndefined();
  },
);

test.each([
  'ms',
  's',
  'sec',
  'secs',
  'seconds',
  'minutes',
  'token',
  'tokens',
  'requests',
  'times',
  'bytes',
  'kb',
  'mb',
])('a number of %s is none', (unit) => {
  expect(statusIn(`it says 451 ${unit}`)).toBeUndefined();
  expect(statusIn(`451 ${unit}`)).toBeUndefined();
  expect(statusIn(`it said: 451 ${unit} there`)).toBeUndefined();
});
