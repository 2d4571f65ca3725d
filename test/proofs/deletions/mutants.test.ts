import { expect, test } from '@jest/globals';
import { damaged, mutantsOf } from './mutants.ts';

function becomes(source: string): readonly string[] {
  return mutantsOf(source).map((mutant) => damaged(source, mutant).trim());
}

test.each([
  ['a statement', 'g();', ['']],
  ['a line inside another', 'function f() { return; }', ['function f() {  }']],
  ['a case, or what it does', 'switch (x) { case y: return; }', ['', 'switch (x) {  }', 'switch (x) { case y:  }']],
  ['a condition', 'if (x) return; else throw y;', ['', 'return;', 'throw y;']],
  ['an operand', 'z = a && b;', ['', 'z = a;', 'z = b;']],
  ['a branch', 'z = a ? b : c;', ['', 'z = b;', 'z = c;']],
  ['a negation', 'z = !a;', ['', 'z = a;']],
  ['a call of a chain, or its last argument', 'z = a.map(b, c);', ['', 'z = a;', 'z = a.map(b, );']],
  ['an element of a list', 'const z = [a, b];', ['const z = [ b];', 'const z = [a, ];']],
  ['a property', 'const z = { a: b, ...c };', ['const z = {  ...c };', 'const z = { a: b,  };']],
  ['a text', "const z = 'a';", ["const z = '';"]],
  ['parts of a template', 'const z = `a${b}`;', ['const z = `${b}`;', 'const z = `a`;']],
  [
    'parts of a pattern',
    'const z = /^a|b$/i;',
    ['const z = /a|b$/i;', 'const z = /b$/i;', 'const z = /^a/i;', 'const z = /^a|b/i;', 'const z = /^a|b$/;'],
  ],
])('deletes %s', (_, source, damages) => {
  expect(becomes(source)).toEqual(damages);
});

test.each([
  ['const z = a < b;', 'const z = a <= b;'],
  ['const z = a >= b;', 'const z = a > b;'],
  ['const z = a === b;', 'const z = a !== b;'],
  ['const z = a + b;', 'const z = a - b;'],
  ['const z = 7;', 'const z = 8;'],
  ['const z = true;', 'const z = false;'],
])('shifts a boundary: %s', (source, damage) => {
  expect(becomes(source)).toEqual([damage]);
});

test('leaves to the compiler what it looks after', () => {
  expect(
    becomes("import { a } from '../../deletions/a.ts';\nexport interface B { readonly c: 'd' }\ntype E = 'f';"),
  ).toEqual([]);
  expect(becomes('const z = a as B;\nfunction f() {}\nconst y = {} satisfies C<1>;')).toEqual([]);
});

test('does each damage once', () => {
  const all = becomes('if (x) { return a.b() || !c; }');
  expect(new Set(all).size).toBe(all.length);
});
