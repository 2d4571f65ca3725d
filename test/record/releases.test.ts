import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { ROTATION_MARK, SECRET_MARK } from '../../src/app/keys/key-marks.ts';
import { Fault } from '../../src/app/ports/fault.ts';
import { drive } from '../../src/app/rotation/drive.ts';
import { rollbackOf } from '../../src/app/rotation/wishes.ts';
import type { TickOrder } from '../../src/app/rotation/tick.ts';
import { KeyText } from '../../src/core/key/key-text.ts';
import { NEVER_ROTATED, type InFlight } from '../../src/core/record/journal.ts';
import { changeOf } from '../../src/core/record/secret-record.ts';
import { ROTATION_ANNOTATION } from '../../src/core/record/journal-text.ts';
import { FLIGHT_PHASES, type FlightPhase } from '../../src/core/record/phases.ts';
import { isoOf } from '../../src/core/values/time.ts';
import { parseRecord } from '../../src/core/values/json.ts';
import { readRetired, writeJournal } from '../support/annotations.ts';
import { usage } from '../support/used-hours.ts';
import { ago, HOUR_MS, inFlight, MINUTE_MS, NOW } from '../support/journals.ts';
import { rotationStage, type RotationStage } from '../support/rotation-stage.ts';
import { GOOD_KEY, SCOPE, STANDARD_KEY } from '../support/stage.ts';
import { frozenOf } from './frozen.ts';
import { takenBy010 } from './reader-0.1.0.ts';

const V1 = new URL('./v1/', import.meta.url);
const textOf = (name: string): string => frozenOf(readFileSync(new URL(name, V1), 'utf8')).text;
const ID = 'kw-1-abc';

/** Takes a rotation to its end, waiting as long as it says; answers every journal that was on the secret meanwhile. */
async function toTheEnd(on: RotationStage, order: Partial<TickOrder> = {}): Promise<readonly string[]> {
  const texts: string[] = [];
  const watch = async (): Promise<void> => {
    const text = (await on.vault.look(on.secret)).annotations[ROTATION_ANNOTATION];
    if (text !== undefined) texts.push(text);
  };
  const { vault } = on.ports;
  const commit: typeof vault.commit = async (...change) => {
    const left = await vault.commit(...change);
    await watch();
    return left;
  };
  const { issuer } = on.ports;
  const mint: typeof issuer.mint = async (minting) => {
    const made = await issuer.mint(minting);
    on.works((await issuer.keyString(made.name)).reveal());
    return made;
  };
  const ports = { ...on.ports, vault: { ...vault, commit }, issuer: { ...issuer, mint } };
  let asked = order.asked;
  for (let looks = 0; looks < 40; looks += 1) {
    const step = await drive(ports, on.order({ ...order, asked }), () => undefined);
    asked = undefined;
    if (step.did !== 'wait') break;
    await on.clock.sleep(Math.max(MINUTE_MS, step.until - on.clock.now()));
  }
  return texts;
}

/** A secret in the middle of a rotation of an earlier release, with the world as that release left it. */
async function leftBy010(phase: FlightPhase): Promise<RotationStage> {
  const on = await rotationStage();
  const { vault, issuer, secret } = on;
  const old = await on.key('old');
  const from = await on.add(old.characters);
  const isMinted = phase !== 'opened';
  const isWritten = isMinted && phase !== 'minted';
  const isPromoted = phase === 'promoted' || phase === 'drained' || phase === 'reverting';
  const young = isMinted
    ? issuer.plant({ project: SCOPE.project, keyId: ID, annotations: { [ROTATION_MARK]: ID, [SECRET_MARK]: secret } })
    : undefined;
  const characters = young === undefined ? '' : (await issuer.keyString(young.name)).reveal();
  if (young !== undefined) on.works(characters);
  const to = isWritten ? await on.add(characters) : undefined;
  const aliases = isPromoted && to !== undefined ? { current: to, previous: from } : { current: from };
  const journal = {
    ...parseRecord(textOf(`rotation-${phase}-least.json`)),
    id: ID,
    reason: 'request',
    candidate: 'minted',
    from,
    ...(to === undefined ? {} : { to }),
    fromKey: { name: old.issued.name, uid: old.issued.uid },
    ...(young === undefined ? {} : { toKey: { name: young.name, uid: young.uid } }),
    openedAt: isoOf(ago(1)),
    since: isoOf(ago(1)),
    ...(isPromoted ? { promotedAt: isoOf(ago(1)) } : {}),
  };
  expect(journal).toMatchObject({ v: 1, phase });
  const annotations = { [ROTATION_ANNOTATION]: JSON.stringify(journal) };
  await vault.commit(await vault.look(secret), { aliases, annotations });
  return on;
}

