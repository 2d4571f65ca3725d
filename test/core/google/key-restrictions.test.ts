import { describe, expect, test } from '@jest/globals';
import {
  allowedApis,
  GEMINI_SERVICE,
  lacksGemini,
  restrictionsOfSuccessor,
  toldApis,
} from '../../../src/core/google/key-restrictions.ts';

const GEMINI = { service: GEMINI_SERVICE };
const MAPS = { service: 'maps-backend.googleapis.com', methods: ['Get*'] };
const ADDRESSES = { serverKeyRestrictions: { allowedIps: ['203.0.113.1'] } };

describe('a key for the Gemini API alone', () => {
  test.each([
    ['an unrestricted one', {}],
    ['one with an empty list', { apiTargets: [] }],
    ['one whose list is none', { apiTargets: 'all' }],
  ])('takes the place of %s, and nothing that is named is lost', (_, old) => {
    expect(restrictionsOfSuccessor(old, true)).toEqual({ restrictions: { apiTargets: [GEMINI] }, lost: [] });
  });

  test('names every other service that the old one was good for', () => {
    expect(restrictionsOfSuccessor({ apiTargets: [MAPS, GEMINI, { methods: ['*'] }, 7] }, true)).toEqual({
      restrictions: { apiTargets: [GEMINI] },
      lost: ['maps-backend.googleapis.com', 'a service without a name', 'a service without a name'],
    });
  });

  test('keeps what else restricts the old one, and the methods of its Gemini target', () => {
    const chat = { ...GEMINI, methods: ['google.ai.generativelanguage.v1beta.GenerativeService.*'] };
    const { restrictions } = restrictionsOfSuccessor({ ...ADDRESSES, apiTargets: [chat] }, true);
    expect(restrictions).toEqual({ ...ADDRESSES, apiTargets: [chat] });
  });
});

describe('a key of the old type', () => {
  test.each([
    ['an unrestricted one is for Gemini', {}, [GEMINI]],
    ['Gemini comes to the other services', { apiTargets: [MAPS] }, [MAPS, GEMINI]],
    ['a list with Gemini in it stays as it is', { apiTargets: [GEMINI, MAPS] }, [GEMINI, MAPS]],
  ])('%s', (_, old, apiTargets) => {
    expect(restrictionsOfSuccessor({ ...ADDRESSES, ...old }, false)).toEqual({
      restrictions: { ...ADDRESSES, apiTargets },
      lost: [],
    });
  });
});

describe('the APIs that a key may call', () => {
  const DRIVE = { service: 'drive.googleapis.com' };
  const flag = (api: string) => `--api-target=service=${api}`;

  test.each([
    ['none, where it is unrestricted', {}, [], [], 'is restricted to no API at all'],
    [
      'are all to be repeated',
      { apiTargets: [DRIVE] },
      [DRIVE.service],
      [flag(DRIVE.service)],
      'may call drive.googleapis.com, and not the Gemini API as a whole',
    ],
    [
      'are besides it where it is in the list',
      { apiTargets: [GEMINI, { ...DRIVE, methods: [] }] },
      [GEMINI_SERVICE, DRIVE.service],
      [flag(DRIVE.service)],
      'is in its list',
    ],
    [
      'with methods have no flags, which would lose them',
      { apiTargets: [DRIVE, MAPS] },
      [DRIVE.service, 'maps-backend.googleapis.com (Get*)'],
      undefined,
      'keep the methods',
    ],
    [
      'without a name have none either',
      { apiTargets: [{ methods: 'all' }, 7] },
      ['a service without a name', 'a service without a name'],
      undefined,
      'and not',
    ],
  ])('%s', (_, restrictions, names, flags, says) => {
    const apis = allowedApis(restrictions);
    expect(apis).toEqual(flags === undefined ? { names } : { names, flags });
    expect(toldApis(apis)).toContain(says);
  });

  test.each([
    [true, {}],
    [true, { apiTargets: [DRIVE, 7] }],
    [true, { apiTargets: [{ ...GEMINI, methods: ['x', 7] }] }],
    [true, { apiTargets: [{ ...GEMINI, methods: ['x'] }] }],
    [false, { apiTargets: [DRIVE, GEMINI] }],
  ])('lack the whole of Gemini: %p', (isSo, restrictions) => {
    expect(lacksGemini(restrictions)).toBe(isSo);
  });
});
