import type { Actor } from '../../record/actor.ts';
import type { Instant } from '../../values/time.ts';
import type { LeakEmergency } from '../leak-emergency.ts';
import type { LeakSource } from '../leak-report.ts';

/** A leaked key is alive, or not proven dead: told when nothing is under way that ends it, and again at growing gaps (I18). */
export interface LeakOpen {
  readonly type: 'leak.open';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  /** The key's name at its issuer, where that is known. */
  readonly key?: string | undefined;
  /** When somebody said that it leaked. */
  readonly at: Instant;
  /** How often it was told before. */
  readonly told: number;
  readonly why: string;
  /** Who asked for the deletion of the key, where a person did. */
  readonly by?: Actor | undefined;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A leaked key is proven dead. */
export interface LeakClosed {
  readonly type: 'leak.closed';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  readonly key?: string | undefined;
  readonly at: Instant;
  /** Since when every look found it dead, half an hour of which is the proof. */
  readonly deadSince?: Instant | undefined;
}

/** Somebody outside reports a key that leaked: of nobody who is known, or of a secret that holds it. Told once a report. */
export type LeakReported = LeakOfNobody | LeakOfSecret;

interface LeakOfNobody {
  readonly type: 'leak.reported';
  readonly source: LeakSource;
  /** What the report is told apart by: the same for one that is delivered again. */
  readonly report: string;
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

interface LeakOfSecret extends LeakOfNobody {
  readonly secret: string;
  readonly project: string;
  /** The version that holds the key; absent where none does that can be read, because the key is retired. */
  readonly version?: number | undefined;
  /** Of a key that the secret has retired: whether every old key of it is deleted. */
  readonly retired?: 'deleted' | 'undeleted' | undefined;
  /** What became of the emergency that the report asked for; absent where the settings have it ask for none. */
  readonly emergency?: LeakEmergency | undefined;
}
