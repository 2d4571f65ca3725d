import { describe, expect, test } from '@jest/globals';
import { fitsBreadth, heldBackBy, wideHeardAgainAt } from '../../../src/core/alerts/held-back.ts';
import { NOTICE_TYPES } from '../../../src/core/alerts/notice.ts';
import {
  breadthText,
  breadthWords,
  isAlike,
  isWideAt,
  wideProblem,
  withWideSilence,
  type Breadth,
  type WideSilence,
} from '../../../src/core/record/wide-silence.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { annotationOf, changeOf, recordOf } from '../../../src/core/record/secret-record.ts';
import { utf8Bytes } from '../../../src/core/values/utf8.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, HOUR_MS, JANE, NOW } from '../../support/journals.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { eventFor, NOTICES, ORIGIN, SECRET } from '../../support/notices.ts';

const about = (breadth: Breadth, fields: Partial<WideSilence> = {}): WideSilence => ({
  about: breadth,
  owner: 'ada',
  reason: 'a move',
  until: ahead(4),
  by: JANE,
  ...fields,
});
const PROJECT = about({ project: 'demo-project' });

describe('a silence that is about more than one secret', () => {
  const partOfText = (text: string) => recordOf({ [annotationOf('wideSilences')]: text }).wideSilences;
  const written = (wideSilences: readonly WideSilence[]) =>
    changeOf(recordOf({}), { wideSilences })[annotationOf('wideSilences')] ?? '';

  test('is read as it was written', () => {
    const silences = [PROJECT, about({ outages: true }), about({ cause: 'billing_disabled', project: 'p' })];
    expect(valueOf(partOfText(written(silences)))).toEqual(silences);
    expect(valueOf(recordOf({}).wideSilences)).toEqual([]);
  });

  test('leaves room on its secret for as many as there may be, however long their words are', () => {
    const longest = about(
      { outages: true, cause: 'service_account_disabled' as Cause, project: 'p'.repeat(30) },
      { owner: '€'.repeat(900), reason: '€'.repeat(900), by: { who: '€'.repeat(900), is: 'verified' } },
    );
    expect(utf8Bytes(written(Array.from({ length: 20 }, () => longest)))).toBeLessThan(16_000);
  });

  test.each(['hush', '{"v":2,"silences":[]}', '{"v":1,"silences":[{"about":{"cause":"of_tomorrow"},"owner":"a"}]}'])(
    'that is not understood silences nothing: %s',
    (annotation) => {
      expect(partOfText(annotation)).toMatchObject({ is: 'unreadable', why: 'it is not in a form this release reads' });
    },
  );

  test.each<[WideSilence, string | undefined]>([
    [PROJECT, undefined],
    [about({ outages: true }, { until: ahead(7 * 24) }), undefined],
    [about({ outages: true }, { until: ahead(7 * 24 + 1) }), 'more than 7 days'],
    [about({}), 'names neither'],
    [about({ cause: 'key_leaked' }), 'secret by secret'],
    [about({ outages: true }, { until: ago(1) }), 'is past'],
    [about({ outages: true }, { owner: ' ' }), 'names no owner'],
  ])('is refused where the pipeline would not take it: %j', (silence, why) => {
    expect(wideProblem(silence, NOW)).toEqual(why === undefined ? undefined : expect.stringContaining(why));
  });

  test('takes the place of one about the same; those long over go, and twenty are enough', () => {
    const other = about({ cause: 'timeout' });
    expect(withWideSilence([PROJECT, other], { ...PROJECT, owner: 'grace' }, NOW)).toEqual([
      other,
      { ...PROJECT, owner: 'grace' },
    ]);
    const [over, longOver] = [
      about({ outages: true }, { until: ago(1) }),
      about({ outages: true }, { until: ago(200) }),
    ];
    expect(withWideSilence([over, longOver], PROJECT, NOW)).toEqual([over, PROJECT]);
    expect(withWideSilence([{ ...over, about: { project: 'x' } }], PROJECT, NOW)).toHaveLength(2);
    const many = Array.from({ length: 20 }, (_, at) => about({ project: `p-${at}` }));
    expect(withWideSilence(many, PROJECT, NOW)).toBeUndefined();
    const past = many.map((one) => ({ ...one, until: ago(1) }));
    expect(withWideSilence(past, PROJECT, NOW)).toEqual([...past.slice(1), PROJECT]);
    expect(isAlike({ outages: false }, {})).toBe(true);
  });

  test('is said in words, and as the command takes it', () => {
    expect([breadthText({ outages: true }), breadthWords({ outages: true })]).toEqual(['outages', ['--outages']]);
    expect(breadthText({ project: 'p' })).toBe('everything in p');
    expect(breadthWords({ project: 'p' })).toEqual(['--everything', '--project', 'p']);
    expect(breadthText({ outages: true, cause: 'timeout', project: 'p' })).toBe('outages by “no answer in time” in p');
    expect(breadthWords({ cause: 'timeout' })).toEqual(['--cause', 'timeout']);
  });
});