describe('going up with a rotation in flight: what an earlier release began is ended', () => {
  test.each(FLIGHT_PHASES)('from %s (I1, I5, I6)', async (phase) => {
    const on = await leftBy010(phase);
    await toTheEnd(on);
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
    const { aliases, annotations } = await on.vault.look(on.secret);
    const goesBack = phase === 'reverting' || phase === 'abandoned';
    expect(aliases['current']).toBe(goesBack ? 2 : 3);
    // Readers of `latest` get the old key's bytes once more, above the version that is left.
    expect(await on.states()).toEqual(
      goesBack ? ['enabled', 'enabled', 'disabled', 'enabled'] : ['enabled', 'disabled', 'enabled'],
    );
    // Every key of the rotation is what consumers read, in the list of old keys, or deleted.
    const retired = readRetired(annotations['key-warden.retired'])?.map(({ version }) => version) ?? [];
    expect(retired).toEqual(phase === 'abandoned' ? [] : phase === 'reverting' ? [3] : [2]);
    const [minted, ...more] = on.issuer.keys().filter((key) => key.annotations[ROTATION_MARK] === ID);
    expect(more).toEqual([]);
    expect(minted?.deletedAt === undefined).toBe(phase !== 'abandoned');
  });

  test('and what it left at rest is what a new one begins from', async () => {
    const on = await rotationStage();
    const annotations = { [ROTATION_ANNOTATION]: textOf('rotation-resting-least.json') };
    await on.vault.commit(await on.vault.look(on.secret), { annotations });
    await toTheEnd(on, {
      asked: { reason: 'request', candidate: 'supplied', emergency: false },
      supplied: new KeyText(STANDARD_KEY),
    });
    expect(await on.states()).toEqual(['disabled', 'enabled']);
  });
});

