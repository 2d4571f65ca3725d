import { finding, type LintFinding } from './lint-finding.ts';

/** Stored bytes as text, and what is wrong with how they are encoded. */
export interface DecodedBytes {
  readonly text: string;
  readonly findings: readonly LintFinding[];
}

const BYTE_ORDER_MARK = '\ufeff';

/** Reads bytes as UTF-8 or UTF-16; bytes that are neither are read one by one, so that a key among them is still found. */
export function decodeStored(bytes: Uint8Array): DecodedBytes {
  const utf16 = utf16In(bytes);
  const text = utf16 ?? utf8In(bytes);
  if (text === undefined) {
    const says = `the value (${bytes.length} bytes) is not text: it holds bytes that no request header can carry`;
    return {
      text: latin1In(bytes),
      findings: [finding('binary', says, 'find out what was stored here; ')],
    };
  }
  const marked = text.startsWith(BYTE_ORDER_MARK);
  return {
    text: marked ? text.slice(1) : text,
    findings: [
      ...(utf16 === undefined ? [] : [finding('utf16', 'the value is stored as UTF-16', UTF16_CURE)]),
      ...(marked && utf16 === undefined ? [finding('byte_order_mark', 'the value starts with a byte order mark')] : []),
    ],
  };
}

const UTF16_CURE = 'a PowerShell redirect does that; ';

/** With its mark, in either order, or bare where every other byte is zero; half a character at the end is dropped. */
function utf16In(bytes: Uint8Array): string | undefined {
  const low = lowByteOf(bytes);
  if (low === undefined) return undefined;
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode(Number(bytes[at + low]) | (Number(bytes[at + 1 - low]) << 8));
  return text;
}

/** Which byte of two is the low one. */
function lowByteOf(bytes: Uint8Array): 0 | 1 | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 0;
  if (first === 0xfe && second === 0xff) return 1;
  if (bytes.length < 4) return undefined;
  if (bytes.every((byte, at) => (at % 2 === 1) === (byte === 0))) return 0;
  return bytes.every((byte, at) => (at % 2 === 0) === (byte === 0)) ? 1 : undefined;
}

function utf8In(bytes: Uint8Array): string | undefined {
  try {
    return decodeURIComponent(bytes.reduce((read, byte) => `${read}%${byte.toString(16).padStart(2, '0')}`, ''));
  } catch {
    return undefined; // not UTF-8
  }
}

function latin1In(bytes: Uint8Array): string {
  return bytes.reduce((read, byte) => read + String.fromCharCode(byte), '');
}
