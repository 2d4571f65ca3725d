import { RUNBOOK_ADDRESS } from '../../../src/core/settings/runbook-address.ts';
import { describe, expect, test } from '@jest/globals';
import { secretPolicyProblem } from '../../../src/core/settings/secret-policy.ts';
import { readChannels } from '../../../src/core/settings/channel-settings.ts';
import { modelsForDeepProbe } from '../../../src/core/classify/probe-model.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import {
  parseSecretName,
  parseTopicName,
  parseVersionName,
  versionNumberOf,
} from '../../../src/core/google/resource-names.ts';
import { parseInstant } from '../../../src/core/values/time.ts';

const CALLED = { KEY_WARDEN_AUDIENCE: 'https://a', KEY_WARDEN_CALLERS: 'a@b' };
const setting = (name: string) => (text: string) =>
  'settings' in readSettings({ ...CALLED, [name]: text }, { project: false, callers: true });
const channel = (field: string) => (text: unknown) => {
  const whole = { name: 'ops', kind: 'webhook', credential: 'projects/p/secrets/s', url: 'https://h.example' };
  return 'channels' in readChannels(JSON.stringify([{ ...whole, [field]: text }]));
};

/** Whatever is read from a person or from outside, in a form that takes it; the same with more around it is refused. */
const FORMS: readonly (readonly [string, (text: string) => boolean, readonly string[]])[] = [
  ['a project', setting('KEY_WARDEN_PROJECTS'), ['my-project', 'example.com:old', '123456789']],
  ['a location', setting('KEY_WARDEN_LOCATIONS'), ['global', 'europe-west1']],
  [
    'another address of an API',
    setting('KEY_WARDEN_GEMINI_URL'),
    ['https://h.example', 'https://h.example:8443', 'http://127.0.0.1:8085', 'http://localhost:8085', 'http://[::1]:1'],
  ],
  ['a caller', setting('KEY_WARDEN_CALLERS'), ['scheduler@p.iam.gserviceaccount.com']],
  ['a runbook', setting('KEY_WARDEN_RUNBOOK_URL'), ['https://wiki.example', RUNBOOK_ADDRESS]],
  ['an origin', setting('KEY_WARDEN_INTERNAL_TARGETS'), ['https://h.example', 'https://h:8443', 'http://127.0.0.1:1']],
  ['a number', setting('KEY_WARDEN_CONCURRENCY'), ['1', '500']],
  ['the name of a channel', channel('name'), ['ops', 'o-2']],
  ['the address of a webhook', channel('url'), ['https://h.example', 'http://127.0.0.1:8085/x']],
  ['a pattern of secrets', (text) => channel('secrets')([text]), ['app-*', 'projects/p/secrets/app_key']],
  ['a key’s project', (text) => secretPolicyProblem('keyProject', text) === undefined, ['my-project', '123456789']],
  ['a key’s account', (text) => secretPolicyProblem('keyServiceAccount', text) === undefined, ['a@p.iam.example']],
  ['a key’s kind', (text) => secretPolicyProblem('keyKind', text) === undefined, ['auth', 'standard']],
  ['a secret', (text) => parseSecretName(text) !== undefined, ['projects/p/secrets/s']],
  ['a version', (text) => parseVersionName(text) !== undefined, ['projects/p/secrets/s/versions/1']],
  ['a topic', (text) => parseTopicName(text) !== undefined, ['projects/p/topics/top']],
  ['a moment', (text) => parseInstant(text) !== undefined, ['2026-11-24T00:00:00Z', '2026-11-24T00:00:00.5+01:00']],
];

/** What pads each form; blanks are taken off the values of variables, and an account may hold most signs. */
const AROUND: Readonly<Record<string, string>> = { 'a caller': '@', 'a key’s account': ' ', 'a topic': '/' };
const MAY_GO_ON: readonly string[] = ['a runbook', 'the address of a webhook'];

