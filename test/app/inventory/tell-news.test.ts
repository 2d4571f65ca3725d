import { describe, expect, test } from '@jest/globals';
import { tellNews, type TellNewsOrder } from '../../../src/app/inventory/tell-news.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import type { Notice } from '../../../src/core/alerts/notice.ts';
import { MARKED_MAX } from '../../../src/core/record/inventory-told.ts';
import { HOUR_MS } from '../../../src/core/values/time.ts';
import { inventoryStage } from '../../support/inventory-stage.ts';
import { ORIGIN } from '../../support/notices.ts';
import { SCOPE } from '../../support/stage.ts';

const { project } = SCOPE;
const EMAIL = 'a@p.iam.gserviceaccount.com';
const ANNOTATION = 'key-warden.inventory';

/** An old fleet, and the secret on which stands what people were told of it. */
async function newsStage(keys = 3) {
  const on = inventoryStage();
  const memory = await on.secret('memory', [], { labels: {} });
  for (let at = 0; at < keys; at += 1) on.plant(`old ${at}`);
  const ports = { ...on.ports, issuer: on.issuer, meter: on.meter, reader: on.reader };
  const run = (order: Partial<TellNewsOrder> = {}, changed: Partial<typeof ports> = {}) =>
    tellNews(
      { ...ports, ...changed },
      {
        projects: [project],
        keyProjects: [project],
        scopes: [SCOPE],
        concurrency: 2,
        memory,
        dryRun: false,
        ...order,
      },
    );
  /** What was announced since this was asked last. */
  const told = () => on.announced.splice(0);
  const remembered = async () => (await on.vault.look(memory)).annotations[ANNOTATION];
  return { ...on, ports, memory, run, told, remembered };
}

const kindsIn = (notices: readonly Notice[]) =>
  notices.map((one) => ('kind' in one ? `${one.count} ${one.kind}` : 'because' in one ? one.because : one.type));
const idsOf = (notices: readonly Notice[], now: Parameters<typeof eventOf>[1]['now']) =>
  notices.map((one) => eventOf(one, { ...ORIGIN, now }).id);

describe('a scheduled inventory', () => {
  test('says of an old fleet how much there is to mend, in one message, and then nothing while nothing changes', async () => {
    const on = await newsStage(40);
    expect(await on.run()).toMatchObject({ memory: 'first_run', news: 80, messages: 1 });
    expect(on.told()).toMatchObject([{ because: 'first_run', count: 80, counts: { shadow: 40, legacy: 40 } }]);
    const before = await on.remembered();
    expect(await on.run()).toMatchObject({ memory: 'known', news: 0, messages: 0, ended: 0 });
    expect([on.told(), await on.remembered()]).toEqual([[], before]);
  });

  test('says nothing of a fleet without a finding, and knows from then on what is new', async () => {
    const on = await newsStage(0);
    expect(await on.run()).toMatchObject({ memory: 'first_run', messages: 0 });
    on.plant('new');
    expect(await on.run()).toMatchObject({ memory: 'known', news: 2, messages: 2 });
    expect(kindsIn(on.told())).toEqual(['1 shadow', '1 legacy']);
  });

  test('tells what is new by kind, with its holders, once', async () => {
    const on = await newsStage();
    await on.run();
    on.told();
    const made = Array.from({ length: 12 }, (_, at) => on.plant(`new ${at}`));
    const [first] = made;
    const secret = await on.secret('theirs', [await on.characters(first?.name ?? '')], { labels: {} });
    await on.run();
    const told = on.told();
    expect(kindsIn(told).toSorted()).toEqual(['1 unmanaged', '1 unused', '11 shadow', '12 legacy']);
    expect(told.find((one) => 'kind' in one && one.kind === 'unmanaged')).toMatchObject({
      project,
      findings: [{ key: first?.name, secrets: [secret], holders: 1 }],
      next: `key-warden init --secret ${secret}`,
    });
    await on.run();
    expect(on.told()).toEqual([]);
  });

  test('holds no byte and no name of a key in what it remembers', async () => {
    const on = await newsStage();
    const { name, uid } = on.plant('one');
    await on.run();
    const text = (await on.remembered()) ?? '';
    for (const secret of [await on.characters(name), uid, name]) expect(text).not.toContain(secret);
    expect(text.length).toBeLessThan(100);
  });

  test('tells nobody that something is over, and tells it again when it comes back', async () => {
    const on = await newsStage(0);
    on.plant('bound', { serviceAccountEmail: EMAIL });
    await on.run();
    on.told();
    const disabled = () => on.accounts.set(EMAIL, { json: { disabled: true } });
    disabled();
    await on.run();
    expect(kindsIn(on.told())).toEqual(['1 account_disabled']);
    on.accounts.delete(EMAIL);
    expect(await on.run()).toMatchObject({ messages: 0, ended: 1 });
    disabled();
    await on.run();
    expect(kindsIn(on.told())).toEqual(['1 account_disabled']);
  });

  test('only says what it would tell, where it is asked for no more', async () => {
    const on = await newsStage();
    expect(await on.run({ dryRun: true })).toMatchObject({ messages: 1 });
    expect([on.told(), await on.remembered()]).toEqual([[], undefined]);
  });

  test('announces no more than finds room in what is remembered', async () => {
    const on = await newsStage(0);
    await on.run();
    for (let at = 0; at < MARKED_MAX + 5; at += 1) on.plant(`new ${at}`, { serviceAccountEmail: EMAIL });
    expect(await on.run()).toMatchObject({ news: MARKED_MAX, messages: 1, beyond: 5 });
  });
});

