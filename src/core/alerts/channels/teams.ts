import { clipBytes } from '../../values/utf8.ts';
import type { WardenEvent } from '../event/event.ts';
import { isAddress, pagesOf } from '../event/event-links.ts';
import { briefText, isBrief } from './brief.ts';
import type { EventData } from '../event/event-shape.ts';
import { factsOf } from './facts.ts';
import { MARK } from './mark.ts';
import type { Outgoing } from './outgoing.ts';

/** Teams takes 28 KB of message; each of some ten texts stays far below its part. */
const TEXT_BYTES_MAX = 1_800;

/**
 * A message for a workflow of Microsoft Teams that posts what comes to a webhook: one Adaptive Card. Its texts are runs of a
 * RichTextBlock, which Teams shows as they stand: in a TextBlock the words of a secret or of Google could be a link.
 * A workflow takes no id, so a repeated delivery shows twice.
 */
export function teamsMessages(event: WardenEvent, called: readonly string[] = []): readonly Outgoing[] {
  const { id, data } = event;
  const { headline, severity, who, summary, step, next, quiet, runbook, thread } = data;
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: shown(summary),
    msteams: { width: 'Full', ...(called.length === 0 ? {} : { entities: called.map(entityOf) }) },
    body: isBrief(data)
      ? [lineOf(data)]
      : [
          block([run(`${MARK[severity]} ${headline}`, { weight: 'Bolder', size: 'Large' })]),
          block([run(who, { weight: 'Bolder' })]),
          ...factsOf(event).map(([name, fact]) => block([run(`${name}  `, { weight: 'Bolder' }), run(fact)])),
          ...(step === undefined && next === undefined
            ? []
            : [block([run('Next  ', { weight: 'Bolder' }), ...(step === undefined ? [] : [run(step)])])]),
          ...(next === undefined ? [] : [block([run(next, { fontType: 'Monospace' })])]),
          ...(quiet === undefined
            ? []
            : [block([run('Seen it? Quiet for 4 h  ', { isSubtle: true }), run(quiet, { fontType: 'Monospace' })])]),
          block([
            run(`${severity}  ·  ${isAddress(runbook) ? '' : `${runbook}  ·  `}${thread}`, {
              isSubtle: true,
              size: 'Small',
            }),
          ]),
          ...(called.length === 0 ? [] : [{ type: 'TextBlock', text: called.map(tagOf).join(' '), wrap: true }]),
        ],
    actions: isBrief(data) ? [] : pagesOf(data).map(({ name, url }) => ({ type: 'Action.OpenUrl', title: name, url })),
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return [{ path: '', query: {}, body: { type: 'message', attachments: [attachment] }, id }];
}

function lineOf(data: EventData) {
  const { next } = data;
  const back = next === undefined ? [] : [run(' To go back: '), run(next, { fontType: 'Monospace' })];
  return block([run(briefText(data)), ...back]);
}

/** Teams calls whom a tag in a TextBlock names, if an entity says who that is. */
function tagOf(who: string): string {
  return `<at>${who}</at>`;
}

function entityOf(who: string) {
  return { type: 'mention', text: tagOf(who), mentioned: { id: who, name: who } };
}

interface Look {
  readonly weight?: 'Bolder';
  readonly size?: 'Large' | 'Small';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
}

function block(inlines: readonly object[]) {
  return { type: 'RichTextBlock', inlines };
}

function run(text: string, look: Look = {}) {
  return { type: 'TextRun', text: shown(text), ...look };
}

function shown(text: string): string {
  return clipBytes(text, TEXT_BYTES_MAX);
}
