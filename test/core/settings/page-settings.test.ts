import { expect, test } from '@jest/globals';
import { PAGE_SETTINGS } from '../../../src/core/settings/page-settings.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';

const NEEDS = { project: true, callers: false, viewers: true };
const AUDIENCE = PAGE_SETTINGS.KEY_WARDEN_IAP_AUDIENCE.example;

function viewersOf(environment: Readonly<Record<string, string>>) {
  const reading = readSettings({ KEY_WARDEN_PROJECTS: 'demo-project', ...environment }, NEEDS);
  return 'problems' in reading ? reading.problems : reading.settings.viewers;
}

test('who may look is whoever IAP lets in, or fewer', () => {
  expect(viewersOf({ KEY_WARDEN_IAP_AUDIENCE: AUDIENCE })).toEqual({ verify: true, audience: AUDIENCE, viewers: [] });
  const viewers = 'Jane@example.com, @search.example.com';
  expect(viewersOf({ KEY_WARDEN_IAP_AUDIENCE: AUDIENCE, KEY_WARDEN_VIEWERS: viewers })).toMatchObject({
    viewers: ['jane@example.com', '@search.example.com'],
  });
  expect(viewersOf({ KEY_WARDEN_VERIFY_CALLERS: 'off' })).toEqual({ verify: false });
});

test.each([
  ['/projects/123456789012/global/backendServices/4711', true],
  ['/projects/123456789012/locations/europe-west1/services/key-warden-status-page', true],
  ['/projects/demo-project/global/backendServices/4711', false],
  ['https://key-warden-status-page.a.run.app', false],
  [`${AUDIENCE}/more`, false],
])('%s is an audience of IAP: %s', (audience, isOne) => {
  const read = viewersOf({ KEY_WARDEN_IAP_AUDIENCE: audience });
  expect(read).toEqual(
    isOne ? expect.objectContaining({ audience }) : [expect.stringMatching(/^KEY_WARDEN_IAP_AUDIENCE must be/)],
  );
});

test('without an audience nothing starts, and a viewer without a name is refused', () => {
  expect(viewersOf({})).toEqual([expect.stringMatching(/^KEY_WARDEN_IAP_AUDIENCE must be/)]);
  expect(viewersOf({ KEY_WARDEN_IAP_AUDIENCE: AUDIENCE, KEY_WARDEN_VIEWERS: 'jane,@example.com' })).toEqual([
    'KEY_WARDEN_VIEWERS holds "jane", which is neither an email nor a domain such as @example.com',
  ]);
});
