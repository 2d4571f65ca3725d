import { isRecord, parseRecord } from '../values/json.ts';
import { parseInstant } from '../values/time.ts';
import { SETTINGS } from './settings.ts';

/** Name and version of the file that `config pull` writes. */
const CONFIG_SCHEMA = 'key-warden/config/v1';

/** Settings of a deployment, for command lines: one file, written by `config pull`. */
export interface ConfigFile {
  /** Which deployment said so, in words. */
  readonly from: string;
  /** When, in RFC 3339. */
  readonly pulledAt: string;
  /** By the names of the variables. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What is a function’s own, and of no use to whoever calls it. */
const OWN = [
  'KEY_WARDEN_AUDIENCE',
  'KEY_WARDEN_CALLERS',
  'KEY_WARDEN_EMERGENCY_CALLERS',
  'KEY_WARDEN_LEAK_CALLERS',
  'KEY_WARDEN_HOST',
  'KEY_WARDEN_VERIFY_CALLERS',
];

/** A deployment is a real one, and a file says nothing of files. */
const NEVER = ['KEY_WARDEN_EMULATOR', 'KEY_WARDEN_CONFIG'];

/** Whether a setting of a function is one for command lines as well. */
export function isForCommands(name: string): boolean {
  return Object.hasOwn(SETTINGS, name) && !OWN.includes(name) && !NEVER.includes(name);
}

/** Reads such a file; says what is wrong with one that somebody else wrote, or a newer release. */
export function readConfigFile(text: string): { readonly config: ConfigFile } | { readonly problem: string } {
  const value = parseRecord(text);
  if (value === undefined) return { problem: 'it is not a JSON object' };
  const { schema, from, pulledAt, settings } = value;
  if (schema !== CONFIG_SCHEMA)
    return {
      problem: `it has the form ${JSON.stringify(schema ?? 'none')} and this release reads ${CONFIG_SCHEMA}: use the release that wrote it`,
    };
  if (typeof from !== 'string' || typeof pulledAt !== 'string' || parseInstant(pulledAt) === undefined)
    return { problem: 'it does not say which deployment it is of, and when that was looked at' };
  if (!isRecord(settings)) return { problem: 'it holds no settings' };
  const read: Record<string, string> = {};
  for (const [name, set] of Object.entries(settings)) {
    if (!isForCommands(name))
      return { problem: `${name} is no setting of this release for the command line: use the release that wrote it` };
    if (typeof set !== 'string' || set.trim() === '') return { problem: `${name} must be a text that is not empty` };
    read[name] = set;
  }
  return { config: { from, pulledAt, settings: read } };
}

/** The file as it is written, for people to read. */
export function configText({ from, pulledAt, settings }: ConfigFile): string {
  return `${JSON.stringify({ schema: CONFIG_SCHEMA, from, pulledAt, settings }, null, 2)}\n`;
}
