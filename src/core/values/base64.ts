/** The bytes in a base64 text, one character each, or `undefined` where it is none; white space in it is passed over. */
export function bytesInBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined; // not base64: the one error that it throws
  }
}
