import { describe, expect, test } from '@jest/globals';
import { crc32c } from '../../../src/core/values/crc32c.ts';

describe('CRC-32C', () => {
  test('gives the check value of the Castagnoli polynomial', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  test('agrees with the test vectors of RFC 3720, appendix B.4', () => {
    const counting = Uint8Array.from({ length: 32 }, (_, at) => at);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(counting)).toBe(0x46dd794e);
    expect(crc32c(counting.toReversed())).toBe(0x113fdb5c);
  });

  test('of nothing is 0', () => {
    expect(crc32c(new Uint8Array())).toBe(0);
  });
});
