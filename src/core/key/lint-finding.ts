import { STORE_PASTED } from '../google/gcloud.ts';
import { passageOf, told, type Instruction, type SlotValues, type ToldInstruction } from '../values/command.ts';
import { proseOf } from '../values/passage.ts';

/** What can be wrong with the bytes of a secret before anybody asks Google about the key inside. */
export type LintKind =
  | 'empty'
  | 'binary'
  | 'utf16'
  | 'byte_order_mark'
  | 'invisible_characters'
  | 'stray_character'
  | 'surrounding_whitespace'
  | 'quoted'
  | 'base64'
  | 'hex'
  | 'assignment'
  | 'env_file'
  | 'json_wrapped'
  | 'service_account_json'
  | 'several_keys'
  | 'repeated'
  | 'glued'
  | 'line_wrapped'
  | 'literal_escape'
  | 'comment'
  | 'url'
  | 'other_text'
  | 'stray_punctuation'
  | 'not_one_word'
  | 'too_long'
  | NotAKeyKind;

/** What can be told by its looks alone to be no key, so that it is not sent to Google. */
export type NotAKeyKind =
  'masked' | 'placeholder' | 'unexpanded' | 'reference' | 'other_credential' | 'wrong_case' | 'web_page';

/** One finding. Neither text holds a byte of a key (I9). */
export interface LintFinding {
  readonly kind: LintKind;
  readonly says: string;
  readonly cure: Instruction;
}

/** A finding that a clean copy mends, which most are; `before` comes before that. */
export function finding(kind: LintKind, says: string, before = ''): LintFinding {
  return { kind, says, cure: { do: `${before}store the key alone as a new version`, command: STORE_PASTED } };
}

/** A finding as it is told: its cure as one text, and apart for whoever shows the command on a line of its own. */
export interface ToldLint extends Pick<LintFinding, 'kind' | 'says'>, ToldInstruction {
  readonly cure: string;
}

export function toldLint({ kind, says, cure }: LintFinding, values: SlotValues): ToldLint {
  const instruction = told(cure, values);
  return { kind, says, cure: proseOf(passageOf(instruction)), ...instruction };
}
