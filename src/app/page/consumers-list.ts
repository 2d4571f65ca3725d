import { isLeftBehind, type Reading, type Sees } from '../../core/consumers/reading.ts';
import { plural } from '../../core/values/plural.ts';
import type { Instant } from '../../core/values/time.ts';
import { readersInWords, SEEN } from '../consumers/in-short.ts';
import { KINDS, reasonOf } from '../consumers/readers-json.ts';
import type { ReadersOfMany } from '../consumers/readers.ts';
import type { Member } from '../on-record/fleet.ts';
import { markup, type Markup } from './markup.ts';
import { since } from './moments.ts';
import { placeText } from './place-text.ts';
import type { Tone } from './tone.ts';

/** More than this in one list are folded: whoever looks for one secret should not scroll past all the others. */
const UNFOLDED_MAX = 20;

interface Read {
  readonly secret: string;
  readonly readings: readonly Reading[];
  /** Consumers that a rotation leaves behind, however many ways each reads in. */
  readonly left: number;
}

/** Who reads each secret that is shown, and when they see a new version; secrets of which a rotation leaves somebody behind come first. */
export function consumersList(
  shown: readonly Member[],
  { of, notLooked }: Pick<ReadersOfMany, 'of' | 'notLooked'>,
  now: Instant,
): Markup {
  const all = shown.map(({ secret }): Read => {
    const readings = of.get(secret)?.readings ?? [];
    return { secret, readings, left: new Set(readings.filter(isLeftBehind).map(({ consumer }) => consumer.name)).size };
  });
  const read = all.filter(({ readings }) => readings.length > 0);
  const open = read.reduce((sum, { readings }) => sum + readings.length, 0) <= UNFOLDED_MAX;
  const ordered = read.toSorted((a, b) => Number(b.left > 0) - Number(a.left > 0));
  const others = unread(
    all.filter(({ readings }) => readings.length === 0),
    notLooked.length > 0,
  );
  return markup`<p class="quiet">Looked up on Cloud Run and Cloud Functions for this page. What else reads a secret, such as GKE, App Engine or Compute Engine, is not seen.</p>${gaps(notLooked)}${ordered.map((one) => readersOfOne(one, open, now))}${others}`;
}

function readersOfOne({ secret, readings, left }: Read, open: boolean, now: Instant): Markup {
  const named = readings.map(({ consumer: { name }, sees }) => ({ name, sees }));
  const behind = left === 0 ? undefined : markup` <span class="state">${left} left behind</span> · `;
  const head = markup`<b>${placeText(secret)}</b>${behind ?? ' '}<span class="quiet">${readersInWords(named)}</span>`;
  return folded(
    left === 0 ? 'well' : 'bad',
    head,
    readings.map((reading) => told(reading, now)),
    open,
  );
}

const TONES = {
  'at once': 'well',
  'next instance': 'well',
  'next deploy': 'doubt',
  never: 'bad',
} as const satisfies Record<Sees, Tone>;

function told(reading: Reading, now: Instant): Markup {
  const { consumer, read, sees } = reading;
  const { kind, name, region, project } = consumer;
  const reason = isLeftBehind(reading)
    ? markup`<p class="why">left behind by a rotation: ${reasonOf(reading)}</p>`
    : undefined;
  return markup`<li class="${TONES[sees]}"><p><b>${KINDS[kind]} ${placeIn(name)}</b> <span class="quiet">${region}, ${project}</span> sees a new version <span class="state">${SEEN[sees]}</span></p>${reason}<dl><dt>Reads</dt><dd>${read.version} in the ${read.by} ${read.at}</dd><dt>Runs</dt><dd>${runsOf(reading, now)}</dd></dl></li>`;
}

/** A consumer by its own id, without where it is. */
function placeIn(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function runsOf({ running, since: began, share = 0, tag }: Reading, now: Instant): Markup {
  if (running === undefined) return markup`not now: what starts next reads it so`;
  const long = began === undefined ? undefined : markup` for ${since(began, now)}`;
  const part = share > 0 && share < 100 ? `, with ${share} % of the traffic` : '';
  return markup`${running}${long}${part}${tag === undefined ? '' : `, under the tag ${tag}`}`;
}

/** What could not be looked at, which is never the same as nobody. */
function gaps(notLooked: readonly string[]): Markup | undefined {
  if (notLooked.length === 0) return undefined;
  const head = markup`<span class="state">Not looked at: ${plural(notLooked.length, 'place')}</span>`;
  const lines = notLooked.map((line) => markup`<li>${line}</li>`);
  return folded('doubt', head, lines, notLooked.length <= UNFOLDED_MAX);
}

function unread(secrets: readonly Read[], hasGaps: boolean): Markup | undefined {
  if (secrets.length === 0) return undefined;
  const doubt = hasGaps ? ', and not everything was looked at' : '';
  const head = markup`${plural(secrets.length, 'secret')} of which no reader was found${doubt}`;
  const lines = secrets.map(({ secret }) => markup`<li>${placeText(secret)}</li>`);
  return folded('quiet', head, lines, secrets.length <= UNFOLDED_MAX);
}

function folded(tone: Tone | 'quiet', head: Markup, lines: readonly Markup[], open: boolean): Markup {
  const list = markup`<summary>${head}</summary><ol>${lines}</ol>`;
  return open
    ? markup`<details class="${tone}" open>${list}</details>`
    : markup`<details class="${tone}">${list}</details>`;
}
