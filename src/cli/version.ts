import { readFileSync } from 'node:fs';
import { parseRecord } from '../core/values/json.ts';

/** The release, as package.json has it. */
export function versionOf(): string {
  const { version } = parseRecord(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) ?? {};
  return String(version);
}
