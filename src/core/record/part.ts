import type { Form } from './form.ts';

/**
 * One part of what is remembered of a secret. `unreadable`: a newer release wrote it, or a person did: it is left alone.
 * `text` is the annotation; there is none where nothing was remembered.
 */
export type Part<T> =
  | { readonly is: 'read'; readonly value: T; readonly text?: string | undefined }
  | { readonly is: 'unreadable'; readonly why: string; readonly text: string };

/** The part that an annotation holds. */
export function partOf<T>(form: Form<T>, text: string | null | undefined): Part<T> {
  if (text === undefined || text === null) return { is: 'read', value: form.absent };
  const reading = form.read(text);
  return 'value' in reading ? { is: 'read', value: reading.value, text } : { is: 'unreadable', why: reading.why, text };
}

/** The value of a part; `undefined` where it is unreadable. */
export function valueOf<T>(part: Part<T>): T | undefined {
  return part.is === 'read' ? part.value : undefined;
}
