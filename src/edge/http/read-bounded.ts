import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

/** What could be read of a body, and why there is no more: the bound, the time limit, or a broken connection. */
export interface BoundedText {
  readonly text: string;
  readonly cut?: 'size' | 'time' | 'broken';
}

/** Reads at most `bytesMax` within `withinMs` and closes the stream. Never rejects: half a body can be evidence. */
export function readBounded(stream: Readable, bytesMax: number, withinMs: number): Promise<BoundedText> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const settle = (cut?: 'size' | 'time' | 'broken'): void => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8');
      resolve(cut === undefined ? { text } : { text, cut });
    };
    const stop = (cut: 'size' | 'time'): void => {
      settle(cut);
      stream.destroy();
    };
    const timer = setTimeout(() => stop('time'), withinMs);
    stream.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > bytesMax) stop('size');
    });
    stream.once('end', () => settle());
    stream.once('error', () => settle('broken')); // the error could quote addresses, and the text matters more
  });
}
