import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseKeyPlace, PLACE_KINDS } from '../../src/core/consumers/key-place.ts';

const paper = readFileSync(new URL('../../docs/places.md', import.meta.url), 'utf8');

/** The last cell of each row of the table of places. */
function commandsIn(text: string): readonly string[] {
  const [, table = ''] = /<!-- places -->(.*)<!-- \/places -->/s.exec(text) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split('|').at(-2)?.trim() ?? '');
}

/** What is wrong between the table and the places that `--from` takes. */
function wrongIn(text: string): readonly string[] {
  const commands = commandsIn(text);
  const named = commands.flatMap((command) =>
    [...command.matchAll(/--from (\S+?)`?$/g)].map(([, place = '']) => place),
  );
  const kinds = named
    .map((place) => parseKeyPlace(place))
    .map((place) => (typeof place === 'string' ? place : place.kind));
  return [
    ...commands
      .filter((command) => !/^`key-warden (?:check|doctor|find) .*`$/.test(command))
      .map((one) => `no command: ${one}`),
    ...kinds.filter((kind) => !PLACE_KINDS.some((one) => one === kind)).map((one) => `no place: ${one}`),
    ...PLACE_KINDS.filter((kind) => !kinds.includes(kind)).map((one) => `no row: ${one}`),
  ];
}

test('the table of places has a command in each row, and a row for each kind of place that --from takes', () => {
  expect(commandsIn(paper).length).toBeGreaterThanOrEqual(PLACE_KINDS.length);
  expect(wrongIn(paper)).toEqual([]);
});

test('a planted row without a command, a place that is none and a kind without a row are found', () => {
  const planted = paper
    .replace('`key-warden check app-key --from aws-ssm:/app/gemini` ', 'look ')
    .replace('k8s:web/gemini#api-key', 'k8s:web');
  expect(wrongIn(planted)).toEqual([
    'no command: look',
    'no place: it is written k8s:NAMESPACE/NAME#KEY',
    'no row: k8s',
    'no row: aws-ssm',
  ]);
});
