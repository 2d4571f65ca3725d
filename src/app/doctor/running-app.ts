import { isoOf, plusMs, type Instant } from '../../core/values/time.ts';
import type { Check } from './checklist.ts';

/** The app as it runs on this machine, or why it was not seen. */
export type RunningApp =
  | {
      readonly startedAt: Instant;
      /** What it was started with; `undefined` where it belongs to somebody else. */
      readonly variables: Readonly<Record<string, string>> | undefined;
    }
  | { readonly notSeen: string };

/** A file that an app may have read when it started. */
export interface ChangedFile {
  readonly path: string;
  readonly changedAt: Instant;
}

/** The kernel tells starts from the second in which it booted. */
const BLUR_MS = 2_000;

/** Whether the app began after its files were written: an env file is read once, and what changed since has reached nobody. */
export function ageCheck(app: RunningApp | undefined, files: readonly ChangedFile[]): Check {
  const title = 'the app is younger than its files';
  if (app === undefined) return { state: 'not_looked', title, says: 'name it with --pid' };
  if ('notSeen' in app) return { state: 'not_looked', title, says: app.notSeen };
  if (files.length === 0) return { state: 'not_looked', title, says: 'there is no file here to compare it with' };
  const { startedAt } = app;
  const newer = files.filter(({ changedAt }) => changedAt > plusMs(startedAt, BLUR_MS));
  const started = `it was started at ${isoOf(startedAt)}`;
  if (newer.length === 0)
    return { state: 'yes', title, says: `${started}, after ${files.map(({ path }) => path).join(', ')}` };
  const changed = newer.map(({ path, changedAt }) => `${path} was changed at ${isoOf(changedAt)}`).join(', ');
  return { state: 'no', title, says: `${started}, before ${changed}: unless it reads the file again, restart it` };
}
