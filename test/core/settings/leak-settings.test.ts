import { expect, test } from '@jest/globals';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import { readLeakSigning } from '../../../src/core/settings/leak-settings.ts';

const GITHUB = 'projects/ops-prod/secrets/github-leaks';

function read(text: string | undefined, needed = false) {
  const problems: string[] = [];
  return { signing: readLeakSigning(() => text, needed, problems), problems };
}

test('who may report leaks is named with what it signs with', () => {
  expect(read(`github=${GITHUB}, webhook=projects/p-1/secrets/x`)).toEqual({
    signing: { github: GITHUB, webhook: 'projects/p-1/secrets/x' },
    problems: [],
  });
});

test('nobody may where nothing is set, and then the function does not start', () => {
  expect(read(undefined)).toEqual({ signing: {}, problems: [] });
  expect(read(undefined, true).problems).toEqual([
    'KEY_WARDEN_LEAK_SIGNING is not set: no leak report could be believed without it',
  ]);
});

test.each([
  GITHUB,
  `gitlab=${GITHUB}`,
  'github=github-leaks',
  'github',
  `github=${GITHUB}=x`,
  `github=${GITHUB},github=${GITHUB}`,
])('anything else is a problem: %s', (text) => {
  expect(read(text)).toEqual({
    signing: {},
    problems: [expect.stringMatching(/^KEY_WARDEN_LEAK_SIGNING must be github, gitguardian, webhook, each/)],
  });
});

test('reports begin emergencies only where it is known whom to ask, and as many as are allowed', () => {
  const signing = { KEY_WARDEN_PROJECTS: 'demo-project', KEY_WARDEN_LEAK_SIGNING: `github=${GITHUB}` };
  const needs = { project: true, callers: false, leakReports: true };
  expect(readSettings(signing, needs)).toMatchObject({ settings: { leakEmergencies: 0 } });
  const asking = { ...signing, KEY_WARDEN_LEAK_EMERGENCIES: '5' };
  expect(readSettings(asking, needs)).toEqual({
    problems: [expect.stringContaining('KEY_WARDEN_FUNCTIONS does not say where `rotate` is')],
  });
  const known = { ...asking, KEY_WARDEN_FUNCTIONS: '{"rotate":"https://rotate.example"}' };
  expect(readSettings(known, needs)).toMatchObject({ settings: { leakEmergencies: 5 } });
  expect(readSettings(asking, { project: true, callers: false })).toMatchObject({ settings: { leakEmergencies: 5 } });
});
