import { valueOf } from '../../../src/core/record/part.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { drive } from '../../../src/app/rotation/drive.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { takeUp } from '../../../src/app/on-record/take-up-event.ts';
import type { SecretEvent } from '../../../src/core/rotation/store-event.ts';
import { HEALTH_ANNOTATION } from '../../../src/core/record/health-text.ts';
import { writeHealth } from '../../support/annotations.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { ahead, inFlight, NOW, resting } from '../../support/journals.ts';
import { EPISODE } from '../../support/notices.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, MANAGED, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

async function eventStage(versions?: readonly string[]) {
  const on = await rotationStage(versions);
  const { ports, order, secret } = on;
  return {
    ...on,
    take: (event: SecretEvent) => takeUp(ports, order(), event),
    due: { is: 'due', secret, at: NOW } as const,
  };
}

describe('nothing is done', () => {
  test.each([
    [{ is: 'no news', type: 'TOPIC_CONFIGURED' }, 'TOPIC_CONFIGURED asks for nothing'],
    [{ is: 'not understood', why: 'odd' }, 'odd'],
    [
      { is: 'due', secret: 'projects/123456789012/secrets/ghost', at: NOW },
      'projects/123456789012/secrets/ghost is gone',
    ],
  ] as const)('about %j', async (event, why) => {
    expect(await (await eventStage()).take(event)).toEqual({ did: 'ignored', why });
  });

  test('about a secret that is not under care', async () => {
    const { take, vault, secret, due } = await eventStage();
    await vault.commit(await vault.look(secret), { labels: { 'key-warden': null } });
    expect(await take(due)).toEqual({ did: 'ignored', why: `${secret} is not under care` });
  });

  test('while the secret cannot be looked at: the event is delivered again', async () => {
    const { take, vault, due } = await eventStage();
    vault.failNext('look', new Fault('unavailable', 'no answer'));
    await expect(take(due)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a secret that nobody looks after any more', () => {
  const SICK = writeHealth({ is: 'sick', episodes: 1, episode: EPISODE });

  async function unwatched(health: string | null = SICK) {
    const on = await eventStage();
    const { vault, secret } = on;
    await vault.commit(await vault.look(secret), {
      labels: { 'key-warden': null },
      annotations: { [HEALTH_ANNOTATION]: health },
    });
    return { ...on, changed: { is: 'changed', secret } as const };
  }

  test('has its open episode closed, once', async () => {
    const { take, changed, announced, vault, secret } = await unwatched();
    expect(await take(changed)).toMatchObject({ did: 'announced' });
    expect(await take(changed)).toEqual({ did: 'ignored', why: `${secret} is not under care` });
    expect(announced).toEqual([
      { type: 'key.unwatched', secret, project: '123456789012', because: 'label_removed', episode: EPISODE },
    ]);
    expect((await vault.look(secret)).annotations).not.toHaveProperty([HEALTH_ANNOTATION]);
  });

  test.each([
    ['was well', writeHealth({ is: 'well', episodes: 3 })],
    ['has no record', null],
    ['has a record that this release does not read', '{"v":9}'],
  ])('and %s is no news', async (_, health) => {
    const { take, changed, announced } = await unwatched(health);
    expect(await take(changed)).toMatchObject({ did: 'ignored' });
    expect(announced).toEqual([]);
  });

  test('because it was deleted is known from the event alone', async () => {
    const { take, announced } = await eventStage();
    const ghost = { is: 'deleted', secret: 'projects/123456789012/secrets/ghost' } as const;
    expect(await take({ ...ghost, record: recordOf({ [HEALTH_ANNOTATION]: SICK }) })).toMatchObject({
      did: 'announced',
    });
    expect(await take({ ...ghost, record: recordOf({}) })).toEqual({ did: 'ignored', why: `${ghost.secret} is gone` });
    expect(announced).toMatchObject([{ type: 'key.unwatched', because: 'deleted', episode: { id: EPISODE.id } }]);
  });

  test('is told of at once where it was under care before, with what puts the label back', async () => {
    const { take, announced, vault, secret } = await eventStage();
    const seen = await vault.look(secret);
    const annotations = changeOf(seen.record, { managedSince: { since: NOW } });
    await vault.commit(seen, { labels: { 'key-warden': null }, annotations });
    const why = `${secret} is not under care, and was before`;
    expect(await take({ is: 'changed', secret })).toEqual({ did: 'announced', why });
    expect(announced).toMatchObject([
      { type: 'secret.warning', because: 'label_removed', next: expect.stringContaining('key-warden init') },
    ]);
    expect(await take({ is: 'due', secret, at: NOW })).toEqual({ did: 'ignored', why: `${secret} is not under care` });
    expect(announced).toHaveLength(1);
  });

  test('is told apart from our own writes by a look, and from one that was made anew', async () => {
    const { take, secret } = await eventStage();
    expect(await take({ is: 'changed', secret })).toMatchObject({ did: 'ignored' });
    expect(await take({ is: 'deleted', secret, record: recordOf({ [HEALTH_ANNOTATION]: SICK }) })).toMatchObject({
      did: 'ignored',
    });
  });
});

describe('a rotation that is due', () => {
  test('is begun once, however often the event is delivered, also after its end', async () => {
    const { take, due, journal, issuer, clock } = await eventStage();
    expect(await take(due)).toMatchObject({ did: 'drove' });
    expect(await journal()).toMatchObject({ reason: 'schedule', requestId: `schedule-${NOW}` });
    expect(await take(due)).toMatchObject({ did: 'drove' });
    expect(issuer.keys()).toHaveLength(1);
    await clock.sleep(99 * 3_600_000);
    expect(await take(due)).toMatchObject({ did: 'drove' });
    expect(await journal()).toMatchObject({ phase: 'resting' });
    expect(await take(due)).toMatchObject({ did: 'ignored', why: expect.stringContaining('ended after this event') });
    expect(issuer.keys()).toHaveLength(1);
  });

  test('is left to the one in flight', async () => {
    const { take, due, write } = await eventStage();
    await write(inFlight({ phase: 'opened', notBefore: ahead(1) }));
    expect(await take(due)).toMatchObject({ did: 'ignored', why: expect.stringContaining('is opened since') });
  });

  test('starts from an unreadable history as if there were none, and is then held', async () => {
    const { take, due, vault, secret } = await eventStage();
    await vault.commit(await vault.look(secret), { annotations: { 'key-warden.history': '{"v":9}' } });
    expect(await take(due)).toMatchObject({ did: 'drove', why: expect.stringContaining('not in a form') });
  });
});

describe('a version that was added', () => {
  test('by somebody is proven and promoted', async () => {
    const { take, secret, add, vault } = await eventStage();
    await add(STANDARD_KEY);
    await take({ is: 'added', secret, version: 2, at: NOW });
    expect((await vault.look(secret)).aliases).toEqual({ current: 2, previous: 1 });
  });

  test('by ourselves leads to nothing, nor does a late event', async () => {
    const { take, secret, journal } = await eventStage();
    expect(await take({ is: 'added', secret, version: 1, at: NOW })).toEqual({ did: 'drove', why: 'nothing is due' });
    expect(await journal()).toEqual(resting());
  });
});

describe('a version that somebody took away', () => {
  const gone = (secret: string, version: number, change: 'disabled' | 'destroyed') =>
    ({ is: 'taken away', secret, version, change, at: NOW }) as const;

  test.each([
    ['disabled', 'gcloud secrets versions enable 1 --secret=gemini --project=123456789012'],
    ['destroyed', 'key-warden check --secret projects/123456789012/secrets/gemini'],
  ] as const)('from consumers is announced, once for every delivery with the same moment: %s', async (change, next) => {
    const { take, secret, vault, announced } = await eventStage();
    await vault.disable(secret, await vault.lookVersion(secret, 1));
    expect(await take(gone(secret, 1, change))).toEqual({
      did: 'announced',
      why: 'version 1 was taken away from consumers',
    });
    expect(announced).toEqual([
      {
        type: 'version.changed',
        secret,
        project: '123456789012',
        version: 1,
        change,
        isCurrent: true,
        at: NOW,
        step: expect.any(String),
        next,
      },
    ]);
  });

  test('of a regional secret is brought back in its region', async () => {
    const { ports, order, vault, announced } = await eventStage();
    const name = vault.create({ project: SCOPE.project, location: 'europe-west1' }, 'far', { labels: MANAGED });
    const version = await vault.add(name, new TextEncoder().encode(GOOD_KEY));
    await vault.disable(name, version);
    await takeUp(ports, order(), gone(name, 1, 'disabled'));
    expect(announced).toMatchObject([
      { next: 'gcloud secrets versions enable 1 --secret=far --location=europe-west1 --project=123456789012' },
    ]);
  });

  test('is read through latest where there is no current', async () => {
    const { take, secret, vault, announced } = await eventStage([GOOD_KEY, STANDARD_KEY]);
    await vault.commit(await vault.look(secret), { aliases: { current: null } });
    await vault.disable(secret, await vault.lookVersion(secret, 2));
    await take(gone(secret, 2, 'disabled'));
    expect(announced).toMatchObject([{ version: 2, isCurrent: true }]);
  });

  test('from a rotation is announced as less', async () => {
    const { take, secret, vault, write, announced } = await eventStage([GOOD_KEY, STANDARD_KEY]);
    await write(inFlight({ phase: 'verified' }));
    await vault.disable(secret, await vault.lookVersion(secret, 2));
    await take(gone(secret, 2, 'disabled'));
    expect(announced).toMatchObject([{ version: 2, isCurrent: false }]);
  });

  test('and put back meanwhile is no news', async () => {
    const { take, secret, announced } = await eventStage();
    expect(await take(gone(secret, 1, 'disabled'))).toEqual({ did: 'ignored', why: 'version 1 is enabled again' });
    expect(announced).toEqual([]);
  });

  test('of no use to anybody is no news', async () => {
    const { take, secret } = await eventStage([GOOD_KEY, STANDARD_KEY]);
    expect(await take(gone(secret, 2, 'disabled'))).toEqual({
      did: 'ignored',
      why: 'version 2 is of no use to anybody now',
    });
  });

  test('is left to a person where an annotation is not understood', async () => {
    const { take, secret, vault } = await eventStage();
    const broken = async (annotation: string) => {
      await vault.commit(await vault.look(secret), { annotations: { [annotation]: '{"v":9}' } });
      return take(gone(secret, 1, 'disabled'));
    };
    expect(await broken('key-warden.retired')).toMatchObject({ did: 'ignored', why: expect.stringContaining('form') });
    expect(await broken(ROTATION_ANNOTATION)).toMatchObject({ did: 'ignored', why: expect.stringContaining('form') });
  });
});

describe('a promoted version that somebody takes away during the drain', () => {
  async function draining(more: Partial<InFlight> = {}) {
    const on = await eventStage([GOOD_KEY, STANDARD_KEY]);
    const { vault, secret, works } = on;
    works(GOOD_KEY);
    const journal = inFlight({ phase: 'promoted', promotedAt: NOW, to: 2, notBefore: ahead(6), ...more });
    const sighting = await vault.look(secret);
    const annotations = changeOf(sighting.record, { rotation: journal });
    await vault.commit(sighting, { annotations, aliases: { current: 2, previous: 1 } });
    const gone = { is: 'taken away', secret, version: 2, change: 'disabled', at: NOW } as const;
    const disable = async () => vault.disable(secret, await vault.lookVersion(secret, 2));
    return { ...on, gone, disable };
  }

  test('is told of, and consumers get the earlier one back at once (I1, I4)', async () => {
    const { take, gone, disable, vault, secret, announced } = await draining();
    await disable();
    expect(await take(gone)).toMatchObject({ did: 'drove' });
    expect((await vault.look(secret)).aliases).toEqual({ current: 1 });
    expect(announced.map(({ type }) => type)).toContain('version.changed');
  });

  test('by the next run too, once a check has it on record', async () => {
    const { disable, vault, secret, ports, order, clock } = await draining();
    await disable();
    await clock.sleep(11 * 60_000);
    const sighting = await vault.look(secret);
    const episode = { ...EPISODE, cause: 'version_disabled', openedAt: ahead(0.1) } as const;
    await vault.commit(sighting, {
      annotations: changeOf(sighting.record, { health: { is: 'sick', episodes: 1, episode } }),
    });
    await drive(ports, order(), () => undefined);
    expect((await vault.look(secret)).aliases).toEqual({ current: 1 });
  });

  test.each([
    ['in an emergency, whose earlier key is the leaked one', { emergency: true }],
    ['while a person holds the rotation', { held: true, why: 'a person looks' }],
    ['where it is another version that went', { to: 3 }],
  ])('does not move %s', async (_, more) => {
    const { take, gone, disable, vault, secret } = await draining(more);
    await disable();
    await take(gone);
    expect((await vault.look(secret)).aliases).toMatchObject({ current: 2 });
  });

  test('is left alone once it is enabled again', async () => {
    const { take, gone, vault, secret } = await draining();
    expect(await take(gone)).toEqual({ did: 'ignored', why: 'version 2 is enabled again' });
    expect((await vault.look(secret)).aliases).toMatchObject({ current: 2 });
  });
});

describe('a secret that somebody wrote', () => {
  async function changed(aliases: Readonly<Record<string, number | null>>, change: RecordChange = {}) {
    const on = await eventStage([GOOD_KEY, STANDARD_KEY]);
    const { vault, secret } = on;
    const seen = await vault.look(secret);
    const annotations = changeOf(seen.record, { lastCurrent: { version: 2 }, ...change });
    await vault.commit(seen, { annotations, aliases });
    return {
      ...on,
      outcome: await on.take({ is: 'changed', secret }),
      again: () => on.take({ is: 'changed', secret }),
      current: async () => (await vault.look(secret)).aliases['current'],
    };
  }

  test('so that its alias is gone gets it back at once, and our own write says nothing new', async () => {
    const { outcome, again, current, announced } = await changed({ current: null });
    expect(outcome.did).toBe('drove');
    expect(await current()).toBe(2);
    expect(announced).toMatchObject([{ type: 'secret.warning', because: 'current_removed' }]);
    expect(await again()).toMatchObject({ did: 'ignored' });
  });

  test('so that its alias stands elsewhere is followed at once, once', async () => {
    const { outcome, again, current, vault, secret } = await changed({ current: 1 });
    expect(outcome.did).toBe('drove');
    expect(await current()).toBe(1);
    expect(valueOf((await vault.look(secret)).record.lastCurrent)).toMatchObject({ version: 1, movedTo: 1 });
    expect(await again()).toMatchObject({ did: 'ignored' });
  });

  test('during a drain goes back at once, and one that is held waits for its person', async () => {
    const rotation = inFlight({ phase: 'promoted', candidate: 'adopted', promotedAt: NOW, notBefore: ahead(6) });
    const { outcome, again, journal, announced } = await changed({ current: 1, previous: 1 }, { rotation });
    expect(outcome.did).toBe('drove');
    expect(announced.at(-1)).toMatchObject({ type: 'rotation.abandoned' });
    expect(await journal()).toMatchObject({ phase: 'resting' });
    expect(await again()).toMatchObject({ did: 'ignored' });
    const held = await changed({ current: 1 }, { rotation: { ...rotation, held: true } });
    expect(held.outcome).toEqual({ did: 'ignored', why: `${held.secret} is under care` });
  });

  test('in anything else is left alone, and so is one whose journal is not understood', async () => {
    const { outcome, secret, take, vault } = await changed({ current: 2, theirs: 1 });
    expect(outcome).toEqual({ did: 'ignored', why: `${secret} is under care` });
    await vault.commit(await vault.look(secret), {
      annotations: { [ROTATION_ANNOTATION]: '{"v":9}' },
      aliases: { current: 1 },
    });
    expect(await take({ is: 'changed', secret })).toMatchObject({ did: 'ignored' });
  });
});
