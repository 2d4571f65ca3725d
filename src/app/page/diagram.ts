import type { Phase } from '../../core/record/phases.ts';
import { placesOf, waysOf, type Place, type Way } from './diagram-places.ts';
import { markup, type Markup } from './markup.ts';

/** How many rotations are in a phase, and how many of them wait for a person. */
export interface InPhase {
  readonly count: number;
  readonly held: number;
}

/** Sizes in points: `along` is the way that time takes, `across` goes from lane to lane. */
interface Sizes {
  readonly name: 'wide' | 'tall';
  readonly along: number;
  readonly across: number;
  readonly gapAlong: number;
  readonly gapAcross: number;
  /** Room before lane 0 for the way round. */
  readonly round: number;
}

const WIDE: Sizes = { name: 'wide', along: 104, across: 52, gapAlong: 58, gapAcross: 52, round: 34 };
const TALL: Sizes = { name: 'tall', along: 50, across: 128, gapAlong: 32, gapAcross: 48, round: 30 };
/** For strokes at the rim. */
const RIM = 4;

type Point = readonly [along: number, across: number];

/**
 * The state diagram of THE TABLE, with how many secrets are in which phase: once for wide screens and once for narrow ones, of which
 * one is seen. What it shows stands in words beside it, and in its name for those who do not see it.
 */
export function diagram(inPhases: ReadonlyMap<Phase, InPhase>): Markup {
  const told = [...inPhases].map(
    ([phase, { count, held }]) => `${count} ${phase}${held === 0 ? '' : `, ${held} held`}`,
  );
  const says = `The phases of a rotation, from resting through its phases to resting again. Secrets in each: ${told.join('; ')}.`;
  return markup`<div class="diagram">${[WIDE, TALL].map((sizes) => drawn(sizes, says, inPhases))}</div>`;
}

function drawn(sizes: Sizes, says: string, inPhases: ReadonlyMap<Phase, InPhase>): Markup {
  const places = placesOf();
  const steps = Math.max(...places.map(({ last }) => last));
  const [width, height] = turned(sizes, [endAlong(sizes, steps) + RIM, startAcross(sizes, 1) + sizes.across + RIM]);
  const { name } = sizes;
  return markup`<svg class="${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${says}"><defs><marker id="tip-${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>${waysOf(places).map((way) => drawnWay(sizes, way))}${places.map((place) => drawnPlace(sizes, place, inPhases.get(place.phase)))}</svg>`;
}

function drawnPlace(sizes: Sizes, place: Place, { count, held }: InPhase = { count: 0, held: 0 }): Markup {
  const { phase, lane, first, last } = place;
  const [x, y] = turned(sizes, [startAlong(sizes, first), startAcross(sizes, lane)]);
  const [width, height] = turned(sizes, [endAlong(sizes, last) - startAlong(sizes, first), sizes.across]);
  const middle = x + width / 2;
  const isEmpty = count === 0;
  const state = isEmpty ? 'empty' : phase === 'resting' ? 'rest' : held > 0 ? 'stuck' : 'busy';
  const number = held === 0 ? String(count) : `${count}, ${held} held`;
  const name = markup`<text class="phase" x="${middle}" y="${y + height / 2 + (isEmpty ? 4.5 : -4)}">${phase}</text>`;
  const counted = isEmpty
    ? undefined
    : markup`<text class="count" x="${middle}" y="${y + height / 2 + 14}">${number}</text>`;
  return markup`<g class="${state}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/>${name}${counted}</g>`;
}

function drawnWay(sizes: Sizes, way: Way): Markup {
  const { points, label } = courseOf(sizes, way);
  const path = points.map((point) => turned(sizes, point).join(' ')).join(' ');
  const act = way.outcome === 'done' ? drawnAct(sizes, way, label) : undefined;
  return markup`<polyline class="${way.outcome}" points="${path}" marker-end="url(#tip-${sizes.name})"/>${act}`;
}

/** The act stands beside the part of its way that runs along, where nothing else is. */
function drawnAct(sizes: Sizes, { act, runs }: Way, label: Point): Markup {
  const [x, y] = turned(sizes, label);
  if (sizes.name === 'wide') return markup`<text class="act" x="${x}" y="${y - 6}">${act}</text>`;
  if (runs === 'round')
    return markup`<text class="act" transform="translate(${x + 13} ${y}) rotate(-90)">${act}</text>`;
  return markup`<text class="act beside" x="${x + 7}" y="${y + 4}">${act}</text>`;
}

/** Where a way goes, and where its label stands. */
interface Course {
  readonly points: readonly Point[];
  readonly label: Point;
}

function courseOf(sizes: Sizes, { from, to, runs }: Way): Course {
  const [begins, ends] = [middleAlong(sizes, from), middleAlong(sizes, to)];
  const lane = startAcross(sizes, from.lane) + sizes.across / 2;
  const [before, behind] = [startAcross(sizes, 0), startAcross(sizes, 0) + sizes.across];
  const straight = (one: number, other: number): Course => ({
    points: [
      [one, lane],
      [other, lane],
    ],
    label: [(one + other) / 2, lane],
  });
  switch (runs) {
    case 'on':
      return straight(endAlong(sizes, from.last), startAlong(sizes, to.first));
    case 'along':
      return straight(startAlong(sizes, from.first), endAlong(sizes, to.last));
    case 'aside':
      return {
        points: [
          [begins, behind],
          [begins, startAcross(sizes, 1)],
        ],
        label: [begins, behind],
      };
    case 'round': {
      const beyond = before - sizes.round + ROUND_TEXT;
      return {
        points: [
          [begins, before],
          [begins, beyond],
          [ends, beyond],
          [ends, before],
        ],
        label: [(begins + ends) / 2, beyond],
      };
    }
    case 'home': {
      const leaves = startAlong(sizes, from.first);
      return {
        points: [
          [leaves, lane],
          [ends, lane],
          [ends, behind],
        ],
        label: [(leaves + ends) / 2, lane],
      };
    }
  }
}

/** The way round leaves room for its label. */
const ROUND_TEXT = 16;

function startAlong({ along, gapAlong }: Sizes, step: number): number {
  return RIM + step * (along + gapAlong);
}

function endAlong(sizes: Sizes, step: number): number {
  return startAlong(sizes, step) + sizes.along;
}

function middleAlong(sizes: Sizes, { first, last }: Place): number {
  return (startAlong(sizes, first) + endAlong(sizes, last)) / 2;
}

function startAcross({ across, gapAcross, round }: Sizes, lane: number): number {
  return round + lane * (across + gapAcross);
}

/** On a wide screen time goes to the right, on a narrow one down. */
function turned({ name }: Sizes, [along, across]: Point): Point {
  return name === 'wide' ? [along, across] : [across, along];
}
