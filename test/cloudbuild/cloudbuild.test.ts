import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { environmentOf, localSteps, readBuild } from '../../build/cloudbuild.ts';
import { ENTRY } from '../../build/bundle.ts';
import { isRecord, parseRecord } from '../../src/core/values/json.ts';
import { problemsOf } from './rules.ts';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const schema = parseRecord(textOf('test/cloudbuild/schema.json')) ?? {};
const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
const PLAN = textOf('cloudbuild.yaml');
const APPLY = textOf('cloudbuild.apply.yaml');

describe.each([
  ['cloudbuild.yaml', PLAN],
  ['cloudbuild.apply.yaml', APPLY],
])('%s', (_name, text) => {
  const build = readBuild(text);

  test('is valid against the published schema, which refuses fields it does not know', () => {
    expect(valid(build.all) ? [] : valid.errors).toEqual([]);
    expect(valid({ ...build.all, steps: [{ name: 'a', scrip: '' }] })).toBe(false);
    const known = isRecord(schema['properties']) ? schema['properties'] : {};
    expect(Object.keys(build.all).filter((field) => !(field in known))).toEqual([]);
  });

  test('keeps the rules that no schema holds', () => {
    expect(problemsOf(text)).toEqual([]);
  });

  test('has a time limit on every step, and only scripts the shell of their first line can read', () => {
    const timeouts = text.match(/^ {4}timeout: \d+s$/gm) ?? [];
    expect(timeouts).toHaveLength(build.steps.length);
    for (const { script } of build.steps) {
      const shell = script.startsWith('#!/bin/sh') ? 'sh' : 'bash';
      const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });
});

test.each([
  ['no id of its own', ['id: check', 'id: install']],
  ['which is no earlier step', ['waitFor: [build]', 'waitFor: [buidl]']],
  ['a builder that goes away', ['name: google/cloud-sdk:528.0.0', 'name: gcr.io/cloud-builders/gcloud:1.2.3']],
  ['not pinned', ['name: hashicorp/terraform:1.11.4', 'name: hashicorp/terraform:latest']],
  ['which no env sets', ['echo "Read: ', 'echo "$_ROOT_MODULE $BRANCH_NAME']],
  ['goes on after a failure', ['set -euo pipefail', 'true']],
  ['needs options.logging', ['  logging: CLOUD_LOGGING_ONLY\n', '']],
  ['_ROOT_MODULE is not set', ['  _ROOT_MODULE: terraform/examples/minimal\n', '  _ROOT: x\n']],
  ['_SPARE is not used', ['substitutions:\n', 'substitutions:\n  _SPARE: x\n']],
] as const)('a planted violation is found: %s', (problem, [before, after]) => {
  expect(PLAN).toContain(before);
  expect(problemsOf(PLAN.replace(before, after)).join('\n')).toContain(problem);
});

test('planning and applying are two identities, and only one plan can be applied: the one that was asked for', () => {
  expect(readBuild(PLAN).all['serviceAccount']).not.toBe(readBuild(APPLY).all['serviceAccount']);
  expect(PLAN).not.toMatch(/^ +terraform .*\bapply\b/m);
  expect(APPLY).toMatch(/^ +terraform .*\bapply\b.*out\/plan"$/m);
  expect(APPLY).not.toMatch(/\btar\b.*-[a-z]*z/);
});

test('an apply that fails prints the way out of a half-made deployment', () => {
  expect(APPLY).toMatch(/^ +trap '.*terraform\/way-out.*' EXIT\n +terraform .*\bapply\b/m);
});

test('the steps that need no cloud are those that run in a node image', () => {
  const ids = localSteps(readBuild(PLAN)).map(({ id }) => id);
  expect(ids).toEqual(['install', 'check', 'test', 'secrets', 'sbom', 'build', 'smoke']);
});

test('substitutions reach a step as variables, filled in from what is given and from the defaults', () => {
  const build = readBuild(PLAN);
  const plan = build.steps.find(({ id }) => id === 'plan');
  const given = { PROJECT_ID: 'p', TRIGGER_NAME: 'key-warden-plan' };
  expect(plan === undefined ? {} : environmentOf(plan, build, given)).toMatchObject({
    PROJECT: 'p',
    TRIGGER: 'key-warden-plan',
    ROOT_MODULE: 'terraform/examples/minimal',
  });
});

test('whoever asks for an apply can choose the plan, and nothing else: not a bucket, not a name, not an account', () => {
  expect(Object.keys(readBuild(APPLY).substitutions)).toEqual(['_PLAN']);
  const trigger = textOf('terraform/modules/pipeline/triggers.tf');
  for (const [text, suffix] of [
    [PLAN, 'plan'],
    [APPLY, 'deploy'],
  ] as const) {
    expect(trigger).toContain(`"\${var.name}-${suffix}"`);
    const cut = text.match(/\$\{TRIGGER[^}]*\}/g) ?? [];
    expect(new Set(cut)).toEqual(new Set([`\${TRIGGER%-${suffix}}`]));
    expect(readBuild(text).all['serviceAccount']).toContain(`/key-warden-${suffix}@`);
  }
});

test('the modules are formatted, validated and tested before anything is planned', () => {
  const module = readBuild(PLAN).steps.find(({ id }) => id === 'module');
  for (const command of ['fmt -check', ' validate', ' test']) expect(module?.script).toContain(command);
  expect(readBuild(PLAN).steps.find(({ id }) => id === 'plan')?.waitFor).toContain('module');
});

test('what is built is what is kept, and what is taken from there', () => {
  const written = [...textOf('build/build.ts').matchAll(/join\(folder, (?:ENTRY|'([a-z.-]+\.json)')\)/g)].map(
    ([, name = ENTRY]) => name,
  );
  expect(written.toSorted()).toEqual(['functions.cjs', 'package-lock.json', 'package.json']);
  expect(PLAN).toContain('dist/functions.cjs dist/package.json dist/package-lock.json "${kept}/dist/"');
  expect(APPLY).toContain('for name in functions.cjs package.json package-lock.json; do');
});

test('a plan takes no lock, which would be a write', () => {
  expect(PLAN).toMatch(/ plan -lock=false /);
});

test('the revisions that serve are those of the functions that the module makes', () => {
  const functions = /all_functions = \{([\s\S]*?)\n {2}\}/.exec(textOf('terraform/functions.tf'))?.[1] ?? '';
  const names = [...functions.matchAll(/^ {4}([a-z-]+) += \{/gm)].map(([, name = '']) => name);
  expect(APPLY).toContain(`names="(${names.toSorted().join('|')})"`);
});

test('text that is no build is refused', () => {
  expect(() => readBuild('steps: {')).toThrow('not a build');
  expect(() => readBuild('name: x')).toThrow('not a build');
});

/** A shell that runs a step of the apply file with commands that answer as told. */
function staged(id: string, stage: readonly string[]) {
  const script = readBuild(APPLY).steps.find((step) => step.id === id)?.script ?? '';
  const env = {
    PATH: process.env['PATH'],
    PLAN: '0a1b2c3d-0000-4000-8000-000000000000',
    PROJECT: 'p',
    REGION: 'r',
    NUMBER: '1',
    TRIGGER: 'key-warden-deploy',
  };
  const input = ['cd "$(mktemp -d)"; mkdir out', ...stage, script].join('\n');
  return spawnSync('bash', [], { input, env, encoding: 'utf8' });
}

/** Runs the verification; `codes` are what the check answers, one after the other, the last one for ever. */
function verified(codes: readonly string[], body: string, before: string) {
  return staged('verify', [
    `printf '${before}' > out/before.txt`,
    `printf '%s\\n' ${codes.map((code) => `'${code}'`).join(' ')} > codes`,
    'sleep() { :; }',
    'gcloud() { echo "gcloud $*" >&2; }',
    `curl() { cat > /dev/null; printf %s '${body}' > out/report.json; printf %s "$(head -1 codes)"; if [[ "$(wc -l < codes)" -gt 1 ]]; then sed -i 1d codes; fi; }`,
  ]);
}

describe('what was deployed', () => {
  const GOOD = '{"schema":"key-warden/report/v1"}';
  const BEFORE = 'key-warden-health-check\\thealth-1\\nkey-warden-reconcile\\treconcile-4\\n';

  test('stays when a real call of it is answered with a report', () => {
    const { status, stderr } = verified(['200'], GOOD, BEFORE);
    expect(status).toBe(0);
    expect(stderr).toContain('--audiences=https://key-warden-health-check-1.r.run.app');
    expect(stderr).toContain('--impersonate-service-account=key-warden-scheduler@p.iam.gserviceaccount.com');
    expect(stderr).not.toContain('update-traffic');
  });

  test('is not blamed for a scheduled run that is in the way', () => {
    const { status, stdout } = verified(['429', '429', '503', '429', '200'], GOOD, BEFORE);
    expect({ status, calls: stdout.match(/answered/g)?.length }).toEqual({ status: 0, calls: 5 });
  });

  test.each([
    ['500', ''],
    ['200', '<html>'],
    ['429', ''],
  ])('makes way for the revisions before it when it answers %s %s, and the build fails', (code, body) => {
    const { status, stderr } = verified([code], body, BEFORE);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'update-traffic key-warden-health-check --project=p --region=r --to-revisions=health-1=100',
    );
    expect(stderr).toContain(
      'update-traffic key-warden-reconcile --project=p --region=r --to-revisions=reconcile-4=100',
    );
  });

  test.each(['', 'key-warden-health-check\\thealth-1,health-2\\n', 'key-warden-health-check\\n'])(
    'is left to a person where no single revision served before: "%s"',
    (before) => {
      const { status, stderr } = verified(['500'], '', before);
      expect(status).toBe(1);
      expect(stderr).not.toContain('update-traffic');
      expect(stderr).toContain('nothing to go back to');
    },
  );
});
