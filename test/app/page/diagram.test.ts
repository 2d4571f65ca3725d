import { describe, expect, test } from '@jest/globals';
import { diagram } from '../../../src/app/page/diagram.ts';
import { placesOf, waysOf } from '../../../src/app/page/diagram-places.ts';
import { htmlOf } from '../../../src/app/page/markup.ts';
import { PHASES } from '../../../src/core/record/phases.ts';
import { ROTATION } from '../../../src/core/rotation/rotation.ts';

const places = placesOf();
const ways = waysOf(places);
const told = ways.map(({ from, to, act, outcome }) => `${from.phase} --${act} ${outcome}--> ${to.phase}`);

describe('the state diagram is made from the one table', () => {
  test('each phase has one place, and no two stand in the same', () => {
    expect(places.map(({ phase }) => phase)).toEqual(PHASES);
    const taken = places.flatMap(({ lane, first, last }) =>
      Array.from({ length: last - first + 1 }, (_, at) => `${lane}/${first + at}`),
    );
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('each cell of the table that leads elsewhere is a way, and there is no other', () => {
    const cells = PHASES.flatMap((phase) =>
      (['done', 'refused'] as const).flatMap((outcome) => {
        const { act, [outcome]: to } = ROTATION[phase];
        return to === phase || to === 'held' ? [] : [`${phase} --${act} ${outcome}--> ${to}`];
      }),
    );
    expect(told).toEqual(cells);
    expect(told).toHaveLength(14);
  });

  test('a way that goes aside meets the phase that it leads to', () => {
    for (const { from, to, runs } of ways.filter((way) => way.runs === 'aside')) {
      expect(runs).toBe('aside');
      expect(to.first <= from.first && from.last <= to.last).toBe(true);
    }
  });
});

describe('what is drawn', () => {
  const html = htmlOf(
    diagram(
      new Map([
        ['resting', { count: 40, held: 0 }],
        ['promoted', { count: 3, held: 1 }],
        ['verified', { count: 2, held: 0 }],
      ]),
    ),
  );

  test('says in its name where how many are, for those who do not see it', () => {
    expect(html.match(/aria-label="[^"]*Secrets in each: 40 resting; 3 promoted, 1 held; 2 verified\."/g)).toHaveLength(
      2,
    );
  });

  test('marks phases in which something is, and those in which something waits for a person', () => {
    const [wide = '', tall = ''] = html.split('</svg>');
    for (const picture of [wide, tall]) {
      expect(picture).toMatch(/<g class="stuck">.{1,120}promoted<\/text><text[^>]*>3, 1 held</);
      expect(picture).toMatch(/<g class="busy">.{1,120}verified<\/text><text[^>]*>2</);
      expect(picture).toMatch(/<g class="rest">.{1,120}resting<\/text><text[^>]*>40</);
      expect(picture.match(/<g class="empty">/g)).toHaveLength(PHASES.length - 3);
      expect(picture.match(/<polyline/g)).toHaveLength(ways.length);
    }
  });

  test('stays within its picture, on wide and on narrow screens', () => {
    const pictures = [...html.matchAll(/viewBox="0 0 (\d+) (\d+)" role="img"(.*?)<\/svg>/g)];
    expect(pictures).toHaveLength(2);
    for (const [, width, height, drawn = ''] of pictures)
      for (const [, x, y, w, h] of drawn.matchAll(
        /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
      )) {
        expect(Number(x) + Number(w)).toBeLessThanOrEqual(Number(width));
        expect(Number(y) + Number(h)).toBeLessThanOrEqual(Number(height));
      }
  });
});
