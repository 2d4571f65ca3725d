import { parseSync, type Node } from 'oxc-parser';

/** One small damage to a source text: what stands from `start` to `end`, in UTF-16 units, is replaced. */
export interface Mutant {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The text with the damage done. */
export function damaged(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** Every damage to one source text, in the order of its lines. Types and declarations are the compiler’s to look after. */
export function mutantsOf(source: string): readonly Mutant[] {
  const found: Mutant[] = [];
  visit(parseSync('source.ts', source).program, source, found);
  const different = new Map(found.map((mutant) => [damaged(source, mutant), mutant]));
  return [...different.values()].toSorted((one, other) => one.start - other.start);
}

function visit(node: Node, source: string, found: Mutant[]): void {
  found.push(...damagesTo(node, source));
  for (const [field, value] of Object.entries(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child) && isCode(child) && !(field === 'key' && node.type === 'Property')) visit(child, source, found);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function isCode({ type }: Node): boolean {
  return !/^(?:TS(?!As|Satisfies)|Import)/.test(type);
}

const OPPOSITE: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
};

type Damages = {
  readonly [Type in Node['type']]?: (node: Extract<Node, { type: Type }>, source: string) => readonly Mutant[];
};

/** The damages to a node itself, not to what is in it. */
const DAMAGES: Damages = {
  Program: ({ body }) => withoutEach(body),
  BlockStatement: ({ body }) => withoutEach(body),
  SwitchStatement: ({ cases }) => cases.map((one) => without('case', one)),
  SwitchCase: ({ consequent }) => withoutEach(consequent),
  IfStatement: (node, source) => leaving('condition', node, [node.consequent, node.alternate], source),
  LogicalExpression: (node, source) => leaving('operand', node, [node.left, node.right], source),
  ConditionalExpression: (node, source) => leaving('branch', node, [node.consequent, node.alternate], source),
  UnaryExpression: (node, source) => (node.operator === '!' ? leaving('not', node, [node.argument], source) : []),
  ArrayExpression: ({ elements }, source) =>
    elements.flatMap((element) => (element === null ? [] : [without('element', element, source)])),
  ObjectExpression: ({ properties }, source) => properties.map((property) => without('property', property, source)),
  CallExpression: (node, source) => [
    ...node.arguments.slice(-1).map((last) => without('argument', last, source)),
    ...(node.callee.type === 'MemberExpression' ? leaving('call', node, [node.callee.object], source) : []),
  ],
  BinaryExpression(node, source) {
    const opposite = OPPOSITE[node.operator];
    if (opposite === undefined) return [];
    const [left, right] = [node.left, node.right].map(({ start, end }) => source.slice(start, end));
    return [instead('operator', node, `${left} ${opposite} ${right}`)];
  },
  Literal(node, source) {
    if (typeof node.value === 'string') return node.value === '' ? [] : [instead('text', node, "''")];
    if (typeof node.value === 'number') return [instead('number', node, `${node.value + 1}`)];
    if (typeof node.value === 'boolean') return [instead('boolean', node, `${!node.value}`)];
    return 'regex' in node ? patternsIn(node, source.slice(node.start, node.end)) : [];
  },
  TemplateLiteral: ({ quasis, expressions }) => [
    ...quasis
      .filter(({ value }) => value.raw !== '')
      .map(({ start, end, tail }) => instead('text', { start: start + 1, end: end - (tail ? 1 : 2) }, '')),
    ...expressions.map(({ start, end }) => instead('text', { start: start - 2, end: end + 1 }, '')),
  ],
};

function damagesTo(node: Node, source: string): readonly Mutant[] {
  const damages = DAMAGES[node.type] as ((node: Node, source: string) => readonly Mutant[]) | undefined;
  return damages?.(node, source) ?? [];
}

type Span = Pick<Node, 'start' | 'end'>;

function instead(kind: string, { start, end }: Span, replacement: string): Mutant {
  return { kind, start, end, replacement };
}

/** The node replaced by each of its parts. */
function leaving(kind: string, node: Node, parts: readonly (Node | null)[], source: string): readonly Mutant[] {
  return parts.flatMap((part) => (part === null ? [] : [instead(kind, node, source.slice(part.start, part.end))]));
}

/** Declarations are the compiler’s: it misses the name. */
function withoutEach(statements: readonly Node[]): readonly Mutant[] {
  return statements
    .filter(({ type }) => type.endsWith('Statement') && type !== 'BlockStatement')
    .map((statement) => without('statement', statement));
}

/** Deletes a node, and where `source` is given the comma after it. */
function without(kind: string, { start, end }: Span, source = ''): Mutant {
  const comma = /^\s*,/.exec(source.slice(end))?.[0].length ?? 0;
  return { kind, start, end: end + comma, replacement: '' };
}

/** Anchors, the first and the later alternatives of a group, and flags. */
const PATTERN_PARTS: readonly RegExp[] = [
  /(?<![\\[])\^|(?<!\\)\$(?=[)/|])/g,
  /(?<=[(/])[^()|[\]\\]+\|/g,
  /\|[^()|[\]\\]+(?=[)|/])/g,
  /(?<=\/)[a-z]+$/g,
];

function patternsIn({ start }: Node, text: string): readonly Mutant[] {
  return PATTERN_PARTS.flatMap((parts) =>
    [...text.matchAll(parts)].map(({ index, 0: part }) => {
      const at = start + index;
      return { kind: 'pattern', start: at, end: at + part.length, replacement: '' };
    }),
  );
}
