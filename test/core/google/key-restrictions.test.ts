import { describe, expect, test } from '@jest/globals';
import { GEMINI_SERVICE, restrictionsOfSuccessor } from '../../../src/core/google/key-restrictions.ts';

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
