import type { EventLabels } from './event/event-labels.ts';
import { fitsPattern } from '../values/pattern.ts';

/** Labels by name and what each may be, patterns with `*`: `{ team: ['search', 'ads-*'] }`. All of them must fit. */
export type LabelChoice = Readonly<Record<string, readonly string[]>>;

/** Whether labels are among those that were chosen. */
export function choosesLabels(choice: LabelChoice, labels: EventLabels): boolean {
  return Object.entries(choice).every(([name, patterns]) => {
    const text = Object.hasOwn(labels, name) ? labels[name] : undefined;
    return text !== undefined && patterns.some((pattern) => fitsPattern(pattern, text));
  });
}
