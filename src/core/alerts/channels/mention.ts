import { compareSeverity, type Severity } from '../../causes/causes.ts';
import type { EventData } from '../event/event-shape.ts';
import { choosesLabels, type LabelChoice } from '../label-choice.ts';
import type { Channel, ChannelKind } from './channel.ts';
import { INCIDENT_ACTS } from './incident.ts';

/** Whom a channel calls by name, and about what. Settings only: no text of a secret or of an answer ever calls anybody. */
export interface Mention {
  /** In the channel's own form; see `MENTION_FORMS`. */
  readonly who: string;
  readonly severityMin: Severity;
  /** About secrets with these labels only; about everything when absent. */
  readonly labels?: LabelChoice | undefined;
}

/** How each kind of channel names people: ids where the vendor has them. A keeper of incidents calls by its own rota. */
export const MENTION_FORMS: Readonly<Partial<Record<ChannelKind, { readonly form: RegExp; readonly says: string }>>> = {
  slack: {
    form: /^(?:[UW][A-Z0-9]{2,20}|S[A-Z0-9]{2,20}|here|channel)$/,
    says: 'the id of a user (U…) or a user group (S…), here or channel',
  },
  'google-chat': { form: /^(?:\d{5,30}|all)$/, says: 'the number of a user, or all' },
  teams: { form: /^[\w.+-]{1,64}@[\w.-]{1,100}$/, says: 'the sign-in name of a user, ada@example.com' },
};

/** Whom an event calls on a channel: only where something begins or is still so, never its end, a test or mere news. */
export function calledBy({ mentions = [] }: Channel, data: EventData): readonly string[] {
  const { notice, together } = data;
  const acts: readonly string[] = INCIDENT_ACTS[notice];
  if (notice === 'alert.test' || !acts.includes('trigger')) return [];
  const told = together?.of ?? [data];
  const called = mentions.filter((mention) =>
    told.some(
      ({ gravity, labels = {} }) =>
        compareSeverity(gravity, mention.severityMin) >= 0 &&
        (mention.labels === undefined || choosesLabels(mention.labels, labels)),
    ),
  );
  return [...new Set(called.map(({ who }) => who))];
}
