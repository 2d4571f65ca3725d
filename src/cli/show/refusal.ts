import type { Stop } from './terminal.ts';

/** Name and version of the JSON that a command ends with that was given `--json` and could not do what was asked. */
const ERROR_SCHEMA = 'key-warden/error/v1';

/** What a script reads where a command came to nothing: the exit code, what stood in the way, and what to do next. */
export interface RefusalJson {
  readonly schema: typeof ERROR_SCHEMA;
  readonly code: Stop['code'];
  readonly what: string;
  readonly next: string;
}

/** `next` for those that name no step of their own. */
const NEXT = {
  1: 'look what is on record: key-warden status',
  2: 'see how it is written: key-warden --help',
  3: 'try again; what was done is on record: key-warden status',
  4: 'look which settings are used and where they come from: key-warden config show',
  5: 'look what waits for a person: key-warden status',
} as const satisfies Record<Stop['code'], string>;

export function refusalJson({ code, what, next }: Pick<Stop, 'code' | 'what' | 'next'>): RefusalJson {
  return { schema: ERROR_SCHEMA, code, what, next: next ?? NEXT[code] };
}
