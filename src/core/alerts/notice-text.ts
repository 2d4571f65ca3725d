import { CAUSES, type Cause } from '../causes/causes.ts';
import { namesOf } from '../health/finding.ts';
import { newsText, countText } from './inventory-notice.ts';
import type { Episode } from '../record/health-state.ts';
import { andMore, CHANGE, headlineOf } from './headline.ts';
import { spokenActor } from '../record/actor.ts';
import type { Silence } from '../record/silence.ts';
import type { KeyNotice, KeyUnwatched } from './notices/key-notices.ts';
import type { Notice } from './notice.ts';
import type { RotationNotice, RotationPlanned } from './notices/rotation-notices.ts';
import type { SilenceNotice } from './notices/secret-notices.ts';
import { spokenMinute } from '../values/time.ts';
import { plural } from '../values/plural.ts';

/** A notice as one sentence that can be pasted into a chat. A telephone shows the first hundred characters of it. */
export function noticeText(notice: Notice): string {
  const words = beyondHeadline(notice);
  const versions = 'rotation' in notice ? versionsOf(notice) : '';
  return `${headlineOf(notice)}${versions}${words === '' ? '' : `: ${words}`}.${sinceOf(notice)}`;
}

/** What the headline has not said yet. */
function beyondHeadline(notice: Notice): string {
  const { type } = notice;
  if (type === 'fleet.outage') return beyondTitle(notice.cause, notice.message);
  if (type === 'alert.test' || type === 'fleet.heartbeat') return `${whoOf(notice)}: ${whyOf(notice)}`;
  if (type !== 'key.unhealthy' && type !== 'key.unclear' && type !== 'key.reminder') return whyOf(notice);
  const { cause, message } = notice.finding.diagnosis;
  return cause === notice.episode.cause ? beyondTitle(cause, message) : `the last check: ${foundIn(cause, message)}`;
}

function beyondTitle(cause: Cause, message: string): string {
  const words = unstopped(message);
  return CAUSES[cause].title.startsWith(words) ? '' : words;
}

function sinceOf(notice: Notice): string {
  if (notice.type === 'leak.open') return ` Open since ${spokenMinute(notice.at)}.`;
  if (!('episode' in notice)) return '';
  const began = spokenMinute(notice.episode.openedAt);
  return notice.type === 'key.recovered' || notice.type === 'fleet.recovered'
    ? ` It began at ${began}.`
    : ` Since ${began}.`;
}

/** Whom a notice is about, as people say it. */
export function whoOf(notice: Notice): string {
  switch (notice.type) {
    case 'fleet.outage':
      return `${notice.failing} of ${plural(notice.seen, 'secret')}${inProject(notice)}`;
    case 'fleet.recovered':
      return `${plural(notice.seen, 'secret')}${inProject(notice)}`;
    case 'fleet.heartbeat':
      return `${notice.seen} of ${plural(notice.expected, 'secret')} checked`;
    case 'alert.test':
      return `asked for by ${notice.askedBy}`;
    case 'key.aging':
    case 'rotation.planned':
    case 'rotation.proposed':
    case 'leak.open':
    case 'leak.closed':
    case 'version.changed':
      return `${placeOf(notice)} (version ${notice.version})`;
    case 'rotation.opened':
    case 'rotation.promoted':
    case 'rotation.completed':
    case 'rotation.abandoned':
    case 'rotation.held':
      return `${placeOf(notice)}${versionsOf(notice)}`;
    case 'leak.reported':
      if (!('secret' in notice)) return 'whose key it is, is not known';
      return `${placeOf(notice)} (${notice.version === undefined ? 'a key that it retired' : `version ${notice.version}`})`;
    case 'key.unusual':
      return 'secret' in notice ? `${placeOf(notice)} (version ${notice.version})` : notice.key;
    case 'inventory.news':
      return 'kind' in notice ? `${plural(notice.count, 'key')} in ${notice.project}` : plural(notice.count, 'finding');
    case 'key.unwatched':
    case 'name.unproven':
    case 'silence.set':
    case 'silence.ended':
    case 'freeze.set':
    case 'freeze.ended':
    case 'rotation.due':
      return placeOf(notice);
    case 'secret.warning':
      return `${placeOf(notice)}${andMore(notice.others)}`;
    case 'key.unhealthy':
    case 'key.unclear':
    case 'key.reminder':
    case 'key.recovered': {
      const { version, readAs, keyKind } = notice.finding;
      const known = [
        version === undefined ? readAs : `version ${version} as ${readAs}`,
        ...(keyKind === undefined || keyKind === 'unknown' ? [] : [KEY_KIND[keyKind]]),
      ];
      return `${placeOf(notice.finding)} (${known.join(', ')})`;
    }
  }
}

