import { table } from '../papers/generated.ts';
import { listOf, localOf, moduleFiles, namedIn, pipelineFiles, recordOf, type HclFile } from './module.ts';

const pipeline = await pipelineFiles();

/** Blocks of terraform/README.md that are printed from the module. */
export const TERRAFORM_TABLES = faceOf(await moduleFiles());

/** The same for the module that makes the builds’ accounts, and what they may do. */
export const PIPELINE_TABLES = { ...faceOf(pipeline), calls: callsTable };

function faceOf(files: readonly HclFile[]): Readonly<Record<string, () => string>> {
  return {
    inputs: () =>
      table(
        ['input', 'what it is for', 'without it'],
        entriesOf(files, 'variable').map(([name, { description, default: fallback, type }]) => [
          `\`${name}\``,
          `${String(description)}${fieldsOf(String(type))}`,
          fallback === undefined ? '**required**' : `\`${JSON.stringify(fallback)}\``,
        ]),
      ),
    outputs: () =>
      table(
        ['output', 'what it is'],
        entriesOf(files, 'output').map(([name, { description }]) => [`\`${name}\``, String(description)]),
      ),
  };
}

function callsTable(): string {
  const cell = (permissions: unknown) =>
    listOf(permissions)
      .map((permission) => `\`${String(permission)}\``)
      .join(', ');
  const rows = Object.entries(recordOf(localOf(pipeline, 'calls'))).map(([type, row]) => {
    const { where, reads, writes } = recordOf(row);
    return [`\`${type}\``, cell(reads), cell(writes), where === 'archive' ? 'the archive’s bucket' : 'the project'];
  });
  const further = Object.values(recordOf(localOf(pipeline, 'further_writes'))).flatMap((writes) => listOf(writes));
  return table(
    ['for', 'plan calls', 'deploy calls besides', 'on'],
    [...rows, ['what is not Terraform', '', cell(further), 'the project']],
  );
}

function entriesOf(files: readonly HclFile[], kind: 'variable' | 'output') {
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
