import { CONDITIONS } from '../../core/fleet/condition.ts';
import { parseSecretName } from '../../core/google/resource-names.ts';
import { spokenDuration } from '../../core/values/duration.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { holdersText } from '../listing/holders.ts';
import type { Member } from '../on-record/fleet.ts';
import { sinceOf, whyOf } from '../on-record/spoken-member.ts';
import { markup, type Markup, type Shown } from './markup.ts';
import { since } from './moments.ts';
import { historyId, type OnPage } from './on-page.ts';
import { toneOf } from './tone.ts';

const TITLES = ['Secret', 'Health', 'Checked', 'Reads', 'Key', 'Age', 'Next rotation', 'Last rotation'];

/**
 * Every secret that is shown, in groups by condition, the worst first. Narrow screens show each row as a block of its own, which takes
 * a table's meaning away unless its roles are written out.
 */
export function fleetList(page: OnPage): Markup {
  const { shown, fleet } = page;
  const projects = new Set(fleet.members.map(({ project }) => project)).size;
  const rows = shown.map((member, at) => ({ condition: member.condition, made: row(member, at, page, projects > 1) }));
  const groups = CONDITIONS.flatMap((condition) => {
    const own = rows.filter((one) => one.condition === condition);
    if (own.length === 0) return [];
    const head = markup`<tr class="group" role="row"><th role="rowheader" scope="rowgroup" colspan="${TITLES.length}"><span class="dot"></span>${condition} <span class="quiet">${own.length}</span></th></tr>`;
    return [
      markup`<tbody id="${condition}" class="${toneOf(condition)}" role="rowgroup">${head}${own.map(({ made }) => made)}</tbody>`,
    ];
  });
  const titles = TITLES.map((title) => markup`<th role="columnheader" scope="col">${title}</th>`);
  return markup`<table role="table" aria-labelledby="fleet-title"><thead role="rowgroup"><tr role="row">${titles}</tr></thead>${groups}</table>`;
}

function row(member: Member, at: number, page: OnPage, isOneOfMany: boolean): Markup {
  const { now, holders } = page;
  const { secret, project, managed, aliases, key } = member;
  const id = parseSecretName(secret);
  const place = [
    ...(isOneOfMany ? [project] : []),
    ...(id === undefined || id.location === 'global' ? [] : [id.location]),
  ];
  const where = place.length === 0 ? undefined : markup`<span class="quiet">${place.join('/')}/</span>`;
  const own = managed ? undefined : markup` <span class="quiet">not managed</span>`;
  const others = holders.get(secret);
  const shared =
    others === undefined ? undefined : markup`<p class="why">a key of it serves others too: ${holdersText(others)}</p>`;
  const name = markup`<th role="rowheader" scope="row">${where}${id?.secret ?? secret}${own}</th>`;
  const kind = key.kind === undefined ? NONE : key.kind;
  const age = key.madeAt === undefined ? NONE : markup`${key.by === 'version' ? '≥ ' : ''}${since(key.madeAt, now)}`;
  return markup`<tr role="row">${name}${cell('health', markup`${healthOf(member, now)}${shared}`)}${cell('checked', checkedOf(member, now))}${cell('reads', aliases['current'] ?? 'latest')}${cell('kind', kind)}${cell('age', age)}${cell('due', dueOf(member, now))}${cell('last', lastOf(member, at, now))}</tr>`;
}

/** For whoever sees the dash, and for whoever hears it. */
const NONE = markup`<span class="quiet" aria-hidden="true">–</span><span class="heard">none</span>`;
const UNKNOWN = markup`<span class="quiet">not known</span>`;

function cell(name: string, shown: Shown): Markup {
  return markup`<td role="cell" class="${name}">${shown}</td>`;
}

function healthOf(member: Member, now: Instant): Markup {
  const began = sinceOf(member);
  const why = whyOf(member);
  const reason = why === '-' ? undefined : markup`<p class="why">${why}</p>`;
  return markup`<span class="state">${member.condition}</span>${began === undefined ? '' : markup` ${since(began, now)}`}${reason}`;
}

function checkedOf({ checked }: Member, now: Instant): Shown {
  if (checked.is === 'at') return markup`${since(checked.at, now)} ago`;
  return checked.is === 'unknown' ? UNKNOWN : 'never';
}

function dueOf({ due }: Member, now: Instant): Shown {
  if (due.is !== 'at') return due.is === 'never' ? 'never' : UNKNOWN;
  return due.at <= now ? 'now' : markup`in ${since(due.at, now)}`;
}

function lastOf({ history }: Member, at: number, now: Instant): Shown {
  const [last] = history ?? [];
  if (last === undefined) return history === undefined ? UNKNOWN : NONE;
  const came = last.outcome === 'completed' ? '' : `, ${last.outcome}`;
  return markup`<a href="#${historyId(at)}">${spokenDuration(elapsedMs(last.at, now))} ago${came}</a>`;
}
