import { afterEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { applyStage, HONEST, hostileTarball, lockOf, planOf, type ApplyStage } from './apply-stage.ts';

/** Terraform is in the build's own image; elsewhere it may not be there. */
const isInstalled = spawnSync('terraform', ['version']).status === 0;
if (!isInstalled)
  process.stderr.write('NOT RUN: approved and applied plans were not compared, because terraform is not installed\n');
const withTerraform = isInstalled ? test : test.skip;

const stages: ApplyStage[] = [];
afterEach(() => {
  for (const stage of stages.splice(0)) stage.close();
});
function staged(files: Readonly<Record<string, string>>, planned?: string): ApplyStage {
  const stage = applyStage(files, planned);
  stages.push(stage);
  return stage;
}

/** All that lies in a folder, links and folders too, without git's own. */
const below = (folder: string) => readdirSync(folder, { recursive: true }).map(String).toSorted();

describe('what an apply is made of', () => {
  test('is the commit, and files whose names stand in the step: no archive is unpacked, and nothing else is taken', () => {
    const stage = staged({ ...HONEST, 'dist/left-behind.cjs': 'x' });
    stage.keep('bundle.tar.gz', hostileTarball());
    stage.keep('dist/more.cjs', 'more');
    stage.keep('out/plan', 'a plan of its own');
    expect(stage.run('fetch')).toMatchObject({ said: '' });
    expect(below(stage.folder)).toEqual([
      'kept',
      'kept/key-warden.tfvars',
      'kept/plan.txt',
      'out',
      'out/root',
      'source',
      'source/README.md',
      'source/deploy',
      'source/deploy/.terraform.lock.hcl',
      'source/deploy/main.tf',
      'source/dist',
      'source/dist/functions.cjs',
      'source/dist/package-lock.json',
      'source/dist/package.json',
    ]);
    expect(stage.read('out/root')).toBe('deploy');
  });

  test('planted: unpacking the very same archive would put a link where the comparison is written', () => {
    const stage = staged(HONEST);
    const archive = join(stage.folder, 'bundle.tar.gz');
    writeFileSync(archive, hostileTarball());
    spawnSync('tar', ['-xzf', archive], { cwd: stage.folder });
    expect(lstatSync(join(stage.folder, 'out/shown.txt')).isSymbolicLink()).toBe(true);
  });

  test('takes no way that a link in the checked out folder opens', () => {
    const stage = staged(HONEST);
    const elsewhere = join(stage.folder, '..', 'elsewhere');
    mkdirSync(elsewhere);
    for (const name of ['kept', 'out', 'source']) symlinkSync(elsewhere, join(stage.folder, name));
    expect(stage.run('fetch')).toMatchObject({ said: '' });
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(stage.read('kept/plan.txt')).toContain(stage.commit);
  });

  test.each([
    ['a plan of another commit', 'plan.txt', 'commit 0123\nroot deploy\n\n', 'ask for it with --sha'],
    ['a root module outside', 'plan.txt', 'COMMIT\nroot ../elsewhere\n\n', 'no folder of the repository'],
    ['a root module from the root', 'plan.txt', 'COMMIT\nroot /etc\n\n', 'no folder of the repository'],
    ['a root module with a way back', 'plan.txt', 'COMMIT\nroot deploy/../..\n\n', 'no folder of the repository'],
    ['a plan that names nothing', 'plan.txt', '', 'names no commit'],
    ['a file larger than a bundle is', 'dist/functions.cjs', 'x'.repeat(30_000_001), 'may have 30000000'],
  ])('%s is refused', (_name, name, content, why) => {
    const stage = staged(HONEST);
    stage.keep(name, content.replace('COMMIT', `commit ${stage.commit}`));
    const { failed, said } = stage.run('fetch');
    expect(failed).toBe('fetch');
    expect(said).toContain(why);
  });
});

describe('what is applied', () => {
  withTerraform('is what was read, planned again from the commit', () => {
    const stage = staged(HONEST, planOf(HONEST));
    const { failed, said } = stage.run('fetch', 'plan', 'rules', 'apply');
    expect({ failed, said }).toEqual({ failed: undefined, said: expect.stringContaining('topic = "alerts"') });
  });

  withTerraform('is nothing when the commit would do something else than what was read', () => {
    const stage = staged({ ...HONEST, 'deploy/main.tf': 'output "owner" {\n  value = "me"\n}\n' }, planOf(HONEST));
    const { failed, said } = stage.run('fetch', 'plan', 'rules', 'apply');
    expect(failed).toBe('plan');
    expect(said).toContain('which was read and approved');
  });

  withTerraform('is nothing when a link stands where a plan’s text should be: it would be compared with itself', () => {
    const stage = staged(HONEST, 'another plan');
    stage.run('fetch');
    symlinkSync(join(stage.folder, 'out/shown.txt'), join(stage.folder, 'link'));
    spawnSync('sh', ['-c', 'cat kept/plan.txt > out/shown.txt; mv link kept/plan.txt'], { cwd: stage.folder });
    const { failed, said } = stage.run('plan');
    expect(failed).toBe('plan');
    expect(said).toContain('kept/plan.txt is no plain file');
  });

  test.each([
    ['another provider', lockOf(['google', 'null']), 'hashicorp/null'],
    ['the provider that runs programs', lockOf(['external']), 'hashicorp/external'],
    ['a provider of another host', lockOf(['google'], 'evil.example.com'), 'evil.example.com/hashicorp/google'],
    ['two on one line', lockOf(['google']).replace('{', '{ } provider "x" {'), 'provider "x"'],
  ])('is nothing when the lock names %s, and nothing is installed', (_name, lock, named) => {
    const stage = staged({ ...HONEST, 'deploy/.terraform.lock.hcl': lock });
    const { failed, said } = stage.run('fetch', 'plan');
    expect(failed).toBe('plan');
    expect(said).toContain(named);
    expect(said).toContain('not on the list');
    expect(below(join(stage.folder, 'source/deploy'))).toEqual(['.terraform.lock.hcl', 'main.tf']);
  });

  test('is nothing when the commit has no lock', () => {
    const { 'deploy/.terraform.lock.hcl': _, ...unlocked } = HONEST;
    expect(staged(unlocked).run('fetch', 'plan').said).toContain('terraform providers lock');
  });

  withTerraform('is nothing when the configuration wants a provider that the lock does not have', () => {
    const stage = staged({
      ...HONEST,
      'deploy/more.tf': 'data "external" "x" {\n  program = ["touch", "/tmp/x"]\n}\n',
    });
    expect(stage.run('fetch', 'plan').failed).toBe('plan');
  });

  withTerraform.each([
    [
      'in the root module',
      {
        'deploy/x.tf':
          'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "touch ran"\n  }\n}\n',
      },
      'terraform_data.x has a provisioner',
    ],
    [
      'in a module, in the JSON syntax',
      {
        'deploy/x.tf': 'module "m" {\n  source = "./m"\n}\n',
        'deploy/m/x.tf.json': JSON.stringify({
          resource: { terraform_data: { x: { provisioner: [{ 'local-exec': { command: 'touch ran' } }] } } },
        }),
      },
      'module.m.terraform_data.x has a provisioner',
    ],
  ])('is nothing when a provisioner stands %s, which the approved text does not show', (_name, files, problem) => {
    const hostile = { ...HONEST, ...files };
    const planned = planOf(hostile);
    expect(planned).not.toContain('provisioner');
    const stage = staged(hostile, planned);
    const { failed, said } = stage.run('fetch', 'plan', 'rules', 'apply');
    expect(failed).toBe('rules');
    expect(said).toContain(problem);
    expect(said).toContain('builtin/terraform is not on the list');
    expect(below(stage.folder).filter((name) => name.endsWith('ran'))).toEqual([]);
  });

  withTerraform('planted: without the rules the provisioner runs', () => {
    const hostile = {
      ...HONEST,
      'deploy/x.tf':
        'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "touch ran"\n  }\n}\n',
    };
    const stage = staged(hostile, planOf(hostile));
    stage.run('fetch', 'plan', 'apply');
    expect(stage.read('source/deploy/ran')).toBe('');
  });

  const HOST = ['registry', 'terraform', 'io'].join('.');
  const providers = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { full_name: `${HOST}/hashicorp/${name}` }]));
  test.each([
    [
      'nothing but ours',
      { provider_config: providers('google', 'google-beta', 'archive', 'time'), root_module: {} },
      [],
    ],
    [
      'an external data source two modules down',
      {
        provider_config: providers('google'),
        root_module: {
          module_calls: {
            a: {
              source: './a',
              module: {
                module_calls: {
                  b: {
                    source: '../b',
                    module: { resources: [{ address: 'data.external.x', mode: 'data', type: 'external' }] },
                  },
                },
              },
            },
          },
        },
      },
      ['module.a.module.b.data.external.x runs a program'],
    ],
    [
      'a module from elsewhere',
      { root_module: { module_calls: { far: { source: 'git::https://example.com/far', module: {} } } } },
      ['module.far is not of the commit'],
    ],
    [
      'a provider whose name only ends like ours',
      { provider_config: { google: { full_name: `evil.example.com/${HOST}/hashicorp/google` } }, root_module: {} },
      [`provider evil.example.com/${HOST}/hashicorp/google is not on the list`],
    ],
  ])('has a configuration of %s: as Terraform reads it', (_name, configuration, problems) => {
    const stage = staged(HONEST);
    mkdirSync(join(stage.folder, 'out'));
    writeFileSync(join(stage.folder, 'out/plan.json'), JSON.stringify({ configuration }));
    const { failed, said } = stage.run('rules');
    expect(failed).toBe(problems.length === 0 ? undefined : 'rules');
    expect(said.split('\n').filter((line) => line !== '')).toEqual(problems);
  });
});
