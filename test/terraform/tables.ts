import { table } from '../papers/generated.ts';
import { moduleFiles, namedIn } from './module.ts';

const files = await moduleFiles();

/** Blocks of terraform/README.md that are printed from the module. */
export const TERRAFORM_TABLES: Readonly<Record<string, () => string>> = {
  inputs: () =>
    table(
      ['input', 'what it is for', 'without it'],
      entriesOf('variable').map(([name, { description, default: fallback, type }]) => [
        `\`${name}\``,
        `${String(description)}${fieldsOf(String(type))}`,
        fallback === undefined ? '**required**' : `\`${JSON.stringify(fallback)}\``,
      ]),
    ),
  outputs: () =>
    table(
      ['output', 'what it is'],
      entriesOf('output').map(([name, { description }]) => [`\`${name}\``, String(description)]),
    ),
};

function entriesOf(kind: 'variable' | 'output') {
  return Object.entries(namedIn(files, kind)).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Fields of an object, each with its default; nothing for other types. */
function fieldsOf(type: string): string {
  const fields = [...type.matchAll(/(\w+)\s*=\s*(optional\((.+)\)|\w+)$/gm)].map(
    ([, name = '', spelled = '', inner]) => {
      const fallback =
        inner === undefined ? undefined : /,\s*(.+)$/.exec(inner.replace(/^(?:list|map)\(\w+\)/, ''))?.[1];
      return `\`${name}\`${spelled.startsWith('optional') ? (fallback === undefined ? '' : ` (\`${fallback}\`)`) : ' (**required**)'}`;
    },
  );
  return fields.length === 0 ? '' : ` Fields: ${fields.join(', ')}.`;
}
