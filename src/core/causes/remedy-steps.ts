import {
  ADD_NEW_KEY,
  CHECK,
  CHECK_DEEP,
  CREATE_KEY,
  DESCRIBE_KEY,
  DOCTOR,
  LIST_KEYS,
  LIST_VERSIONS,
  POINT_AT_GOOD,
  POINT_AT_NEW,
  ROLLBACK,
  ROTATE,
  STATUS,
  TRY_NEW_KEY,
} from './commands.ts';
import type { Step } from './step.ts';

/** Steps that several causes share, so that one correction reaches all of them. */

/** Ends every episode: the same question as the scheduled check, asked now. */
export const CHECK_AGAIN = {
  do: 'Ask again now',
  command: CHECK,
  for: 'worker-operator',
  looks: true,
} as const satisfies Step;

/** The same where listing models works all the while, so that only a request that spends a token sees it. */
export const CHECK_DEEPLY = { ...CHECK_AGAIN, command: CHECK_DEEP } as const satisfies Step;

/** What ends by itself: the command looks, and nothing is lost by looking again. */
export const wait = (words: string, also?: string): Step => ({
  do: `${words}. To see whether it is over`,
  command: STATUS,
  ...(also === undefined ? {} : { also }),
  for: 'worker-operator',
  looks: true,
});

/** First move when the answer alone does not say where the trouble is. */
export const COMPARE = {
  do: 'Compare the key here, in the environment and in the secret',
  command: DOCTOR,
  for: 'consumer-owner',
  looks: true,
  alone: true,
} as const satisfies Step;

/** Auth keys only: since May 2026 AI Studio issues nothing else (ai.google.dev/gemini-api/docs/api-key). */
export const MAKE_KEY = {
  do: 'Make a key at https://aistudio.google.com/app/apikey, or',
  command: CREATE_KEY,
  for: 'key-owner',
} as const satisfies Step;

export const PROVE_KEY = {
  do: 'Prove it before anybody reads it, allowing a new key some minutes',
  command: TRY_NEW_KEY,
  for: 'secret-owner',
} as const satisfies Step;

/** Adding a version by hand, with the words that say why. Whoever does it moves the alias next. */
export const store = (words: string): Step => ({ do: words, command: ADD_NEW_KEY, for: 'secret-owner' });

export const STORE_KEY = store('Store it; readers of `latest` have it from that moment');

/** Readers of the alias keep the old key until it is moved. */
export const POINT_CURRENT = {
  do: 'Where consumers read the alias, move it to the new number',
  command: POINT_AT_NEW,
  for: 'secret-owner',
} as const satisfies Step;

/** A key replaced without key-warden, once consumers are not to read an unproven one. */
export const BY_HAND: readonly Step[] = [MAKE_KEY, PROVE_KEY, STORE_KEY, POINT_CURRENT];

/** Rotation, then the same by hand for an installation that cannot rotate yet. */
export const REPLACE_KEY = [
  {
    do: 'Rotate',
    command: ROTATE,
    also: 'Without key-warden, by hand:',
    for: 'worker-operator',
  },
  MAKE_KEY,
  PROVE_KEY,
  STORE_KEY,
  POINT_CURRENT,
  CHECK_AGAIN,
] as const satisfies readonly Step[];

/** Back to a version that was good. A rollback undoes a rotation and nothing else, so it comes second. */
export const goBack = (when: string): readonly Step[] => [
  { do: `${when}, move the alias to an enabled version that is good`, command: POINT_AT_GOOD, for: 'secret-owner' },
  {
    do: 'Where a rotation brought it in, and the key before it is not deleted yet, go back to that',
    command: ROLLBACK,
    for: 'worker-operator',
  },
];

/** The secret's project is never taken for it: that would change, or bill, an innocent one. */
export const FIND_KEY_PROJECT = {
  do: 'Find out which project owns the key, which need not be the secret’s: https://aistudio.google.com/app/apikey shows it beside each key',
  for: 'key-owner',
  looks: true,
  finds: 'keyProject',
} as const satisfies Step;

/** A display name does not tell keys apart: several may have the same. */
export const FIND_KEY = {
  do: 'Find the key’s id among the keys of its project',
  command: LIST_KEYS,
  for: 'key-owner',
  looks: true,
  finds: 'keyId',
} as const satisfies Step;

export const SHOW_RESTRICTIONS = [
  FIND_KEY_PROJECT,
  FIND_KEY,
  { do: 'See what the key may do', command: DESCRIBE_KEY, for: 'key-owner', looks: true },
] as const satisfies readonly Step[];

export const SHOW_VERSIONS = {
  do: 'See the versions',
  command: LIST_VERSIONS,
  for: 'secret-owner',
  looks: true,
} as const satisfies Step;

/** Restriction and API changes take effect within minutes (the API's own messages say so for enabling). */
export const WAIT_AND_CHECK = {
  do: 'Wait a few minutes for it to take effect, then',
  command: CHECK,
  for: 'worker-operator',
  looks: true,
} as const satisfies Step;

/** The same of what only a deep probe sees. */
export const WAIT_AND_CHECK_DEEPLY = { ...WAIT_AND_CHECK, command: CHECK_DEEP } as const satisfies Step;

/** Another project's key stands in. */
export const STAND_IN = [
  store('To restore service meanwhile, use a key of another project that is allowed to stand in'),
  POINT_CURRENT,
] as const satisfies readonly Step[];