describe('what is told of it', () => {
  const told = { secret: SECRET, project: 'ops', owner: 'ada', reason: 'a move', until: ahead(4), by: JANE, at: NOW };
  const wide = { ...told, about: 'outages in p' };

  test('says what it is about, when it is set and when it is ended', () => {
    const set = eventOf({ type: 'silence.set', ...wide }, ORIGIN).data;
    expect(set.why).toContain('channels are quiet about outages in p until ');
    expect(set.detail).toMatchObject({ about: 'outages in p' });
    expect(eventOf({ type: 'silence.ended', ...wide }, ORIGIN).data.why).toContain(
      'that about outages in p would have lasted until ',
    );
    expect(eventOf({ type: 'silence.ended', ...told }, ORIGIN).data.why).toContain('it would have lasted until ');
  });

  test('is how to set it, beside an outage, where there is a place for it', () => {
    const outage = NOTICES['fleet.outage'];
    const quiet = (project?: string) => eventOf({ ...outage, project }, { ...ORIGIN, wideSilences: true }).data.quiet;
    expect(quiet()).toBe('key-warden silence --outages --until 4h --reason acknowledged');
    expect(quiet('p')).toBe('key-warden silence --outages --project p --until 4h --reason acknowledged');
    expect(eventOf(outage, ORIGIN).data.quiet).toBeUndefined();
  });
});

describe('it holds back', () => {
  const held = (silence: WideSilence) =>
    NOTICE_TYPES.filter((type) => heldBackBy([silence], eventFor(type).data, NOW) !== undefined);
  const elsewhere = { ...eventFor('key.unclear').data, project: 'other' };

  test('of a project what is no leak, no end, and no hold that is told for the first time', () => {
    expect(held(PROJECT)).toEqual([
      'key.unclear',
      'key.aging',
      'rotation.planned',
      'secret.warning',
      'version.changed',
      'rotation.due',
      'rotation.opened',
      'rotation.promoted',
    ]);
    expect(heldBackBy([PROJECT], elsewhere, NOW)).toBeUndefined();
  });

  test('of outages what is about no single secret, and nothing else', () => {
    expect(held(about({ outages: true }))).toEqual(['fleet.outage']);
    expect(held(about({ outages: true, cause: 'egress_blocked' }))).toEqual(['fleet.outage']);
    expect(held(about({ outages: true, project: 'demo-project' }))).toEqual([]);
  });

  test('of a cause what has it, wherever that is', () => {
    expect(held(about({ cause: 'timeout' }))).toEqual(['key.unclear']);
    expect(heldBackBy([about({ cause: 'timeout' })], elsewhere, NOW)).toBeDefined();
    expect(held(about({ cause: 'key_leaked' }))).toEqual([]);
  });

  test('nothing once it is over, and nothing where it ends later than one may', () => {
    expect(held({ ...PROJECT, until: ago(1) })).toEqual([]);
    expect(held({ ...PROJECT, until: ahead(24 * 365) })).toEqual([]);
    expect(isWideAt(PROJECT, NOW)).toBe(true);
  });

  test('until then: what was announced before is said again', () => {
    const over = { ...PROJECT, until: ago(1) };
    const trouble = { secret: SECRET, project: 'demo-project', cause: 'timeout' } as const;
    expect(wideHeardAgainAt([over, PROJECT, about({ cause: 'overloaded' })], trouble, NOW)).toEqual([ago(1)]);
    expect(wideHeardAgainAt([over], trouble, plusMs(NOW, -HOUR_MS + 30_000))).toEqual([]);
    expect(fitsBreadth(about({ outages: true }), trouble)).toBe(false);
  });
});
