import { plural } from '../../core/values/plural.ts';
import { spokenDuration } from '../../core/values/duration.ts';
import { DAY_MS, elapsedMs, HOUR_MS, type Instant } from '../../core/values/time.ts';
import { markup, type Markup } from './markup.ts';
import { moment } from './moments.ts';
import type { Open } from './open-trouble.ts';
import { placeText } from './place-text.ts';

/** The axis has as much room for each stretch of the past, so that minutes and months are both seen on it. */
type Stretch = readonly [fromMs: number, toMs: number];

const STRETCHES: readonly Stretch[] = [
  [0, HOUR_MS],
  [HOUR_MS, 6 * HOUR_MS],
  [6 * HOUR_MS, DAY_MS],
  [DAY_MS, 3 * DAY_MS],
  [3 * DAY_MS, 7 * DAY_MS],
  [7 * DAY_MS, 30 * DAY_MS],
  [30 * DAY_MS, 90 * DAY_MS],
  [90 * DAY_MS, 365 * DAY_MS],
];
/** More lines than this are a list, and the list is below. */
const LINES_MAX = 40;

/** What is open as bars on one axis, the oldest first. Each line says the same in words. */
export function timeline(open: readonly Open[], now: Instant): Markup {
  const lines = open.slice(0, LINES_MAX);
  const axis = axisFor(Math.max(...lines.map(({ at }) => elapsedMs(at, now))));
  const rest = open.length - lines.length;
  const more = rest === 0 ? undefined : markup`<p class="quiet">${plural(rest, 'younger one')} in the list below.</p>`;
  return markup`<div class="timeline"><svg class="axis" aria-hidden="true" height="18">${axis.map((mark) => tick(mark, axis))}<text class="last" x="100%" y="13">now</text></svg><ol>${lines.map((one) => line(one, axis, now))}</ol></div>${more}`;
}

function line({ about, says, tone, at, toldAt }: Open, axis: readonly Stretch[], now: Instant): Markup {
  const from = placeOf(elapsedMs(at, now), axis);
  const told = toldAt === undefined ? undefined : placeOf(elapsedMs(toldAt, now), axis);
  const dot = told === undefined ? undefined : markup`<circle cx="${told}%" cy="7" r="3.5"/>`;
  const last = toldAt === undefined ? undefined : markup`; last told ${moment(toldAt)}`;
  return markup`<li class="${tone}"><p><b>${placeText(about)}</b> ${says}</p><svg aria-hidden="true" height="14">${axis.map((mark) => grid(mark, axis))}<rect x="${from}%" y="4" width="${100 - from}%" height="6" rx="3"/>${dot}</svg><p class="quiet">for ${spokenDuration(elapsedMs(at, now))}, since ${moment(at)}${last}</p></li>`;
}

/** As much of the past as the oldest needs; what is older than all of it begins at the rim. */
function axisFor(oldestMs: number): readonly Stretch[] {
  return STRETCHES.filter(([from]) => from === 0 || from < oldestMs);
}

/** In hundredths of the width from the left, where the past is. */
function placeOf(ageMs: number, axis: readonly Stretch[]): number {
  const passed = axis.map(([from, to]) => Math.min(1, Math.max(0, (ageMs - from) / (to - from))));
  return Number((100 - (100 / axis.length) * passed.reduce((sum, part) => sum + part)).toFixed(2));
}

function grid([, mark]: Stretch, axis: readonly Stretch[]): Markup {
  const x = placeOf(mark, axis);
  return markup`<line x1="${x}%" x2="${x}%" y1="0" y2="14"/>`;
}

function tick([, mark]: Stretch, axis: readonly Stretch[]): Markup {
  const x = placeOf(mark, axis);
  return markup`<text class="${x === 0 ? 'first' : 'inner'}" x="${x}%" y="13">${spokenDuration(mark)}</text>`;
}
