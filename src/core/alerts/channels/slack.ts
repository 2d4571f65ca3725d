import { clip } from '../../values/clip.ts';
import { isAddress, pagesOf } from '../event/event-links.ts';
import type { EventData } from '../event/event-shape.ts';
import type { WardenEvent } from '../event/event.ts';
import { briefText, isBrief } from './brief.ts';
import { factsOf } from './facts.ts';
import { MARK } from './mark.ts';
import type { Outgoing } from './outgoing.ts';

/** Slack's bounds: 150 characters of a header, 3,000 of a section. */
const HEADER_MAX = 150;
const SECTION_MAX = 3000;

/**
 * A message for a Slack incoming webhook: Block Kit, and `text` for notifications and screen readers. Incoming webhooks
 * can neither thread nor take an id, so a repeated delivery shows twice.
 */
export function slackMessages(event: WardenEvent, called: readonly string[] = []): readonly Outgoing[] {
  const { id, data } = event;
  const mark = MARK[data.severity];
  const text = clip(`${mark} ${escaped(data.summary)}`, SECTION_MAX);
  if (isBrief(data))
    return [{ path: '', query: {}, body: { text, blocks: [section(escaped(briefText(data)) + goBack(data))] }, id }];
  const facts = factsOf(event).map(([name, fact]) => `*${name}*  ${escaped(fact)}`);
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: clip(`${mark} ${data.headline}`, HEADER_MAX) } },
    section([`*${escaped(data.who)}*`, ...facts].join('\n')),
    ...nextOf(data),
    ...quietOf(data),
    ...(called.length === 0 ? [] : [section(called.map(callOf).join(' '))]),
    context(footerOf(data)),
  ];
  return [{ path: '', query: {}, body: { text, blocks }, id }];
}

/** Slack's own sign for a user, a group of users, or all that are there. */
function callOf(who: string): string {
  if (who === 'here' || who === 'channel') return `<!${who}>`;
  return who.startsWith('S') ? `<!subteam^${who}>` : `<@${who}>`;
}

function nextOf({ step, next }: EventData) {
  if (step === undefined && next === undefined) return [];
  const command = next === undefined ? '' : `\n\`\`\`${escaped(next)}\`\`\``;
  return [section(`*Next*  ${escaped(step ?? '')}`.trim() + command)];
}

function goBack({ next }: EventData): string {
  return next === undefined ? '' : ` To go back: \`${escaped(next)}\``;
}

/** Beside what to do, never instead of it. */
function quietOf({ quiet }: EventData) {
  return quiet === undefined ? [] : [context(`Seen it? Quiet for 4 h  \`${escaped(quiet)}\``)];
}

function context(text: string) {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: clip(text, SECTION_MAX) }] };
}

function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text: clip(text, SECTION_MAX) } };
}

function footerOf(data: EventData): string {
  const { runbook, severity, thread } = data;
  const named = isAddress(runbook) ? [] : [`Runbook: ${escaped(runbook)}`];
  const links = pagesOf(data).map(({ name, url }) => `<${escaped(url)}|${escaped(name)}>`);
  return [...named, ...links, severity, escaped(thread)].join('  ·  ');
}

/**
 * Slack reads `<!channel>` and links in any text; the first three characters are all it asks to escape. Where it parses
 * names as well, a word joiner behind the sign keeps `@here` from calling anybody.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=(?:here|channel|everyone)\b)/gi, '@\u2060');
}
