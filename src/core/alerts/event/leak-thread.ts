/** What events about one leak have in common. */
export function leakThread(secret: string, version: number, since: string): string {
  return `${secret}/leaks/${version}/${since}`;
}

/** The thread of all reports that the key of a version leaked: nobody knows then since when the leak is on record, if it ever is. */
export function reportedThread(secret: string, version: number): string {
  return leakThread(secret, version, REPORTED);
}

/** The thread of the reports about the leak of another thread: once the key is dead, they are over too. */
export function reportedBeside(thread: string): string {
  return thread.replace(/[^/]*$/, REPORTED);
}

const REPORTED = 'reported';
