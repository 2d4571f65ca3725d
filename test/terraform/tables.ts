import { table } from '../papers/generated.ts';
import { listOf, localOf, moduleFiles, namedIn, pipelineFiles, recordOf, type HclFile } from './module.ts';

const pipeline = await pipelineFiles();

const module = await moduleFiles();

/** Blocks of terraform/README.md that are printed from the module. */
export const TERRAFORM_TABLES = faceOf(module);

/** The same for the module that makes the builds’ accounts, and what they may do. */
export const PIPELINE_TABLES = { ...faceOf(pipeline), calls: callsTable };

/** Blocks of docs/reference/metrics.md. */
export const METRIC_TABLES = { metrics: metricsTable, alarms: alarmsTable };

/** What can be counted, and the field of a log line that it is read from. */
function metricsTable(): string {
  const rows = Object.entries(recordOf(localOf(module, 'metrics'))).map(([name, metric]) => {
    const { says, filter, value, labels } = recordOf(metric);
    const from = (field: unknown) => `\`${String(field).replace(/^jsonPayload\./, '')}\``;
    const named = Object.entries(recordOf(labels)).map(([label, field]) => `\`${label}\` (${from(field)})`);
    const source = typeof value === 'string' ? from(value) : countedBy(String(filter));
    return [`\`${name}\``, String(says), source, typeof value === 'string' ? 'numbers' : 'a count', named.join(', ')];
  });
  return table(['metric', 'what it says', 'from', 'holds', 'labels'], rows);
}

/** The field whose presence is counted; some look at more than one. */
function countedBy(filter: string): string {
  const field = /^jsonPayload\.([\w.]+)(?:>=0|:\*)/.exec(filter)?.[1];
  return field === undefined ? 'the entry' : `\`${field}\``;
}

/** Every alarm, and whether it holds back what channels tell already. */
function alarmsTable(): string {
  const queries = Object.values(recordOf(localOf(module, 'policies'))).map(recordOf);
  const lines = Object.values(recordOf(localOf(module, 'events'))).map(recordOf);
  const isGated = (query: unknown) => String(query).includes('${local.only_unheard}');
  return table(
    ['alarm', 'severity', 'stands on', 'beside channels that work'],
    [
      ...queries.map(({ title, severity, query }) => [
        String(title),
        String(severity),
        'metrics',
        isGated(query) ? 'is not raised: they were told' : 'is raised: no channel tells it',
      ]),
      ...lines.map(({ title, severity }) => [
        String(title),
        String(severity),
        'a log line',
        'is raised: no channel tells it',
      ]),
    ],
  );
}

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
