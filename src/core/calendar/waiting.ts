import { readCalendar, type CalendarPolicy } from './calendar-policy.ts';
import { calendarReader, type CalendarReader } from './calendar-reader.ts';
import { isFrozen, isOpen, nextOpening, OPENING_DAYS_MAX, type Calendar } from './opening.ts';
import { DAY_MS, elapsedMs, spokenMinuteBy, type Instant } from '../values/time.ts';

/** Whose calendar it is. */
type CalendarOf = 'settings' | 'own';

/** What a planned rotation waits for, and until when; without `until` it does not open within a year. */
export interface Waiting {
  readonly why: string;
  readonly until: Instant | undefined;
}

/** A freeze that somebody set and that holds now, in words. */
export interface Frozen {
  readonly words: string;
  readonly until: Instant;
}

/** All calendars that a secret’s planned rotations go by: each of them must be open (I17). */
export interface Calendars {
  readonly settings: CalendarPolicy;
  /** The secret’s own, which can only take away. */
  readonly own: CalendarPolicy;
  readonly frozen: readonly Frozen[];
  readonly reader?: CalendarReader | undefined;
}

/** What keeps a planned rotation from beginning at `now`; `undefined` for nothing. */
export function waitingFor(calendars: Calendars, now: Instant): Waiting | undefined {
  const all = calendarOf(calendars);
  if (isOpen(all, now)) return undefined;
  const until = nextOpening(all, now);
  const opens =
    until === undefined
      ? `within ${OPENING_DAYS_MAX} days there is no moment at which one may begin`
      : `the next one may begin ${spokenMinuteBy(until)}`;
  const reasons = [
    ...closedBy('settings', calendars, now),
    ...closedBy('own', calendars, now),
    ...calendars.frozen.map(({ words }) => words),
  ];
  return { why: `${reasons.join('; ')}; ${opens}`, until };
}

/** From a moment on the first at which a planned rotation may begin, as far as is known now; `undefined` for none within a year. */
export function mayBeginFrom(calendars: Calendars, from: Instant): Instant | undefined {
  return nextOpening(calendarOf(calendars), from);
}

/** So long a secret’s own policy may hold back what the settings let begin: what waits longer grows old unseen. */
const OWN_DAYS_MAX = 31;

/** What is wrong with a secret’s own calendar beside the settings’, as it stands at `now`. */
export function ownCalendarProblem(
  { settings, own, reader }: Omit<Calendars, 'frozen'>,
  now: Instant,
): string | undefined {
  if (own.windows === undefined && own.freezes === undefined) return undefined;
  const without = nextOpening(calendarOf({ settings, own: {}, frozen: [], reader }), now);
  if (without === undefined) return undefined;
  const opens = nextOpening(calendarOf({ settings, own, frozen: [], reader }), without, OWN_DAYS_MAX + 1);
  if (opens !== undefined && elapsedMs(without, opens) <= OWN_DAYS_MAX * DAY_MS) return undefined;
  return `windows and freezes: beside those of the settings they let no rotation begin for more than ${OWN_DAYS_MAX} days. Shorten them, or have it frozen with \`key-warden freeze\`, which has an owner and an end`;
}

function calendarOf({ settings, own, frozen, reader = calendarReader() }: Calendars): Calendar {
  const [wide, narrow] = [readCalendar(settings, reader), readCalendar(own, reader)];
  return {
    windows: [wide.windows, narrow.windows].filter((list) => list !== undefined),
    freezes: [...wide.freezes, ...narrow.freezes],
    frozenUntil: frozen.map(({ until }) => until),
  };
}

const WHOSE = { settings: 'the settings', own: 'the secret’s own policy' } as const satisfies Record<
  CalendarOf,
  string
>;

function closedBy(of: CalendarOf, calendars: Calendars, now: Instant): readonly string[] {
  const policy = calendars[of];
  const { windows, freezes } = readCalendar(policy, calendars.reader);
  const open: Calendar = { windows: windows === undefined ? [] : [windows], freezes: [], frozenUntil: [] };
  return [
    ...(isOpen(open, now) ? [] : [`${WHOSE[of]} let rotations begin only ${policy.windows}`]),
    ...(freezes.some((freeze) => isFrozen(freeze, now)) ? [`${WHOSE[of]} freeze ${policy.freezes}`] : []),
  ];
}
