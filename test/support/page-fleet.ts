import type { Fleet, Member } from '../../src/app/on-record/fleet.ts';
import { worstFirst } from '../../src/app/on-record/worst-first.ts';
import type { OnPage } from '../../src/app/page/on-page.ts';
import { changeOf, recordOf, type RecordChange } from '../../src/core/record/secret-record.ts';
import { DAY_MS, HOUR_MS, plusMs } from '../../src/core/values/time.ts';
import { inFlight, JANE, NOW } from './journals.ts';
import { memberOf, sick } from './members.ts';

const CI = { who: 'ci@ops-prod.iam.gserviceaccount.com', is: 'verified' } as const;
const before = (hours: number) => plusMs(NOW, -hours * HOUR_MS);

/** A fleet as large teams have it: most of it well, and one secret in each kind of trouble. */
export function pageFleet(count = 48, more: readonly Partial<Member>[] = []): OnPage {
  const troubled = [...TROUBLES, ...more];
  const others = Math.max(0, count - troubled.length);
  const well = Array.from({ length: others }, (_, at) => wellMember(at));
  return pageOfMembers([...troubled.map((fields) => memberOf({ ...rotated(30), ...fields })), ...well]);
}

/** A page about these members, which a check has seen four minutes ago. */
export function pageOfMembers(members: readonly Member[], fields: Partial<Fleet> = {}): OnPage {
  const runs = {
    byScope: new Map([['search-prod/global', plusMs(NOW, -4 * 60_000)]]),
    unknown: new Map(),
    lookedBackTo: plusMs(NOW, -7 * DAY_MS),
  };
  const fleet: Fleet = { members, found: [], problems: [], barred: false, runs, freezes: [], notLooked: 0, ...fields };
  return { fleet, shown: worstFirst(members), stops: [], holders: new Map(), now: NOW };
}

/** A fleet with freezes, and with rotations that wait for a second person or that one has approved. */
export function heldBackPage(count?: number): OnPage {
  const page = pageFleet(count);
  const freeze = { id: 'f1', owner: 'release-team', reason: 'the end of the year', until: plusMs(NOW, 9 * DAY_MS) };
  const freezes = [
    { ...freeze, about: { all: true } },
    { ...freeze, about: { project: 'ads-prod', number: '2' }, by: JANE },
    { ...freeze, about: { secret: 'projects/123456789012/secrets/billing-app' }, reason: 'it moves to Berlin' },
  ];
  const parts = { version: 'a', wishes: 'b', keys: 'c', holders: 'd', consumers: 'e' };
  const asked = { plan: '0123456789ab', parts, at: before(1), until: plusMs(before(1), 3 * DAY_MS) };
  const approved = { by: { who: 'ops@example.com', is: 'verified' }, at: before(0.5) } as const;
  const waiting = [
    { ...asked, secret: 'projects/123456789012/secrets/mail-batch', by: JANE },
    { ...asked, secret: 'projects/123456789012/secrets/maps-tiles', approved },
  ];
  return { ...page, fleet: { ...page.fleet, freezes }, waiting };
}

/** What a listed secret is whose annotations say this. */
export function foundWith(change: RecordChange): Fleet['found'][number] {
  const written = Object.entries(changeOf(recordOf({}), change));
  const annotations = Object.fromEntries(written.flatMap(([name, text]) => (text === null ? [] : [[name, text]])));
  const sighting = {
    name: 'projects/123456789012/secrets/search-app',
    etag: '"1"',
    labels: {},
    annotations,
    record: recordOf(annotations),
    aliases: {},
    createdAt: before(900),
  };
  return { sighting, project: 'search-prod' };
}

function named(id: string): Partial<Member> {
  return { secret: `projects/123456789012/secrets/${id}` };
}

/** What a rotation left behind that ended so many days ago. */
function rotated(days: number): Partial<Member> {
  const at = before(24 * days);
  return {
    key: { kind: 'auth', madeAt: before(24 * days + 2), by: 'key' },
    due: { is: 'at', at: plusMs(at, 90 * DAY_MS) },
    history: [
      { id: 'kw-20261120-7f3a', reason: 'age', outcome: 'completed', from: 4, to: 5, at },
      { id: 'kw-20260821-11c0', reason: 'request', by: CI, outcome: 'completed', from: 3, to: 4, at: before(24 * 95) },
    ],
    retired: [{ version: 4, at, rotation: 'kw-20261120-7f3a', deletedAt: at, provenDeadAt: plusMs(at, HOUR_MS) }],
    aliases: { current: 5, previous: 4 },
  };
}

const AREAS = ['search', 'ads', 'maps', 'mail', 'docs', 'shop', 'chat', 'video'];
const PARTS = ['app', 'batch', 'index', 'ranker', 'backend', 'worker'];

function wellMember(at: number): Member {
  const area = AREAS[at % AREAS.length] ?? '';
  const part = PARTS[Math.floor(at / AREAS.length) % PARTS.length] ?? '';
  const round = Math.floor(at / (AREAS.length * PARTS.length));
  const id = `${area}-${part}${round === 0 ? '' : `-${round}`}`;
  return memberOf({
    ...rotated(3 + ((at * 7) % 84)),
    ...named(id),
    health: { is: 'well', episodes: 0, since: before(400) },
  });
}

const DRAINING = { use: 'busy', requests: 1204, at: before(1) } as const;
const TROUBLES: readonly Partial<Member>[] = [
  { ...named('billing-app'), condition: 'leaked', leaks: [{ version: 3, at: before(7), told: 1, toldAt: before(1) }] },
  { ...named('old-app'), condition: 'failing', health: sick({ openedAt: before(70), announcedAt: before(22) }) },
  {
    ...named('public-repo'),
    condition: 'failing',
    health: sick({ cause: 'key_leaked', openedAt: before(0.4), announcedAt: before(0.4) }),
  },
  {
    ...named('partner-feed'),
    condition: 'held',
    rotation: inFlight({
      phase: 'promoted',
      held: true,
      openedAt: before(430),
      since: before(400),
      from: 2,
      to: 3,
      drain: { use: 'busy', requests: 88, at: before(1), overdue: true },
      why: 'the old key is still used after the longest drain: 88 requests in the last 6 hours',
    }),
  },
  {
    ...named('crawler'),
    condition: 'suspect',
    health: { is: 'suspect', episodes: 0, since: before(0.2), cause: 'rate_limited', runs: 2 },
  },
  {
    ...named('image-tags'),
    condition: 'mending',
    health: {
      is: 'mending',
      episodes: 1,
      episode: sick({ openedAt: before(20), announcedAt: before(19) }).episode,
      goodRuns: 1,
    },
  },
  {
    ...named('new-service'),
    condition: 'unchecked',
    checked: { is: 'never' },
    history: [],
    key: {},
    due: { is: 'unknown' },
  },
  {
    ...named('mail-batch'),
    condition: 'rotating',
    rotation: inFlight({
      phase: 'promoted',
      since: before(9),
      by: JANE,
      drain: DRAINING,
      notBefore: plusMs(NOW, 4 * HOUR_MS),
    }),
  },
  {
    ...named('maps-tiles'),
    condition: 'rotating',
    rotation: inFlight({ phase: 'verified', since: before(0.02), reason: 'age' }),
  },
  {
    ...named('docs-summary'),
    condition: 'rotating',
    rotation: inFlight({ phase: 'promoted', since: before(2), by: CI, from: 7, to: 8 }),
  },
  { ...named('video-captions'), condition: 'due', due: { is: 'at', at: before(3) } },
];
