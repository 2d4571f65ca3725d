import { unusualUseIn } from '../../../src/core/use/judge-use.ts';
import { DAY_MS, HOUR_MS, plusMs } from '../../../src/core/values/time.ts';
import { LAST_HOUR, pastOf, seeded, storyOf, type Kind } from '../../support/fabricated-use.ts';

/** What is measured of a kind of key. */
export interface Measured {
  readonly kind: Kind;
  readonly keys: number;
  readonly days: number;
  /** Episodes that were told although nothing happened but chance. */
  readonly falseAlarms: number;
  /** Of as many thefts of this many requests an hour, for six hours from a random hour on: told ones, and the mean hours until then. */
  readonly thefts: readonly { readonly perHour: number; readonly told: number; readonly hours: number }[];
}

export interface Fleet {
  readonly keys: number;
  readonly days: number;
  readonly thefts: readonly number[];
  readonly roughness: number;
}

const PAST_DAYS = 38;
const THEFT_HOURS = 6;

/** Looks at every hour of some weeks of many keys, as the scheduled run would. */
export function measured(kind: Kind, { keys, days, thefts, roughness }: Fleet): Measured {
  let falseAlarms = 0;
  const found = thefts.map((perHour) => ({ perHour, told: 0, hours: 0 }));
  const from = plusMs(LAST_HOUR, -(PAST_DAYS + days) * DAY_MS);
  const hours = Array.from({ length: days * 24 }, (_, at) => plusMs(LAST_HOUR, (at + 1 - days * 24) * HOUR_MS));
  for (let key = 0; key < keys; key += 1) {
    const story = storyOf(kind, key + 1, from, (PAST_DAYS + days) * 24, roughness);
    const past = pastOf(story, LAST_HOUR, from);
    falseAlarms += hours.filter((hour) => unusualUseIn(past, [hour]) !== undefined).length;
    const random = seeded(key + 77_777);
    for (const theft of found) {
      const begins = hours[Math.floor(random() * (hours.length - THEFT_HOURS))] ?? LAST_HOUR;
      const stolen = Array.from({ length: THEFT_HOURS }, (_, at) => plusMs(begins, at * HOUR_MS));
      const robbed = pastOf(
        (hour) => (story(hour) ?? 0) + (stolen.includes(hour) ? theft.perHour : 0),
        LAST_HOUR,
        from,
      );
      const told = stolen.findIndex((hour) => unusualUseIn(robbed, [hour]) !== undefined);
      if (told < 0) continue;
      theft.told += 1;
      theft.hours += told + 1;
    }
  }
  return {
    kind,
    keys,
    days,
    falseAlarms,
    thefts: found.map(({ perHour, told, hours: all }) => ({ perHour, told, hours: told === 0 ? 0 : all / told })),
  };
}
