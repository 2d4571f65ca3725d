import { spokenActor } from '../../core/record/actor.ts';
import { HISTORY_MAX } from '../../core/record/ledger.ts';
import { plural } from '../../core/values/plural.ts';
import type { Member } from '../on-record/fleet.ts';
import { pastRotationsIn, type PastRotation } from '../on-record/past-rotations.ts';
import { markup, type Markup } from './markup.ts';
import { moment } from './moments.ts';
import { historyId } from './on-page.ts';
import { placeText } from './place-text.ts';

/** The rotations on record of each secret that is shown, folded; a link from the list opens them. */
export function histories(shown: readonly Member[]): Markup {
  const folded = shown.flatMap((member, at) => {
    const rotations = pastRotationsIn(member);
    return rotations.length === 0 ? [] : [historyOf(member, rotations, historyId(at))];
  });
  if (folded.length === 0) return markup`<p class="quiet">No rotation is on record.</p>`;
  return markup`<p class="quiet">A secret remembers ${HISTORY_MAX} rotations; older ones are in the log alone.</p>${folded}`;
}

function historyOf({ secret }: Member, rotations: readonly PastRotation[], id: string): Markup {
  return markup`<details><summary><b>${placeText(secret)}</b> <span class="quiet">${plural(rotations.length, 'rotation')}</span></summary><ol id="${id}">${rotations.map(told)}</ol></details>`;
}

function told({ id, outcome, from, to, endedAt, openedAt, by, reason, why, oldKey }: PastRotation): Markup {
  // One that goes on has no end yet.
  const at = [endedAt, openedAt].flatMap((one) => (one === undefined ? [] : [moment(one)]));
  const who = by === undefined ? 'the worker by itself' : spokenActor(by);
  const because = why === undefined ? reason : `${reason}: ${why}`;
  const tone = outcome === 'completed' ? 'well' : outcome === 'held' ? 'bad' : 'doubt';
  return markup`<li class="${tone}"><p>${at} <span class="state">${outcome}</span> version ${from} → ${to ?? 'none'} <span class="quiet">${id}</span></p><dl><dt>Who</dt><dd>${who}</dd><dt>Why</dt><dd>${because}</dd><dt>Old key</dt><dd>${oldKey.says}</dd></dl></li>`;
}