describe('a crash, and another run at the same time', () => {
  test('between telling and remembering tells the same again under the same ids, a day later too', async () => {
    const on = await newsStage();
    await on.run();
    on.told();
    on.plant('new');
    on.vault.failNext('commit', new Fault('unavailable', 'gone'));
    await expect(on.run()).rejects.toThrow('gone');
    const first = on.told();
    expect(first).toHaveLength(2);
    await on.clock.sleep(12 * HOUR_MS);
    await on.run();
    const again = on.told();
    expect(idsOf(again, on.clock.now())).toEqual(idsOf(first, on.clock.now()));
    await on.run();
    expect(on.told()).toEqual([]);
  });

  test('on the first run it is the same, and what cannot be told is not remembered', async () => {
    const on = await newsStage();
    const announcer = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    await expect(on.run({}, { announcer })).rejects.toThrow('no topic');
    expect(await on.remembered()).toBeUndefined();
    await on.run();
    expect(idsOf(on.told(), on.clock.now())).toEqual([`${ORIGIN.source}/inventory/inventory.news/first`]);
  });

  test('two runs at once tell the same under the same ids, and nothing of it is told a third time', async () => {
    const on = await newsStage();
    await on.run();
    on.told();
    on.plant('new');
    await Promise.all([on.run(), on.run()]);
    const ids = idsOf(on.told(), on.clock.now());
    expect([ids.length, new Set(ids).size]).toEqual([4, 2]);
    await on.run();
    expect(on.told()).toEqual([]);
  });

  test('of two runs that have seen different things both are remembered', async () => {
    const on = await newsStage();
    await on.run();
    on.plant('seen by one');
    const other = { ...on.ports.announcer };
    const announcer = {
      async announce(notice: Notice) {
        await other.announce(notice);
        // Another run ends while this one tells.
        if (on.announced.length === 2) {
          on.plant('seen by the other');
          await on.run();
        }
      },
    };
    on.told();
    await on.run({}, { announcer });
    expect(kindsIn(on.told())).toEqual(['1 shadow', '1 legacy', '2 shadow', '2 legacy']);
    await on.run();
    expect(on.told()).toEqual([]);
  });

  /** A run in which somebody writes annotations of that secret while it tells. */
  const interrupted = (on: Awaited<ReturnType<typeof newsStage>>, annotations: Readonly<Record<string, string>>) => {
    const other = on.ports.announcer;
    const announcer = {
      async announce(notice: Notice) {
        await other.announce(notice);
        await on.vault.commit(await on.vault.look(on.memory), { annotations });
      },
    };
    return on.run({}, { announcer });
  };

  test('on the first run somebody who writes another annotation meanwhile changes nothing', async () => {
    const on = await newsStage();
    await interrupted(on, { note: 'x' });
    on.told();
    await on.run();
    expect(on.told()).toEqual([]);
  });

  test('somebody who spoils the memory meanwhile is not overwritten', async () => {
    const on = await newsStage();
    await expect(interrupted(on, { [ANNOTATION]: '{"v":2}' })).rejects.toThrow(
      /was written by somebody else meanwhile/,
    );
    expect(await on.remembered()).toBe('{"v":2}');
  });
});

