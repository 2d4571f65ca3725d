import { CAUSES } from '../../src/core/causes/causes.ts';
import { HEALTH_ANNOTATION } from '../../src/core/record/health-text.ts';
import { hashOf, listedIn, type Files } from './frozen.ts';

const SINCE = '2027-01-15T08:00:00.000Z';

/** The health record of every cause that no file holds yet. One that is there is left alone, whatever became of its cause. */
export function frozenCauses(names: readonly string[], causes: readonly string[] = Object.keys(CAUSES)): Files {
  const files = causes.map((cause): [string, string] => {
    const value = { is: 'suspect', episodes: 0, since: SINCE, cause, runs: 1 };
    const frozen = { annotation: HEALTH_ANNOTATION, text: JSON.stringify({ v: 1, ...value }), value };
    return [`health-cause-${cause}.json`, `${JSON.stringify(frozen, null, 2)}\n`];
  });
  return new Map(files.filter(([name]) => !names.includes(name)));
}

/** The list of hashes with the files that are new. A hash that is listed is never written anew. */
export function withSums(files: Files, sums: string): string {
  const listed = listedIn(sums);
  const added = [...files].filter(([name]) => !listed.has(name)).map(([name, file]) => `${hashOf(file)}  ${name}`);
  const lines = [...sums.trimEnd().split('\n'), ...added];
  return `${lines.toSorted((one, other) => (one.slice(66) < other.slice(66) ? -1 : 1)).join('\n')}\n`;
}
