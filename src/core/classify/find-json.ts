import { parseJson } from '../values/json.ts';
import { isContainer, readLoosely, unescapeOnce, type Loose } from './loose-json.ts';

/** A text taken apart into the JSON that stands in it and the words around that. */
export interface Fragments {
  readonly values: readonly Loose[];
  readonly prose: string;
  /** JSON comes first, as in a body; not so in an exception's text. */
  readonly leads: boolean;
  /** The last value ends with the text, not by itself. */
  readonly cut: boolean;
}

/**
 * Where JSON begins: a brace before a quoted or bare name, a bracket before a brace, so that `[400 Bad Request]` and
 * `[reason: …` stay words. The second alternative is JSON inside a string, its quotes escaped.
 */
const START = /\{(?=\s*(?:["'“”‘’}]|[A-Za-z_$][\w$]{0,63}\s*:))|\[(?=\s*\{)|(\{(?=(?:\s|\\[nrt])*\\{1,15}["']))/g;

/**
 * What the API itself answers: one object, or a stream's array of them. The engine reads that many times faster than
 * `readLoosely`, and no line of it can be mistaken for one of an SSE frame.
 */
const WHOLE = /^\s*(?:\{|\[\s*\{)/;

/** Finds every piece of JSON in a text, whatever stands around it: SSE frames, exceptions, log lines, curl's output. */
export function dissect(text: string): Fragments {
  const whole = WHOLE.test(text) ? parseJson(text) : undefined;
  if (isContainer(whole)) return { values: [whole], prose: '', leads: true, cut: false };
  return takeApart(withColons(withoutLostQuotes(text.replace(/^(?:data: ?|(?:event|id|retry):.*$|:.*$)/gm, ''))));
}

/** JSON in a string whose escapes were lost: `"error": "{"code":400}"`. With its escapes, a quote stands nowhere so. */
function withoutLostQuotes(text: string): string {
  const opened = text.replace(/"(?=\{\s{0,40}"\w)/g, '');
  return opened === text ? text : opened.replace(/\}"(?=\s{0,40}[,}\]]|$)/g, '}');
}

/** Maps as Ruby, Elixir and PHP print them, as JSON would be: `{:code=>400}`, `%{"code" => 400}`. */
function withColons(text: string): string {
  return text
    .replace(/:(\w{1,64}) ?=>/g, '$1:')
    .replace(/ ?=>/g, ':')
    .replace(/%\{/g, '{');
}

/** Each level of escapes at least halves a run of backslashes, so this goes no deeper than a text can pay for. */
function takeApart(text: string): Fragments {
  const values: Loose[] = [];
  const prose: string[] = [];
  const starts = new RegExp(START);
  let end = 0;
  let cut = false;
  for (let found = starts.exec(text); found !== null; found = starts.exec(text)) {
    prose.push(text.slice(end, found.index));
    if (found[1] !== undefined) {
      const inner = takeApart(unescapeOnce(text.slice(found.index)));
      values.push(...inner.values);
      prose.push(inner.prose);
      cut = inner.cut;
      end = text.length;
      break;
    }
    const reading = readLoosely(text, found.index);
    values.push(reading.value);
    ({ end, cut } = reading);
    starts.lastIndex = end;
  }
  prose.push(text.slice(end));
  return { values, prose: prose.join(' ').trim(), leads: values.length > 0 && prose[0]?.trim() === '', cut };
}
