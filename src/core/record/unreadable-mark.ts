import type { Form } from './form.ts';

/** Annotation with the mark of the texts that a person was told of: a number in base 36, such as `1k2j3h`. */
const ANNOUNCED_ANNOTATION = 'key-warden.unread';

/** The form of the mark, which any text is. */
export const ANNOUNCED_FORM: Form<string | null> = {
  annotation: ANNOUNCED_ANNOTATION,
  absent: null,
  read: (text) => ({ value: text }),
  write: (mark) => mark,
  rewrite: (_text, _before, mark) => mark,
};
