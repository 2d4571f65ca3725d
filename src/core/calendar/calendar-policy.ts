import { calendarReader, type CalendarReader } from './calendar-reader.ts';
import { FREEZES_EXAMPLE, type FreezeDates } from './freeze-dates.ts';
import type { Window } from './window.ts';
import { WINDOWS_EXAMPLE } from './windows-text.ts';

/** When planned rotations may begin, as people write it; absent where nobody wrote anything. */
export interface CalendarPolicy {
  readonly windows?: string | undefined;
  readonly freezes?: string | undefined;
}

interface Form {
  readonly says: string;
  readonly fallback: string;
  readonly example: string;
}

/** What each field is for; the same in a setting and in a secret’s own policy. */
export const CALENDAR_FORMS = {
  windows: {
    says: 'when planned rotations may begin: days, hours and an IANA time zone, several after `;`. Emergencies, dead keys and going back do not wait',
    fallback: 'at any time',
    example: WINDOWS_EXAMPLE,
  },
  freezes: {
    says: 'whole days on which no planned rotation begins, with an IANA time zone, several after `;`',
    fallback: 'none',
    example: FREEZES_EXAMPLE,
  },
} as const satisfies Record<keyof CalendarPolicy, Form>;

/** What is wrong with a value for a field, or `undefined`. */
export function calendarProblem(
  field: keyof CalendarPolicy,
  value: unknown,
  reader: CalendarReader = calendarReader(),
): string | undefined {
  if (typeof value !== 'string') return `${field} must be text such as ${CALENDAR_FORMS[field].example}`;
  const reading = reader[field](value);
  return 'wrong' in reading ? `${field}: ${reading.wrong}` : undefined;
}

/** What the fields say. What is wrong with one is found where it comes in, so that here it says nothing. */
export function readCalendar(
  { windows, freezes }: CalendarPolicy,
  reader: CalendarReader = calendarReader(),
): {
  readonly windows: readonly Window[] | undefined;
  readonly freezes: readonly FreezeDates[];
} {
  const open = windows === undefined ? undefined : reader.windows(windows);
  const frozen = freezes === undefined ? undefined : reader.freezes(freezes);
  return {
    windows: open !== undefined && 'windows' in open ? open.windows : undefined,
    freezes: frozen !== undefined && 'freezes' in frozen ? frozen.freezes : [],
  };
}
