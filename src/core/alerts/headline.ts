import { CAUSES } from '../causes/causes.ts';
import { namesOf } from '../health/finding.ts';
import { plural } from '../values/plural.ts';
import { parseKeyName } from '../google/resource-names.ts';
import { NEWS_TITLES } from './inventory-notice.ts';
import type { InventoryNews } from './notices/fleet-notices.ts';
import type { Notice, NoticeType } from './notice.ts';
import type { VersionChanged } from './notices/secret-notices.ts';

/** What happened, in a few words; of a trouble, its cause says more. */
export const HAPPENED = {
  'key.unhealthy': 'key refused',
  'key.unclear': 'key cannot be judged',
  'key.reminder': 'still failing',
  'key.recovered': 'works again',
  'key.unwatched': 'no longer watched',
  'key.unusual': 'unusual use of the key',
  'key.aging': 'key is getting old',
  'rotation.planned': 'rotation planned',
  'rotation.proposed': 'rotation waits for approval',
  'secret.warning': 'secret needs care',
  'version.changed': 'version changed by somebody else',
  'name.unproven': 'a name on record is not proven',
  'silence.set': 'alerts silenced',
  'silence.ended': 'alerts heard again',
  'freeze.set': 'rotations frozen',
  'freeze.ended': 'rotations no longer frozen',
  'rotation.due': 'rotation is due and waits',
  'rotation.opened': 'rotation begun',
  'rotation.promoted': 'new key in use',
  'rotation.completed': 'rotation completed',
  'rotation.abandoned': 'rotation abandoned',
  'rotation.held': 'rotation waits for a person',
  'leak.open': 'leaked key is not proven dead',
  'leak.closed': 'leaked key is dead',
  'leak.reported': 'key is reported as leaked',
  'inventory.news': 'inventory of the keys',
  'fleet.outage': 'many keys fail alike',
  'fleet.recovered': 'no longer fail alike',
  'fleet.heartbeat': 'check ran',
  'alert.test': 'test alert',
} as const satisfies Record<NoticeType, string>;

/** The first line of every message, enough to know whether to get up: whom, what, where, and whether a new key is any use. */
export function headlineOf(notice: Notice): string {
  const parts = [subjectOf(notice), happened(notice), projectOf(notice), useOfNewKey(notice)];
  return parts.filter((part) => part !== undefined).join(' · ');
}

function subjectOf(notice: Notice): string | undefined {
  if ('finding' in notice) return namesOf(notice.finding).secret;
  if (notice.type === 'secret.warning') return `${namesOf(notice).secret}${andMore(notice.others)}`;
  if ('secret' in notice) return namesOf(notice).secret;
  switch (notice.type) {
    case 'fleet.outage':
      return `${notice.failing} of ${plural(notice.seen, 'secret')}`;
    case 'fleet.recovered':
      return plural(notice.seen, 'secret');
    case 'inventory.news':
      return 'kind' in notice ? countedKeys(notice) : plural(notice.count, 'finding');
    case 'fleet.heartbeat':
    case 'key.unusual':
    case 'leak.reported':
    case 'alert.test':
      return undefined;
  }
}

/** A single key by its id, which is how people find it. */
function countedKeys({ count, findings }: InventoryNews): string | undefined {
  const [first] = findings;
  if (first?.key === undefined) return undefined;
  return count === 1 ? (parseKeyName(first.key)?.id ?? first.key) : plural(count, 'key');
}

/** After the name of one of several that a notice is about. */
export function andMore(others: number): string {
  return others === 0 ? '' : ` and ${others} more`;
}

function happened(notice: Notice): string {
  const { type } = notice;
  if (type === 'key.unhealthy' || type === 'key.unclear') return CAUSES[notice.episode.cause].title;
  if (type === 'key.reminder') return `still: ${CAUSES[notice.episode.cause].title}`;
  if (type === 'fleet.outage') return CAUSES[notice.cause].title;
  if (type === 'rotation.held' && notice.recalls !== undefined) return 'rotation still waits for a person';
  if (type === 'version.changed') return `version ${notice.version} ${CHANGE[notice.change]} by somebody else`;
  if (type === 'inventory.news' && 'kind' in notice) return NEWS_TITLES[notice.kind];
  return HAPPENED[type];
}

function projectOf(notice: Notice): string | undefined {
  if ('finding' in notice) return notice.finding.project;
  return 'project' in notice ? notice.project : undefined;
}

/** Where nothing was learned about the key, nothing is said of a new one either. */
function useOfNewKey(notice: Notice): string | undefined {
  if (notice.type === 'fleet.outage') return 'no key is blamed';
  if (notice.type !== 'key.unhealthy' && notice.type !== 'key.reminder') return undefined;
  const { verdict, newKeyHelps } = CAUSES[notice.episode.cause];
  return verdict === 'unclear' || newKeyHelps ? undefined : 'a new key will not help';
}

/** What somebody did to a version. */
export const CHANGE = {
  disabled: 'disabled',
  destroyed: 'destroyed',
  destruction_scheduled: 'set to be destroyed',
} as const satisfies Record<VersionChanged['change'], string>;
