import { spokenLabels } from '../event/event-labels.ts';
import { MARK } from './mark.ts';
import type { EventData } from '../event/event-shape.ts';

/** A rotation that ended well is one line: nobody has to do anything, and the events of its way say the rest. */
export function isBrief({ notice, severity }: EventData): boolean {
  return notice === 'rotation.completed' && severity === 'info';
}

/** That line, and whose the secret is. */
export function briefText({ summary, labels }: EventData): string {
  return `${MARK.info} ${summary}${labels === undefined ? '' : ` Whose: ${spokenLabels(labels)}.`}`;
}
