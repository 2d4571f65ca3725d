import { beforeAll, describe, expect, test } from '@jest/globals';
import { grantsOf } from '../../src/core/google/permissions-of-deployment.ts';
import { blocksOf, listOf, localOf, moduleFiles, pipelineFiles, recordOf, type HclFile } from './module.ts';

let worker: readonly HclFile[] = [];
let pipeline: readonly HclFile[] = [];
beforeAll(async () => {
  [worker, pipeline] = await Promise.all([moduleFiles(), pipelineFiles()]);
});

const typesOf = (files: readonly HclFile[]) =>
  blocksOf(files)
    .filter(({ kind, type }) => kind === 'resource' && type.startsWith('google_'))
    .map(({ type }) => type);
const callsOf = (types: Iterable<string>) => Object.fromEntries([...types].map((type) => [type, 1]));

describe('the accounts of the builds', () => {
  test('may call what the provider calls for each type that the module uses, and for no other', () => {
    const rows = Object.keys(recordOf(localOf(pipeline, 'calls')));
    expect(callsOf(rows)).toEqual(callsOf(typesOf(worker)));
  });

  test('a type that the module began to use is missed', async () => {
    const rows = Object.keys(recordOf(localOf(pipeline, 'calls')));
    expect(callsOf(rows)).not.toEqual(callsOf([...typesOf(worker), 'google_pubsub_schema']));
  });

  test('may make and grant elsewhere what the module makes in other projects', () => {
    const elsewhere = Object.values(recordOf(localOf(pipeline, 'elsewhere'))).flatMap((types) => listOf(types));
    const inOtherProjects = blocksOf(worker)
      .filter(
        ({ kind, body }) =>
          kind === 'resource' &&
          /each\.value|key_projects|split/.test(String(body['project'] ?? body['service_account_id'])),
      )
      .map(({ type }) => type);
    expect([...new Set(elsewhere)].toSorted()).toEqual([...new Set(inOtherProjects)].toSorted());
  });

  test('may grant on a project the very roles that the module grants there, in lists that are no longer than Google takes', () => {
    const permissions = Object.entries(recordOf(localOf(worker, 'permissions')));
    const made = permissions.flatMap(([identity, levels]) =>
      Object.keys(recordOf(levels))
        // On a project one reads all secrets, too, where it was asked to.
        .filter((level) => level !== 'memory' && (level !== 'secret' || identity === 'surveyor'))
        .map((level) => `${identity}-${level}`),
    );
    const granted = listOf(localOf(pipeline, 'granted'));
    const built = listOf(localOf(pipeline, 'built'));
    expect([...granted].toSorted()).toEqual(made.toSorted());
    const ofBuilds = grantsOf('build', 'the worker’s project').map(({ needs }) => needs);
    expect([...built].toSorted()).toEqual(ofBuilds.toSorted());
    const grants = blocksOf(pipeline, 'google_project_iam_member').find(({ name }) => name === 'grants');
    const [condition] = (grants?.body['condition'] ?? []) as readonly Record<string, unknown>[];
    expect(String(condition?.['expression'])).toContain('chunklist(local.grantable[each.value.project], 10)');
  });

  test('see the archive’s bucket under the name that the module gives it', () => {
    const [bucket] = blocksOf(worker, 'google_storage_bucket');
    expect(localOf(pipeline, 'archive_bucket')).toBe(bucket?.body['name']);
  });
});
