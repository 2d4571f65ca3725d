import type { JsonRecord } from '../values/json.ts';
import { carried, type ObjectAt } from './carried.ts';

/** What an annotation says, or why this release does not understand it. */
export type Reading<T> = { readonly value: T } | { readonly why: string };

/** How one part of what is remembered of a secret stands in an annotation. */
export interface Form<T> extends Writing<NonNullable<T>> {
  readonly annotation: string;
  /** What a secret without the annotation remembers; `null` for nothing. */
  readonly absent: T;
}

/** How a value is read from an annotation and written to it. */
interface Writing<T> {
  read(text: string): Reading<T>;
  /** The annotation of a value where nothing was before; `null` where none is kept. */
  write(value: T): string | null;
  /** The annotation of a value in place of a text and of what was read from it. */
  rewrite(text: string, before: T, value: T): string | null;
}

/** A decoder's answer as a reading. */
export function readingOf<T>(value: T | undefined): Reading<T> {
  return value === undefined ? { why: 'it is not in a form this release reads' } : { value };
}

/** A value as one line of versioned JSON. */
interface Json<T> {
  read(text: string): Reading<T>;
  /** In the order in which the fields are written. */
  json(value: T): JsonRecord;
  /** Where an object of the form can stand in two places; else it is what its path says. */
  readonly objectAt?: ObjectAt;
}

/** Reading and writing of JSON: by what this release knows, and with what it carries for others. */
export function jsonForm<T>({ read, json, objectAt }: Json<T>): Writing<T> {
  return {
    read,
    write: (value) => JSON.stringify(json(value)),
    rewrite(text, before, value) {
      const [known, next] = [json(before), json(value)];
      // A person may have written it with blanks: what says the same is left as it is.
      return JSON.stringify(known) === JSON.stringify(next) ? text : carried(text, known, next, objectAt);
    },
  };
}

/** The form whose annotation is removed when it says nothing: neither what this release knows, nor anything carried. */
export function removedWhen<T>(isNothing: (value: T) => boolean, form: Writing<T>): Writing<T> {
  return {
    ...form,
    write: (value) => (isNothing(value) ? null : form.write(value)),
    rewrite(text, before, value) {
      const whole = form.rewrite(text, before, value);
      return isNothing(value) && whole === form.write(value) ? null : whole;
    },
  };
}
