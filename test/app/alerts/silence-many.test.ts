import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { silencesOf } from '../../../src/app/alerts/list-silences.ts';
import { silenceMany } from '../../../src/app/alerts/silence-many.ts';
import { annotationOf } from '../../../src/core/record/secret-record.ts';
import { check } from '../../../src/app/check/check.ts';
import { ahead, HOUR_MS, JANE } from '../../support/journals.ts';
import { WORKING } from '../../support/twins/memory-prober.ts';
import { DEAD_KEY, GOOD_KEY, ORDER, SCOPE, stage } from '../../support/stage.ts';

const SILENCE = { owner: 'ada', reason: 'moving', until: ahead(5) };
const ABOUT = { project: 'demo-project' };

async function withBook(annotations: Record<string, string> = {}) {
  const on = stage();
  const book = await on.secret('silences', [], { labels: {}, annotations });
  const set = (silence: typeof SILENCE | undefined, about = ABOUT, dryRun = false) =>
    silenceMany(on.ports, book, { about, silence, by: JANE }, dryRun);
  const list = () => silencesOf(on.ports, { scopes: [SCOPE], secrets: undefined, concurrency: 2, book });
  return { ...on, book, set, list };
}

describe('a silence of a project', () => {
  test('is set, listed, told and ended, and what others wrote stays (I10)', async () => {
    const { set, list, announced, vault, book } = await withBook({ theirs: 'x' });
    expect(await set(SILENCE)).toEqual({ outcome: 'silent' });
    expect((await list()).wide).toEqual([{ ...SILENCE, about: ABOUT, by: JANE }]);
    expect(await set(undefined)).toEqual({ outcome: 'ended' });
    expect(await set(undefined)).toEqual({ outcome: 'none' });
    expect((await list()).wide).toEqual([]);
    expect((await vault.look(book)).annotations).toMatchObject({ theirs: 'x' });
    expect(announced).toMatchObject([
      {
        type: 'silence.set',
        secret: book,
        about: 'everything in demo-project',
        next: 'key-warden silence --end --everything --project demo-project',
      },
      { type: 'silence.ended', owner: 'ada', until: SILENCE.until },
    ]);
  });

  test('is not set by a dry run, and not where there is no place for it', async () => {
    const { set, list, ports, announced } = await withBook();
    expect(await set(SILENCE, ABOUT, true)).toEqual({ outcome: 'silent' });
    expect((await list()).wide).toEqual([]);
    expect(announced).toEqual([]);
    expect(await silenceMany(ports, undefined, { about: ABOUT, silence: SILENCE, by: JANE }, false)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('KEY_WARDEN_SILENCES'),
      unset: true,
    });
  });

  test('is refused as the pipeline would, where twenty are set, and where what stands there is not understood', async () => {
    const { set } = await withBook();
    expect(await set({ ...SILENCE, until: ahead(200) })).toMatchObject({ outcome: 'refused' });
    for (let at = 0; at < 20; at += 1) await set(SILENCE, { project: `p-${at}` });
    expect(await set(SILENCE)).toEqual({ outcome: 'refused', why: '20 are set already: end one of them first' });
    const spoilt = await withBook({ [annotationOf('wideSilences')]: 'hush' });
    expect(await spoilt.set(SILENCE)).toMatchObject({ outcome: 'refused', why: expect.stringContaining('is ignored') });
    expect((await spoilt.list()).wide).toEqual([]);
    expect(spoilt.logged).toEqual([expect.stringContaining('is ignored')]);
  });

  test('stands although nobody could be told of it, which is said', async () => {
    const { ports, book, list } = await withBook();
    const mute = { ...ports, announcer: { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) } };
    await expect(silenceMany(mute, book, { about: ABOUT, silence: SILENCE, by: JANE }, false)).rejects.toThrow(
      'nobody could be told of it: no topic',
    );
    expect((await list()).wide).toHaveLength(1);
  });

  test('of which nothing can be read silences nothing, and that is logged', async () => {
    const { vault, list, logged } = await withBook();
    vault.failNext('look', new Fault('denied', 'may not'));
    expect((await list()).wide).toEqual([]);
    expect(logged).toEqual(['WARNING which outages, causes and projects are silenced is not known: may not']);
  });
});

describe('a check', () => {
  test('reminds of what lasts once the silence is over, and says at its end who wanted quiet', async () => {
    const on = await withBook();
    const dead = await on.secret('dead', [DEAD_KEY]);
    const run = () => check(on.ports, { ...ORDER, silences: on.book });
    await on.set({ ...SILENCE, until: ahead(1) });
    on.announced.length = 0;
    await run();
    await on.clock.sleep(HOUR_MS + 120_000);
    await run();
    await run();
    expect(on.announced.map(({ type }) => type)).toEqual(['key.unhealthy', 'key.reminder']);
    await on.vault.add(dead, new TextEncoder().encode(GOOD_KEY));
    await on.vault.commit(await on.vault.look(dead), { aliases: { current: 2 } });
    await run();
    expect(on.announced.at(-1)).toMatchObject({ type: 'key.recovered', silence: { owner: 'ada' } });
  });

  test('says the same of an outage', async () => {
    const on = await withBook();
    for (const id of ['a', 'b', 'c', 'd']) await on.secret(id, [GOOD_KEY]);
    const run = () => check(on.ports, { ...ORDER, silences: on.book });
    on.prober.script(GOOD_KEY, 'list', { noAnswer: 'timeout', detail: 'x' });
    await silenceMany(
      on.ports,
      on.book,
      { about: { outages: true }, silence: { ...SILENCE, until: ahead(1) }, by: JANE },
      false,
    );
    on.announced.length = 0;
    await run();
    await on.clock.sleep(HOUR_MS + 120_000);
    await run();
    expect(on.announced.map(({ type }) => type)).toEqual(['fleet.outage', 'fleet.outage']);
    on.prober.script(GOOD_KEY, 'list', WORKING.list);
    await run();
    await run();
    expect(on.announced.at(-1)).toMatchObject({ type: 'fleet.recovered', silence: { owner: 'ada' } });
  });
});
