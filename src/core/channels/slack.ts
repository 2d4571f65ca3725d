import { clip } from '../clip.ts';
import type { EventData } from '../event-shape.ts';
import type { WardenEvent } from '../event.ts';
import type { Outgoing } from './outgoing.ts';

/** Slack's bounds: 150 characters of a header, 3,000 of a section. */
const HEADER_MAX = 150;
const SECTION_MAX = 3000;

const MARK = { info: '🟢', warning: '🟡', error: '🟠', critical: '🔴' } as const;

/**
 * A message for a Slack incoming webhook: Block Kit, and `text` for notifications and screen readers. Incoming webhooks
 * can neither thread nor take an id, so a repeated delivery shows twice.
 */
export function slackMessages({ id, data }: WardenEvent): readonly Outgoing[] {
  const title = `${MARK[data.severity]} ${data.headline}`;
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: clip(title, HEADER_MAX) } },
    section(factsOf(data)),
    ...(data.next === undefined ? [] : [section(`*Next*\n\`\`\`${escaped(data.next)}\`\`\``)]),
    { type: 'context', elements: [{ type: 'mrkdwn', text: clip(footerOf(data), SECTION_MAX) }] },
  ];
  return [{ path: '', query: {}, body: { text: `${title}: ${escaped(data.who)}`, blocks }, id }];
}

function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text: clip(text, SECTION_MAX) } };
}

function factsOf({ who, why, since, lastGood }: EventData): string {
  const facts = [
    ['Who', who],
    ['Why', why],
    ['Since', since],
    ['Last good on record', lastGood],
  ] as const;
  return facts.flatMap(([name, fact]) => (fact === undefined ? [] : [`*${name}*  ${escaped(fact)}`])).join('\n');
}

function footerOf({ runbook, severity, thread }: EventData): string {
  const link = runbook.startsWith('https://') ? `<${escaped(runbook)}|Runbook>` : `Runbook: ${escaped(runbook)}`;
  return `${link}  ·  ${severity}  ·  ${escaped(thread)}`;
}

/** Slack reads `<!channel>` and links in any text; these three characters are all it asks to escape. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
