/**
 * `node test/emulator/discovery/trim.ts FOLDER`: writes the discovery documents of the APIs that the pretend cloud
 * serves, cut down to methods and messages, and those that `doctor` looks at a deployment with. FOLDER is `googleapiclient/discovery_cache/documents` of the Python package
 * google-api-python-client (Apache License 2.0, Google LLC).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { isRecord, type JsonRecord } from '../../../src/core/values/json.ts';

const DOCUMENTS = ['secretmanager.v1', 'apikeys.v2', 'cloudscheduler.v1', 'pubsub.v1', 'monitoring.v3'];
/** Messages that no test looks at are left out of the largest document. */
const ROOTS: Readonly<Record<string, readonly string[]>> = { 'monitoring.v3': ['ListTimeSeriesResponse'] };

/** What shows a deployment besides: methods that only read, and the messages that they answer. */
const LOOKED_AT: Readonly<Record<string, readonly string[]>> = {
  'artifactregistry.v1': ['projects.locations.repositories.get', 'projects.locations.repositories.getIamPolicy'],
  'cloudfunctions.v2': ['projects.locations.functions.get'],
  'cloudkms.v1': ['projects.locations.keyRings.cryptoKeys.getIamPolicy'],
  'cloudresourcemanager.v3': ['projects.getIamPolicy'],
  'iam.v1': ['projects.serviceAccounts.get', 'projects.serviceAccounts.getIamPolicy', 'projects.roles.get'],
  'logging.v2': ['projects.locations.buckets.get', 'projects.metrics.list', 'projects.sinks.get'],
  'monitoring.v1': ['projects.dashboards.list'],
  'monitoring.v3': ['projects.alertPolicies.list', 'projects.notificationChannels.list'],
  'run.v2': ['projects.locations.services.getIamPolicy'],
  'serviceusage.v1': ['services.list'],
  'storage.v1': ['buckets.get', 'objects.get'],
};
/** Widgets of dashboards are hundreds of messages, of which nothing is looked at. */
const LEFT_OUT = ['ListDashboardsResponse'];

const [, , folder = ''] = process.argv;
const looked = Object.entries(LOOKED_AT).map(([name, ids]) => {
  const document = documentAt(name);
  const schemas = isRecord(document['schemas']) ? document['schemas'] : {};
  const methods = methodsOf(document).filter(({ id }) => ids.some((own) => String(id).endsWith(`.${own}`)));
  const answers = methods.map(({ response }) => String(response)).filter((answer) => !LEFT_OUT.includes(answer));
  const wanted = reachable(answers, schemas).toSorted();
  return {
    id: document['id'],
    revision: document['revision'],
    methods,
    schemas: Object.fromEntries(wanted.map((key) => [key, shape(schemas[key])])),
  };
});
writeFileSync(new URL('deployment.json', import.meta.url), `${JSON.stringify(looked, null, 1)}\n`);
for (const name of DOCUMENTS) {
  const document = documentAt(name);
  const schemas = isRecord(document['schemas']) ? document['schemas'] : {};
  const wanted = ROOTS[name] === undefined ? Object.keys(schemas) : reachable(ROOTS[name], schemas);
  const trimmed = {
    id: document['id'],
    revision: document['revision'],
    methods: methodsOf(document),
    schemas: Object.fromEntries(wanted.toSorted().map((key) => [key, shape(schemas[key])])),
  };
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(trimmed, null, 1)}\n`);
}

function documentAt(name: string): JsonRecord {
  const read: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  return isRecord(read) ? read : {};
}

function methodsOf(node: JsonRecord, servicePath = String(node['servicePath'])): readonly JsonRecord[] {
  const own = Object.values(isRecord(node['methods']) ? node['methods'] : {}).filter(isRecord);
  const below = Object.values(isRecord(node['resources']) ? node['resources'] : {}).filter(isRecord);
  return [
    ...own.map(({ id, httpMethod, flatPath, path, parameters, request, response }) => ({
      id,
      httpMethod,
      path: `/${servicePath}${String(flatPath ?? path)}`,
      query: Object.entries(isRecord(parameters) ? parameters : {})
        .filter(([, parameter]) => isRecord(parameter) && parameter['location'] === 'query')
        .map(([parameter]) => parameter),
      ...(isRecord(request) && { request: request['$ref'] }),
      ...(isRecord(response) && { response: response['$ref'] }),
    })),
    ...below.flatMap((one) => methodsOf(one, servicePath)),
  ];
}

function shape(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shape);
  if (!isRecord(schema)) return schema;
  const { type, format, properties, items, additionalProperties, readOnly, description, $ref: ref } = schema;
  const said = typeof description === 'string' ? description : '';
  return {
    ...(type !== undefined && { type }),
    ...(format !== undefined && { format }),
    ...(ref !== undefined && { $ref: ref }),
    ...(Array.isArray(schema['enum']) && { enum: schema['enum'] }),
    ...((readOnly === true || /^(?:Optional\. |Immutable\. )?Output only/.test(said)) && { outputOnly: true }),
    ...(said.includes('Input only') && { inputOnly: true }),
    ...(items !== undefined && { items: shape(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: shape(additionalProperties) }),
    ...(isRecord(properties) && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, shape(field)])),
    }),
  };
}

function reachable(roots: readonly string[], schemas: JsonRecord): readonly string[] {
  const found = new Set(roots);
  for (const name of found)
    for (const [, target = ''] of JSON.stringify(schemas[name] ?? {}).matchAll(/"\$ref":"(\w+)"/g)) found.add(target);
  return [...found];
}
