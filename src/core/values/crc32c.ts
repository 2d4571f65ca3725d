/** CRC-32C (Castagnoli), reflected polynomial: the checksum Secret Manager stores beside every payload. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** Unsigned 32-bit checksum; on the wire Secret Manager writes it as a decimal string (`dataCrc32c`). */
export function crc32c(bytes: Uint8Array): number {
  let checksum = 0xffffffff;
  for (const byte of bytes) checksum = (checksum >>> 8) ^ Number(TABLE[(checksum ^ byte) & 0xff]);
  return (checksum ^ 0xffffffff) >>> 0;
}
