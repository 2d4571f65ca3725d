import { describe, expect, test } from '@jest/globals';
import { deleteBy, deleteByText, type DeleteByOrder } from '../../../src/app/purge/delete-by.ts';
import { DELETION_MARK } from '../../../src/app/keys/deletion-date.ts';
import { SECRET_MARK } from '../../../src/app/keys/key-marks.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { RETIRED_ANNOTATION, type Retired } from '../../../src/core/record/ledger.ts';
import { isoOf, spokenMinute, spokenMinuteBy, MINUTE_MS, plusMs } from '../../../src/core/values/time.ts';
import { writeJournal, writeRetired } from '../../support/annotations.ts';
import { ago, inFlight, NOW } from '../../support/journals.ts';
import { NOT_SHARED, rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, SCOPE, STANDARD_KEY } from '../../support/stage.ts';

const ADS = { secret: 'projects/1/secrets/ads', version: 4, readAs: 'current' };
const SHARED = { holders: [ADS], notLooked: [] };
const BY = plusMs(NOW, 60 * MINUTE_MS);

/** An emergency of the secret has ended, and its key is kept because `ads` serves it. */
async function leakedStage(fields: Partial<Retired> = {}) {
  const on = await rotationStage([GOOD_KEY, STANDARD_KEY]);
  const { vault, secret, issuer, ports, order, key } = on;
  const { issued } = await key('old');
  const handle = { name: issued.name, uid: issued.uid };
  const annotate = async (annotations: Readonly<Record<string, string | null>>) =>
    vault.commit(await vault.look(secret), { annotations });
  const entry: Retired = { version: 1, key: handle, at: NOW, rotation: 'kw-0', urgent: true, ...fields };
  await annotate({ [RETIRED_ANNOTATION]: writeRetired([entry]) });
  const { secretPolicy } = order();
  const usual = { secret, project: SCOPE.project, minutes: 60, secretPolicy, shared: SHARED };
  return {
    ...on,
    issued,
    handle,
    annotate,
    ask: (over: Partial<DeleteByOrder> = {}) => deleteBy(ports, { ...usual, ...over }),
    mark: async () => (await issuer.look(issued.name)).annotations[DELETION_MARK],
  };
}

describe('the date by which a leaked key goes although others serve it', () => {
  test('stands on the key at its issuer, once they were named to people (I13)', async () => {
    const { ask, mark, announced, issued, secret } = await leakedStage();
    const dated = await ask();
    expect(dated).toEqual({ is: 'dated', key: issued.name, by: BY });
    expect(deleteByText(dated)).toBe(`${issued.name} is deleted from ${spokenMinuteBy(BY)} on, whoever serves it then`);
    expect(await mark()).toBe(isoOf(BY));
    expect(announced).toMatchObject([
      {
        type: 'secret.warning',
        because: 'shared_key_dies',
        secret,
        why: `its leaked key ${issued.name} is deleted at ${spokenMinute(BY)} at the latest, as somebody asked for, and other secrets serve it: ${ADS.secret} version 4 (current)`,
      },
    ]);
  });

  test('is set without an alert where nobody is known who serves it', async () => {
    const { ask, mark, announced } = await leakedStage();
    await ask({ shared: NOT_SHARED });
    expect([await mark(), announced]).toEqual([isoOf(BY), []]);
  });

  test('is of the key that an emergency on its way replaces', async () => {
    const { ask, mark, annotate, handle } = await leakedStage({ urgent: undefined });
    const journal = inFlight({ phase: 'promoted', emergency: true, from: 1, fromKey: handle });
    await annotate({ [ROTATION_ANNOTATION]: writeJournal(journal) });
    expect(await ask()).toMatchObject({ is: 'dated' });
    expect(await mark()).toBe(isoOf(BY));
  });

  test('is set on nothing where people cannot be told, or the issuer refuses', async () => {
    const { ask, mark, ports, issuer, secret, order } = await leakedStage();
    const { secretPolicy } = order();
    const deaf = { announce: () => Promise.reject(new Fault('unavailable', 'no topic')) };
    const request = { secret, project: SCOPE.project, minutes: 60, secretPolicy, shared: SHARED };
    const dated = await deleteBy({ ...ports, announcer: deaf }, request);
    expect(dated).toEqual({ is: 'not_dated', why: 'no topic' });
    expect(deleteByText(dated)).toMatch(/^no date was set .* while others serve it: no topic$/);
    issuer.failNext('mark', new Fault('denied', 'you may not'));
    expect(await ask()).toEqual({ is: 'not_dated', why: 'you may not' });
    expect(await mark()).toBeUndefined();
  });

  test('is needed by no key that is gone, nor by one that did not leak', async () => {
    const { ask, issuer, issued, annotate } = await leakedStage();
    await issuer.delete(issued.name, false);
    expect(await ask()).toEqual({ is: 'gone' });
    for (const fields of [{ urgent: undefined }, { deletedAt: ago(1) }]) {
      const plain = await leakedStage(fields);
      const dated = await plain.ask();
      expect([dated, deleteByText(dated), await plain.mark()]).toEqual([{ is: 'gone' }, undefined, undefined]);
    }
    await annotate({ [RETIRED_ANNOTATION]: '{"v":9}', [ROTATION_ANNOTATION]: '{"v":9}' });
    expect(await ask()).toEqual({ is: 'gone' });
  });

  test('is set on no key that nobody knows at its issuer', async () => {
    const { ask, annotate } = await leakedStage({ key: undefined });
    expect(await ask()).toEqual({ is: 'not_dated', why: 'where the key of version 1 was made is not known' });
    await annotate({ [ROTATION_ANNOTATION]: writeJournal(inFlight({ phase: 'opened', emergency: true, from: 2 })) });
    expect(await ask()).toEqual({ is: 'not_dated', why: 'where the key of version 2 was made is not known' });
  });

  test('is set on no key of somebody else that an annotation names (I16)', async () => {
    const { ask, issuer, annotate, announced } = await leakedStage();
    const other = { [SECRET_MARK]: 'projects/1/secrets/theirs' };
    const theirs = issuer.plant({ project: SCOPE.project, keyId: 'theirs', annotations: other });
    const key = { name: theirs.name, uid: theirs.uid };
    await annotate({
      [RETIRED_ANNOTATION]: writeRetired([{ version: 1, key, at: NOW, rotation: 'kw-0', urgent: true }]),
    });
    expect(await ask()).toMatchObject({ is: 'not_dated', why: expect.stringContaining('is not proven') });
    expect([(await issuer.look(theirs.name)).annotations, announced]).toEqual([other, []]);
  });
});
