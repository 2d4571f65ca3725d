import { readBuild } from '../../build/cloudbuild.ts';
import { isRecord } from '../../src/core/values/json.ts';

/** Substitutions that Cloud Build sets itself, as far as ours name them. */
const BUILT_IN = new Set(['PROJECT_ID', 'PROJECT_NUMBER', 'BUILD_ID', 'TRIGGER_NAME', 'LOCATION']);

/** Variables that every shell has. */
const SHELL = new Set(['PWD', 'PATH', 'HOME']);

/** Images that go away, and tags that mean another image tomorrow. */
const DEPRECATED = /^gcr\.io\/cloud-builders\//;
const PINNED = /^[^:@]+(?::\d+\.\d+\.\d+(?:-[a-z]+)?|@sha256:[0-9a-f]{64})$/;

/** What the schema cannot say about a build file; no problem is an empty list. */
export function problemsOf(text: string): readonly string[] {
  const { all, steps, substitutions } = readBuild(text);
  const ids = steps.map(({ id }) => id);
  const options = isRecord(all['options']) ? all['options'] : {};
  // Only the values: comments may name what they like.
  const { substitutions: _, ...used } = all;
  const named = new Set(
    [...JSON.stringify(used).matchAll(/\$\{?(_[A-Z0-9_]+|[A-Z][A-Z0-9]*_(?:ID|NUMBER|NAME)|LOCATION)\}?/g)].map(
      (found) => found[1] ?? '',
    ),
  );
  return [
    ...ids.filter((id, at) => id === '' || ids.indexOf(id) !== at).map((id) => `step "${id}": no id of its own`),
    ...steps.flatMap(({ id, waitFor }, at) =>
      waitFor
        .filter((other) => other !== '-' && !ids.slice(0, at).includes(other))
        .map((other) => `${id} waits for ${other}, which is no earlier step`),
    ),
    ...steps.filter(({ image }) => DEPRECATED.test(image)).map(({ id }) => `${id} uses a builder that goes away`),
    ...steps.filter(({ image }) => !PINNED.test(image)).map(({ id }) => `${id} uses an image that is not pinned`),
    ...steps.flatMap(({ id, script, env }) =>
      strangers(script, env).map((name) => `${id} reads ${name}, which no env sets`),
    ),
    ...steps.filter(({ script }) => !/^#!.+\nset -eu/.test(script)).map(({ id }) => `${id} goes on after a failure`),
    ...(typeof all['serviceAccount'] === 'string' && typeof options['logging'] !== 'string'
      ? ['an account of its own needs options.logging']
      : []),
    ...[...named].filter((name) => !(name in substitutions) && !BUILT_IN.has(name)).map((name) => `${name} is not set`),
    ...Object.keys(substitutions)
      .filter((name) => !named.has(name))
      .map((name) => `${name} is not used`),
  ];
}

/** Upper-case variables of a script that its step does not map: what Cloud Build could have spliced in. */
function strangers(script: string, env: readonly string[]): readonly string[] {
  const own = new Set(env.map((pair) => pair.slice(0, pair.indexOf('='))));
  const read = [...script.matchAll(/\$\{?(_?[A-Z][A-Z0-9_]*)/g)].map((found) => found[1] ?? '');
  return [...new Set(read)].filter((name) => !own.has(name) && !SHELL.has(name));
}
