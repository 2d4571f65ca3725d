/** Why a key is to be replaced: it is refused, or somebody who should not has it. */
export type DeadKey = 'dead' | 'leaked';
