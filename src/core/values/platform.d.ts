/** What core asks of its platform beside the language: two pure functions that Node and browsers have. No clock, no I/O. */

/** Base64 to a text with one character for each byte. Throws at what is no base64. */
declare function atob(encoded: string): string;

declare class TextDecoder {
  /** With `ignoreBOM` a byte order mark is read as the character it is. */
  constructor(
    label: 'utf-8' | 'utf-16le' | 'utf-16be',
    options: { readonly ignoreBOM: boolean; readonly fatal?: boolean },
  );
  /** Bytes that are no text are read as U+FFFD, or make it throw when it is `fatal`. */
  decode(bytes: Uint8Array | Uint16Array): string;
}

/** Base64 with padding of a text with one character for each byte. */
declare function btoa(bytes: string): string;
