import { htmlOf, markup } from './markup.ts';
import { documentOf } from './document.ts';

/** What somebody sees who may not look, with the reason; it says nothing of any secret. */
export function refusalPage(status: number, why: string): string {
  const lead = status === 401 || status === 403 ? 'This page is not for you.' : 'This page cannot be shown.';
  const body = markup`<header><h1>Gemini keys</h1><p class="lead">${lead}</p></header><main><section><p>${why}</p><p class="quiet">Answer ${status}.</p></section></main>`;
  return htmlOf(documentOf('Not shown · Gemini keys', body));
}
