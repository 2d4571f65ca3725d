import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCodeOf } from '../show/terminal.ts';

/**
 * Writes a file for its owner alone to read, whole or not at all: somebody may be reading the one before. Answers the system's code of
 * what went wrong.
 */
export function writeWhole(path: string, text: string): string | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return undefined;
  } catch (trouble) {
    return systemCodeOf(trouble);
  }
}
