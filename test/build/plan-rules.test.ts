import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { complaintsAbout } from '../../build/plan-rules.ts';
import type { JsonRecord } from '../../src/core/values/json.ts';
import { blocksOf, listOf, moduleFiles, type Block } from '../terraform/module.ts';
import { STANDARD } from '../support/cloud.ts';

const blocks = blocksOf(await moduleFiles()).filter(({ kind }) => kind === 'resource');
const root = fileURLToPath(new URL('../../', import.meta.url));

interface Planned {
  readonly type: string;
  readonly name: string;
  /** Of `for_each`. */
  readonly key?: string;
  readonly actions?: readonly string[];
  readonly after?: JsonRecord;
  readonly provider?: string;
  readonly mode?: string;
}

/** One entry of `resource_changes`, as Terraform documents it (developer.hashicorp.com/terraform/internals/json-format). */
function change({
  type,
  name,
  key,
  actions = ['create'],
  after = {},
  provider,
  mode = 'managed',
}: Planned): JsonRecord {
  const owner = type.startsWith('time_') ? 'time' : 'google';
  return {
    address: `module.key_warden.${type}.${name}${key === undefined ? '' : `["${key}"]`}`,
    module_address: 'module.key_warden',
    mode,
    type,
    name,
    provider_name: provider ?? `registry.terraform.io/hashicorp/${owner}`,
    change: { actions, before: null, after, after_unknown: { id: true }, before_sensitive: false, after_sensitive: {} },
  };
}

const valuesOf = ({ type, name }: Block): JsonRecord =>
  name === 'watched' ? { labels: { 'key-warden': 'managed' }, deletion_protection: true } : { name: `${type}-1` };

/** A plan of the module in which every block is made once, or found as it is. */
function planOf(changed: JsonRecord = {}, more: readonly Planned[] = [], actions = ['create']): JsonRecord {
  const resources = blocks.map(({ type, name, body }) => {
    const on = listOf(body['depends_on']).map((one) => String(one).replaceAll(/\$\{|\}/g, ''));
    return { address: `${type}.${name}`, mode: 'managed', type, name, ...(on.length > 0 && { depends_on: on }) };
  });
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      ...blocks.map((block) => change({ type: block.type, name: block.name, actions, after: valuesOf(block) })),
      change({ type: 'google_project', name: 'worker', mode: 'data', actions: ['read'] }),
      ...more.map(change),
    ],
    configuration: { root_module: { module_calls: { key_warden: { source: '../..', module: { resources } } } } },
    checks: [{ address: { kind: 'check', to_display: 'module.key_warden.check.somebody_hears' }, status: 'pass' }],
    errored: false,
    complete: true,
    ...changed,
  };
}

test('no text of the module looks like a key, so that what does is none of its own', async () => {
  for (const { name, json } of await moduleFiles())
    expect([name, complaintsAbout(planOf({ variables: json }), 'first')]).toEqual([name, []]);
});

test('a plan of every block of the module is as it should be, and so is one that changes nothing', () => {
  expect(complaintsAbout(planOf(), 'first')).toEqual([]);
  expect(complaintsAbout(planOf({}, [], ['no-op']), 'again')).toEqual([]);
});

test('PagerDuty’s webhooks and reports of leaks are all that anybody may call', () => {
  const open = { type: 'google_cloud_run_v2_service_iam_member', name: 'invoker', after: { member: 'allUsers' } };
  for (const key of ['acknowledge/anybody', 'leak-reports/anybody'])
    expect(complaintsAbout(planOf({}, [{ ...open, key }]), 'first')).toEqual([]);
  expect(complaintsAbout(planOf({}, [{ ...open, key: 'rotate/anybody' }]), 'first')).toEqual([
    'module.key_warden.google_cloud_run_v2_service_iam_member.invoker["rotate/anybody"]: lets anybody in',
  ]);
});

const member = (after: JsonRecord) => [{ type: 'google_project_iam_member', name: 'worker', after }];

