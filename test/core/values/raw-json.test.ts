import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf, membersOf } from '../../../src/core/values/raw-json.ts';

describe('the members of an object', () => {
  test('come byte for byte, in their order, with names read', () => {
    const text = ' { "a" : 1.0 ,"b,}":"x\\"]}{" , "\\u0061":[1,{"c":2}],"a":{"d":":"}}';
    expect(membersOf(text)).toEqual([
      { name: 'a', text: '"a" : 1.0', value: '1.0' },
      { name: 'b,}', text: '"b,}":"x\\"]}{"', value: '"x\\"]}{"' },
      { name: 'a', text: '"\\u0061":[1,{"c":2}]', value: '[1,{"c":2}]' },
      { name: 'a', text: '"a":{"d":":"}', value: '{"d":":"}' },
    ]);
  });

  test.each(['{}', ' { } ', '[]', '[1,{"a":2}]', '"a:b"', '1e2'])('of %s are none', (text) => {
    expect(membersOf(text)).toEqual([]);
  });

  test('put together again say the same, whatever the object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object, undefined, 1);
        const members = membersOf(text);
        expect(JSON.parse(`{${members.map((member) => member.text).join(',')}}`)).toEqual(JSON.parse(text));
        for (const { name, value } of members)
          expect(JSON.parse(value)).toEqual(JSON.parse(JSON.stringify(object[name])));
      }),
    );
  });
});

describe('the items of a list', () => {
  test('come byte for byte', () => {
    expect(itemsOf('[ 1.0,"a,b" , [2,3],{"c":[4]} ]')).toEqual(['1.0', '"a,b"', '[2,3]', '{"c":[4]}']);
    expect(itemsOf('[ ]')).toEqual([]);
    expect(itemsOf('"a,b"')).toEqual([]);
  });

  test('put together again say the same, whatever the list', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (list) => {
        const text = JSON.stringify(list, undefined, 1);
        expect(JSON.parse(`[${itemsOf(text).join(',')}]`)).toEqual(JSON.parse(text));
      }),
    );
  });
});
