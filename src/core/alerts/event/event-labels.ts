import { said } from './event-text.ts';

/** Labels of a secret that say whose it is, such as `{ team: 'search' }`. Their text is somebody else's, as free as a label is. */
export type EventLabels = Readonly<Record<string, string>>;

/** Names of labels that events carry where nobody set any. */
export const EVENT_LABELS: readonly string[] = ['team', 'owner', 'service'];

/** The labels that a deployment allows into its events, in the order of its setting; absent where the secret has none of them. */
export function allowedLabels(labels: EventLabels, names: readonly string[]): EventLabels | undefined {
  const allowed = names.flatMap((name) => {
    const text = Object.hasOwn(labels, name) ? labels[name] : undefined;
    return text === undefined || text === '' ? [] : [[name, said(text)] as const];
  });
  return allowed.length === 0 ? undefined : Object.fromEntries(allowed);
}

/** The labels as a line of a message: `team search · service api`. */
export function spokenLabels(labels: EventLabels): string {
  return Object.entries(labels)
    .map(([name, text]) => `${name} ${text}`)
    .join(' · ');
}
