import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

/** What could be read of a body, and why there is no more: the bound, the time limit, or a broken connection. */
export interface BoundedText {
  readonly text: string;
  readonly cut?: 'size' | 'time' | 'broken';
}

/** Reads at most `bytesMax` within `withinMs` and closes the stream. Never rejects: half a body can be evidence. */
export async function readBounded(stream: Readable, bytesMax: number, withinMs: number): Promise<BoundedText> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stream.destroy();
  }, withinMs);
  const soFar = (): string => Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8');
  try {
    for await (const chunk of stream) {
      const piece = Buffer.from(chunk);
      chunks.push(piece);
      bytes += piece.length;
      if (bytes > bytesMax) return { text: soFar(), cut: 'size' };
    }
    return { text: soFar() };
  } catch {
    return { text: soFar(), cut: late ? 'time' : 'broken' }; // the error could quote addresses, and the text matters more
  } finally {
    clearTimeout(timer);
  }
}
