import { expect, test } from '@jest/globals';
import { DEPLOYMENT_ROWS } from '../../src/app/doctor/deployment/deployment.ts';
import { PUBLISHERS, PUSHED, TOPICS } from '../../src/app/doctor/deployment/event-rows.ts';
import { FIRST, FUNCTION_NAMES, FUNCTIONS } from '../../src/app/doctor/deployment/place.ts';
import { AGENT_APIS, APIS, BUILD_ROLES } from '../../src/app/doctor/deployment/project-rows.ts';
import { LEVELS } from '../../src/app/doctor/deployment/identity-rows.ts';
import { ALARMS, METRICS } from '../../src/app/doctor/deployment/watching-rows.ts';
import { blocksOf, hclFile, listOf, localOf, moduleFiles, recordOf, type HclFile } from './module.ts';

const files = await moduleFiles();
const textOf = (name: string) => files.find((file) => file.name === name)?.text ?? '';
const keysOf = (name: string) => Object.keys(recordOf(localOf(files, name))).toSorted();
const addresses = (of: readonly HclFile[]) =>
  blocksOf(of).flatMap(({ kind, type, name }) => (kind === 'resource' ? [`${type}.${name}`] : []));

/** Blocks that doctor would not look for. */
const unseen = (of: readonly HclFile[]) => addresses(of).filter((one) => !Object.hasOwn(DEPLOYMENT_ROWS, one));

test('doctor has a row for every resource block of the module, and for nothing else', () => {
  expect(unseen(files)).toEqual([]);
  expect(Object.keys(DEPLOYMENT_ROWS).toSorted()).toEqual(addresses(files).toSorted());
});

test('a block without a row is found', async () => {
  const planted = await hclFile('new.tf', 'resource "google_pubsub_schema" "worker" {}');
  expect(unseen([...files, planted])).toEqual(['google_pubsub_schema.worker']);
});

test('what makes nothing at Google is what waits', () => {
  const without = Object.entries(DEPLOYMENT_ROWS).flatMap(([address, row]) =>
    'leavesNothing' in row ? [address] : [],
  );
  expect(without).toEqual(addresses(files).filter((one) => one.startsWith('time_sleep.')));
});

test('names that doctor looks for are the module’s', () => {
  expect([...TOPICS].toSorted()).toEqual(keysOf('topics'));
  expect([...PUSHED].toSorted()).toEqual(keysOf('pushes'));
  expect([...METRICS].toSorted()).toEqual(keysOf('metrics'));
  expect(Object.keys(LEVELS).toSorted()).toEqual(keysOf('projects_of'));
  expect(localOf(files, 'first')).toBe(FIRST);
  const publishers = Object.values(recordOf(localOf(files, 'publishers'))).map(recordOf);
  expect(publishers.map(({ identity, topic }) => [identity, topic]).toSorted()).toEqual([...PUBLISHERS].toSorted());
  const alarms = ['policies', 'events'].flatMap((name) => Object.values(recordOf(localOf(files, name))));
  expect(alarms.map((alarm) => recordOf(alarm)['title']).toSorted()).toEqual([...ALARMS].toSorted());
});

test('functions run as whom the module says, and are called by whom it says', () => {
  expect([...FUNCTION_NAMES].toSorted()).toEqual(keysOf('all_functions'));
  const pushed = Object.values(recordOf(localOf(files, 'pushes'))).map((push) => recordOf(push)['function']);
  for (const name of FUNCTION_NAMES) {
    const row = recordOf(recordOf(localOf(files, 'all_functions'))[name]);
    expect([name, FUNCTIONS[name].identity]).toEqual([name, row['identity']]);
    const caller = keysOf('jobs').includes(name) ? 'scheduler' : pushed.includes(name) ? 'push' : undefined;
    const asked = ({ statusPage: 'iap', acknowledge: 'anybody', leakReports: 'anybody' } as Record<string, string>)[
      String(row['entry_point'])
    ];
    expect([name, FUNCTIONS[name].calledBy]).toEqual([name, caller ?? asked ?? 'callers']);
  }
});

test('APIs, agents and roles of the build are those of the lists in their blocks', () => {
  const [on, agents] = ['google_project_service', 'google_project_service_identity'].map((type) =>
    String(blocksOf(files, type)[0]?.body['for_each']),
  );
  const apisIn = (text = '') => [...text.matchAll(/"([a-z]+)\.googleapis\.com"/g)].map(([, api = '']) => api);
  expect(apisIn(on)).toEqual([...APIS]);
  expect(apisIn(agents)).toEqual([...AGENT_APIS]);
  const build = blocksOf(files, 'google_project_iam_member').find(({ name }) => name === 'build');
  expect([...String(build?.body['for_each']).matchAll(/roles\/[\w.]+/g)].map(([role]) => role)).toEqual([
    ...BUILD_ROLES,
  ]);
});

test.each([
  ['secrets.tf', 'roles/cloudkms.cryptoKeyEncrypterDecrypter'],
  ['roles.tf', 'roles/secretmanager.secretAccessor'],
  ['pubsub.tf', 'roles/pubsub.subscriber'],
  ['pubsub.tf', 'roles/iam.serviceAccountTokenCreator'],
  ['invokers.tf', 'roles/run.invoker'],
  ['functions.tf', 'roles/artifactregistry.writer'],
  ['functions.tf', '"${var.name}-images"'],
  ['archive.tf', '"${var.project_id}-${var.name}-source"'],
  ['pubsub.tf', '"${var.name}-${each.key}-push"'],
  ['pubsub.tf', '"${var.name}-dead-letters"'],
  ['dashboard.tf', 'displayName = var.name'],
  ['alerts.tf', 'display_name = "${var.name}: ${each.value.title}"'],
])('%s still says %s, which doctor looks for', (file, says) => {
  expect(textOf(file)).toContain(says);
});

test('every row says how it is mended', () => {
  for (const row of Object.values(DEPLOYMENT_ROWS))
    if ('mend' in row) expect(listOf(row.shownBy).length * row.mend.length * row.title.length).toBeGreaterThan(0);
});
