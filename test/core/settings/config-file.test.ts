import { expect, test } from '@jest/globals';
import { configText, isForCommands, readConfigFile } from '../../../src/core/settings/config-file.ts';

const CONFIG = {
  from: 'key-warden in ops-prod, europe-west1',
  pulledAt: '2026-11-24T12:00:00.000Z',
  settings: { KEY_WARDEN_PROJECTS: 'search-prod', KEY_WARDEN_ALERT_TOPIC: 'projects/ops-prod/topics/alerts' },
};

test('what is written is read again', () => {
  expect(readConfigFile(configText(CONFIG))).toEqual({ config: CONFIG });
});

const file = (more: object) => JSON.stringify({ ...CONFIG, schema: 'key-warden/config/v1', ...more });

test.each([
  ['{', 'it is not a JSON object'],
  ['[]', 'it is not a JSON object'],
  ['{}', 'it has the form "none" and this release reads key-warden/config/v1'],
  [
    file({ schema: 'key-warden/config/v2' }),
    '"key-warden/config/v2" and this release reads key-warden/config/v1: use the release',
  ],
  [file({ from: 7 }), 'which deployment it is of'],
  [file({ pulledAt: 7 }), 'which deployment it is of'],
  [file({ pulledAt: 'yesterday' }), 'which deployment it is of'],
  [file({ settings: [] }), 'it holds no settings'],
  [file({ settings: { KEY_WARDEN_OF_TOMORROW: 'x' } }), 'KEY_WARDEN_OF_TOMORROW is no setting of this release'],
  [
    file({ settings: { KEY_WARDEN_EMULATOR: 'x' } }),
    'KEY_WARDEN_EMULATOR is no setting of this release for the command line',
  ],
  [file({ settings: { KEY_WARDEN_PROJECTS: 7 } }), 'KEY_WARDEN_PROJECTS must be a text that is not empty'],
  [file({ settings: { KEY_WARDEN_PROJECTS: ' ' } }), 'KEY_WARDEN_PROJECTS must be a text that is not empty'],
])('what cannot be used is said: %s', (text, problem) => {
  const reading = readConfigFile(text);
  expect('problem' in reading ? reading.problem : '').toContain(problem);
});

test('what is a function’s own is nothing for command lines', () => {
  expect(['KEY_WARDEN_AUDIENCE', 'KEY_WARDEN_CALLERS', 'KEY_WARDEN_CONFIG', 'PATH'].filter(isForCommands)).toEqual([]);
  expect(isForCommands('KEY_WARDEN_ALERT_TOPIC')).toBe(true);
});
