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
  const order = utf16OrderOf(bytes);
  if (order === undefined) return undefined;
  return new TextDecoder(order, { ignoreBOM: true }).decode(bytes.subarray(0, bytes.length - (bytes.length % 2)));
}

function utf16OrderOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (bytes.length < 4) return undefined;
  if (bytes.every((byte, at) => (at % 2 === 1) === (byte === 0))) return 'utf-16le';
  return bytes.every((byte, at) => (at % 2 === 0) === (byte === 0)) ? 'utf-16be' : undefined;
}

function utf8In(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8
  }
}

function latin1In(bytes: Uint8Array): string {
  return bytes.reduce((read, byte) => read + String.fromCharCode(byte), '');
}
