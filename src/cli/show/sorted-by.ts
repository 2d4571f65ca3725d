/** By what a list of secrets can be sorted; apart from the sorting, so that the help loads nothing. */
export const SORTED_BY = ['worst', 'name', 'age', 'due', 'checked', 'since'] as const;
export type SortedBy = (typeof SORTED_BY)[number];
