import { parseKeyName } from '../../core/google/resource-names.ts';
import type { HeldAt, SeenKey } from '../../core/inventory/seen-key.ts';
import { plural } from '../../core/values/plural.ts';
import { isoOf } from '../../core/values/time.ts';
import type { Inventory } from './inventory.ts';

/** What people call a key: the name that they gave it, or else its id. */
export function titleOf({ displayName, name }: Pick<SeenKey, 'displayName' | 'name'>): string {
  return displayName === '' ? (parseKeyName(name)?.id ?? name) : displayName;
}

/** The type of a key in words, with its account and what it may call. */
export function kindText({ kind, account, reach }: SeenKey): string {
  const type = { standard: 'legacy (AIza…)', auth: 'auth', unknown: 'type not known' }[kind];
  const bound = account === undefined ? [] : [`as ${account.email}`];
  return [type, ...bound, ...(reach === 'unrestricted' ? ['unrestricted'] : [])].join(', ');
}

/** When a key was last used, as far as that was measured. */
export function lastUseText({ lastUse }: SeenKey): string {
  switch (lastUse.is) {
    case 'used':
      return `used ${isoOf(lastUse.at).slice(0, 10)}`;
    case 'unused':
      return `not used since ${isoOf(lastUse.since).slice(0, 10)}`;
    case 'not_measured':
      return 'use not measured';
  }
}

const NAMED_MAX = 3;

/** Who holds a key: a few by name. */
export function heldText({ held }: SeenKey): string {
  switch (held.is) {
    case 'held': {
      const secrets = [...Map.groupBy(held.places, ({ secret }) => secret).values()];
      const named = secrets.slice(0, NAMED_MAX).flatMap((places) => placeTexts(places));
      const more = secrets.length - named.length;
      return [...named, ...(more === 0 ? [] : [plural(more, 'more secret')])].join(', ');
    }
    case 'kept_for_purge':
      return `kept for the purge of ${held.secret}`;
    case 'nobody':
      return 'no secret';
    case 'not_looked':
      return `not known: ${held.why}`;
  }
}

/** One secret, with all the names by which its versions are read. */
function placeTexts(places: readonly HeldAt[]): readonly string[] {
  const read = [...new Set(places.flatMap(({ readAs }) => readAs))];
  const names = read.length === 0 ? ['by its number alone'] : read;
  return places
    .slice(0, 1)
    .map(({ secret, managed }) => `${secret} (${[...names, ...(managed ? [] : ['not managed'])].join(', ')})`);
}

/** What is said where no key shows anything: beside a place that nobody looked at it is no all-clear. */
export function nothingText({ notLooked }: Pick<Inventory, 'notLooked'>, what: 'all' | 'news'): string {
  const nothing = what === 'news' ? 'nothing is new' : 'nothing is to be mended';
  return `, and ${nothing}${notLooked.length === 0 ? '' : ' as far as was looked'}`;
}