describe('a memory that cannot be read', () => {
  test('is not there: nothing is read of any key, and the run fails', async () => {
    const on = await newsStage();
    await expect(on.run({ memory: `projects/${project}/secrets/none` })).rejects.toThrow(Fault);
    expect(on.issuer.calls).not.toContain('keyString');
  });

  test('is in a form of another release: it is said once a day, with what stands, and left alone', async () => {
    const on = await newsStage();
    await on.vault.commit(await on.vault.look(on.memory), { annotations: { [ANNOTATION]: '{"v":2}' } });
    expect(await on.run()).toMatchObject({ memory: 'unreadable', messages: 1 });
    await on.run();
    const told = on.told();
    expect(told).toMatchObject([{ because: 'unreadable', count: 6 }, { because: 'unreadable' }]);
    await on.clock.sleep(24 * HOUR_MS);
    await on.run();
    expect(new Set(idsOf([...told, ...on.told()], on.clock.now())).size).toBe(2);
    expect(await on.remembered()).toBe('{"v":2}');
  });
});

describe('a gap', () => {
  test('of a project that was not listed is news, once, and ends nothing', async () => {
    const on = await newsStage();
    await on.run();
    on.told();
    on.issuer.failNext('list', new Fault('denied', 'no'));
    expect(await on.run()).toMatchObject({ news: 1, ended: 0 });
    expect(on.told()).toMatchObject([
      { kind: 'not_listed', project, findings: [{ says: 'its keys were not listed to the end: no' }] },
    ]);
    on.issuer.failNext('list', new Fault('denied', 'no'));
    await on.run();
    expect(on.told()).toEqual([]);
    expect(await on.run()).toMatchObject({ news: 0, ended: 1 });
    expect(on.told()).toEqual([]);
  });

  test('of a secret, an account or a key string ends nothing, and what is new all the same is told', async () => {
    const on = await newsStage();
    await on.secret('app', ['x']);
    on.plant('bound', { serviceAccountEmail: EMAIL });
    on.accounts.set(EMAIL, { json: { disabled: true } });
    await on.run();
    on.told();
    on.accounts.set(EMAIL, 'denied');
    on.vault.failNext('versions', new Fault('unavailable', 'no'));
    on.issuer.failNext('keyString', new Fault('unavailable', 'no'));
    on.plant('open', { restrictions: {} });
    expect(await on.run()).toMatchObject({ ended: 0 });
    expect(kindsIn(on.told()).filter((one) => one !== '1 legacy')).toEqual(['1 unrestricted']);
    on.accounts.set(EMAIL, { json: { disabled: true } });
    await on.run();
    expect(kindsIn(on.told()).filter((one) => one !== '1 legacy')).toEqual(['1 shadow']);
  });

  test('for want of time ends nothing', async () => {
    const on = await newsStage();
    await on.run();
    on.told();
    expect(await on.run({ mayGoOn: () => false })).toMatchObject({ news: 1, ended: 0 });
    expect(kindsIn(on.told())).toEqual(['1 not_listed']);
  });
});
