import type { Signals } from '../../show/terminal.ts';

/** As much of a running command as is needed to keep it. */
interface Running {
  readonly ended: Promise<number>;
  signal(name: NodeJS.Signals): void;
}

export interface Keeping<Child extends Running> {
  start(): Child;
  /** Resolves each time when there is another key. */
  another(): Promise<void>;
  /** What is done then: the command is started anew with it, or is told in some other way. */
  readonly renewed: 'start-anew' | ((child: Child) => Promise<void>);
  /** How long a command that is to be started anew has for its end. */
  grace(): Promise<void>;
  /** Calls back for each signal that is sent to us; absent where none can come. */
  readonly signals?: Signals | undefined;
}

/** After these nobody wants it started anew; others mean the command alone. */
const ENDS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGQUIT'];

/**
 * Keeps one command running, passes signals on to it, and resolves with the code that it ended with by itself or by a signal. Only
 * an end that we asked for because of another key is followed by a start.
 */
export async function keepRunning<Child extends Running>(keeping: Keeping<Child>): Promise<number> {
  let child = keeping.start();
  let isLeaving = false;
  keeping.signals?.((name, { isShared }) => {
    if (ENDS.includes(name)) isLeaving = true;
    if (!isShared) child.signal(name);
  });
  try {
    for (;;) {
      const code = await Promise.race([child.ended, keeping.another().then(() => undefined)]);
      if (code !== undefined) return code;
      if (keeping.renewed !== 'start-anew') {
        await keeping.renewed(child);
        continue;
      }
      const last = await ended(child, keeping.grace);
      if (isLeaving) return last;
      child = keeping.start();
    }
  } catch (trouble) {
    child.signal('SIGTERM');
    throw trouble;
  }
}

/** Asks for the end, and takes it after a while. */
async function ended(child: Running, grace: () => Promise<void>): Promise<number> {
  child.signal('SIGTERM');
  const code = await Promise.race([child.ended, grace().then(() => undefined)]);
  if (code !== undefined) return code;
  child.signal('SIGKILL');
  return child.ended;
}
