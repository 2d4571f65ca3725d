import { request } from 'undici';
import { instantOf, type Instant } from '../../core/values/time.ts';
import { endpointOf } from './endpoints.ts';

const WITHIN_MS = 5_000;

/** The time as the Gemini API's front end tells it, to the second; `undefined` when it does not answer. No key is sent. */
export async function googleTime(url = 'https://generativelanguage.googleapis.com'): Promise<Instant | undefined> {
  const { origin } = endpointOf('Gemini API', url);
  try {
    const { headers, body } = await request(`${origin}/v1beta/models`, { signal: AbortSignal.timeout(WITHIN_MS) });
    await body.dump();
    return timeIn(headers['date']);
  } catch {
    return undefined; // no answer: the probes of the keys say why
  }
}

/** The moment that an answer's `Date` tells; `undefined` for one that cannot be read, and where there is none. */
export function timeIn(date: string | readonly string[] | undefined): Instant | undefined {
  const milliseconds = Date.parse(String(date));
  return Number.isNaN(milliseconds) ? undefined : instantOf(milliseconds);
}
