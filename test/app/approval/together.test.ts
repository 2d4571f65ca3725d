import { describe, expect, test } from '@jest/globals';
import { approvalsOf, type AboutToBegin, type Together } from '../../../src/app/approval/approvals.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { GroupedNotice, Notice } from '../../../src/core/alerts/notice.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { NOBODY, rotationStage } from '../../support/rotation-stage.ts';
import { SCOPE } from '../../support/stage.ts';

interface Told {
  readonly notice: Notice;
  readonly together: readonly GroupedNotice[];
}

/** A run that asks a second person for many rotations, and what is told of that. */
async function manyAsked(fields?: { readonly book?: undefined; readonly fault?: Fault }) {
  const on = await rotationStage();
  const book = on.vault.create(SCOPE, 'key-warden-approvals', {});
  const told: Told[] = [];
  const announcer = {
    announce(notice: Notice, together: readonly GroupedNotice[] = []) {
      if (fields?.fault !== undefined) return Promise.reject(fields.fault);
      told.push({ notice, together });
      return Promise.resolve();
    },
  };
  const order = {
    book: fields !== undefined && 'book' in fields ? undefined : book,
    hours: 72,
    scopes: [SCOPE],
    concurrency: 2,
  };
  const { together } = approvalsOf({ ...on.ports, announcer }, order);
  const run = together?.() as Together;
  const policy = on.order().secretPolicy;
  const about = (at: number, isQuiet = false): AboutToBegin => {
    const secret = `${on.secret}-${at}`;
    const opening = { from: 1, candidate: 'minted' } as const;
    return { secret, given: secret, project: SCOPE.project, opening, policy, isQuiet, holders: NOBODY };
  };
  const ask = (one: AboutToBegin) => run.approvals(one, () => Promise.resolve(true));
  const list = async () => valueOf((await on.vault.look(book)).record.approvals) ?? [];
  return { ...on, book, told, run, about, ask, list };
}

describe('what one run asks a second person for', () => {
  test('is told at its end, in one message with one command, and only then kept', async () => {
    const on = await manyAsked();
    for (let at = 0; at < 20; at += 1) expect(await on.ask(on.about(at))).toMatchObject({ is: 'later' });
    expect([on.told.length, await on.list()]).toEqual([0, []]);
    expect(await on.run.tell()).toEqual([]);
    expect(on.told).toHaveLength(20);
    const groups = new Set(on.told.map(({ notice }) => ('group' in notice ? notice.group : undefined)));
    expect([...groups]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(on.told.every(({ together }) => together.length === 20)).toBe(true);
    const kept = await on.list();
    expect(kept.map(({ secret }) => secret)).toEqual(
      on.told.map(({ notice }) => ('secret' in notice ? notice.secret : '')),
    );
    expect(new Set(kept.map(({ group }) => group))).toEqual(groups);
  });

  test('is asked for once in a run, and what one of them alone asks for has no group', async () => {
    const on = await manyAsked();
    await on.ask(on.about(0));
    await on.ask(on.about(0));
    await on.run.tell();
    expect(on.told).toMatchObject([{ notice: { group: undefined }, together: [{}] }]);
    expect((await on.list()).map(({ group }) => group)).toEqual([undefined]);
  });

  test('waits for room where there are too many, which later runs ask for', async () => {
    const on = await manyAsked();
    const stands = [];
    for (let at = 0; at < 40; at += 1) stands.push(await on.ask(on.about(at)));
    const full = stands.filter((one) => one.is === 'later' && /wait for approval already/.test(one.why));
    await on.run.tell();
    const kept = await on.list();
    expect([kept.length + full.length, on.told.length]).toEqual([40, kept.length]);
    expect(kept.length).toBeGreaterThan(12);
  });

  test('is asked for again by a later run where others took its room meanwhile', async () => {
    const on = await manyAsked();
    await on.ask(on.about(0));
    const other = await manyAsked();
    for (let at = 1; at < 40; at += 1) await other.ask(other.about(at));
    await other.run.tell();
    const full = await other.vault.look(other.book);
    await on.vault.commit(await on.vault.look(on.book), { annotations: full.annotations });
    await on.run.tell();
    expect(await on.list()).toEqual(await other.list());
    expect(on.told).toHaveLength(1);
  });

  test('is told of a secret alone that channels are quiet about, so that it holds back no other', async () => {
    const on = await manyAsked();
    for (const isQuiet of [false, true, false]) await on.ask(on.about(on.told.length + Number(isQuiet), isQuiet));
    await on.ask(on.about(7));
    await on.run.tell();
    expect(on.told.map(({ together }) => together.length)).toEqual([2, 2, 1]);
  });

  test('is kept nowhere where it could not be told, and the run says so', async () => {
    const on = await manyAsked({ fault: new Fault('unavailable', 'The topic is out of reach.') });
    await on.ask(on.about(0));
    await on.ask(on.about(1));
    expect(await on.run.tell()).toEqual(['approval of 2 rotations could not be asked for: The topic is out of reach.']);
    expect(await on.list()).toEqual([]);
  });

  test('is nothing where no secret is named that could keep it', async () => {
    const on = await manyAsked({ book: undefined });
    expect(await on.ask(on.about(0))).toMatchObject({ is: 'later', why: expect.stringContaining('names no secret') });
    expect(await on.run.tell()).toEqual([]);
  });
});
