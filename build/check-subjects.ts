/**
 * `node build/check-subjects.ts [folder]`: exit 1 when a commit's subject is longer than a list of commits shows. Looks at
 * the commits that have this file: those before it are older than the rule. A shallow clone is enough.
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const CHARACTERS_MAX = 72;
const RULE = 'build/check-subjects.ts';
const folder = process.argv[2] ?? '.';

/** The lines git answers; none where there is no git or no history, as in an unpacked archive. */
function git(...words: readonly string[]): readonly string[] {
  // A build's checkout belongs to another user, which git refuses to read unless told.
  const { stdout } = spawnSync('git', ['-c', 'safe.directory=*', '-C', folder, ...words], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').filter((line) => line !== '');
}

const first = git('log', '--diff-filter=A', '--format=%H', '--', RULE).at(-1);
const subjects = first === undefined ? [] : git('log', '--format=%h %s', 'HEAD', '--not', `${first}^@`);
const tooLong = new RegExp(`^\\S+ .{${CHARACTERS_MAX + 1}}`, 'u');
const long = subjects.filter((line) => tooLong.test(line));
for (const line of long) process.stderr.write(`subject over ${CHARACTERS_MAX} characters: ${line}\n`);
process.stdout.write(`commit subjects: ${subjects.length} looked at, ${long.length} too long\n`);
process.exitCode = long.length === 0 ? 0 : 1;
