import { expect, test } from '@jest/globals';
import { readFunctionUrls } from '../../../src/core/settings/function-urls.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';

const URLS = { rotate: 'https://rotate-1.europe-west1.run.app', 'health-check': 'http://127.0.0.1:8080/' };
const NEEDS = { project: false, callers: false };

test('what Terraform prints is read: the functions that people call, whatever else is deployed', () => {
  expect(readFunctionUrls(JSON.stringify({ ...URLS, notify: 'https://n.run.app', 'of-tomorrow': 7 }))).toEqual({
    urls: { rotate: URLS.rotate, 'health-check': 'http://127.0.0.1:8080' },
  });
});

test.each([
  ['https://rotate.example', 'it must be a JSON object'],
  ['{"rotate":"http://rotate.example"}', 'rotate must be at https://host, or http://127.0.0.1:port'],
  ['{"purge":7}', 'purge must be at https://host'],
  ['{"notify":"https://n.run.app"}', 'it names none of health-check, rotate, purge, reach'],
])('what nobody should send a token to is not: %s', (text, problem) => {
  const reading = readFunctionUrls(text);
  expect('problems' in reading ? reading.problems.join() : '').toContain(problem);
  const settings = readSettings({ KEY_WARDEN_FUNCTIONS: text }, NEEDS);
  expect('problems' in settings ? settings.problems.join() : '').toContain(`KEY_WARDEN_FUNCTIONS: ${problem}`);
});

test('a real deployment and a pretend cloud are two worlds, and one of each is refused', () => {
  const environment = { KEY_WARDEN_FUNCTIONS: JSON.stringify(URLS), KEY_WARDEN_EMULATOR: 'http://127.0.0.1:8085' };
  const mixed = readSettings(environment, NEEDS);
  expect('problems' in mixed ? mixed.problems.join() : '').toContain('would be two worlds; unset one of them');
  const local = { ...environment, KEY_WARDEN_FUNCTIONS: '{"rotate":"http://127.0.0.1:8080"}' };
  expect(readSettings(local, NEEDS)).toMatchObject({ settings: { functions: { rotate: 'http://127.0.0.1:8080' } } });
});

test('where parts are looked at is an address that a token may go to, of the same world', () => {
  const at = (url: string, more = {}) => readSettings({ KEY_WARDEN_SURVEY_URL: url, ...more }, NEEDS);
  expect(at('https://survey.example/')).toMatchObject({
    settings: { survey: { url: 'https://survey.example', atOnce: 10 } },
  });
  expect(at('http://survey.example')).toEqual({
    problems: ['KEY_WARDEN_SURVEY_URL must be at https://host, or http://127.0.0.1:port for one on this machine'],
  });
  const pretend = { KEY_WARDEN_EMULATOR: 'http://127.0.0.1:8085' };
  expect(at('https://survey.example', pretend)).toEqual({ problems: [expect.stringContaining('unset one of them')] });
  expect(at('http://127.0.0.1:8080', { ...pretend, KEY_WARDEN_SURVEY_AT_ONCE: '4' })).toMatchObject({
    settings: { survey: { url: 'http://127.0.0.1:8080', atOnce: 4 } },
  });
});
