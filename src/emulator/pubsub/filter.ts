import { ApiError } from '../wire/api-error.ts';

type Attributes = Readonly<Record<string, string>>;
export type AttributeFilter = (attributes: Attributes) => boolean;

const TOKEN = /\s*(?:(hasPrefix\b|AND\b|OR\b|NOT\b|!=|[-().,:=])|"((?:[^"\\]|\\.)*)"|([A-Za-z_][\w-]*))/y;

type Token = { readonly mark: string } | { readonly quoted: string } | { readonly word: string };

/**
 * Reads a subscription filter: `attributes:x`, `attributes.x = "v"`, `!=`, `hasPrefix(attributes.x, "v")`, NOT or `-`,
 * AND, OR and brackets; AND and OR may not be mixed without brackets (cloud.google.com/pubsub/docs/subscription-message-filter).
 * Empty lets everything through. INVALID_ARGUMENT for anything else.
 */
export function attributeFilter(text: string): AttributeFilter {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return () => true;
  const reader = readerOf(tokens);
  const filter = joined(reader);
  if (!reader.atEnd()) throw refused();
  return filter;
}

interface Reader {
  atEnd(): boolean;
  /** Takes the mark when it is next. */
  take(mark: string): boolean;
  expect(mark: string): void;
  /** An attribute's name, bare or quoted. */
  name(): string;
  quoted(): string;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const [found, mark, quoted, word] = TOKEN.exec(trimmed) ?? [];
    if (found === undefined) throw refused();
    if (mark !== undefined) tokens.push({ mark });
    else if (quoted !== undefined) tokens.push({ quoted: quoted.replace(/\\(.)/g, '$1') });
    else if (word !== undefined) tokens.push({ word });
  }
  return tokens;
}

function readerOf(tokens: readonly Token[]): Reader {
  let next = 0;
  const take = (mark: string): boolean => {
    const token = tokens[next];
    const fits = token !== undefined && 'mark' in token && token.mark === mark;
    if (fits) next += 1;
    return fits;
  };
  const value = (): Token | undefined => tokens[next++];
  return {
    atEnd: () => next >= tokens.length,
    take,
    expect(mark) {
      if (!take(mark)) throw refused();
    },
    name() {
      const token = value();
      if (token !== undefined && 'word' in token) return token.word;
      if (token !== undefined && 'quoted' in token) return token.quoted;
      throw refused();
    },
    quoted() {
      const token = value();
      if (token !== undefined && 'quoted' in token) return token.quoted;
      throw refused();
    },
  };
}

function joined(reader: Reader): AttributeFilter {
  const parts = [single(reader)];
  const joint = ['AND', 'OR'].find((mark) => reader.take(mark));
  if (joint !== undefined) {
    do parts.push(single(reader));
    while (reader.take(joint));
  }
  return joint === 'OR'
    ? (attributes) => parts.some((part) => part(attributes))
    : (attributes) => parts.every((part) => part(attributes));
}

function single(reader: Reader): AttributeFilter {
  if (reader.take('NOT') || reader.take('-')) {
    const inner = single(reader);
    return (attributes) => !inner(attributes);
  }
  if (reader.take('(')) {
    const inner = joined(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.take('hasPrefix')) {
    reader.expect('(');
    const name = dotted(reader);
    reader.expect(',');
    const prefix = reader.quoted();
    reader.expect(')');
    return (attributes) => valueOf(attributes, name)?.startsWith(prefix) ?? false;
  }
  return comparison(reader);
}

function dotted(reader: Reader): string {
  if (reader.name() !== 'attributes') throw refused();
  reader.expect('.');
  return reader.name();
}

function comparison(reader: Reader): AttributeFilter {
  if (reader.name() !== 'attributes') throw refused();
  if (reader.take(':')) {
    const present = reader.name();
    return (attributes) => Object.hasOwn(attributes, present);
  }
  reader.expect('.');
  const name = reader.name();
  const differs = reader.take('!=');
  if (!differs) reader.expect('=');
  const value = reader.quoted();
  return (attributes) => (valueOf(attributes, name) === value) !== differs;
}

function valueOf(attributes: Attributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

function refused(): ApiError {
  return new ApiError('INVALID_ARGUMENT', 'Invalid filter: the expression could not be parsed.');
}
