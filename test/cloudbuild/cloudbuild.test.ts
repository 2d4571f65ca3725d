import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { environmentOf, localSteps, readBuild } from '../../build/cloudbuild.ts';
import { isRecord, parseRecord } from '../../src/core/json.ts';
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
  ['which no env sets', ['echo "Read: ', 'echo "$_REGION $BRANCH_NAME']],
  ['goes on after a failure', ['set -euo pipefail', 'true']],
  ['needs options.logging', ['  logging: CLOUD_LOGGING_ONLY\n', '']],
  ['_REGION is not set', ['  _REGION: europe-west1\n', '']],
  ['_SPARE is not used', ['  _REGION: europe-west1\n', '  _REGION: europe-west1\n  _SPARE: x\n']],
] as const)('a planted violation is found: %s', (problem, [before, after]) => {
  expect(PLAN).toContain(before);
  expect(problemsOf(PLAN.replace(before, after)).join('\n')).toContain(problem);
});

test('planning and applying are two identities, and only one plan can be applied: the one that was asked for', () => {
  expect(readBuild(PLAN).all['serviceAccount']).not.toBe(readBuild(APPLY).all['serviceAccount']);
  expect(PLAN).not.toMatch(/^ +terraform .*\bapply\b/m);
  expect(APPLY).toMatch(/^ +terraform .*\bapply\b.*out\/plan"$/m);
});

test('the steps that need no cloud are those that run in a node image', () => {
  const ids = localSteps(readBuild(PLAN)).map(({ id }) => id);
  expect(ids).toEqual(['install', 'check', 'test', 'secrets', 'sbom', 'build', 'smoke']);
});

test('substitutions reach a step as variables, filled in from what is given and from the defaults', () => {
  const build = readBuild(PLAN);
  const ask = build.steps.find(({ id }) => id === 'ask');
  const given = { PROJECT_ID: 'p', BUILD_ID: '7' };
  expect(ask === undefined ? {} : environmentOf(ask, build, given)).toEqual({
    BUILD: '7',
    REGION: 'europe-west1',
    BUCKET: 'p-key-warden-builds',
    ROOT_MODULE: 'terraform/examples/minimal',
  });
});

test('text that is no build is refused', () => {
  expect(() => readBuild('steps: {')).toThrow('not a build');
  expect(() => readBuild('name: x')).toThrow('not a build');
});

/** Runs the verification of the apply file with a `gcloud` and a `curl` that answer as told. */
function verified(code: string, body: string, before: string) {
  const script = readBuild(APPLY).steps.find(({ id }) => id === 'verify')?.script ?? '';
  const stage = [
    'cd "$(mktemp -d)"; mkdir out',
    `printf %s '${before}' > out/before.txt`,
    'sleep() { :; }',
    'gcloud() { echo "gcloud $*" >&2; }',
    `curl() { cat > /dev/null; printf %s '${body}' > out/report.json; printf %s '${code}'; }`,
  ].join('\n');
  const env = {
    PATH: process.env['PATH'],
    PROJECT: 'p',
    REGION: 'r',
    SERVICE: 'health-check',
    CALLER: 'c@p',
    NUMBER: '1',
  };
  return spawnSync('bash', [], { input: `${stage}\n${script}`, env, encoding: 'utf8' });
}

describe('what was deployed', () => {
  test('stays when a real call of it is answered with a report', () => {
    const { status, stderr } = verified('200', '{"schema":"key-warden/report/v1"}', 'health-check-1');
    expect(status).toBe(0);
    expect(stderr).toContain('--audiences=https://health-check-1.r.run.app');
    expect(stderr).not.toContain('update-traffic');
  });

  test.each([
    ['500', ''],
    ['200', '<html>'],
  ])('makes way for the revision before it when it answers %s %s, and the build fails', (code, body) => {
    const { status, stderr } = verified(code, body, 'health-check-1');
    expect(status).toBe(1);
    expect(stderr).toContain('update-traffic health-check --project=p --region=r --to-revisions=health-check-1=100');
  });

  test.each(['', 'health-check-1,health-check-2'])(
    'is left to a person where no single revision served before: "%s"',
    (before) => {
      const { status, stderr } = verified('500', '', before);
      expect(status).toBe(1);
      expect(stderr).not.toContain('update-traffic');
      expect(stderr).toContain('nothing to go back to');
    },
  );
});
