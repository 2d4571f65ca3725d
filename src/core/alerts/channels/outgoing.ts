import type { JsonRecord } from '../../values/json.ts';

/** One request to a channel, rendered and without its secret: that is put in when it is sent. */
export interface Outgoing {
  /** Appended to the channel's address: `/v2/enqueue`, or nothing. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonRecord | readonly JsonRecord[];
  /** What receivers that can tell a repeated delivery by an id get; the same over all retries. */
  readonly id: string;
}
