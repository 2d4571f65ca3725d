import { describe, expect, test } from '@jest/globals';
import { fleetList } from '../../../src/app/page/fleet-list.ts';
import { flights } from '../../../src/app/page/flights.ts';
import { histories } from '../../../src/app/page/histories.ts';
import { htmlOf, type Markup } from '../../../src/app/page/markup.ts';
import { openOf } from '../../../src/app/page/open-trouble.ts';
import { timeline } from '../../../src/app/page/timeline.ts';
import { totals, verdictOf } from '../../../src/app/page/totals.ts';
import { DAY_MS, plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, inFlight, JANE, NOW } from '../../support/journals.ts';
import { episode, memberOf, sick } from '../../support/members.ts';
import { foundWith, pageFleet, pageOfMembers } from '../../support/page-fleet.ts';

/** What a reader of the page reads, without the markup around it. */
const words = (piece: Markup) =>
  htmlOf(piece)
    .replaceAll(/<title>.*?<\/title>|<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const NO_RUN = { is: 'no run', says: '' } as const;
const RUN = { is: 'run', says: '' } as const;

describe('the verdict', () => {
  const of = (
    conditions: readonly ('well' | 'failing' | 'rotating' | 'unchecked')[],
    watch: typeof RUN | typeof NO_RUN = RUN,
    problems: readonly string[] = [],
  ) => verdictOf({ members: conditions.map((condition) => memberOf({ condition })), problems }, watch);

  test('is well only where somebody looks', () => {
    expect(of(['well', 'rotating'])).toBe('All 2 secrets are well.');
    expect(of(['well'])).toBe('The one secret is well.');
    expect(of(['well', 'well'], NO_RUN)).toMatch(/^Nothing is wrong on record, and nobody can say/);
    expect(of([])).toBe('No managed secret was found.');
  });

  test('counts what is not', () => {
    expect(of(['failing', 'well', 'well'])).toBe('1 of 3 secrets is not well.');
    expect(of(['failing', 'failing', 'well'])).toBe('2 of 3 secrets are not well.');
    expect(of(['failing', 'failing'])).toBe('None of the 2 secrets is well.');
    expect(of(['failing'])).toBe('The one secret is not well.');
  });

  test('calls nothing bad that nobody looked at', () => {
    expect(of(['unchecked', 'unchecked'])).toBe('No check has looked at any of the 2 secrets.');
    expect(of(['unchecked'])).toBe('No check has looked at the one secret.');
    expect(of(['unchecked', 'failing'])).toBe('None of the 2 secrets is well.');
  });

  test('says where not all could be seen', () => {
    const barred = ['project ads-prod: secretmanager.secrets.list is missing'];
    expect(of(['well', 'well'], RUN, barred)).toBe('All 2 secrets that could be seen are well.');
    expect(of(['failing', 'well'], RUN, barred)).toBe('1 of 2 secrets that could be seen is not well.');
    expect(of([], RUN, barred)).toBe('No secret could be seen.');
  });
});

describe('the totals', () => {
  test('lead to what is listed, and only count what is not', () => {
    const { fleet } = pageFleet();
    const html = htmlOf(totals(fleet, new Set(['failing'])));
    expect(html).toContain('<li class="bad"><a href="#failing"><b>2</b> failing</a></li>');
    expect(html).toContain('<li class="well"><b>37</b> well</li>');
    const widths = [...html.matchAll(/width="([\d.]+)%"/g)].map(([, width]) => Number(width));
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(100, 1);
  });
});

describe('what is open', () => {
  test('is every episode, leak, hold and outage, the oldest first', () => {
    const { episode: outage } = sick({ openedAt: ago(50), cause: 'network' });
    const found = [
      foundWith({ outage: { is: 'sick', episodes: 1, episode: outage } }),
      foundWith({ projectOutage: { is: 'sick', episodes: 1, episode: { ...outage, openedAt: ago(40) } } }),
    ];
    const shown = [
      memberOf({ health: sick() }),
      memberOf({ health: { is: 'mending', episodes: 1, episode: episode({ openedAt: ago(6) }), goodRuns: 1 } }),
      memberOf({ leaks: [{ version: 3, at: ago(7), told: 0 }] }),
      memberOf({ rotation: inFlight({ phase: 'promoted', held: true, since: ago(8) }) }),
      memberOf({ rotation: inFlight({ phase: 'promoted' }) }),
      memberOf({ health: undefined, leaks: undefined, rotation: undefined }),
    ];
    const open = openOf({ found }, shown);
    expect(open.map(({ says }) => says)).toEqual([
      expect.any(String),
      expect.any(String),
      'its rotation waits for a person: promoted',
      'version 3 leaked, and its key is not proven dead',
      'the key was deleted; works again',
      'the key was deleted',
    ]);
    expect(open.map(({ about }) => about).slice(0, 2)).toEqual(['the fleet', 'project search-prod']);
    expect(open.map(({ tone }) => tone)).toEqual(['bad', 'bad', 'bad', 'bad', 'doubt', 'bad']);
  });
});

describe('the timeline', () => {
  const at = (hours: number, fields: object = {}) => ({
    about: 'projects/p/secrets/search-app',
    says: 'the key was deleted',
    tone: 'bad' as const,
    at: ago(hours),
    ...fields,
  });
  const bars = (piece: Markup) =>
    [...htmlOf(piece).matchAll(/<rect x="([\d.]+)%" y="4" width="([\d.]+)%"/g)].map(([, x]) => Number(x));

  test('reaches back as far as the oldest, with as much room for each stretch', () => {
    expect(bars(timeline([at(0.5)], NOW))).toEqual([50]);
    expect(bars(timeline([at(6), at(1), at(0)], NOW))).toEqual([0, 50, 100]);
    expect(words(timeline([at(6)], NOW))).toMatch(/^ 1 h 6 h now /);
  });

  test('what is older than a year begins at the rim, and what a clock put into the future at the other', () => {
    expect(bars(timeline([at(24 * 900), at(-2)], NOW))).toEqual([0, 100]);
  });

  test('says in words what it shows, and when people were last told', () => {
    const piece = timeline([at(5, { toldAt: ago(1) }), at(2)], NOW);
    expect(words(piece)).toContain(
      'search-app the key was deleted for 5 h, since 2027-01-15 03:00 ; last told 2027-01-15 07:00',
    );
    expect(htmlOf(piece).match(/<circle/g)).toHaveLength(1);
  });

  test('forty lines are enough: the rest is in the list', () => {
    const many = Array.from({ length: 43 }, () => at(5));
    expect(bars(timeline(many, NOW))).toHaveLength(40);
    expect(words(timeline(many, NOW))).toContain('3 younger ones in the list below.');
  });
});

describe('rotations under way', () => {
  test('those that wait for a person come first, then by how far they have come', () => {
    const members = [
      memberOf({ secret: 'projects/p/secrets/c', rotation: inFlight({ phase: 'drained' }) }),
      memberOf({ secret: 'projects/p/secrets/b', rotation: inFlight({ phase: 'opened', to: undefined }) }),
      memberOf({ secret: 'projects/p/secrets/b2', rotation: inFlight({ phase: 'opened', since: ago(1) }) }),
      memberOf({ secret: 'projects/p/secrets/a', rotation: inFlight({ phase: 'promoted', held: true, why: 'busy' }) }),
      memberOf({ rotation: undefined }),
    ];
    const text = words(flights(members, members, NOW));
    expect(text).toMatch(/ a promoted, held for .* busy .* b2 opened for 1 h .* b opened for .* c drained for /);
    expect(text).toContain('waits for a person; then next: confirm');
    expect(text).toContain('version 1 → a new one');
  });

  test('each says what it waits for, what is measured, and who asked', () => {
    const rotation = inFlight({
      phase: 'promoted',
      emergency: true,
      by: JANE,
      steered: { to: 'cut-off-users', by: JANE },
      notBefore: ahead(3),
      drain: { use: 'busy', requests: 1, at: ago(1) },
    });
    const text = words(flights([], [memberOf({ rotation })], NOW));
    expect(text).toContain('emergency, version 1 → 2 · next: confirm from 2027-01-15 11:00');
    expect(text).toContain('use of the old key: busy, 1 request ( 2027-01-15 07:00 )');
    expect(text).toContain('asked for by jane (claimed) · cut-off-users asked for by jane (claimed)');
    const unmeasured = inFlight({ drain: { use: 'unknown', at: ago(1) } });
    expect(words(flights([], [memberOf({ rotation: unmeasured })], NOW))).toContain('old key: unknown (');
  });

  test('none is said, and more than sixty are a list', () => {
    expect(words(flights([], [], NOW))).toContain('No rotation is under way.');
    const many = Array.from({ length: 62 }, () => memberOf({ rotation: inFlight() }));
    expect(words(flights(many, many, NOW))).toContain('2 more rotations in the list below.');
  });
});

describe('the list of secrets', () => {
  test('is in groups, the worst first, each row with what status says of it', () => {
    const text = words(fleetList(pageFleet()));
    expect(text).toMatch(
      /Last rotation leaked 1 billing-app leaked 7 h version 3: the leaked key is not proven dead 1 h ago 5 auth 30 d in 60 d 30 d ago failing 2 /,
    );
    expect(text).toMatch(/well 37 search-app well 17 d 1 h ago 5 auth 3 d in 87 d 3 d ago /);
  });

  test('what is not known is said not to be, and never left for well', () => {
    const text = words(
      fleetList(
        pageOfMembers([
          memberOf({
            checked: { is: 'unknown', why: 'denied' },
            due: { is: 'never' },
            aliases: {},
            history: undefined,
          }),
          memberOf({
            checked: { is: 'never' },
            due: { is: 'at', at: ago(1) },
            key: { madeAt: ago(48), by: 'version' },
          }),
        ]),
      ),
    );
    expect(text).toContain('search-app well not known latest – none – none never not known');
    expect(text).toContain('search-app well never 2 – none ≥ 2 d now – none');
  });

  test('says where a secret is, where that is a question, and who shares its key', () => {
    const regional = memberOf({
      secret: 'projects/p/locations/europe-west1/secrets/b',
      project: 'ads-prod',
      managed: false,
    });
    const page = pageOfMembers([memberOf(), regional, memberOf({ secret: 'not a name', history: [] })]);
    const holders = new Map([[regional.secret, [{ secret: 'projects/p/secrets/c', version: 4, readAs: 'current' }]]]);
    const text = words(fleetList({ ...page, holders }));
    expect(text).toContain(' search-prod/ search-app ');
    expect(text).toContain(' ads-prod/europe-west1/ b not managed well ');
    expect(text).toContain('a key of it serves others too: projects/p/secrets/c version 4 (current)');
    expect(text).toContain(' not a name ');
  });

  test('a last rotation that came to nothing says so, and leads to the history', () => {
    const past = { id: 'kw-1', reason: 'age', outcome: 'abandoned', from: 1, at: ago(30) } as const;
    const member = memberOf({ history: [past] });
    expect(htmlOf(fleetList(pageOfMembers([member])))).toContain('<a href="#history-0">30 h ago, abandoned</a>');
    expect(htmlOf(histories([member]))).toContain('<ol id="history-0">');
  });
});

describe('the history', () => {
  test('says who, why, and what became of the old key, one under way included', () => {
    const at = plusMs(NOW, -2 * DAY_MS);
    const member = memberOf({
      rotation: inFlight({ by: JANE, held: true, why: 'busy', to: undefined }),
      history: [{ id: 'kw-0', reason: 'age', outcome: 'completed', from: 1, to: 2, at }],
    });
    const text = words(histories([member, memberOf()]));
    expect(text).toContain(
      'search-app 2 rotations 2027-01-15 07:00 held version 1 → none kw-1-abc Who jane (claimed) Why request: busy',
    );
    expect(text).toContain(
      '2027-01-13 08:00 completed version 1 → 2 kw-0 Who the worker by itself Why age Old key version 1 is off',
    );
    expect(words(histories([memberOf({ rotation: inFlight() })]))).toContain('under way');
  });

  test('says where none is on record', () => {
    expect(words(histories([memberOf()]))).toContain('No rotation is on record.');
  });
});
