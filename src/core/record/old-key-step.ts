/** What became of an old key in a step of the purge. The log keeps these words, and a report for auditors reads them back. */
export const OLD_KEY_STEPS = ['deleted', 'refused', 'destroyed', 'forgotten'] as const;
export type OldKeyStep = (typeof OLD_KEY_STEPS)[number];
