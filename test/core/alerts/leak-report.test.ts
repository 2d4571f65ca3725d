import { Buffer } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import { LEAK_SOURCES, readLeakReport, type LeakSource } from '../../../src/core/alerts/leak-report.ts';

const KEY = 'AI' + 'za' + 'x'.repeat(35);
const AUTH = 'A' + 'Q.' + 'y'.repeat(50);
const PAGE = 'https://github.com/acme/shop/security/secret-scanning/7';

/** The keys of a report, as they are; what it is otherwise. */
function read(source: LeakSource, body: unknown) {
  const reading = readLeakReport(source, body);
  if (!('report' in reading)) return reading;
  const { keys, ...report } = reading.report;
  return { ...report, keys: keys.map((key) => key.reveal()) };
}

const alert = (changed: object = {}, action = 'created') => ({
  action,
  alert: { number: 7, html_url: PAGE, secret_type: 'google_api_key', ...changed },
});

describe('an alert of secret scanning', () => {
  test('says where it is read, and seldom holds the key', () => {
    expect(read('github', alert())).toEqual({ source: 'github', keys: [], where: PAGE });
    expect(read('github', alert({ secret: KEY }))).toMatchObject({ keys: [KEY], where: PAGE });
  });

  test('is about a key where it holds one, whatever its type is called', () => {
    expect(read('github', alert({ secret_type: 'acme_token', secret: AUTH }))).toMatchObject({ keys: [AUTH] });
    expect(read('github', alert({ secret_type: 'acme_token' }))).toEqual({
      ignored: 'the alert is about no key of Google’s',
    });
  });

  test('repeats no address that is none, or that holds a key', () => {
    for (const page of [undefined, 7, 'http://github.com/a', `https://github.com/${KEY}`, 'https://github.com/a b'])
      expect(read('github', alert({ html_url: page }))).toMatchObject({ where: undefined });
  });

  test('is no news once it is resolved, and other webhooks of the hook are none', () => {
    expect(read('github', alert({}, 'resolved'))).toEqual({ ignored: 'the alert is resolved' });
    for (const body of [{ zen: 'Keep it simple.' }, { alert: { number: 1 } }, { alert: 'x' }])
      expect(read('github', body)).toEqual({ ignored: 'it is no alert of secret scanning' });
  });
});

describe('an incident of GitGuardian', () => {
  test('is news when it begins, and whenever it holds a key', () => {
    expect(read('gitguardian', { action: 'incident_triggered' })).toEqual({ source: 'gitguardian', keys: [] });
    expect(read('gitguardian', { action: 'x', match: KEY })).toMatchObject({ keys: [KEY] });
    expect(read('gitguardian', { match: KEY })).toMatchObject({ keys: [KEY] });
    expect(read('gitguardian', { action: 'incident_resolved' })).toEqual({ ignored: 'no incident begins with it' });
    expect(read('gitguardian', { incident: 1 })).toEqual({ wrong: 'it has no action' });
  });
});

describe('a report of anybody else', () => {
  test('holds keys, wherever and however they stand, each once', () => {
    const manifest = Buffer.from(AUTH).toString('base64');
    const body = { found: [`key=${KEY}`, { in: { env: KEY } }], manifest };
    expect(read('webhook', body)).toEqual({ source: 'webhook', keys: [KEY, AUTH] });
    expect(read('webhook', { found: 'something' })).toEqual({ wrong: 'it holds no Gemini key' });
  });
});

test.each(LEAK_SOURCES)('no report of %s is another form, or holds keys without end', (source) => {
  for (const body of [undefined, [], 'x', 7])
    expect(read(source, body)).toEqual({ wrong: 'the body is no JSON object' });
  const keys = Array.from({ length: 51 }, (_, at) => 'AI' + 'za' + String(at).padStart(35, 'x'));
  expect(read(source, { keys })).toEqual({ wrong: 'it holds more than 50 keys: report them one by one' });
});
