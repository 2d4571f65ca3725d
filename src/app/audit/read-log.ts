import type { JsonRecord } from '../../core/values/json.ts';
import { DAY_MS, isoOf, plusMs, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { GoogleReader, Seen } from '../ports/google-reader.ts';
import { OLD_KEY_STEPS } from '../../core/record/old-key-step.ts';
import {
  approvalIn,
  AUDITED_NOTICES,
  noticeIn,
  stepIn,
  type LoggedApproval,
  type LoggedNotice,
  type LoggedStep,
} from './log-lines.ts';

/** A log that was asked, and how far back it can answer: `projects/app-prod`, or a view of a bucket. */
export type LogSource =
  /** Nothing older than `keptFrom` is kept. */
  | { readonly log: string; readonly is: 'read'; readonly keptFrom: Instant }
  /** It was not read to its end, or nobody knows how far back it goes. */
  | { readonly log: string; readonly is: 'unread'; readonly why: string }
  | { readonly log: string; readonly is: 'unbounded'; readonly why: string };

/** What the logs say of a time, newest first. */
export interface Logged {
  readonly notices: readonly LoggedNotice[];
  readonly steps: readonly LoggedStep[];
  readonly approvals: readonly LoggedApproval[];
  readonly sources: readonly LogSource[];
}

export interface LogOrder {
  /** Projects or views of log buckets, as `entries:list` takes them. */
  readonly logs: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
  readonly now: Instant;
}

/** The most that Cloud Logging answers at once, and so many pages of it: a million lines are no report. */
const PAGE = 1000;
const PAGES_MAX = 1000;

const READS = 'logging.logEntries.list';
const READS_VIEW = 'logging.views.access';
const SEES_BUCKET = 'logging.buckets.get';

/** Reads what the worker wrote about rotations, approvals, leaks, silences and old keys. What cannot be read is said and is no failure. */
export async function readLogs(reader: GoogleReader, { logs, from, to, now }: LogOrder): Promise<Logged> {
  const notices: LoggedNotice[] = [];
  const steps: LoggedStep[] = [];
  const approvals: LoggedApproval[] = [];
  const sources: LogSource[] = [];
  const time = `timestamp>="${isoOf(from)}" AND timestamp<"${isoOf(to)}"`;
  for (const log of logs) {
    const unread =
      (await readLines(reader, log, `jsonPayload.notice.type=${oneOf(AUDITED_NOTICES)} AND ${time}`, (entry) => {
        const notice = noticeIn(entry);
        if (notice !== undefined) notices.push(notice);
      })) ??
      (await readLines(reader, log, `jsonPayload.oldKey.did=${oneOf(OLD_KEY_STEPS)} AND ${time}`, (entry) => {
        const step = stepIn(entry);
        if (step !== undefined) steps.push(step);
      })) ??
      (await readLines(reader, log, `jsonPayload.approval.by.is="verified" AND ${time}`, (entry) => {
        const approval = approvalIn(entry);
        if (approval !== undefined) approvals.push(approval);
      }));
    sources.push(unread === undefined ? await sourceOf(reader, log, now) : { log, is: 'unread', why: unread });
  }
  return { notices, steps, approvals, sources };
}

function oneOf(words: readonly string[]): string {
  return `(${words.map((word) => `"${word}"`).join(' OR ')})`;
}

/** Answers why a log could not be read to its end. */
async function readLines(
  reader: GoogleReader,
  log: string,
  filter: string,
  take: (entry: unknown) => void,
): Promise<string | undefined> {
  let pageToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const token = pageToken === undefined ? {} : { pageToken };
    const answer = await answered(reader, log, {
      method: 'POST',
      path: '/v2/entries:list',
      body: { resourceNames: [log], filter, orderBy: 'timestamp desc', pageSize: PAGE, ...token },
      permission: log.includes('/views/') ? READS_VIEW : READS,
    });
    if (typeof answer === 'string') return answer;
    const { entries, nextPageToken } = answer;
    if (Array.isArray(entries)) entries.forEach(take);
    if (typeof nextPageToken !== 'string') return undefined;
    pageToken = nextPageToken;
  }
  return `it has more than ${PAGE * PAGES_MAX} lines of this time: ask for less`;
}

/** For how long the bucket keeps what it is given; a project's lines are in the bucket that every project has. */
async function sourceOf(reader: GoogleReader, log: string, now: Instant): Promise<LogSource> {
  const bucket = log.includes('/views/') ? log.replace(/\/views\/.*$/, '') : `${log}/locations/global/buckets/_Default`;
  const answer = await answered(reader, log, { method: 'GET', path: `/v2/${bucket}`, permission: SEES_BUCKET });
  if (typeof answer === 'string') return { log, is: 'unbounded', why: answer };
  const { retentionDays } = answer;
  return typeof retentionDays === 'number'
    ? { log, is: 'read', keptFrom: plusMs(now, -retentionDays * DAY_MS) }
    : { log, is: 'unbounded', why: 'its bucket does not say for how long it keeps lines' };
}

async function answered(
  reader: GoogleReader,
  log: string,
  look: Pick<Parameters<GoogleReader['read']>[0], 'method' | 'path' | 'body' | 'permission'>,
): Promise<JsonRecord | string> {
  const project = log.replace(/^projects\/([^/]+).*$/, '$1');
  const seen: Seen | Fault = await attempt(() => reader.read({ api: 'logging', ...look, project }));
  if (seen instanceof Fault) return seen.message;
  if (seen === 'denied') return `it takes ${look.permission}, which is not granted`;
  if (seen === 'missing') return 'it is not there';
  return seen.json;
}
