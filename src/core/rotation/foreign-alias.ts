type Aliases = Readonly<Record<string, number>>;

/** The aliases that a rotation moves; every other one is somebody else's, who reads it. */
const OURS: readonly string[] = ['current', 'previous'];

/** Aliases of other people on one of these versions, by name: whoever reads them would be without a key if it were disabled. */
export function foreignAliasesOn(aliases: Aliases, versions: readonly (number | undefined)[]): readonly string[] {
  return Object.entries(aliases)
    .filter(([alias, version]) => !OURS.includes(alias) && versions.includes(version))
    .map(([alias]) => alias)
    .toSorted();
}

const NAMES_MAX = 5;

/** Such as "the alias stable names version 1" or "the aliases blue, green name version 1"; an alias is up to 63 characters. */
export function aliasesText(names: readonly string[], version: number): string {
  const more = names.length > NAMES_MAX ? `, and ${names.length - NAMES_MAX} more` : '';
  const listed = names.slice(0, NAMES_MAX).join(', ');
  return names.length === 1
    ? `the alias ${listed} names version ${version}`
    : `the aliases ${listed}${more} name version ${version}`;
}