/** Why, without a full stop: Google’s own words, where there are any, come last. */
export function whyOf(notice: Notice): string {
  switch (notice.type) {
    case 'fleet.outage':
      return `${foundIn(notice.cause, notice.message)}; no key is blamed`;
    case 'fleet.recovered':
      return `${over(notice.episode)}${quietOf(notice.silence)}`;
    case 'fleet.heartbeat':
      return Object.entries(notice.verdicts)
        .map(([verdict, count]) => `${count} ${verdict}`)
        .join(', ');
    case 'alert.test':
      return 'this is only a test; nothing is wrong';
    case 'key.unwatched':
      return `${UNWATCHED[notice.because]}, so nobody sees whether the trouble is over (${CAUSES[notice.episode.cause].title})`;
    case 'secret.warning':
    case 'key.unusual':
    case 'rotation.proposed':
    case 'leak.open':
    case 'leak.reported':
      return notice.why;
    case 'inventory.news':
      return 'kind' in notice ? newsText(notice) : countText(notice);
    case 'leak.closed':
      return notice.key === undefined
        ? 'for half an hour Gemini knew no such key'
        : 'it is deleted at its issuer, and Gemini refused it for half an hour';
    case 'name.unproven':
      return `${notice.on}: ${notice.why}; nothing was done with it`;
    case 'silence.set':
      return `channels are quiet about ${notice.about ?? 'it'} until ${spokenMinute(notice.until)}: ${silenceText(notice)}`;
    case 'silence.ended':
      return `${notice.about === undefined ? 'it' : `that about ${notice.about}`} would have lasted until ${spokenMinute(notice.until)}: ${silenceText(notice)}`;
    case 'freeze.set':
      return `no planned rotation of ${notice.about} begins until ${spokenMinute(notice.until)}: ${silenceText(notice)}`;
    case 'freeze.ended':
      return `that of ${notice.about} would have lasted until ${spokenMinute(notice.until)}: ${silenceText(notice)}`;
    case 'rotation.due':
      return `because of: ${notice.reason}; ${notice.why}`;
    case 'key.aging':
      return `${plural(notice.ageDays, 'day')} old, and the policy allows ${notice.ageDaysMax}; ${notice.why}`;
    case 'rotation.planned':
      return `it begins by itself from ${spokenMinute(notice.startsAt)} on, when the key is ${plural(notice.ageDaysMax, 'day')} old${approvalText(notice)}; consumers keep the old key until the new one is proven`;
    case 'version.changed':
      return `${CHANGE[notice.change]} at ${spokenMinute(notice.at)}${notice.isCurrent ? '; consumers read this version' : ''}`;
    case 'rotation.opened':
    case 'rotation.promoted':
    case 'rotation.completed':
    case 'rotation.abandoned':
    case 'rotation.held':
      return `${notice.why ?? SAYS[notice.type]} (begun because of: ${notice.reason})`;
    case 'key.unhealthy':
    case 'key.unclear':
    case 'key.reminder':
    case 'key.recovered':
      return becauseOf(notice);
  }
}

/** The last run may have learned less than what the episode is about, and then says so. */
function becauseOf({ type, episode, finding, silence }: KeyNotice): string {
  if (type === 'key.recovered') return `${over(episode)}${quietOf(silence)}`;
  const { cause, reason, message } = finding.diagnosis;
  const found = foundIn(cause, message, reason);
  return cause === episode.cause ? found : `${CAUSES[episode.cause].title}; the last check: ${found}`;
}

/** A cause and what was said with it, but not the same thing twice. */
function foundIn(cause: Cause, message: string, reason?: string): string {
  const { title } = CAUSES[cause];
  const words = unstopped(message);
  const coded = reason === undefined ? '' : ` (${reason})`;
  if (title.startsWith(words)) return `${title}${coded}`;
  return words.startsWith(title) ? `${words}${coded}` : `${title}${coded}: ${words}`;
}

function silenceText({ type, owner, reason, by }: SilenceNotice): string {
  const done = type === 'silence.set' || type === 'freeze.set' ? 'set' : 'ended';
  return `${unstopped(reason)}, wanted by ${owner}, ${done} by ${spokenActor(by)}`;
}

/** Who asks why nobody told them should not have to look it up. */
function quietOf(silence: Silence | undefined): string {
  if (silence === undefined) return '';
  const { owner, reason, until } = silence;
  return `; channels were quiet about it until ${spokenMinute(until)}, as ${owner} wanted: ${unstopped(reason)}`;
}

function over({ cause }: Episode): string {
  return `the trouble is over (${CAUSES[cause].title})`;
}

function unstopped(message: string): string {
  return message.replace(/\.$/, '');
}

function inProject({ project }: { readonly project?: string | undefined }): string {
  return project === undefined ? '' : ` in ${project}`;
}

function placeOf(about: { readonly secret: string; readonly project: string }): string {
  return `${namesOf(about).secret} in ${about.project}`;
}

function versionsOf({ from, to }: RotationNotice): string {
  const versions = [from, to].filter((version) => version !== undefined);
  return versions.length === 0 ? '' : ` (version ${versions.join(' → ')})`;
}

const KEY_KIND = { standard: 'standard key', auth: 'authorization key' } as const;

const UNWATCHED = {
  deleted: 'its secret was deleted',
  label_removed: 'its secret lost the label key-warden=managed',
} as const satisfies Record<KeyUnwatched['because'], string>;

const SAYS = {
  'rotation.opened': 'a new key is on its way; consumers keep the old one until it is proven',
  'rotation.promoted': 'consumers get the new key; the old one stays enabled until nobody uses it',
  'rotation.completed': 'the old key was disabled',
  'rotation.abandoned': 'consumers keep the old key',
  'rotation.held': 'it cannot go on by itself',
} as const satisfies Record<RotationNotice['type'], string>;

function approvalText({ asksFrom }: RotationPlanned): string {
  return asksFrom === undefined
    ? ''
    : `, once somebody agreed who may approve (KEY_WARDEN_APPROVERS) and is asked from ${spokenMinute(asksFrom)} on`;
}