describe.each(FORMS)('%s', (form, isTaken, texts) => {
  const more = AROUND[form] ?? '!';

  test.each(texts)('is read from %s', (text) => {
    expect(isTaken(text)).toBe(true);
  });

  test.each(texts)('is not read from %s with something before it, or after it', (text) => {
    expect(isTaken(`${more}${text}`)).toBe(false);
    expect(isTaken(`${text}${MAY_GO_ON.includes(form) ? '#' : more}`)).toBe(false);
  });
});

test.each(['0', '501', '1.5', 'x'])('a whole number within its bounds is not %s', (text) => {
  expect(setting('KEY_WARDEN_CONCURRENCY')(text)).toBe(false);
});

test.each(['01', '1x', '1'.repeat(16)])('the number of a version is not %s', (version) => {
  expect(versionNumberOf(`projects/p/secrets/s/versions/${version}`)).toBeUndefined();
});

test('a model is known by its whole name', () => {
  const listed = (name: string) =>
    modelsForDeepProbe(JSON.stringify({ models: [{ name, supportedGenerationMethods: ['generateContent'] }] }));
  expect(['models/g', '!models/g', 'models/g!'].map(listed)).toEqual([['models/g'], [], []]);
});

test('the pretend cloud’s address may end in a slash, and its receivers may be told', () => {
  const reading = readSettings({ KEY_WARDEN_EMULATOR: 'http://127.0.0.1:8085/' }, { project: false, callers: false });
  const { endpoints, alerts } = 'settings' in reading ? reading.settings : {};
  expect(endpoints?.gemini).toBe('http://127.0.0.1:8085');
  expect(alerts?.internalTargets).toEqual(['http://127.0.0.1:8085']);
});

test('only the port that https has anyway is left out of an origin', () => {
  const origins = 'https://a.example:443,https://b.example:4430';
  const reading = readSettings({ KEY_WARDEN_INTERNAL_TARGETS: origins }, { project: false, callers: false });
  expect('settings' in reading && reading.settings.alerts.internalTargets).toEqual([
    'https://a.example',
    'https://b.example:4430',
  ]);
});

test.each([
  ['KEY_WARDEN_INTERNAL_TARGETS', 'x', 'must be origins such as https://hooks.corp.internal:8443, not "x"'],
  ['KEY_WARDEN_RUNBOOK_URL', 'x', 'must be an https address without a fragment, not "x"'],
  ['KEY_WARDEN_PING', 'x', 'must be the full name of a secret, projects/PROJECT/secrets/ID, not "x"'],
  ['KEY_WARDEN_ALERT_TOPIC', 'x', 'must be the full name of a topic, projects/PROJECT/topics/ID, not "x"'],
  [
    'KEY_WARDEN_KEY_SERVICE_ACCOUNT',
    'x',
    ': keyServiceAccount must be the email address of a service account, not "x"',
  ],
  ['KEY_WARDEN_KEY_PROJECT', '1', ': keyProject must be a project id or number, not "1"'],
  ['KEY_WARDEN_KEY_KIND', 'x', ': keyKind must be auth or standard, not "x"'],
])('whoever sets %s to %j is told that it %s', (name, text, problem) => {
  const reading = readSettings({ [name]: text }, { project: false, callers: false });
  const [only = '', ...others] = 'problems' in reading ? reading.problems : [];
  expect([only.slice(name.length).trim(), others]).toEqual([problem.trim(), []]);
});

test.each([
  ['KEY_WARDEN_PROJECT', /: did you mean KEY_WARDEN_PROJECTS\?$/],
  ['KEY_WARDEN_ZZZZZZZZZZ', /: `key-warden config show` lists all of them$/],
])('whoever misspells a setting as %s is told the nearest one, or where all of them are', (name, says) => {
  const reading = readSettings({ [name]: 'p' }, { project: false, callers: false });
  expect('problems' in reading && reading.problems[0]).toMatch(says);
});
