import { clip } from '../../values/clip.ts';
import { isAddress, pagesOf } from '../event/event-links.ts';
import type { EventData } from '../event/event-shape.ts';
import type { WardenEvent } from '../event/event.ts';
import { briefText, isBrief } from './brief.ts';
import { factsOf } from './facts.ts';
import { INCIDENT_ACTS } from './incident.ts';
import { MARK } from './mark.ts';
import type { Outgoing } from './outgoing.ts';
import { plainText, shown } from './plain-text.ts';
import { wordKey } from './thread-key.ts';

/** A line of a header has at most 998 characters (RFC 5322, 2.1.1); what a phone shows of a subject is far shorter. */
const SUBJECT_MAX = 200;
/** `<key@domain>` stays below a line with the longest domain. */
const KEY_MAX = 200;

/**
 * One mail about an event, plain and as simple HTML, for whoever puts it into MIME. `message` and `thread` are the left parts of
 * message ids: every mail of a thread answers the same one, which is never sent itself, so that it does not matter which of them
 * came first or at all. A mail that is sent twice has one id.
 */
export function emails(event: WardenEvent): readonly Outgoing[] {
  const { id, data } = event;
  const acts: readonly string[] = INCIDENT_ACTS[data.notice];
  const body = {
    subject: clip(oneLine(`${MARK[data.severity]} ${data.headline}`), SUBJECT_MAX),
    text: isBrief(data) ? `${briefOf(data)}\n` : `${plainText(event)}\n\n${footOf(data)}\n`,
    html: isBrief(data) ? page(`<p>${escaped(briefOf(data))}</p>`) : htmlOf(event),
    message: wordKey(id, KEY_MAX),
    thread: wordKey(data.thread, KEY_MAX),
    urgent: data.severity === 'critical' && acts.includes('trigger') && data.notice !== 'alert.test',
  };
  return [{ path: '', query: {}, body, id }];
}

function briefOf(data: EventData): string {
  return `${briefText(data)}${data.next === undefined ? '' : ` To go back: ${data.next}`}`;
}

const COMMAND =
  'margin:4px 0 16px;padding:12px;background:#f4f4f4;white-space:pre-wrap;overflow-wrap:anywhere;font:14px monospace';
const SMALL = 'color:#666;font-size:13px;overflow-wrap:anywhere';

/** The subject stands above it in every mail program, so it is not said again. */
function htmlOf(event: WardenEvent): string {
  const { data } = event;
  const { who, step, next, quiet, runbook } = data;
  const links = pagesOf(data).map(({ name, url }) => `<a href="${escaped(url)}">${escaped(name)}</a>`);
  const named = isAddress(runbook) ? [] : [`Runbook: ${escaped(runbook)}`];
  return page(
    [
      `<p><b>${escaped(who)}</b></p>`,
      ...factsOf(event).map(([name, fact]) => `<p style="margin:4px 0"><b>${name}</b> ${escaped(shown(fact))}</p>`),
      ...(step === undefined && next === undefined ? [] : [`<p><b>Next</b> ${escaped(shown(step ?? ''))}</p>`]),
      ...(next === undefined ? [] : [`<pre style="${COMMAND}">${escaped(shown(next))}</pre>`]),
      ...(quiet === undefined
        ? []
        : [`<p style="${SMALL}">Seen it? Quiet for 4 h</p>`, `<pre style="${COMMAND}">${escaped(quiet)}</pre>`]),
      `<p>${[...named, ...links].join(' · ')}</p>`,
      `<p style="${SMALL}">${escaped(footOf(data))}</p>`,
    ].join('\n'),
  );
}

function footOf({ severity, thread }: EventData): string {
  return `${severity} · ${thread}`;
}

/** No style sheet, no picture, nothing from elsewhere: mail programs show it as it stands. */
function page(body: string): string {
  return `<div style="font:16px/1.4 sans-serif;max-width:640px">\n${body}\n</div>\n`;
}

/** A subject is a header: no end of a line, no other control, and nothing that turns the direction of what follows. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
