import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { IDENTITIES } from '../../src/core/google/permissions-of-deployment.ts';
import { SECRET_POLICY_FIELDS } from '../../src/core/settings/secret-policy.ts';
import { settingOf } from '../../src/core/settings/settings.ts';

const pageOf = (name: string) => readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8');

test('the page of functions has a row for each that an identity runs, and no other', () => {
  const rows = [...pageOf('functions').matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
  expect(rows.toSorted()).toEqual(
    Object.values(IDENTITIES)
      .flatMap(({ runs }) => runs)
      .toSorted(),
  );
});

test('the fields of a secret’s own policy are the settings between the two that the page names', () => {
  const [, first, last] = /from `(KEY_WARDEN_\w+)`\s+to\s+`(KEY_WARDEN_\w+)`/.exec(pageOf('settings')) ?? [];
  expect([first, last]).toEqual(
    [SECRET_POLICY_FIELDS[0], SECRET_POLICY_FIELDS.at(-1)].map((field) => field && settingOf(field)),
  );
});
