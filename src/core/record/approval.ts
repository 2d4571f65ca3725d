import { ACTOR, actorJson, type Actor } from './actor.ts';
import { jsonForm, readingOf, type Form } from './form.ts';
import { listOf, maybe, moment, shaped, text, type Decoder } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { utf8Bytes } from '../values/utf8.ts';
import { DAY_MS, isoOf, plusMs, type Instant } from '../values/time.ts';

/** What a plan is made of, each as a hash: what differs between two plans can be named without keeping either. */
export interface PlanParts {
  /** The version that is replaced. */
  readonly version: string;
  /** What whoever asked wants of the new key, and of what is written. */
  readonly wishes: string;
  /** How the settings and the secret's own policy have new keys made. */
  readonly keys: string;
  /** Who else serves the key. */
  readonly holders: string;
  /** Who reads the secret. */
  readonly consumers: string;
}

/** A planned rotation that waits for a second person, or that one has approved. */
export interface Approval {
  /** Full name, as Secret Manager gives it. */
  readonly secret: string;
  /** What is approved: a hash of all parts. */
  readonly plan: string;
  readonly parts: PlanParts;
  /** Who asked, by a verified token; absent where the schedule did. */
  readonly by?: Actor | undefined;
  readonly at: Instant;
  /** Then it lapses, approved or not. */
  readonly until: Instant;
  readonly approved?: { readonly by: Actor; readonly at: Instant } | undefined;
  /** What it was asked for together with: a hash of all secrets and plans of one message. */
  readonly group?: string | undefined;
}

/** All that waits stands in one annotation, whose secret holds 16,384 bytes; what finds no room waits for its turn to be asked for. */
const APPROVALS_BYTES_MAX = 16_000;
/** What the name of whoever approves adds to one, and what it is told with others by: it must not be in want of room then. */
const APPROVED_BYTES = 160;
const GROUP_BYTES = 50;
/** The longest that the settings can let one wait. What ends later was written by a hand, and counts for nothing. */
export const APPROVAL_HOURS_MAX = 720;

const APPROVAL: Decoder<Approval> = shaped<Approval>({
  secret: text,
  plan: text,
  parts: shaped<PlanParts>({ version: text, wishes: text, keys: text, holders: text, consumers: text }),
  by: maybe(ACTOR),
  at: moment,
  until: moment,
  approved: maybe(shaped({ by: ACTOR, at: moment })),
  group: maybe(text),
});

/** The form of all approvals, on a secret of the worker’s own that is no other’s book. */
export const APPROVALS_FORM: Form<readonly Approval[]> = {
  annotation: 'key-warden.approvals',
  absent: [],
  ...jsonForm<readonly Approval[]>({
    read(annotation) {
      const value = parseRecord(annotation);
      return readingOf(value?.['v'] === 1 ? listOf(APPROVAL)(value['approvals'])?.value : undefined);
    },
    json: (approvals) => ({
      v: 1,
      approvals: approvals.map(({ secret, plan, parts, by, at, until, approved, group }) => ({
        id: secret,
        secret,
        plan,
        parts: { ...parts },
        by: actorJson(by),
        at: isoOf(at),
        until: isoOf(until),
        approved: approved === undefined ? undefined : { by: actorJson(approved.by), at: isoOf(approved.at) },
        group,
      })),
    }),
  }),
};

/** What waits or is approved for a secret, lapsed or not. */
export function approvalOf(approvals: readonly Approval[], secret: string): Approval | undefined {
  return approvals.find((one) => one.secret === secret);
}

/** Whether it counts at a moment. */
export function isLive({ until }: Approval, now: Instant): boolean {
  return until > now && until <= plusMs(now, (APPROVAL_HOURS_MAX / 24) * DAY_MS);
}

/** The list with this one in place of the secret’s, and without what lapsed a day ago; `undefined` where it is full. */
export function withApproval(
  approvals: readonly Approval[],
  one: Approval,
  now: Instant,
): readonly Approval[] | undefined {
  const others = withoutApproval(approvals, one.secret).filter(({ until }) => until > plusMs(now, -DAY_MS));
  const live = others.filter((other) => isLive(other, now));
  return [others, live].map((kept) => [...kept, one]).find(hasRoom);
}

function hasRoom(approvals: readonly Approval[]): boolean {
  const more = approvals.map(
    ({ approved, group }) => (approved === undefined ? APPROVED_BYTES : 0) + (group === undefined ? GROUP_BYTES : 0),
  );
  const written = utf8Bytes(`${APPROVALS_FORM.annotation}${APPROVALS_FORM.write(approvals)}`);
  return more.reduce((sum, bytes) => sum + bytes, written) <= APPROVALS_BYTES_MAX;
}

/** The list without a secret’s. */
export function withoutApproval(approvals: readonly Approval[], secret: string): readonly Approval[] {
  return approvals.filter((one) => one.secret !== secret);
}
