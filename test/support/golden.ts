import { expect } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { format } from 'prettier';

/**
 * Compares with a file that a person has looked at. `UPDATE_GOLDEN=1 npm test -- <path>` writes it anew, formatted as
 * the repository is; then read the difference before it is committed.
 */
export async function expectGolden(file: URL, value: unknown): Promise<void> {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, await format(JSON.stringify(value), { parser: 'json', printWidth: 120 }));
  }
  expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}