describe('going back with a rotation in flight: an earlier release holds what it would do harm to', () => {
  test('reads every journal that it wrote itself, as the frozen files have them', () => {
    const names = readdirSync(V1).filter((name) => name.startsWith('rotation-') && name.endsWith('.json'));
    const first = names.filter((name) => textOf(name).startsWith('{"v":1,'));
    expect(first.length).toBeGreaterThan(20);
    expect(first.filter((name) => takenBy010(textOf(name)) === 'holds')).toEqual([]);
    const second = names.filter((name) => textOf(name).startsWith('{"v":2,'));
    expect(second.length).toBeGreaterThan(3);
    expect(second.filter((name) => takenBy010(textOf(name)) === 'goes on')).toEqual([]);
  });

  test.each<[string, Partial<TickOrder>]>([
    [
      'supplied',
      {
        asked: { reason: 'request', candidate: 'supplied', emergency: false },
        supplied: new KeyText(STANDARD_KEY),
      },
    ],
    ['minted', { asked: { reason: 'age', candidate: 'minted', emergency: false } }],
    ['minted in an emergency', { asked: { reason: 'leaked', candidate: 'minted', emergency: true } }],
    ['adopted', {}],
  ])('every step of a rotation that this release began, until it rests: %s', async (what, order) => {
    const on = await rotationStage(what === 'adopted' ? [GOOD_KEY, STANDARD_KEY] : [GOOD_KEY]);
    const texts = await toTheEnd(on, order);
    const flying = texts.filter((text) => !text.includes('"phase":"resting"'));
    expect(flying.length).toBeGreaterThan(3);
    expect(flying.filter((text) => takenBy010(text) === 'goes on')).toEqual([]);
    expect(await on.journal()).toMatchObject({ phase: 'resting' });
  });

  test('but going back to the old key it may end itself: it writes no value, and knows all that is in it', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await toTheEnd(on);
    const asked = await rollbackOf(on.ports.vault, on.secret);
    if (typeof asked === 'string') throw new Error(asked);
    const texts = await toTheEnd(on, { asked });
    expect(texts.map(takenBy010)).not.toContain('holds');
    expect((await on.vault.look(on.secret)).aliases['current']).toBe(1);
  });

  test('and what it did not know of such an end is made up for by the newer release: the alias, and who was not told', async () => {
    const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
    await toTheEnd(on);
    const asked = await rollbackOf(on.ports.vault, on.secret);
    if (typeof asked === 'string') throw new Error(asked);
    const deaf = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    const leaving = { ...on.ports, announcer: deaf, leaving: () => true };
    await drive(leaving, on.order({ asked }), () => undefined);
    const { vault, secret } = on;
    const begun = await vault.look(secret);
    expect(takenBy010(begun.annotations[ROTATION_ANNOTATION] ?? '')).toBe('goes on');
    expect(begun.record).toMatchObject({
      outbox: { value: [{ step: 'opened' }] },
      lastCurrent: { value: { version: 2 } },
    });
    // As 0.1.0 ends it: it writes what it knows, and leaves other annotations alone.
    const { id } = (await on.journal()) as InFlight;
    await vault.enable(secret, await vault.lookVersion(secret, 1));
    const past = { id, reason: 'rollback', outcome: 'completed', from: 1, to: 2, at: NOW } as const;
    const annotations = changeOf(begun.record, { rotation: NEVER_ROTATED, history: [past] });
    await vault.commit(begun, { aliases: { current: 1, previous: null }, annotations });
    on.announced.length = 0;
    expect(await drive(on.ports, on.order(), () => undefined)).toMatchObject({ journal: { passedOver: [2] } });
    expect(on.announced).toMatchObject([
      { type: 'rotation.opened', rotation: id, why: 'the rotation has ended since' },
    ]);
    const { aliases, record } = await vault.look(secret);
    expect(aliases['current']).toBe(1);
    expect(record).toMatchObject({ outbox: { value: [] }, lastCurrent: { value: { version: 1 } } });
  });

  test('and a drain that waits for a longer silence than it knows, whoever began it', async () => {
    const on = await leftBy010('promoted');
    const { fromKey } = (await on.journal()) as InFlight;
    const nightly = [60, 36, 12].map((hours) => ({ endsAt: ago(hours), requests: 50 }));
    on.meter.script(fromKey?.uid ?? '', usage(nightly));
    await on.clock.sleep(6 * HOUR_MS);
    const step = await drive(on.ports, on.order(), () => undefined);
    expect(step).toMatchObject({ did: 'wait', why: expect.stringContaining('32 hours of silence') });
    const text = (await on.vault.look(on.secret)).annotations[ROTATION_ANNOTATION] ?? '';
    expect(text).toMatch(/^\{"v":2,/);
    expect(takenBy010(text)).toBe('holds');
    // What was held stays as it is, and the newer release ends it.
    await toTheEnd(on);
    expect(await on.states()).toEqual(['enabled', 'disabled', 'enabled']);
  });
});

test('the number is the first one for as long as nothing is in a journal that must not be ignored', () => {
  const of = (fields: Partial<InFlight>) => writeJournal(inFlight(fields))?.slice(0, 7);
  const drain = { use: 'unknown', hours: 32, at: NOW } as const;
  expect(of({})).toBe('{"v":1,');
  expect(of({ toKeyMadeAt: NOW })).toBe('{"v":1,');
  expect(of({ form: { is: 'bare', fields: [] } })).toBe('{"v":2,');
  expect(of({ alone: 'clean' })).toBe('{"v":2,');
  expect(of({ keepOld: true })).toBe('{"v":2,');
  expect(of({ phase: 'promoted', drain })).toBe('{"v":2,');
  expect(of({ phase: 'promoted', drain: { use: 'unknown', at: NOW } })).toBe('{"v":1,');
  expect(of({ phase: 'drained', drain })).toBe('{"v":1,');
});
