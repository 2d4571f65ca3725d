/**
 * `npm run release -- 0.2.0`: makes a release of what is checked out, which must be clean, on main and green: the version in
 * package.json and its lock file, a heading with the day in CHANGELOG.md, a commit and a tag. Nothing is pushed or published.
 */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseRecord } from '../src/core/values/json.ts';
import { released, releaseProblem, versioned, withRunbookOf } from './changelog.ts';

const BRANCH = 'main';
/** Where the address of the runbook stands. */
const ADDRESSES = ['src/core/settings/runbook-address.ts', 'terraform/alerts.tf'];
/** In place of whoever keeps the repository, as in all papers. */
const NOBODY = '/your-org/';
const version = process.argv[2] ?? '';

/** What a program prints; what it says of trouble goes to the person. */
function told(program: string, ...words: readonly string[]): string {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) refuse(`${program} ${words.join(' ')} ended with ${status}`);
  return stdout.trim();
}

function refuse(why: string): never {
  process.stderr.write(`no release: ${why}\n`);
  process.exit(1);
}

const [changelog, manifest, lock] = await Promise.all(
  ['CHANGELOG.md', 'package.json', 'package-lock.json'].map((file) => readFile(file, 'utf8')),
);
if (changelog === undefined || manifest === undefined || lock === undefined) throw new TypeError('a file is missing');
const problem = releaseProblem(version, {
  changelog,
  current: String(parseRecord(manifest)?.['version']),
  tags: told('git', 'tag', '--list').split('\n'),
});
if (problem !== undefined) refuse(problem);
const branch = told('git', 'rev-parse', '--abbrev-ref', 'HEAD');
if (branch !== BRANCH) refuse(`${branch} is checked out, and releases are made of ${BRANCH}`);
if (told('git', 'status', '--porcelain') !== '') refuse('there are changes that are not committed');
const { status } = spawnSync('bash', ['.ci/run'], { stdio: 'inherit' });
if (status !== 0) refuse('.ci/run is not green');

await writeFile('CHANGELOG.md', released(changelog, version, new Date().toISOString().slice(0, 10)));
await writeFile('package.json', versioned(manifest, version));
await writeFile('package-lock.json', versioned(lock, version));
for (const file of ADDRESSES) await writeFile(file, withRunbookOf(await readFile(file, 'utf8'), version));
told('git', 'commit', '--quiet', '--all', '--message', `Release ${version}`);
told('git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
process.stdout.write(
  [
    ...(manifest.includes(NOBODY)
      ? [`alerts link to ${NOBODY}: put yours in package.json and ${ADDRESSES.join(', ')}`]
      : []),
    `v${version} is committed and tagged here. To publish it:`,
    `  git push origin ${BRANCH} v${version}`,
    '  npm run build && npm publish ./out/command',
    '',
  ].join('\n'),
);
