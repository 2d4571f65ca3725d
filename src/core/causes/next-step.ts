import { filled, runsAsItStands, shellText, type Instruction, type SlotValues } from '../values/command.ts';
import { stepsFor, stepText, toldStep, type Step } from './step.ts';

/** What to do first, for somebody who has just been woken up. */
export interface NextStep {
  /** In words. */
  readonly step?: string | undefined;
  /** The command of the same step, if it runs as it stands: pasted with a variable unset, some would store an empty key. */
  readonly next?: string | undefined;
}

/** The first thing to do about one secret. */
export function nextStepOf(remedy: readonly Step[], values: SlotValues): NextStep {
  const [first] = stepsFor(remedy, values);
  if (first === undefined) return {};
  const { command } = first;
  return command !== undefined && runsAsItStands(command, values)
    ? nextOf({ do: first.do, command }, values)
    : { step: stepText(toldStep(first, values)) };
}

/** What to do about a cause that many secrets share, so that nobody is told to find out whether they do. */
export function nextForFleet(remedy: readonly Step[], values: SlotValues): NextStep {
  return nextStepOf(
    remedy.filter(({ alone }) => alone !== true),
    values,
  );
}

/** What to do first, and what else may have to be done, which stands among its words: nobody is to paste it unread. */
export interface Next extends Required<Instruction> {
  readonly otherwise?: Required<Instruction>;
}

/** Words with the command below them, as alerts show it. */
export function nextOf({ do: words, command, otherwise }: Next, values: SlotValues): Required<NextStep> {
  const also =
    otherwise === undefined ? [] : [`${filled(otherwise.do, values)}: ${shellText(otherwise.command, values)}.`];
  return { step: [...also, `${filled(words, values)}:`].join(' '), next: shellText(command, values) };
}
