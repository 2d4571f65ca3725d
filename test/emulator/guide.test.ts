import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { APIS } from '../../src/emulator/wire/faults.ts';
import { KEY_STATES } from '../../src/emulator/world/key-states.ts';
import { testCloud, type TestCloud } from '../support/cloud.ts';

const guide = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8');

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterAll(() => cloud.close());

const rows = [...guide.matchAll(/^\| `((?:GET|POST|DELETE) \w+)` +\|(.*?)\|/gm)].map(([, verb = '', fields = '']) => ({
  verb,
  fields: [...fields.matchAll(/`(\w+)`/g)].map(([, field = '']) => field),
}));

test('docs/emulator.md has a row for every verb of the control surface, and for no other', async () => {
  const message = (await cloud.control('GET nothing')).text;
  const [, list = ''] = /there are ([^"]+)"/.exec(message) ?? [];
  expect(rows.map(({ verb }) => verb).toSorted()).toEqual(list.split(', ').toSorted());
});

test.each(rows.filter(({ verb }) => !verb.startsWith('GET')))(
  '$verb takes every field that its row names',
  async ({ verb, fields }) => {
    const heard = await cloud.control(
      verb,
      Object.fromEntries([...fields, 'no_such_field'].map((field) => [field, ''])),
    );
    expect(heard.text).toContain('no_such_field');
  },
);

test('docs/emulator.md names every state of a key, and every API that a fault can be aimed at', () => {
  for (const state of KEY_STATES) expect(guide).toContain(`\`${state}\``);
  for (const api of APIS.filter((name) => name !== 'control')) expect(guide).toContain(`\`${api}\``);
});
