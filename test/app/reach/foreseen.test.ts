import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Reaching } from '../../../src/app/reach/following.ts';
import { lookingOnce, rehearse } from '../../../src/app/rehearsal/rehearse.ts';
import type { RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { readBy, runTwin, type RunTwin } from '../../support/reach-stage.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { SCOPE } from '../../support/stage.ts';

const MINTED: Asked = { reason: 'request', candidate: 'minted', emergency: false };
const OWN = { project: SCOPE.project };
const readsIt = (version = 'current', by: 'variable' | 'file' = 'variable') => [readBy({ ...OWN, version, by })];

/** A rehearsal of a rotation whose consumers are these; answers what becomes of each, by its short name. */
async function foreseen(
  people: (run: RunTwin) => void,
  rotation: Partial<RotationPolicy> = { reachConsumers: 2 },
  asked: Partial<Asked> = {},
  more: Partial<Reaching> = {},
) {
  const { ports, order, clock } = await rotationStage();
  const run = runTwin(clock);
  people(run);
  let rolls = 0;
  const roll = () => {
    rolls += 1;
    return run.roll();
  };
  const { secretPolicy } = order();
  const policy = { ...secretPolicy, rotation: { ...secretPolicy.rotation, ...rotation } };
  const looking = lookingOnce({ ...ports, reach: { ...run, roll, ...more } });
  const rehearsal = await rehearse(looking, { ...order({ secretPolicy: policy }), asked: { ...MINTED, ...asked } });
  const consumers = rehearsal.reach?.consumers.map(({ consumer, is, why }) => [
    consumer.slice(consumer.lastIndexOf('/') + 1),
    is,
    ...(why === undefined ? [] : [why]),
  ]);
  return { rehearsal, consumers, run, rolls: () => rolls };
}

describe('a dry run says of each consumer what would become of it', () => {
  test('as `reach` decides it after the promotion, without touching one', async () => {
    const { consumers, run, rolls, rehearsal } = await foreseen(
      (people) => {
        people.add('on', { template: readsIt(), labels: { 'key-warden-reach': 'on' } });
        people.add('newest', { template: readsIt('latest'), labels: { 'key-warden-reach': 'on' } });
        people.add('silent', { template: readsIt() });
        people.add('typo', { template: readsIt(), labels: { 'key-warden-reech': 'on' } });
        people.add('off', { template: readsIt(), labels: { 'key-warden-reach': 'off' } });
        people.add('pinned', { template: readsIt('1'), labels: { 'key-warden-reach': 'on' } });
        people.add('other', { template: readsIt('blue') });
        people.add('file', { template: readsIt('current', 'file') });
        people.add('job', { template: readsIt(), kind: 'job' });
        people.add('function', { template: readsIt(), kind: 'function', labels: { 'key-warden-reach': 'on' } });
        people.add('split', { template: readsIt(), follows: false, labels: { 'key-warden-reach': 'on' } });
        people.add('stranger', { template: [readBy({ ...OWN, secret: 'other' })] });
      },
      { reachConsumers: 1 },
    );
    const because = (why: string) => expect.stringContaining(why);
    expect(consumers).toEqual([
      ['on', 'brought'],
      ['newest', 'brought'],
      ['typo', 'left', because('perhaps meant to be')],
      ['pinned', 'never', because('names version 1 by its number')],
      ['function', 'left', because('builds anew')],
      ['split', 'left', because('split by hand')],
      ['silent', 'left', because('has no label key-warden-reach=on')],
      ['off', 'left', because('is off')],
      ['other', 'never', because('which no rotation moves')],
      ['file', 'itself', because('fetches a file')],
      ['job', 'itself', because('each execution')],
    ]);
    expect(run.asked).toEqual([]);
    expect(rolls()).toBe(1);
    expect(JSON.stringify(rehearsal.steps)).not.toContain('reach');
  });

  test('one that nobody may look at, one that was broken before, and one whose state is hidden just now', async () => {
    const { consumers, rehearsal } = await foreseen((people) => {
      for (const name of ['broken', 'denied', 'hidden']) people.add(name, { template: readsIt() });
      people.broken.add('broken');
      people.faults.set('denied', new Fault('denied', 'run.services.get is missing'));
      people.faults.set('hidden', new Fault('unavailable', 'try again'));
      people.notLooked.push('a region did not answer');
    });
    expect(consumers).toEqual([
      ['broken', 'left', expect.stringContaining('mend it first')],
      ['denied', 'left', 'run.services.get is missing'],
    ]);
    expect(rehearsal.reach?.notLooked).toEqual([
      'a region did not answer',
      'how projects/p/locations/europe-west1/services/hidden fares could not be seen just now',
    ]);
  });

  test('and of an old revision that somebody keeps, though the template reads another secret', async () => {
    const running = [{ name: 'kept-1', share: 100, reads: readsIt('1') }];
    const tagged = [{ name: 'tagged-1', share: 0, tag: 'old', reads: readsIt('1') }];
    const { consumers } = await foreseen((people) => {
      people.add('kept', { template: [], running, follows: false });
      people.add('tagged', { template: readsIt(), running: tagged });
    });
    expect(consumers).toEqual([
      ['tagged', 'brought'],
      ['kept', 'never', expect.stringContaining('stays with kept-1')],
    ]);
  });

  test('the same in an emergency', async () => {
    const { consumers } = await foreseen((people) => people.add('on', { template: readsIt() }), undefined, {
      reason: 'leaked',
      emergency: true,
    });
    expect(consumers).toEqual([['on', 'brought']]);
  });
});

describe('a dry run says nothing of consumers', () => {
  const one = (people: RunTwin) => people.add('on', { template: readsIt() });

  test('where the settings bring a key to nobody, or none would be promoted', async () => {
    expect((await foreseen(one, { reachConsumers: 0 })).consumers).toBeUndefined();
    expect((await foreseen(one, undefined, { from: 7 })).consumers).toBeUndefined();
  });

  test('but that they could not be looked up, where that is so', async () => {
    const roll = () => Promise.reject(new Fault('denied', 'nobody may look'));
    const { rehearsal } = await foreseen(one, undefined, {}, { roll });
    expect(rehearsal.reach).toBeUndefined();
    expect(rehearsal.problems).toContain('what becomes of its consumers could not be looked up: nobody may look');
  });

  test('where no port looks at them', async () => {
    const { ports, order } = await rotationStage();
    expect(lookingOnce(ports)).toBe(ports);
    expect(await rehearse(lookingOnce(ports), { ...order(), asked: MINTED })).toMatchObject({
      outcome: 'completed',
      reach: undefined,
    });
  });
});
