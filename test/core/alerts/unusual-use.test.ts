import { expect, test } from '@jest/globals';
import { unusualUseOf, unusualUseOfNobody } from '../../../src/core/alerts/unusual-use.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { ORIGIN, SECRET } from '../../support/notices.ts';

const FOUND = {
  key: 'projects/123456789012/locations/global/keys/app',
  project: 'demo-project',
  use: { hour: instantOf(Date.UTC(2026, 10, 24, 4)), requests: 2_400, usual: 20, most: 80 },
  methods: [],
};
const HOLDER = { secret: SECRET, version: 3, project: 'demo-project' };
const METHODS = ['v1beta.A.GenerateContent', 'v1.A.GenerateContent', 'v1.A.EmbedContent', 'v1.A.CountTokens'];

test('unusual use of a key says when, how much, what is usual, and by what where that is known', () => {
  expect(unusualUseOf(FOUND, HOLDER).why).toBe(
    '2400 requests in the hour from 2026-11-24 03:00 UTC on; usual there are 20, and up to 80 would pass. A launch looks like a theft',
  );
  expect(unusualUseOf({ ...FOUND, methods: METHODS }, HOLDER).why).toContain(
    'on, lately by GenerateContent, EmbedContent; usual',
  );
});

test('each secret that serves it has its own thread, and of a key that none serves the key has one', () => {
  const [served, unserved] = [unusualUseOf(FOUND, HOLDER), unusualUseOfNobody(FOUND)].map((notice) =>
    eventOf(notice, ORIGIN),
  );
  expect([served?.subject, served?.data.thread]).toEqual([SECRET, `${SECRET}/use/app`]);
  expect([unserved?.subject, unserved?.data.thread, unserved?.data.who]).toEqual([
    'fleet',
    `${ORIGIN.source}/use/app`,
    FOUND.key,
  ]);
  expect(served?.id).toBe(`${SECRET}/use/app/key.unusual/2026-11-24T04:00:00.000Z`);
  const nameless = eventOf(unusualUseOfNobody({ ...FOUND, key: 'odd' }), ORIGIN);
  expect(nameless.data.thread).toBe(`${ORIGIN.source}/use/odd`);
});
