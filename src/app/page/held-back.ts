import { approveLine, standText } from '../../core/alerts/proposed-rotation.ts';
import { spokenActor } from '../../core/record/actor.ts';
import type { Approval } from '../../core/record/approval.ts';
import type { Freeze, FrozenScope } from '../../core/record/freeze.ts';
import { markup, type Markup } from './markup.ts';
import { moment } from './moments.ts';
import { placeText } from './place-text.ts';

/** What people hold back: the freezes that hold now, and the rotations that wait for a second person. `undefined` where there is nothing. */
export function heldBack(freezes: readonly Freeze[], waiting: readonly Approval[]): Markup | undefined {
  if (freezes.length + waiting.length === 0) return undefined;
  return markup`<ul class="flights">${freezes.map(frozen)}${waiting.map(waits)}</ul>`;
}

function frozen({ about, owner, reason, until, by }: Freeze): Markup {
  const set = by === undefined ? undefined : `, set by ${spokenActor(by)}`;
  return markup`<li class="doubt"><p><b>${placeOf(about)}</b> <span class="state">frozen</span> until ${moment(until)}</p><p class="why">${reason}</p><p class="quiet">owned by ${owner}${set}</p></li>`;
}

function placeOf({ project, secret }: FrozenScope): string {
  if (secret !== undefined) return placeText(secret);
  return project === undefined ? 'All secrets' : `All secrets of ${project}`;
}

function waits(one: Approval): Markup {
  const isApproved = one.approved !== undefined;
  const next = isApproved ? undefined : markup`<p class="quiet"><code>${approveLine(one)}</code></p>`;
  return markup`<li class="${isApproved ? 'going' : 'doubt'}"><p><b>${placeText(one.secret)}</b> <span class="state">${isApproved ? 'approved' : 'waits for approval'}</span></p><p class="why">${standText(one)}</p>${next}</li>`;
}
