import { clip } from '../../values/clip.ts';
import { isAddress, pagesOf } from '../event/event-links.ts';
import type { EventData } from '../event/event-shape.ts';
import type { WardenEvent } from '../event/event.ts';
import { briefText, isBrief } from './brief.ts';
import { factsOf } from './facts.ts';
import { MARK } from './mark.ts';
import type { Outgoing } from './outgoing.ts';
import { boundedKey } from './thread-key.ts';

/** Chat takes 32,000 bytes of message; a character has at most three of them here. */
const TEXT_MAX = 4000;
const THREAD_KEY_MAX = 255;

/**
 * A message for a Google Chat webhook, threaded by what belongs together. `requestId` makes a repeated delivery the same
 * message (developers.google.com/chat/api/reference/rest/v1/spaces.messages/create).
 */
export function chatMessages(event: WardenEvent, called: readonly string[] = []): readonly Outgoing[] {
  const { id, data } = event;
  const { headline, severity, who, step, next, quiet, runbook, thread } = data;
  const lines = [
    ...(called.length === 0 ? [] : [called.map((one) => `<users/${one}>`).join(' ')]),
    `${MARK[severity]} *${plain(headline)}*`,
    `*${plain(who)}*`,
    ...factsOf(event).map(([name, fact]) => `*${name}:* ${plain(fact)}`),
    ...(step === undefined && next === undefined ? [] : [`\n*Next:* ${plain(step ?? '')}`.trimEnd()]),
    ...(next === undefined ? [] : [`\`\`\`\n${next}\n\`\`\``]),
    ...(quiet === undefined ? [] : [`*Seen it? Quiet for 4 h:* \`${plain(quiet)}\``]),
    ...(isAddress(runbook) ? [] : [`*Runbook:* ${runbook}`]),
  ];
  return [
    {
      path: '',
      query: { messageReplyOption: 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD', requestId: boundedKey(id, THREAD_KEY_MAX) },
      body: {
        text: clip(isBrief(data) ? lineOf(data) : lines.join('\n'), TEXT_MAX),
        ...(isBrief(data) ? {} : buttonsOf(data)),
        thread: { threadKey: boundedKey(thread, THREAD_KEY_MAX) },
      },
      id,
    },
  ];
}

function lineOf(data: EventData): string {
  const { next } = data;
  return `${plain(briefText(data))}${next === undefined ? '' : ` To go back: \`${plain(next)}\``}`;
}

/** Pages as buttons, below the text: a card of nothing else. */
function buttonsOf(data: EventData) {
  const buttons = pagesOf(data).map(({ name, url }) => ({ text: name, onClick: { openLink: { url } } }));
  if (buttons.length === 0) return {};
  return { cardsV2: [{ cardId: 'pages', card: { sections: [{ widgets: [{ buttonList: { buttons } }] }] } }] };
}

/** `<users/all>` in a text calls everybody, and Chat has no escape for it. */
function plain(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}
