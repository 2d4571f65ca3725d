import { describe, expect, test } from '@jest/globals';
import { consumersList } from '../../../src/app/page/consumers-list.ts';
import { htmlOf } from '../../../src/app/page/markup.ts';
import { ago, NOW } from '../../support/journals.ts';
import { memberOf } from '../../support/members.ts';
import { consumer, read, readersBy } from '../../support/readings.ts';

const [APP, MAPS, IDLE] = ['app', 'maps', 'idle'].map((id) => `projects/p/secrets/${id}`) as [string, string, string];
const MEMBERS = [APP, MAPS, IDLE].map((secret) => memberOf({ secret }));
const listOf = (...of: Parameters<typeof readersBy>) => htmlOf(consumersList(MEMBERS, readersBy(...of), NOW));
/** The words of each fold, of which the first is its summary. */
const foldsIn = (html: string) =>
  [...html.matchAll(/<details.*?<\/details>/g)].map(([fold]) =>
    fold
      .replaceAll(/<\/(?:summary|li|dd)>/g, ' |')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(' ,', ',')
      .trim(),
  );

describe('who reads a secret, on the page', () => {
  test('is told with how each gets it, when it sees a new version, and since when it runs', () => {
    const running = [
      { name: 'api-7', since: ago(72), share: 80, reads: [read('current')] },
      { name: 'api-8', share: 20, tag: 'next', reads: [read('latest', 'p', { by: 'file', at: '/k' })] },
    ];
    const folds = foldsIn(listOf({ [APP]: [consumer('api', [read('current')], { running })] }));
    expect(folds[0]).toBe(
      'app 1 consumer; a new version is seen at once by 1, with the next instance by 1 | ' +
        'service api europe-west1, p sees a new version with the next instance Reads current in the variable KEY | Runs api-7 for 3 d, with 80 % of the traffic | | ' +
        'service api europe-west1, p sees a new version at once Reads latest in the file /k | Runs api-8, with 20 % of the traffic, under the tag next | |',
    );
  });

  test('comes first where a rotation leaves somebody behind, with why and what to do', () => {
    const nightly = consumer('nightly', [read('7')], { kind: 'job', running: [] });
    const deployed = consumer('hook', [read('7')], { kind: 'function', deployedBy: 'firebase' });
    const folds = foldsIn(listOf({ [APP]: [consumer('api', [read('current')])], [MAPS]: [nightly, deployed] }));
    expect(folds.map((fold) => fold.split(' ')[0])).toEqual(['maps', 'app', '1']);
    expect(folds[0]).toContain('maps 2 left behind · 2 consumers; a new version is seen with the next deploy by 1');
    expect(folds[0]).toContain(
      'job nightly europe-west1, p sees a new version never left behind by a rotation: names version 7 in the variable KEY: let it read current',
    );
    expect(folds[0]).toContain('Runs not now: what starts next reads it so');
    expect(folds[1]).not.toContain('left behind');
  });

  test('is never said to be nobody where something could not be looked at', () => {
    const gap = 'Cannot list the functions of ads-prod';
    expect(foldsIn(listOf({}))).toEqual(['3 secrets of which no reader was found | app | maps | idle |']);
    expect(foldsIn(listOf({}, [gap]))).toEqual([
      `Not looked at: 1 place | ${gap} |`,
      '3 secrets of which no reader was found, and not everything was looked at | app | maps | idle |',
    ]);
    const all = Object.fromEntries([APP, MAPS, IDLE].map((secret) => [secret, [consumer('api', [read('current')])]]));
    expect(foldsIn(listOf(all)).join()).not.toContain('no reader');
  });

  test('is folded where it is long', () => {
    const many = (count: number) => ({
      [APP]: Array.from({ length: count }, (_, at) => consumer(`api-${at}`, [read('current')])),
    });
    expect(listOf(many(20))).toContain('<details class="well" open>');
    expect(listOf(many(21))).toContain('<details class="well"><summary>');
    const gaps = Array.from({ length: 21 }, (_, at) => `region ${at}`);
    expect(listOf({}, gaps)).toContain('<details class="doubt"><summary>');
  });
});
