import type { Passage } from './passage.ts';

/**
 * What a command leaves open, and the word that stands for it where its value is not known. Of a list every member is
 * a word of its own. A command for somebody who reads it at night is printed from data, so that it is quoted in one
 * place, and so that what is not known shows as a word in capitals and never as somebody else's name.
 */
export const SLOTS = {
  secret: 'SECRET_ID',
  /** The full name, which our own commands take: `projects/search-prod/secrets/app-key`. */
  secretName: 'SECRET_ID',
  /** Of the secret. */
  project: 'PROJECT_ID',
  version: 'VERSION',
  /** `--location=europe-west1` for a regional secret, and nothing for any other. */
  regional: [],
  /** Which secrets our own command is about: `--secret app-key`, `--project search-prod`, or nothing for all. */
  scope: ['--secret', 'SECRET_ID'],
  /** The project that owns the key: often another one than the secret's. */
  keyProject: 'KEY_PROJECT_ID',
  /** The project that a new key is made in: the old key's, and the secret's where that is not known. */
  newKeyProject: 'PROJECT_ID',
  /** The last part of the key's name at its issuer, which is no part of the key. */
  keyId: 'KEY_ID',
  /** What its issuer calls it beside its name, which a person has to repeat before it is deleted. */
  keyUid: 'KEY_UID',
  /** The account that the successor of a standard key is bound to, which nobody knows but the reader; other keys have one. */
  account: ['--service-account=SERVICE_ACCOUNT_EMAIL'],
  /** Every other API that the key is allowed, since the list is replaced: nobody is to paste a command that names fewer. */
  apiTargets: ['--api-target=EACH_API_ALLOWED_NOW'],
  /** Who lacks a permission, as a policy names them: the worker, or the person who typed the command. */
  asker: 'serviceAccount:WORKER_EMAIL',
  /** Where the worker runs. */
  workerProject: 'WORKER_PROJECT_ID',
  /** How a secret is made in its location: a regional one is replicated nowhere. */
  replication: ['--replication-policy=automatic'],
  /** Of what the secret stores: a JSON pointer, or the name of a variable. */
  keyField: 'FIELD',
  /** What a rotation would do, as a hash. */
  plan: 'PLAN',
  group: 'GROUP',
  /** What only the reader knows or chooses. */
  region: 'REGION',
  billingAccount: 'BILLING_ACCOUNT_ID',
  serviceAccount: 'SERVICE_ACCOUNT_EMAIL',
  addresses: 'ALL_ADDRESSES',
  newVersion: 'NEW_VERSION',
  goodVersion: 'GOOD_VERSION',
  alias: 'ALIAS',
  answerFile: 'ANSWER_FILE',
} as const;

export type Slot = keyof typeof SLOTS;

/** What is known of the slots. */
export type SlotValues = { readonly [S in Slot]?: string | readonly string[] };

/** A command as words; `{slot}` in a word is filled in when it is printed. */
export interface Command {
  readonly words: readonly string[];
  /** A key comes in through a pipe: an argument would show it to `ps` and to the shell's history. */
  readonly key?: PipedKey;
  /** The file that it reads. */
  readonly reads?: Slot;
}

interface PipedKey {
  readonly variable: 'KEY' | 'NEW_KEY';
  /** Whether the command asks for it first, unseen; otherwise the reader has set the variable. */
  readonly asks: boolean;
  /** In front of it, such as the name of a header. `printf` adds no newline, which would become part of the key. */
  readonly before?: string;
}

/** Words to tell somebody what to do, and the command for it where there is one. */
export interface Instruction {
  readonly do: string;
  readonly command?: Command;
}

/** The slots that a text names. Braces behind a percent sign are curl's own. */
type SlotsIn<Text extends string> = Text extends `${infer Before}{${infer Name}}${infer After}`
  ? (Before extends `${string}%` ? never : Name) | SlotsIn<After>
  : never;

/** A command from its words, a space between each; none of them has one inside. A slot that does not exist does not compile. */
export function command<const Words extends string>(words: SlotsIn<Words> extends Slot ? Words : Slot): Command {
  return { words: words.split(' ') };
}

/** The slots of some words that have no value. */
export function openSlots(words: readonly string[], values: SlotValues): readonly Slot[] {
  return SLOT_NAMES.filter((slot) => values[slot] === undefined && SLOTS[slot].length > 0).filter((slot) =>
    words.some((word) => word.includes(`{${slot}}`)),
  );
}

/** Whether it can be pasted: with a word left to replace it would fail, with a variable unset it might store an empty key. */
export function runsAsItStands({ words, key, reads }: Command, values: SlotValues): boolean {
  return key === undefined && reads === undefined && openSlots(words, values).length === 0;
}

/** Words for people with the slots filled in. */
export function filled(text: string, values: SlotValues): string {
  return SLOT_NAMES.reduce((words, slot) => {
    const value = values[slot] ?? SLOTS[slot];
    return typeof value === 'string' ? words.replaceAll(`{${slot}}`, () => value) : words;
  }, text);
}

/** The words with the slots filled in: what the program gets, its own name first. */
export function printedWords({ words }: Pick<Command, 'words'>, values: SlotValues): readonly string[] {
  return words.flatMap((word) => filledWords(word, values));
}

/** The command as a line of shell. The one place that quotes. */
export function shellText({ words, key, reads }: Command, values: SlotValues): string {
  const line = printedWords({ words }, values).map(quoted).join(' ');
  const input = reads === undefined ? '' : ` < ${filled(`{${reads}}`, values)}`;
  return `${key === undefined ? '' : pipeOf(key)}${line}${input}`;
}

/** An instruction with its slots filled in. */
export interface ToldInstruction {
  readonly do: string;
  readonly command?: string;
}

/** Fills in what is known; the rest stands there as words in capitals. */
export function told({ do: words, command: line }: Instruction, values: SlotValues): ToldInstruction {
  return { do: filled(words, values), ...(line === undefined ? {} : { command: shellText(line, values) }) };
}

/** The words, with the command behind a colon. */
export function passageOf({ do: words, command: line }: ToldInstruction): Passage {
  return line === undefined ? words : [`${words}:`, { command: line }];
}

const SLOT_NAMES = Object.keys(SLOTS).filter((name): name is Slot => Object.hasOwn(SLOTS, name));

/** A word that is a slot for a list becomes as many words as the list has. */
function filledWords(word: string, values: SlotValues): readonly string[] {
  const slot = SLOT_NAMES.find((name) => word === `{${name}}`);
  const value = slot === undefined ? filled(word, values) : (values[slot] ?? SLOTS[slot]);
  return typeof value === 'string' ? [value] : value;
}

function pipeOf({ variable, asks, before = '' }: PipedKey): string {
  return `${asks ? `read -rs ${variable}; ` : ''}printf ${quoted(`${before}%s`)} "$${variable}" | `;
}

/** As it is where the shell reads it as it is, and in single quotes otherwise. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
