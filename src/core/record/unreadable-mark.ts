import type { Form } from './form.ts';

/** Annotation with marks of what a person was told of: numbers in base 36, such as `1k2j3h policy-0a9s8d`. */
const ANNOUNCED_ANNOTATION = 'key-warden.unread';

/** The form of the mark, which any text is. */
export const ANNOUNCED_FORM: Form<string | null> = {
  annotation: ANNOUNCED_ANNOTATION,
  absent: null,
  read: (text) => ({ value: text }),
  write: (mark) => mark,
  rewrite: (_text, _before, mark) => mark,
};

/** Whether a person was told of that. There is one mark of each kind, such as `policy-1k2j3h`. */
export function isMarked(marks: string | null | undefined, mark: string): boolean {
  return marksIn(marks).includes(mark);
}

/** What follows the beginning of a mark, such as how often something was told. */
export function restOfMark(marks: string | null | undefined, beginning: string): string | undefined {
  return marksIn(marks)
    .find((mark) => mark.startsWith(beginning))
    ?.slice(beginning.length);
}

/** The annotation with one mark more, in place of the earlier one of its kind. */
export function withMark(marks: string | null | undefined, mark: string): string {
  return [...marksIn(marks).filter((one) => kindOf(one) !== kindOf(mark)), mark].join(' ');
}

function marksIn(marks: string | null | undefined): readonly string[] {
  return marks?.split(' ') ?? [];
}

/** What stands before the first dash; nothing for the mark of a journal, a ledger or a history. */
function kindOf(mark: string): string {
  return mark.includes('-') ? mark.slice(0, mark.indexOf('-')) : '';
}