describe('found is a plan that', () => {
  test.each<readonly [string, JsonRecord, string]>([
    ['is of another form', planOf({ format_version: '2.0' }), 'is of the form 2.0, not 1'],
    ['ended with an error', planOf({ errored: true }), 'ended with an error'],
    ['is not whole', planOf({ complete: false }), 'leaves something for another apply'],
    ['makes nothing', planOf({ resource_changes: [] }), 'makes nothing'],
    [
      'replaces something',
      planOf({}, [{ type: 'google_pubsub_topic', name: 'worker', actions: ['delete', 'create'] }]),
      'module.key_warden.google_pubsub_topic.worker: delete and create, not create',
    ],
    [
      'makes what doctor does not look for',
      planOf({}, [{ type: 'google_pubsub_schema', name: 'worker' }]),
      'module.key_warden.google_pubsub_schema.worker: doctor has no row for google_pubsub_schema.worker',
    ],
    [
      'leaves out what every deployment has',
      planOf({ resource_changes: [change({ type: 'google_pubsub_topic', name: 'worker' })] }),
      'nothing of google_monitoring_alert_policy.worker is planned',
    ],
    [
      'puts a secret into the state',
      planOf({}, [{ type: 'google_secret_manager_secret_version', name: 'first' }]),
      'module.key_warden.google_secret_manager_secret_version.first: a secret in the state',
    ],
    ['holds a key', planOf({ variables: { key: { value: STANDARD } } }), 'plan.variables.key.value: looks like a key'],
    ['lets anybody in', planOf({}, member({ member: 'allUsers' })), 'lets anybody in'],
    ['grants a basic role', planOf({}, member({ role: 'roles/editor' })), 'a basic role'],
    [
      'leaves a secret unprotected',
      planOf({}, [{ type: 'google_secret_manager_secret', name: 'watched', after: { deletion_protection: false } }]),
      'could be deleted with the module',
    ],
    [
      'leaves a secret unlabelled',
      planOf({}, [{ type: 'google_secret_manager_secret', name: 'watched', after: { deletion_protection: true } }]),
      'is not labelled as managed',
    ],
    [
      'uses another provider',
      planOf({}, [{ ...member({})[0], type: 'google_project_iam_member', name: 'worker', provider: 'x.example/a/b' }]),
      'uses the provider x.example/a/b',
    ],
    ['builds all at once', planOf({ configuration: {} }), 'builds all functions at once'],
    [
      'fails its own check',
      planOf({ checks: [{ address: { to_display: 'check.somebody_hears' }, status: 'fail' }] }),
      'check.somebody_hears: fail',
    ],
  ])('%s', (_, plan, says) => {
    expect(complaintsAbout(plan, 'first')).toContainEqual(expect.stringContaining(says));
  });

  test('differs though all of it is there', () => {
    const again = planOf({}, [{ type: 'google_pubsub_topic', name: 'worker', actions: ['update'] }], ['no-op']);
    expect(complaintsAbout(again, 'again')).toEqual([
      'module.key_warden.google_pubsub_topic.worker: update, not no-op',
    ]);
  });
});

const examine = (input: string, ...words: readonly string[]) =>
  spawnSync(process.execPath, ['build/examine-plan.ts', ...words], { cwd: root, input, encoding: 'utf8' });

test('the program says what is wrong and ends with 1', () => {
  expect(examine(JSON.stringify(planOf()))).toMatchObject({ status: 0, stdout: 'plan: as it should be\n' });
  expect(examine(JSON.stringify(planOf()), 'again').status).toBe(1);
  expect(examine('nothing')).toMatchObject({ status: 1, stderr: 'plan: is no JSON object\n' });
});

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
const withTerraform = hasTerraform ? test : test.skip;

withTerraform('what Terraform itself prints is read: its built-in provider stands in for Google’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const run = (...words: readonly string[]) =>
    execFileSync('terraform', words, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null' },
    });
  try {
    writeFileSync(
      join(folder, 'main.tf'),
      `resource "terraform_data" "first" { input = "${STANDARD}" }
       check "somebody_hears" {
         assert {
           condition     = terraform_data.first.input == "y"
           error_message = "Nobody hears."
         }
       }`,
    );
    run('init', '-no-color');
    run('plan', '-no-color', '-out=plan');
    const { status, stderr } = examine(run('show', '-json', 'plan'));
    expect(status).toBe(1);
    for (const says of [
      'terraform_data.first: doctor has no row for terraform_data.first',
      'resource_changes[0].change.after.input: looks like a key',
      'uses the provider terraform.io/builtin/terraform',
      'check.somebody_hears: fail',
      'nothing of google_pubsub_topic.worker is planned',
    ])
      expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/is of the form|ended with an error|leaves something|makes nothing|not create/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
