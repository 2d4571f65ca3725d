import { describe, expect, test } from '@jest/globals';
import type { Consumer, SecretRead } from '../../../src/core/consumers/consumer.ts';
import { isLeftBehind, readingsOf } from '../../../src/core/consumers/reading.ts';

const SECRET = { project: 'p', location: 'global', secret: 's' };
const variable = (version: string): SecretRead => ({ secret: SECRET, version, by: 'variable', at: 'KEY' });
const file = (version: string): SecretRead => ({ secret: SECRET, version, by: 'file', at: '/keys/key' });

function consumer(serving: SecretRead, more: Partial<Consumer> = {}): Consumer {
  return {
    kind: 'service',
    name: 'projects/p/locations/europe-west1/services/api',
    project: 'p',
    region: 'europe-west1',
    labels: {},
    deployedBy: 'hand',
    template: [serving],
    running: [{ name: 'api-00001-abc', share: 100, reads: [serving] }],
    follows: true,
    ...more,
  };
}

const all = () => true;
const sees = (one: Consumer) => readingsOf(one, all).map((reading) => reading.sees);

describe('a new version is seen', () => {
  test.each([
    ['at once', file('current')],
    ['at once', file('latest')],
    ['next instance', variable('current')],
    ['next instance', variable('latest')],
    ['never', variable('7')],
    ['never', file('7')],
    ['never', variable('production')],
    ['never', file('previous')],
  ] as const)('%s', (when, read) => {
    expect(sees(consumer(read))).toEqual([when]);
  });

  test('at the next deploy of Firebase, which writes the newest number', () => {
    expect(sees(consumer(variable('7'), { deployedBy: 'firebase' }))).toEqual(['next deploy']);
  });

  test.each([
    ['whose traffic somebody keeps there', { follows: false }],
    ['that only a tag names', { running: [{ name: 'api-00001-abc', share: 0, tag: 'old', reads: [variable('7')] }] }],
  ])('by no deploy in a revision %s', (_, more) => {
    const [serving] = readingsOf(consumer(variable('7'), { deployedBy: 'firebase', ...more }), all);
    expect(serving?.sees).toBe('never');
  });
});

test('a template that differs from what serves is told beside it', () => {
  const readings = readingsOf(consumer(variable('7'), { template: [variable('current')] }), all);
  expect(readings.map(({ running, sees: when }) => [running, when])).toEqual([
    ['api-00001-abc', 'never'],
    [undefined, 'next instance'],
  ]);
  expect(readings.map(isLeftBehind)).toEqual([true, false]);
});

test('what reads another secret is not told', () => {
  expect(readingsOf(consumer(variable('7')), ({ version }) => version === '8')).toEqual([]);
});
