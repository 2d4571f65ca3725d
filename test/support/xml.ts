/** An element of a document, with what stands in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKEN = /<\?xml [^<>]*\?>|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|[^<]+/y;

/**
 * Reads a document of elements, attributes between double quotes, and text: no more of XML than a report needs, and nothing that is not well formed.
 * Throws where a mark is left open, or a character stands where XML 1.0 has no place for it.
 */
export function readXml(document: string): XmlElement {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(document)) throw new Error('no character of XML');
  interface Open extends XmlElement {
    text: string;
    readonly children: XmlElement[];
  }
  const root: Open = { name: '', attributes: {}, text: '', children: [] };
  const open: Open[] = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(document);
    const within = open.at(-1);
    if (found === null || within === undefined) throw new Error(`not well formed at ${at}`);
    const [token, closes, opens, written = '', ends] = found;
    if (closes !== undefined) {
      if (open.pop()?.name !== closes) throw new Error(`${closes} ends what is not open`);
    } else if (opens !== undefined) {
      const pairs = [...written.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        plain(value),
      ]);
      const element: Open = { name: opens, attributes: Object.fromEntries(pairs), text: '', children: [] };
      within.children.push(element);
      if (ends !== '/') open.push(element);
    } else if (!token.startsWith('<')) within.text += plain(token);
  }
  const [element, ...more] = root.children;
  if (open.length !== 1 || element === undefined || more.length > 0) throw new Error('one element, and it is closed');
  return element;
}

function plain(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|([a-z]+));|&/g, (whole, code?: string, name?: string) => {
    const character = code === undefined ? ENTITIES[name ?? ''] : String.fromCodePoint(Number(code));
    if (character === undefined) throw new Error(`${whole} means nothing`);
    return character;
  });
}
