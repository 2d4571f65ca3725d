import { isRecord, type JsonRecord } from '../../../src/core/values/json.ts';
import { escaped, type Page } from './page.ts';

/** A message as Slack’s app shows its blocks. */
export function slackPage(body: JsonRecord): Page {
  const blocks = listOf(body['blocks']).map((block) => {
    const text = textIn(block);
    switch (block['type']) {
      case 'header':
        return `<h1>${escaped(text)}</h1>`;
      case 'section':
        return `<section>${marked(text)}</section>`;
      case 'context':
        return `<small>${listOf(block['elements'])
          .map((element) => marked(String(element['text'])))
          .join(' ')}</small>`;
      default:
        throw new Error(`no picture of a block of type ${String(block['type'])}`);
    }
  });
  return {
    title: 'Slack',
    css: [
      'h1 { font-size: 18px; margin: 0 0 8px } section { margin: 8px 0; white-space: pre-line }',
      'small { display: block; color: #616061; margin: 8px 0; font-size: 12px }',
      'pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px } code { color: #c01343; background: #f8f8f8 }',
      '.app { color: #616061; font-size: 12px; margin-bottom: 6px } .app b { color: #1d1c1d; font-size: 15px }',
    ].join('\n'),
    html: `<div class="app"><b>key-warden</b> APP</div>${blocks.join('\n')}`,
  };
}

/** A message as Google Chat shows its text, and the card of buttons below it. */
export function chatPage(body: JsonRecord): Page {
  const cards = listOf(body['cardsV2']).flatMap(({ card }) => listOf(isRecord(card) ? card['sections'] : []));
  const buttons = cards
    .flatMap(({ widgets }) => listOf(widgets))
    .flatMap(({ buttonList }) => listOf(isRecord(buttonList) ? buttonList['buttons'] : []));
  return {
    title: 'Google Chat',
    css: [
      'section { white-space: pre-line } pre { background: #f1f3f4; border-radius: 4px; padding: 8px } code { background: #f1f3f4 }',
      '.app { color: #5f6368; font-size: 12px; margin-bottom: 6px } .app b { color: #202124; font-size: 14px }',
      '.card { border: 1px solid #dadce0; border-radius: 8px; padding: 12px; margin-top: 10px }',
      '.card span { display: inline-block; background: #e9eef6; color: #0b57d0; border-radius: 18px; padding: 7px 14px; margin: 3px; font-weight: 500 }',
    ].join('\n'),
    html: [
      `<div class="app"><b>key-warden</b> App</div><section>${marked(String(body['text']))}</section>`,
      ...(buttons.length === 0
        ? []
        : [`<div class="card">${buttons.map(({ text }) => `<span>${escaped(String(text))}</span>`).join('')}</div>`]),
    ].join('\n'),
  };
}

/** What both make of asterisks, back ticks and links. */
function marked(text: string): string {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const links: string[] = [];
  const kept = plain.replace(/<(https:[^|>]+)\|([^>]+)>/g, (_, url: string, name: string) => {
    links.push(`<a href="${escaped(url)}">${escaped(name)}</a>`);
    return `\uE000${links.length - 1}\uE000`;
  });
  return escaped(kept)
    .replace(/(^|\n|[^\w\n] )\*([^*\n]+)\*/g, '$1<b>$2</b>')
    .replace(/\n?```\n?([\s\S]*?)\n?```\n?/g, '<pre>$1</pre>')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\uE000(\d+)\uE000/g, (_, at: string) => links[Number(at)] ?? '');
}

function textIn({ text }: JsonRecord): string {
  return isRecord(text) ? String(text['text']) : '';
}

function listOf(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
