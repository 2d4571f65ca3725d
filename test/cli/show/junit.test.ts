import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Case } from '../../../src/cli/show/cases.ts';
import { junitOf } from '../../../src/cli/show/junit.ts';
import { readXml } from '../../support/xml.ts';

const one = (more: Partial<Case> = {}): Case => ({ name: 'a', is: 'wrong', title: 't', text: 'x', ...more });
const suiteOf = (cases: readonly Case[]) => readXml(junitOf('check', cases)).children[0];

test('each thing that was looked at is a case, counted by what it came to', () => {
  const suite = suiteOf([
    one({ name: 'good', is: 'well' }),
    one({ name: 'dead', title: 'app-key: refused', text: 'API_KEY_INVALID\nReplace it' }),
    one({ name: 'open', is: 'open' }),
    one({ name: 'not', is: 'not_looked', text: 'no --secret was named' }),
    one({ is: 'advice', title: 'what to set right', text: 'take the quotes off' }),
  ]);
  expect(suite?.attributes).toEqual({
    name: 'key-warden check',
    tests: '5',
    failures: '1',
    errors: '1',
    skipped: '1',
  });
  const cases = suite?.children.filter(({ name }) => name === 'testcase') ?? [];
  expect(cases.map(({ attributes, children }) => [attributes['name'], children[0]?.name])).toEqual([
    ['good', undefined],
    ['dead', 'failure'],
    ['open', 'error'],
    ['not', 'skipped'],
    ['a', 'system-out'],
  ]);
  expect(cases[1]?.children[0]).toMatchObject({
    attributes: { message: 'app-key: refused' },
    text: 'app-key: refused\nAPI_KEY_INVALID\nReplace it',
  });
  expect(cases[3]?.children[0]).toMatchObject({
    attributes: { message: 'no --secret was named' },
    text: 'no --secret was named',
  });
  expect(cases[4]?.children[0]?.text).toBe('take the quotes off');
});

describe('no name and no text breaks the document', () => {
  test.each([
    ['marks', `"><failure/><x y='&amp;'>]]>`],
    ['line ends', 'a\r\nb\tc'],
    ['a comment and an entity', '<!-- --> <!DOCTYPE x [<!ENTITY y "z">]> &y;'],
  ])('%s', (_, hostile) => {
    const suite = suiteOf([one({ name: hostile, title: hostile, text: hostile })]);
    const [only, ...more] = suite?.children ?? [];
    expect(more).toEqual([]);
    expect(only?.attributes['name']).toBe(hostile);
    expect(only?.children).toMatchObject([
      { name: 'failure', attributes: { message: hostile }, text: `${hostile}\n${hostile}` },
    ]);
  });

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('wrong', 'open', 'not_looked', 'well'), (text, is) => {
        const suite = suiteOf([one({ name: text, title: text, text, is })]);
        expect(suite?.children).toHaveLength(1);
      }),
    );
  });

  test('and what XML has no place for becomes a question mark', () => {
    const [only] = suiteOf([one({ name: `a\u0000b\ud800c\uffffd\u001b[31m` })])?.children ?? [];
    expect(only?.attributes['name']).toBe('a?b\ufffdc?d?[31m');
  });
});

test('no key gets into the file', () => {
  const key = 'AI' + 'za' + 'x'.repeat(35);
  const document = junitOf('doctor', [one({ name: key, title: key, text: key }), one({ is: 'advice', text: key })]);
  expect(document).not.toContain(key);
});
