import { repeatedly, type Patience } from './retry.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import { faultOf, type Asked } from './errors.ts';
import { DEADLINE_EXCEEDED, refusalOf, UNAVAILABLE } from './refusals.ts';

/**
 * Waits for a long-running operation and gives its response. Whatever keeps its end from being seen counts as an
 * attempt of `patience`: still running, or a poll that failed in passing. Rejects with `timeout` when it is still
 * running after the last, and with the operation's own refusal in the words of `asked` when it failed.
 */
export async function responseOf(
  started: JsonRecord,
  patience: Patience,
  poll: (name: string) => Promise<JsonRecord>,
  asked: Asked,
): Promise<unknown> {
  const name = operationName(started, asked);
  const ended = await repeatedly(patience, async (number) => {
    const seen = number === 1 ? started : await poll(name);
    if (seen['done'] === true) return seen;
    throw faultOf({ code: DEADLINE_EXCEEDED }, asked);
  });
  if (ended['error'] !== undefined) throw faultOf(refusalOf(ended['error']), asked);
  return ended['response'];
}

/** `operations/akmf.p7-<number>-<uuid>` for the API Keys API; it becomes part of a URL, so anything odd is refused. */
function operationName({ name }: JsonRecord, asked: Asked): string {
  if (typeof name === 'string' && /^operations\/[\w.-]+$/.test(name)) return name;
  throw faultOf({ code: UNAVAILABLE }, asked);
}
