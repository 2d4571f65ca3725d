import { pastUseOf, useAskedFrom, type PastUse } from '../../src/core/use/past-use.ts';
import { HOUR_MS, instantOf, plusMs, type Instant } from '../../src/core/values/time.ts';

/** The end of the last hour of a fabricated past: a Tuesday, 12:00 UTC. */
export const LAST_HOUR = instantOf(Date.parse('2026-11-24T12:00:00Z'));

/** A past as a story says it: requests in the hour that ends then; `undefined` for one in which nothing was counted at all. */
export type Story = (hourEndsAt: Instant) => number | undefined;

/** What Monitoring would have counted of it up to an hour, five weeks back or since the key was first seen. */
export function pastOf(story: Story, until: Instant = LAST_HOUR, seenSince: Instant = useAskedFrom(until)): PastUse {
  const hours: { endsAt: Instant; requests: number }[] = [];
  const counted = new Set<Instant>();
  for (let endsAt = seenSince; endsAt <= until; endsAt = plusMs(endsAt, HOUR_MS)) {
    const requests = story(endsAt);
    if (requests === undefined) continue;
    counted.add(endsAt);
    if (requests > 0) hours.push({ endsAt, requests });
  }
  return pastUseOf({ hours, seenSince }, { counted, until });
}

/** Chance that comes out the same again: 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How many come where so many are expected: Poisson, and for many the normal that it comes near to. */
function thatCome(expected: number, random: () => number): number {
  if (expected > 50) return Math.max(0, Math.round(expected + Math.sqrt(expected) * normal(random)));
  const end = Math.exp(-expected);
  let count = 0;
  for (let product = random(); product > end; product *= random()) count += 1;
  return count;
}

interface Moment {
  /** 0 to 23, in UTC. */
  readonly hour: number;
  readonly isWeekend: boolean;
  /** Weeks since the story began. */
  readonly week: number;
  readonly random: () => number;
}

/** How many requests an hour of each kind of key expects, before chance. */
export const KINDS = {
  'a service of all hours': ({ hour }) => 800 * (1 + 0.5 * Math.sin((hour / 12) * Math.PI)),
  'an office, Monday to Friday': ({ hour, isWeekend }) => (!isWeekend && hour >= 7 && hour < 18 ? 400 : 4),
  'a nightly batch': ({ hour }) => (hour === 2 || hour === 3 ? 5_000 : 0),
  'a batch at a random hour of the night': ({ hour, random }) => (hour < 5 && random() < 0.25 ? 3_000 : 0),
  'growth of a fifth each week': ({ week, hour }) => 200 * 1.2 ** week * (hour > 5 ? 1.3 : 0.4),
  'a weekend product': ({ isWeekend, hour }) => (isWeekend ? 900 : 120) * (hour > 7 ? 1 : 0.3),
  'a developer, in bursts': ({ hour, isWeekend, random }) =>
    !isWeekend && hour >= 8 && hour < 19 && random() < 0.15 ? 300 * random() : 0,
  'jobs without any rhythm': ({ random }) => (random() < 0.06 ? 2_000 * random() : 0),
  'a few requests a day': () => 0.2,
} as const satisfies Readonly<Record<string, (moment: Moment) => number>>;
export type Kind = keyof typeof KINDS;

/** A story of that kind, rougher than chance alone: each hour differs by a factor, as real use does. */
export function storyOf(kind: Kind, seed: number, from: Instant, hours: number, roughness = 0.3): Story {
  const random = seeded(seed);
  const requests = new Map<Instant, number>();
  for (let at = 0; at <= hours; at += 1) {
    const endsAt = plusMs(from, at * HOUR_MS);
    const begun = new Date(endsAt - HOUR_MS);
    const isWeekend = [0, 6].includes(begun.getUTCDay());
    const expected = KINDS[kind]({ hour: begun.getUTCHours(), isWeekend, week: at / 168, random });
    requests.set(endsAt, thatCome(expected * Math.exp(roughness * normal(random)), random));
  }
  return (hour) => requests.get(hour);
}
