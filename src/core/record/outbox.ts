import { oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import type { Form } from './form.ts';
import { listForm } from './list-form.ts';

/** Steps of a rotation that people are told of. */
export const TOLD_STEPS = ['opened', 'promoted', 'completed', 'abandoned', 'held'] as const;
export type ToldStep = (typeof TOLD_STEPS)[number];

/** A step that is on record and that perhaps nobody was told of. Its words are made of the record when it is told. */
export interface Untold {
  readonly step: ToldStep;
  /** The rotation's id. */
  readonly id: string;
}

/** The annotations of a secret are 16 KiB in all. */
export const OUTBOX_MAX = 8;

const UNTOLD: Decoder<Untold> = shaped<Untold>({ step: oneOf(TOLD_STEPS), id: text });

/** The form of the outbox: steps in the order in which they were recorded. It is empty but for the moments between a commit and the next. */
export const OUTBOX_FORM: Form<readonly Untold[]> = {
  annotation: 'key-warden.outbox',
  ...listForm(UNTOLD, ({ step, id }) => ({ step, id }), OUTBOX_MAX),
};

/**
 * An outbox with one step more. Where it is full, the oldest of those goes that matter least once later ones are told: a
 * beginning before an end, and an end before a hold, which waits for a person.
 */
export function withUntold(outbox: readonly Untold[], one: Untold): readonly Untold[] {
  const all = [...withoutTold(outbox, [one]), one];
  if (all.length <= OUTBOX_MAX) return all;
  const [least] = all.toSorted((a, b) => WEIGHT[a.step] - WEIGHT[b.step]);
  return all.filter((untold) => untold !== least);
}

const WEIGHT = { opened: 0, promoted: 0, abandoned: 1, completed: 2, held: 3 } as const satisfies Record<
  ToldStep,
  number
>;

/** What is left of an outbox once these were told. */
export function withoutTold(outbox: readonly Untold[], told: readonly Untold[]): readonly Untold[] {
  return outbox.filter(({ step, id }) => !told.some((one) => one.step === step && one.id === id));
}
