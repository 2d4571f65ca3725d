import { listOf, type Decoder } from '../values/decode.ts';
import { parseRecord, type JsonRecord } from '../values/json.ts';
import { jsonForm, readingOf, removedWhen, type Form } from './form.ts';

/** The form of a list of at most so many, the first of them where there are more; an empty one has no annotation. */
export function listForm<T>(
  decoder: Decoder<T>,
  json: (item: T) => JsonRecord,
  most: number,
): Omit<Form<readonly T[]>, 'annotation'> {
  const read = (annotation: string): readonly T[] | undefined => {
    const value = parseRecord(annotation);
    return value?.['v'] === 1 ? listOf(decoder)(value['list'])?.value : undefined;
  };
  return {
    absent: [],
    ...removedWhen(
      (list: readonly T[]) => list.length === 0,
      jsonForm<readonly T[]>({
        read: (annotation) => readingOf(read(annotation)),
        json: (list) => ({ v: 1, list: list.slice(0, most).map(json) }),
      }),
    ),
  };
}
