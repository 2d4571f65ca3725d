import { expect, test } from '@jest/globals';
import { csv } from '../../../src/cli/show/csv.ts';
import { fitted, type Column } from '../../../src/cli/show/fitted.ts';

interface Row {
  readonly name: string;
  readonly age: string;
  readonly kind: string;
  readonly why: string;
}

const TABLE: readonly Column<Row>[] = [
  { title: 'NAME', cell: ({ name }, paint) => paint('red', name) },
  { title: 'AGE', cell: ({ age }) => age, goes: 2 },
  { title: 'KIND', cell: ({ kind }) => kind, goes: 1 },
  { title: 'WHY', cell: ({ why }) => why },
];
const ROWS = [
  { name: 'a', age: '3 d', kind: 'auth', why: 'nobody knows why this is so' },
  { name: 'bb', age: '4 d', kind: '-', why: '-' },
];
const lines = (width?: number, colour = false) => fitted({ width, colour }, TABLE, ROWS).split('\n');

test('into a pipe everything is printed', () => {
  expect(lines()).toEqual([
    'NAME  AGE  KIND  WHY',
    'a     3 d  auth  nobody knows why this is so',
    'bb    4 d  -     -',
    '',
  ]);
});

test('where there is less room, columns go in their order, and then the last one is broken between words', () => {
  expect(lines(40)[0]).toBe('NAME  AGE  WHY');
  expect(lines(34)[0]).toBe('NAME  WHY');
  expect(lines(25)).toEqual(['NAME  WHY', 'a     nobody knows why', '      this is so', 'bb    -', '']);
});

test('where there is hardly any, each cell gets a line of its own, and nothing is cut off', () => {
  expect(lines(20)).toEqual(['NAME', '  WHY', 'a', '  nobody knows why', '  this is so', 'bb', '  -', '']);
});

test('colour takes no room', () => {
  expect(lines(40, true)[1]).toBe('\u001B[31ma\u001B[39m     3 d  nobody knows why this is so');
});

test('a column that says nothing anywhere is left out', () => {
  expect(fitted({ colour: false }, TABLE, ROWS.slice(1)).split('\n')[0]).toBe('NAME  AGE  WHY');
});

test('a table for spreadsheets quotes what must be, and holds no formula', () => {
  expect(
    csv([
      ['a', 'says "no", twice'],
      ['=1+1', '-'],
    ]),
  ).toBe('a,"says ""no"", twice"\r\n\'=1+1,\'-\r\n');
});
