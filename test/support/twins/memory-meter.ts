import type { Meter } from '../../../src/app/ports/ports.ts';
import type { Usage } from '../../../src/core/rotation/rhythm.ts';
import type { Instant } from '../../../src/core/values/time.ts';

/** One question as it was asked. */
interface Question {
  readonly project: string;
  readonly uid: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** What a key's meter shows: the same always, or by the window that was asked for. */
type Script = Usage | ((question: Question) => Usage);

/** A `Meter` in memory. A key without a script was never counted, which is not the same as having been idle. */
export interface MemoryMeter extends Meter {
  script(uid: string, usage: Script): void;
  /** Every question so far, in order. */
  readonly questions: readonly Question[];
}

export function memoryMeter(): MemoryMeter {
  const scripts = new Map<string, Script>();
  const questions: Question[] = [];
  return {
    questions,
    script: (uid, usage) => void scripts.set(uid, usage),
    async usage(project, uid, from, until) {
      await Promise.resolve();
      const question = { project, uid, from, until };
      questions.push(question);
      if (until <= from) return { known: false, why: 'the window is empty' };
      const script = scripts.get(uid) ?? { known: true, hours: [] };
      return typeof script === 'function' ? script(question) : script;
    },
  } satisfies MemoryMeter;
}
