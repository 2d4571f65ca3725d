import { describe, expect, test } from '@jest/globals';
import { attributeFilter } from '../../../src/emulator/pubsub/filter.ts';

const ATTRIBUTES = { type: 'key.unhealthy', severity: 'critical', 'odd name': 'a "quoted" one' };

describe('a subscription filter', () => {
  test.each([
    ['', true],
    ['  ', true],
    ['attributes:type', true],
    ['attributes:other', false],
    ['attributes:toString', false],
    ['attributes.type = "key.unhealthy"', true],
    ['attributes.type="key"', false],
    ['attributes.type != "key"', true],
    ['attributes.other != "x"', true],
    ['attributes.other = "x"', false],
    ['hasPrefix(attributes.type, "key.")', true],
    ['hasPrefix(attributes.type, "unhealthy")', false],
    ['hasPrefix(attributes.other, "")', false],
    ['NOT attributes:other', true],
    ['-attributes:type', false],
    ['attributes:type AND attributes:severity AND attributes:other', false],
    ['attributes:other OR attributes:nothing OR attributes:type', true],
    ['attributes:other OR attributes:nothing', false],
    ['attributes:type AND (attributes:other OR attributes:severity)', true],
    ['NOT (attributes:type AND attributes:other)', true],
    ['attributes."odd name" = "a \\"quoted\\" one"', true],
    ['attributes:"odd name"', true],
  ])('%j passes: %s', (filter, passes) => {
    expect(attributeFilter(filter)(ATTRIBUTES)).toBe(passes);
  });

  test.each([
    'type = "x"',
    'attributes',
    'attributes.',
    'attributes.type',
    'attributes.type = x',
    'attributes.type =',
    'attributes.type < "x"',
    'attributes:type AND attributes:severity OR attributes:other',
    'attributes:type attributes:severity',
    '(attributes:type',
    'attributes:type)',
    'AND',
    'hasPrefix(type, "x")',
    'hasPrefix attributes.type, "x")',
    'hasPrefix(attributes.type "x")',
    'hasPrefix(attributes.type, x)',
    'attributes.type = "open',
    'hasPrefixes(attributes.type, "x")',
    '=',
  ])('%j is refused', (filter) => {
    expect(() => attributeFilter(filter)).toThrow('Invalid filter');
  });
});
