import {
  openSlots,
  passageOf,
  told,
  type Command,
  type Instruction,
  type SlotValues,
  type ToldInstruction,
} from '../values/command.ts';
import { partsOf, proseOf, type Passage } from '../values/passage.ts';

/** Who can do a step: often not the person whom the alert reached. */
export const AUDIENCES = {
  'worker-operator': 'operator of key-warden',
  'secret-owner': 'owner of the secret',
  'key-owner': 'owner of the key',
  'project-owner': 'owner of the key’s project',
  'consumer-owner': 'owner of what uses the key',
} as const;

export type Audience = keyof typeof AUDIENCES;

/**
 * One thing to do about a cause. Words and command stand in one row, so that no alert shows the words of one step above
 * the command of another. Prose, events, the runbook and the command line are printed from it.
 */
export interface Step extends Instruction {
  readonly for: Audience;
  /** Sentences after the command. */
  readonly also?: string;
  /** It changes nothing, so it may be run by somebody who does not know yet what is wrong. */
  readonly looks?: true;
  /** What is gone afterwards, for good or until somebody puts it back. Such steps come last. */
  readonly destroys?: string;
  /** Needed only as long as this is not known. */
  readonly finds?: 'keyProject' | 'keyId' | 'apiTargets';
  /** Offered only where this is known, in place of a step that finds it. */
  readonly knows?: 'apiTargets';
  /** Of no use where many secrets are known to fail alike. */
  readonly alone?: true;
}

/** A step as it is told to somebody: its slots filled in. */
export interface ToldStep extends ToldInstruction, Pick<Step, 'for' | 'also' | 'looks' | 'destroys'> {}

/** The steps that somebody who knows this much has to take. */
export function stepsFor(steps: readonly Step[], values: SlotValues): readonly Step[] {
  return steps
    .filter(({ finds }) => finds === undefined || values[finds] === undefined)
    .filter(({ knows }) => knows === undefined || values[knows] !== undefined)
    .map(({ command, ...step }) => {
      if (command === undefined) return step;
      return isAimless(command, step, values) ? withheld(step) : { ...step, command };
    });
}

/** Fills in what is known. Plain JSON: reports and `explain --json` carry it. */
export function toldStep(step: Step, values: SlotValues): ToldStep {
  const { for: who, also, looks, destroys } = step;
  return {
    ...told(step, values),
    ...(destroys === undefined ? {} : { destroys }),
    ...(also === undefined ? {} : { also }),
    for: who,
    ...(looks === undefined ? {} : { looks }),
  };
}

/** What a step says, in the order in which it says it. */
export function passageOfStep({ do: words, command, destroys, also }: ToldStep): Passage {
  return [
    ...(command === undefined ? [`${words}.`] : partsOf(passageOf({ do: words, command }))),
    ...(destroys === undefined ? [] : [`This destroys ${destroys}.`]),
    ...(also === undefined ? [] : [also]),
  ];
}

/** A step on one line. */
export function stepText(step: ToldStep): string {
  const { also, destroys, command } = step;
  const endsInCommand = command !== undefined && also === undefined && destroys === undefined;
  return `${proseOf(passageOfStep(step))}${endsInCommand ? '.' : ''}`;
}

/** The runbook is linked beside every remedy, and has all commands in full. */
function withheld(step: Omit<Step, 'command'>): Step {
  const where = 'The runbook has the command.';
  return { ...step, also: step.also === undefined ? where : `${step.also} ${where}` };
}

/**
 * A command that would need a project which is not known is left out: with the secret's project in its place it would
 * change an innocent one. What destroys something names its key and all that it replaces, or is not offered.
 */
function isAimless({ words }: Command, { destroys }: Omit<Step, 'command'>, values: SlotValues): boolean {
  const open = openSlots(words, values);
  const isUnseen = open.includes('keyId') || open.includes('apiTargets');
  return open.includes('keyProject') || (destroys !== undefined && isUnseen);
}
