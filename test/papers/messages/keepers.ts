import { isRecord, type JsonRecord } from '../../../src/core/values/json.ts';
import { escaped, linked, rows, type Page } from './page.ts';

const ROWS = [
  'dl { margin: 10px 0; font-size: 13px } dt { color: #666; margin-top: 8px } dd { margin: 0 }',
  'h1 { font-size: 17px; margin: 6px 0 } h2 { font-size: 13px; margin: 14px 0 0; text-transform: uppercase; color: #666 }',
  '.tag { display: inline-block; border-radius: 4px; padding: 2px 8px; margin: 2px 2px 2px 0; font-size: 12px; font-weight: 600 }',
].join('\n');

/** An incident as PagerDuty’s app shows a trigger: the summary, then details in the order of their names. */
export function pagerDutyPage(body: JsonRecord): Page {
  const { payload, links } = body;
  const { summary, severity, source, custom_details: details } = isRecord(payload) ? payload : {};
  const sorted = Object.entries(isRecord(details) ? details : {}).toSorted(([one], [other]) =>
    one.localeCompare(other),
  );
  const pages = Array.isArray(links) ? links.filter(isRecord) : [];
  return {
    title: 'PagerDuty',
    css: `${ROWS}\n.tag { background: #c42d2d; color: #fff }\n.tag.s { background: #eee; color: #333 }`,
    html: [
      `<span class="tag">Triggered</span><span class="tag s">${escaped(String(severity))}</span>`,
      `<h1>${escaped(String(summary))}</h1>`,
      `<h2>Source</h2>${escaped(String(source))}`,
      `<h2>Links</h2>${pages.map(({ href, text }) => `<a href="${escaped(String(href))}">${escaped(String(text))}</a>`).join(' · ')}`,
      `<h2>Custom details</h2>${rows(Object.fromEntries(sorted))}`,
    ].join('\n'),
  };
}

/** An alert as Jira Service Management shows it: message, description, extra properties, tags. */
export function jiraPage(body: JsonRecord): Page {
  const { message, description, priority, tags, details } = body;
  return {
    title: 'Jira Service Management',
    css: `${ROWS}\n.p { background: #ae2e24; color: #fff } .t { background: #e9f2ff; color: #0c66e4 }\nsection { white-space: pre-line; font-size: 14px }`,
    html: [
      `<span class="tag p">${escaped(String(priority))}</span><span class="tag t">Open</span>`,
      `<h1>${escaped(String(message))}</h1>`,
      `<h2>Description</h2><section>${linked(String(description))}</section>`,
      `<h2>Tags</h2>${(Array.isArray(tags) ? tags : []).map((tag) => `<span class="tag t">${escaped(String(tag))}</span>`).join('')}`,
      `<h2>Extra properties</h2>${rows(isRecord(details) ? details : {})}`,
    ].join('\n'),
  };
}

/** An alert as Alertmanager’s own templates write it into a mail: labels, then annotations, both in the order of their names. */
export function alertmanagerPage(alerts: readonly JsonRecord[], now: number): Page {
  const open = alerts.find(({ endsAt }) => Date.parse(String(endsAt)) > now) ?? {};
  const { labels, annotations } = open;
  const named = (facts: unknown) => {
    const sorted = Object.entries(isRecord(facts) ? facts : {}).toSorted(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([name, fact]) => `<p>${escaped(name)} = ${linked(String(fact))}</p>`).join('\n');
  };
  return {
    title: 'Alertmanager',
    css: `${ROWS}\np { margin: 3px 0; font-size: 13px } .bar { background: #e6522c; color: #fff; padding: 10px; font-weight: 600; text-align: center }`,
    html: [
      '<div class="bar">1 alert for alertname=GeminiKeyWarden</div>',
      `<h1>[1] Firing</h1><h2>Labels</h2>${named(labels)}<h2>Annotations</h2>${named(annotations)}`,
    ].join('\n'),
  };
}
