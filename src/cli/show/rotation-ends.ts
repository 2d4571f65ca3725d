import type { Holder } from '../../app/listing/holders.ts';
import { showEnd, type RotationCode, type RotationEnd } from './whereabouts.ts';
import type { Terminal } from './terminal.ts';

/** Name and version of the JSON that `rotate`, `rollback`, `resume` and `abort` print with `--json`. */
const TURN_SCHEMA = 'key-warden/turn/v1';

/** Who else serves the key, where somebody looked. */
export interface ElsewhereServed {
  readonly holders: readonly Holder[];
  readonly holdersNotLooked: readonly string[];
}

/** Where the ends of a command's rotations go: in words each goes out as it comes, as JSON all of them at the end. */
export interface RotationEnds {
  note(end: RotationEnd): RotationCode;
  /** What is said beside them; the last word on each part counts. */
  add(part: Partial<ElsewhereServed> & { readonly deletion?: string | undefined }): void;
  /** The command's exit code, which is that of the worst end. */
  close(): RotationCode;
}

export function rotationEnds(terminal: Terminal, json: boolean): RotationEnds {
  const ends: RotationEnd[] = [];
  const beside: Record<string, unknown> = {};
  return {
    note(end) {
      ends.push(end);
      if (!json) showEnd(terminal, end);
      return end.code;
    },
    add: (part) => void Object.assign(beside, part),
    close() {
      const code = ends.reduce<RotationCode>((worst, end) => (end.code > worst ? end.code : worst), 0);
      const [first, ...others] = ends;
      if (json)
        terminal.out(`${JSON.stringify({ schema: TURN_SCHEMA, code, ...first, ...beside, others }, null, 2)}\n`);
      return code;
    },
  };
}
