import { parseDocument } from 'yaml';
import { isRecord, type JsonRecord } from '../src/core/values/json.ts';

/** One step of a build file, as far as we use the format: a script in an image, with mapped variables. */
export interface Step {
  readonly id: string;
  readonly image: string;
  readonly script: string;
  readonly waitFor: readonly string[];
  /** `NAME=value`, substitutions unresolved. */
  readonly env: readonly string[];
}

/** A build file: everything in it, and the steps one by one. */
export interface Build {
  readonly all: JsonRecord;
  readonly steps: readonly Step[];
  readonly substitutions: Readonly<Record<string, string>>;
}

/** Reads a build file. Throws for text that is not YAML or whose steps are none. */
export function readBuild(text: string): Build {
  const document = parseDocument(text);
  const all: unknown = document.toJS();
  if (document.errors.length > 0 || !isRecord(all) || !Array.isArray(all['steps'])) throw new TypeError('not a build');
  const substitutions = isRecord(all['substitutions']) ? all['substitutions'] : {};
  return {
    all,
    steps: all['steps'].filter(isRecord).map(stepOf),
    substitutions: Object.fromEntries(Object.entries(substitutions).map(([name, value]) => [name, String(value)])),
  };
}

/** The steps that need no cloud: those in the same image that the tests run in. */
export function localSteps({ steps }: Build): readonly Step[] {
  return steps.filter(({ image }) => image.startsWith('node:'));
}

/** Variables of one step, with substitutions filled in from the file’s defaults and `given`. */
export function environmentOf(
  step: Step,
  build: Build,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const values = { ...build.substitutions, ...given };
  const fill = (text: string): string =>
    text.replace(/\$\{?([A-Z_][A-Z0-9_]*)\}?/g, (_, name: string) => fill(values[name] ?? ''));
  return Object.fromEntries(
    step.env.map((pair) => [pair.slice(0, pair.indexOf('=')), fill(pair.slice(pair.indexOf('=') + 1))]),
  );
}

function stepOf(step: JsonRecord): Step {
  const text = (field: string) => (typeof step[field] === 'string' ? step[field] : '');
  const list = (field: string) => (Array.isArray(step[field]) ? step[field].map(String) : []);
  return { id: text('id'), image: text('name'), script: text('script'), waitFor: list('waitFor'), env: list('env') };
}
