import type { Severity } from '../../causes/causes.ts';
import type { JsonRecord } from '../../values/json.ts';
import type { NoticeType } from '../notice.ts';
import type { EventLabels } from './event-labels.ts';
import type { EventLink } from './event-links.ts';
import type { Together } from './together.ts';

/** What all events say, ready to be shown, whatever they are about. The rest, for machines, is in `detail`. */
export interface EventData {
  readonly notice: NoticeType;
  readonly severity: Severity;
  /** The severity that routes go by; see `gravityOf`. */
  readonly gravity: Severity;
  /** The first line: whom, what, where, and whether a new key is any use. */
  readonly headline: string;
  /** The headline with what was said and since when. */
  readonly summary: string;
  readonly who: string;
  readonly why: string;
  /** What it means for consumers; absent where `why` says so. */
  readonly meaning?: string | undefined;
  /** What whoever uses the key notices of it. */
  readonly usersFeel?: string | undefined;
  /** RFC 3339. */
  readonly since?: string | undefined;
  /** RFC 3339: the last good run that is on record. Healthy checks write nothing, so there were later ones as a rule. */
  readonly lastGood?: string | undefined;
  /** Full resource name; absent when the event is about no single secret. */
  readonly secret?: string | undefined;
  readonly project?: string | undefined;
  readonly cause?: string | undefined;
  /** Whose it is: the labels of the secret that the deployment allows into events. Somebody else's text. */
  readonly labels?: EventLabels | undefined;
  /** What to do first, in words. */
  readonly step?: string | undefined;
  /** The exact command of that same step, which runs as it stands; absent where it has none that does. */
  readonly next?: string | undefined;
  /** Address of the runbook, with the cause as its fragment. */
  readonly runbook: string;
  /** What belongs together: an episode, a rotation, an outage. Events of one thread are one incident, one conversation. */
  readonly thread: string;
  readonly detail: JsonRecord;
  /** It was told before, as something else or as less grave. */
  readonly again?: boolean | undefined;
  /** Pages to look at next. */
  readonly links?: readonly EventLink[] | undefined;
  /** The exact command that keeps channels quiet about it for some hours, for somebody who has seen it; absent where none can. */
  readonly quiet?: string | undefined;
  /** A word that events have in common which one run tells together. */
  readonly group?: string | undefined;
  /** What is told together with it, for whoever makes one message of it. */
  readonly together?: Together | undefined;
}

/** What a deployment adds: its `source`, where people open docs/runbook.md, and which labels of a secret it tells. */
export interface EventOrigin {
  readonly source: string;
  readonly runbook: string;
  /** Names of the labels that events carry. */
  readonly labels: readonly string[];
  /** The address of its dashboard, where it has one. */
  readonly dashboard?: string | undefined;
  /** Whether more than one secret can be silenced at once. */
  readonly wideSilences?: boolean | undefined;
}

/** What depends on the kind of notice. */
export type About = Pick<
  EventData,
  | 'again'
  | 'meaning'
  | 'usersFeel'
  | 'since'
  | 'lastGood'
  | 'secret'
  | 'project'
  | 'cause'
  | 'step'
  | 'next'
  | 'runbook'
  | 'thread'
  | 'detail'
>;
