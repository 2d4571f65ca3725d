import { describe, expect, test } from '@jest/globals';
import { ACTOR, actorJson, spokenActor } from '../../../src/core/record/actor.ts';

describe('who asked', () => {
  test('is said with how that is known', () => {
    expect(spokenActor({ who: 'jane', is: 'claimed' })).toBe('jane (claimed)');
    expect(spokenActor({ who: 'ci@a.iam.gserviceaccount.com', is: 'verified' })).toBe(
      'ci@a.iam.gserviceaccount.com (verified)',
    );
  });

  test('is nobody where the worker began by itself', () => {
    expect(actorJson(undefined)).toBeUndefined();
  });

  test('is any text where it is claimed, so a key in it is taken out, and it is one short line (I9)', () => {
    const key = 'AI' + 'za' + 'x'.repeat(35);
    const written = JSON.stringify(actorJson({ who: `jane\n${key} ${'€'.repeat(90)}`, is: 'claimed' }));
    expect(written).not.toContain('xxxx');
    expect(written).not.toContain('\\n');
    expect(new TextEncoder().encode(written).length).toBeLessThan(125);
  });

  test.each([{ who: 'jane' }, { who: 1, is: 'claimed' }, { who: 'jane', is: 'known' }, 'jane', null])(
    'is not understood in another form: %j',
    (value) => {
      expect(ACTOR(value)).toBeUndefined();
    },
  );
});
