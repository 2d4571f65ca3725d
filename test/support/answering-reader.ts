import { Fault } from '../../src/app/ports/fault.ts';
import type { GoogleReader, Look, Seen } from '../../src/app/ports/google-reader.ts';

/** A reader that gives these answers one after the other, and nothing after them; `looks` is what it was asked. */
export function readerOf(...answers: readonly (Seen | Fault)[]) {
  const looks: Look[] = [];
  const reader: GoogleReader = {
    read(look) {
      const answer = answers[looks.push(look) - 1] ?? { json: {} };
      return answer instanceof Fault ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { reader, looks };
}
