import { expect, test } from '@jest/globals';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { KEY_STATES, type KeyState } from '../../../src/emulator/world/key-states.ts';
import { ORIGIN } from '../../support/notices.ts';
import { follow, look, typed, type Followed } from './follow.ts';
import { SECRET, standIn, type Stand, type Trouble } from './stand.ts';

async function followed(trouble: Trouble): Promise<Followed> {
  await using on = await standIn(trouble);
  return await follow(on); // before the world is taken away
}

const DEAD = ['invalid', 'not_found', 'expired', 'leaked', 'auth_refused'] as const;
/** States that answer differently from request to request, or so late that a test would wait. */
const NOT_STEADY: readonly KeyState[] = ['works', 'flapping', 'flapping_by_minute', 'hang', 'endless', 'deadline'];

test.each(
  DEAD.flatMap((state) =>
    (['auth', 'standard'] as const).flatMap((kind) => [true, false].map((managed) => ({ state, kind, managed }))),
  ),
)('a dead key is replaced by the command that is printed: $state, $kind, managed $managed', async (trouble) => {
  const { mendedBy } = await followed(trouble);
  const account = trouble.kind === 'standard' ? ' --service-account=SERVICE_ACCOUNT_EMAIL' : '';
  expect(mendedBy).toBe(`key-warden rotate${trouble.state === 'leaked' ? ' --emergency' : ''}${account}`);
});

const STORE_NEW = /^printf %s "\$NEW_KEY" \| gcloud secrets versions add|^gcloud secrets update app --update-version/;
const LINK = /^gcloud billing projects link \d+ --billing-account=BILLING_ACCOUNT_ID$/;

/** What ends each trouble around a key: a command that is printed, a step of a person, or time. */
type Ending = RegExp | 'a person' | 'time';

const ENDS: Readonly<Partial<Record<KeyState, Ending>>> = {
  account_disabled: /^key-warden rotate --service-account=SERVICE_ACCOUNT_EMAIL$/,
  suspended: STORE_NEW,
  project_denied: STORE_NEW,
  restricted_api: STORE_NEW,
  restricted_ip: 'a person',
  restricted_referrer: STORE_NEW,
  restricted_android: STORE_NEW,
  restricted_ios: STORE_NEW,
  service_disabled: /^gcloud services enable generativelanguage/,
  billing_disabled: LINK,
  quota_zero: LINK,
  billing_country: 'a person',
  location: 'a person',
  free_tier_location: 'a person',
  consumer_invalid: 'a person',
  spend_cap: 'a person',
  prepay_depleted: 'a person',
  quota: 'a person',
  html_403: 'a person',
  redirect: 'a person',
  rate_limited: 'time',
  overloaded: 'time',
  internal_error: 'time',
  html_502: 'time',
  empty: 'time',
  garbage: 'time',
};

const TROUBLES = KEY_STATES.filter((state) => !NOT_STEADY.includes(state) && !DEAD.some((dead) => dead === state));

test.each(TROUBLES.flatMap((state) => [false, true].map((elsewhere) => ({ state, elsewhere }))))(
  'each command is typed in the state that it is printed for, in no innocent project: $state, key elsewhere $elsewhere',
  async (trouble) => {
    const { mendedBy, persons } = await followed(trouble);
    const end = ENDS[trouble.state];
    if (end instanceof RegExp) expect(mendedBy).toMatch(end);
    else expect({ mendedBy, person: persons.length > 0 }).toEqual({ mendedBy: undefined, person: end === 'a person' });
  },
);

const VERSION = '/v1/projects/search-prod/secrets/app/versions/2';
const POINT_AT_GOOD = 'gcloud secrets update app --update-version-aliases=current=GOOD_VERSION';
const STORE_AGAIN = /^read -rs KEY; printf %s "\$KEY" \| gcloud secrets versions add|^gcloud secrets update app/;

test.each<readonly [string, string | RegExp, Trouble]>([
  ['a disabled version', POINT_AT_GOOD, { spoilt: (on) => on.post(`${VERSION}:disable`) }],
  ['a destroyed version', POINT_AT_GOOD, { spoilt: (on) => on.post(`${VERSION}:destroy`) }],
  ['a newline behind the key', STORE_AGAIN, { stored: (key) => `${key}\n` }],
  ['an assignment', STORE_AGAIN, { stored: (key) => `KEY="${key}"` }],
  ['a placeholder', POINT_AT_GOOD, { stored: () => 'changeme' }],
  ['nothing but a space', POINT_AT_GOOD, { stored: () => ' ' }],
])('what is stored is mended by a command that is printed: %s', async (_, command, trouble) => {
  for (const managed of [true, false]) {
    const { mendedBy = 'nothing' } = await followed({ ...trouble, managed });
    expect(mendedBy).toMatch(command);
  }
});

/** What the worker announces of a secret, once it has seen often enough what it does not believe at once. */
async function announced(on: Stand): Promise<readonly Notice[]> {
  for (let runs = 0; runs < RUNS_MAX; runs += 1) {
    const told = await on.scheduledCheck();
    if (told.length > 0) return told;
  }
  return [];
}

const RUNS_MAX = 4;

test.each([...DEAD, ...TROUBLES])(
  'the command of an alert is one, and sees what it tells or ends it: %s',
  async (state) => {
    await using on = await standIn({ state });
    const { cause } = await look(on);
    const notices = await announced(on);
    expect(notices.length > 0 || !DEAD.some((dead) => dead === state)).toBe(true);
    for (const notice of notices) {
      const { next } = eventOf(notice, ORIGIN).data;
      const seen = next === undefined ? undefined : await typed(on, next);
      expect([cause, undefined]).toContain(seen);
    }
  },
);

test('a circle is found', async () => {
  await using on = await standIn({});
  const type = () =>
    Promise.resolve({ code: 4, out: `x: it is not under care: key-warden rotate --secret ${SECRET}\n`, err: '' });
  await expect(typed({ ...on, type }, `key-warden rotate --secret ${SECRET}`)).rejects.toThrow('in a circle');
});

test('a command that looks and does not see the trouble is found', async () => {
  await using on = await standIn({ state: 'spend_cap' });
  expect(await typed(on, `key-warden check --secret ${SECRET}`)).toBe('ok');
});
