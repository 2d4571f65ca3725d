import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { DAY_MS, HOUR_MS, type Member, type OwnRulesOf, type Part } from './fleet.ts';
import { START } from './calendar.ts';

/** What a team lays down about planned rotations: in the settings, with a secret, and by hand. */
export interface QuarterRules {
  readonly windows: string;
  readonly freezes: string;
}

/** As the settings say it. What this means stands below a second time, without the product’s own reading. */
export const RULES: QuarterRules = {
  windows: 'mon-fri 08:00-16:00 Europe/Berlin',
  freezes: '2027-02-18..2027-02-23 Europe/Berlin',
};

/** A tighter window in the own policy of every thirteenth secret. */
const NARROW_EVERY = 13;
const NARROW = 'tue,wed 09:00-11:00 Europe/Berlin';

/** Somebody freezes one project by hand, and lifts nothing: it ends in the middle of a Wednesday. */
export const FROZEN_BY_HAND = {
  project: '100000000002',
  from: plusMs(START, 60 * DAY_MS + 10 * HOUR_MS),
  until: plusMs(START, 68 * DAY_MS + 11 * HOUR_MS),
} as const;

/** In this project a second person is asked. */
const ASKS = '100000000003';
/** As a deployment that sets nothing: then a request lapses, and an approval too. */
export const APPROVAL_HOURS = 72;

/** Due from the fifth day on, and until the Sunday on which the clock is put forward. */
export const RULED_FLEET = { keys: 40, keysPerProject: 10, spreadDays: 84, checkEveryMinutes: 1_440 } as const;
export const RULED_FROM = plusMs(START, -86 * DAY_MS);

/** Two keys leak on a Saturday in the freeze of the settings, one of them where approval is asked for; one dies at night. */
export const RULED_PARTS: Readonly<Record<number, Part>> = { 1: 'leaked', 2: 'leaked', 20: 'dead' };

/** What stands in the own policy of a secret. */
export const ownRulesOf: OwnRulesOf = (at, project) => ({
  ...(at % NARROW_EVERY === NARROW_EVERY - 1 ? { windows: NARROW } : {}),
  ...(project === ASKS ? { approval: 1 } : {}),
});

/** When Berlin puts its clock forward in 2027: from there on it is two hours ahead of UTC, before that one. */
export const SUMMER_BEGINS = Date.parse('2027-03-28T01:00:00Z');

/** What a clock on a wall in Berlin shows in this quarter. */
export function inBerlin(at: Instant): { readonly date: string; readonly weekday: number; readonly minute: number } {
  const shown = new Date(at + (at < SUMMER_BEGINS ? 1 : 2) * HOUR_MS);
  return {
    date: shown.toISOString().slice(0, 10),
    weekday: shown.getUTCDay(),
    minute: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
  };
}

/** Whether a planned rotation may begin, by rules that are written down here once more. */
export function mayBegin({ project, own }: Pick<Member, 'project' | 'own'>, at: Instant): boolean {
  const { date, weekday, minute } = inBerlin(at);
  if (weekday === 0 || weekday === 6 || minute < 8 * 60 || minute >= 16 * 60) return false;
  if (date >= '2027-02-18' && date <= '2027-02-23') return false;
  if (project === FROZEN_BY_HAND.project && at >= FROZEN_BY_HAND.from && at < FROZEN_BY_HAND.until) return false;
  if (own.windows === undefined) return true;
  return (weekday === 2 || weekday === 3) && minute >= 9 * 60 && minute < 11 * 60;
}

const STEP_MS = 5 * 60_000;

/** The first moment from which on it may; all rules begin and end at full hours. */
export function firstOpening(member: Pick<Member, 'project' | 'own'>, from: Instant): Instant {
  let at = from;
  while (!mayBegin(member, at)) at = plusMs(at, STEP_MS - (at % STEP_MS));
  return at;
}

/** Near an edge of a window, where a rotation that is early or late by minutes shows. */
export function isNearEdge(at: Instant): boolean {
  const { weekday, minute } = inBerlin(at);
  if (weekday === 0 || weekday === 6) return false;
  const hours = weekday === 2 || weekday === 3 ? [8, 9, 11, 16] : [8, 16];
  return hours.some((hour) => Math.abs(minute - hour * 60) <= 5);
}
