/** What a release is made of. */
export interface Before {
  readonly changelog: string;
  /** The version that package.json names. */
  readonly current: string;
  readonly tags: readonly string[];
}

const UNRELEASED = '## [Unreleased]';
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** Why a version cannot be released now, or `undefined`. The first release may be the version that is there already. */
export function releaseProblem(version: string, { changelog, current, tags }: Before): string | undefined {
  if (!VERSION.test(version)) return `give a version such as 1.2.3, not ${JSON.stringify(version)}`;
  if (tags.includes(`v${version}`)) return `v${version} is tagged already`;
  if (isOlder(version, current)) return `${version} is older than ${current}, which package.json names`;
  const news = newsOf(changelog);
  if (news === undefined) return `CHANGELOG.md has no heading ${UNRELEASED}`;
  return /^- /m.test(news) ? undefined : `CHANGELOG.md tells nothing below ${UNRELEASED}`;
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

/** What stands below the heading of what is not released, up to the next release. */
function newsOf(changelog: string): string | undefined {
  const at = changelog.indexOf(`${UNRELEASED}\n`);
  if (at < 0) return undefined;
  const [news] = changelog.slice(at + UNRELEASED.length).split(/^## \[/m);
  return news;
}

/** The changelog in which all that was not released is of this version and day. */
export function released(changelog: string, version: string, day: string): string {
  return changelog.replace(`${UNRELEASED}\n`, `${UNRELEASED}\n\n## [${version}] - ${day}\n`);
}

/** The same file with the address of the runbook at another version. */
export function withRunbookOf(file: string, version: string): string {
  return file.replaceAll(/(\/blob\/v)[^/]+(\/docs\/runbook\.md)/g, `$1${version}$2`);
}

/** The same package.json or lock file with another version of this package: the first one in it, and the lock's own entry. */
export function versioned(file: string, version: string): string {
  const own = /^(\{\n(?: {2}"[^\n]*\n)*? {2}"version": ")[^"]*(")/;
  const inLock = /("packages": \{\n {4}"": \{\n(?: {6}"[^\n]*\n)*? {6}"version": ")[^"]*(")/;
  return [own, inLock].reduce((text, place) => text.replace(place, `$1${version}$2`), file);
}
