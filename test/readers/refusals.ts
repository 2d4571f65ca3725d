import { readFileSync } from 'node:fs';

/** What a reader of a key takes for a refusal of the key itself: one table for all languages (clients/refusals.json). */
interface Refusals {
  readonly statuses: readonly number[];
  readonly words: readonly string[];
}

const { statuses, words }: Refusals = JSON.parse(
  readFileSync(new URL('../../clients/refusals.json', import.meta.url), 'utf8'),
) as Refusals;

const listed = (quote: string, indent: string) => words.map((word) => `${indent}${quote}${word}${quote},\n`).join('');

/** The table as each language has it; `npm run papers` writes these files. */
export const REFUSAL_FILES: Readonly<Record<string, string>> = {
  'clients/node/refusals.js':
    '// Printed from ../refusals.json.\n' +
    `export const STATUSES = [${statuses.join(', ')}];\nexport const WORDS = [\n${listed("'", '  ')}];\n`,
  'clients/python/gemini_key_reader/_refusals.py':
    '"""Printed from ../../refusals.json."""\n\n' +
    `STATUSES = (${statuses.join(', ')})\nWORDS = (\n${listed('"', '    ')})\n`,
  'clients/go/refusals.go':
    'package keyreader\n\n// Printed from ../refusals.json.\nvar refusals = struct {\n\tStatuses []int\n\tWords    []string\n}{\n' +
    `\tStatuses: []int{${statuses.join(', ')}},\n\tWords: []string{\n${listed('"', '\t\t')}\t},\n}\n`,
};
