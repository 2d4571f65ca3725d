import { readFileSync } from 'node:fs';
import type { ChannelKind } from '../../../src/core/alerts/channels/channel.ts';
import { isRecord, parseJson, type JsonRecord } from '../../../src/core/values/json.ts';
import { chatPage, slackPage } from './chats.ts';
import { alertmanagerPage, jiraPage, pagerDutyPage } from './keepers.ts';
import { escaped, pageOf, type Page } from './page.ts';

/** Kinds whose messages people see; a webhook is for programs. */
export const SEEN = [
  'slack',
  'google-chat',
  'teams',
  'pagerduty',
  'jira-service-management',
  'alertmanager',
  'email',
] as const satisfies readonly ChannelKind[];
type Seen = (typeof SEEN)[number];

const GOLDEN = new URL('../../golden/', import.meta.url);
/** The news that wakes people. */
const NEWS = 'key.unhealthy.json';

/** What a channel showed of a leaked key, from its golden message: path to HTML. */
export function messagePages(): Readonly<Record<string, string>> {
  return Object.fromEntries(SEEN.map((kind) => [`docs/pictures/messages/${kind}.html`, pageOf(drawing(kind))]));
}

function drawing(kind: Seen): Page {
  const sent = parseJson(readFileSync(new URL(`${kind}/${NEWS}`, GOLDEN), 'utf8'));
  const first: unknown = Array.isArray(sent) ? sent[0] : undefined;
  const body = isRecord(first) ? first['body'] : undefined;
  const one = isRecord(body) ? body : {};
  switch (kind) {
    case 'slack':
      return slackPage(one);
    case 'google-chat':
      return chatPage(one);
    case 'teams':
      return teamsPage(one);
    case 'pagerduty':
      return pagerDutyPage(one);
    case 'jira-service-management':
      return jiraPage(one);
    case 'alertmanager':
      return alertmanagerPage(Array.isArray(body) ? body.filter(isRecord) : [], Date.UTC(2026, 10, 24, 9, 31));
    case 'email':
      return mailPage(one);
  }
}

/** A card as the vendor’s own library draws it, with Teams’ colours and sizes. */
function teamsPage(body: JsonRecord): Page {
  const [attachment] = Array.isArray(body['attachments']) ? body['attachments'].filter(isRecord) : [];
  const card = JSON.stringify(attachment?.['content']).replaceAll('<', '\\u003c');
  return {
    title: 'Microsoft Teams',
    css: [
      '.ac-actionSet { flex-wrap: wrap }',
      'main { border: 1px solid #e0e0e0; border-radius: 4px; margin: 8px }',
      '.ac-pushButton { border: 1px solid #c7c7c7; background: #fff; border-radius: 4px; padding: 6px 12px; font-weight: 600; margin-top: 6px }',
    ].join('\n'),
    html: [
      '<script src="../../../node_modules/adaptivecards/dist/adaptivecards.min.js"></script>',
      '<script>',
      'const card = new AdaptiveCards.AdaptiveCard();',
      `card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(TEAMS)});`,
      `card.parse(${card});`,
      'document.querySelector("main").append(card.render());',
      '</script>',
    ].join('\n'),
  };
}

const SIZES = { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 };
const WEIGHTS = { lighter: 200, default: 400, bolder: 600 };
const fontOf = (fontFamily: string) => ({ fontFamily, fontSizes: SIZES, fontWeights: WEIGHTS });
const TEAMS = {
  fontTypes: { default: fontOf('Roboto, sans-serif'), monospace: fontOf('DejaVu Sans Mono, monospace') },
  actions: { maxActions: 6, actionsOrientation: 'horizontal', actionAlignment: 'left', buttonSpacing: 8 },
};

/** A mail as a phone’s mail program shows its HTML. */
function mailPage({ subject, html }: JsonRecord): Page {
  return {
    title: 'E-mail',
    css: '.head { border-bottom: 1px solid #ddd; padding-bottom: 8px; margin-bottom: 12px; font-size: 13px; color: #666 } .head b { display: block; font-size: 17px; color: #000 }',
    html: `<div class="head"><b>${escaped(String(subject))}</b>key-warden &lt;key-warden@example.com&gt;</div>\n${String(html)}`,
  };
}
