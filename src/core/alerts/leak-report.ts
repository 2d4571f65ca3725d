import { encodedKeysIn, keyRunsIn } from '../key/key-runs.ts';
import { stringsIn } from '../key/json-strings.ts';
import { KeyText } from '../key/key-text.ts';
import { redact } from '../key/redact.ts';
import { isRecord } from '../values/json.ts';

/** Who reports leaks: GitHub's secret scanning, GitGuardian, or whoever signs as Standard Webhooks say. */
export const LEAK_SOURCES = ['github', 'gitguardian', 'webhook'] as const;
export type LeakSource = (typeof LEAK_SOURCES)[number];

/** What a report says. Keys are in memory and nowhere else (I9). */
export interface LeakReport {
  readonly source: LeakSource;
  /** The keys that it holds; none where it only says that there is one. */
  readonly keys: readonly KeyText[];
  /** Where people read it; only GitHub says. */
  readonly where?: string | undefined;
}

/** A report, what is none that anybody has to act on, or what no report of this source looks like. */
export type LeakReading = { readonly report: LeakReport } | { readonly ignored: string } | { readonly wrong: string };

/** No report of one leak holds more; each is compared with everything that is stored. */
const KEYS_MAX = 50;
const ALERT_PAGE = /^https:\/\/[\w.-]{1,100}\/[\w./-]{1,300}$/;

/**
 * Reads the body of a report whose signature is right. A key is recognised by its form wherever it stands, for no vendor says in which
 * field it would be; without one, only what is settled about a vendor's report is believed.
 */
export function readLeakReport(source: LeakSource, body: unknown): LeakReading {
  if (!isRecord(body)) return { wrong: 'the body is no JSON object' };
  const keys = keysIn(body);
  if (keys.length > KEYS_MAX) return { wrong: `it holds more than ${KEYS_MAX} keys: report them one by one` };
  switch (source) {
    case 'github':
      return readAlert(body, keys);
    case 'gitguardian':
      return readIncident(body, keys);
    case 'webhook':
      return keys.length === 0 ? { wrong: 'it holds no Gemini key' } : { report: { source, keys } };
  }
}

/** `secret_scanning_alert`; the key itself is mostly read at GitHub. Other webhooks of the same hook, a ping too, are no reports. */
function readAlert({ action, alert }: Readonly<Record<string, unknown>>, keys: readonly KeyText[]): LeakReading {
  if (!isRecord(alert) || typeof alert['secret_type'] !== 'string')
    return { ignored: 'it is no alert of secret scanning' };
  if (action === 'resolved') return { ignored: 'the alert is resolved' };
  if (keys.length === 0 && !alert['secret_type'].startsWith('google_'))
    return { ignored: 'the alert is about no key of Google’s' };
  const page = alert['html_url'];
  const isPlain = typeof page === 'string' && ALERT_PAGE.test(page) && redact(page) === page;
  return { report: { source: 'github', keys, where: isPlain ? page : undefined } };
}

/** Without the key only the beginning of an incident is news: it does not say of which kind its key is. */
function readIncident({ action }: Readonly<Record<string, unknown>>, keys: readonly KeyText[]): LeakReading {
  if (typeof action !== 'string' && keys.length === 0) return { wrong: 'it has no action' };
  if (keys.length === 0 && action !== 'incident_triggered') return { ignored: 'no incident begins with it' };
  return { report: { source: 'gitguardian', keys } };
}

function keysIn(body: unknown): readonly KeyText[] {
  const texts = stringsIn(body).map(({ text }) => text);
  const found = texts.flatMap((text) => [
    ...keyRunsIn(text).map(({ characters }) => characters),
    ...encodedKeysIn(text),
  ]);
  return [...new Set(found)].map((characters) => new KeyText(characters));
}
