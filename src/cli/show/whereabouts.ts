import { CUT_OFF_USERS, RESUME } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { painter, type Terminal } from './terminal.ts';

/** How a command about a rotation ends; see the exit codes in docs/reference/commands.md. */
export type RotationCode = 0 | 3 | 4 | 5;

/** Whoever asks for an emergency while another rotation is under way gets that one. */
export const IS_EMERGENCY_NOW =
  '  a rotation was under way, and is an emergency now: its old key goes at once. Is it the new key that leaked, give the command again when it rests\n';

/** Where a rotation stands when a command ends, whether this process drove it or the worker did. */
export interface Whereabouts {
  readonly did: 'rest' | 'wait' | 'held' | 'interrupted';
  /** No rotation is in flight. */
  readonly resting: boolean;
  readonly why: string;
  /** When it goes on, in RFC 3339. */
  readonly until?: string | undefined;
  /** Why one was given up on the way. */
  readonly failure?: string | undefined;
  /** Which leaked key is alive after its end. */
  readonly leak?: string | undefined;
  /** What is true of the secret now, in a sentence; absent where nobody looked. */
  readonly now?: string | undefined;
  /** Held because the old key is still used. */
  readonly stillUsed: boolean;
  /** Held before anything was begun. */
  readonly notBegun: boolean;
}

/** The last words of a command about a rotation, and its exit code. */
export function showWhereabouts(terminal: Terminal, secret: string, there: Whereabouts): RotationCode {
  const paint = painter(terminal);
  const { did, resting, why, until, failure, leak, now } = there;
  switch (did) {
    case 'rest':
    case 'wait':
      if (did === 'wait' && !resting) {
        const goesOn = until === undefined ? '' : `; goes on ${until}`;
        terminal.out(`${paint('cyan', 'under way')}  ${secret}: ${why}${goesOn}\n`);
        if (now !== undefined) terminal.out(`  ${now}\n`);
        return 0;
      }
      if (failure !== undefined)
        terminal.out(`${paint('red', 'given up')}  ${secret}: ${failure}\n  consumers read what they read before\n`);
      if (leak !== undefined) terminal.out(`${paint('red', 'leak open')}  ${secret}: ${leak}\n`);
      if (leak !== undefined && failure === undefined) terminal.out('  consumers read the new key\n');
      if (leak !== undefined || failure !== undefined) return 5;
      terminal.out(`${paint('green', 'at rest')}  ${secret}${now === undefined ? '' : `: ${now}`}\n`);
      return 0;
    case 'held':
      if (there.notBegun) {
        terminal.out(`${paint('red', 'not begun')}  ${secret}: ${why}\n`);
        return 5;
      }
      terminal.out(`${paint('red', 'held')}  ${secret}: ${why}\n${waysOn(secret, there)}`);
      return 5;
    case 'interrupted':
      terminal.out(`${paint('yellow', 'interrupted')}  ${secret}\n`);
      return 3;
  }
}

function waysOn(secret: string, { stillUsed }: Whereabouts): string {
  if (!stillUsed) return `  when that is mended: ${lineFor(RESUME, secret)}\n`;
  return `  when they have moved: ${lineFor(RESUME, secret)}\n  or, and then they fail: ${lineFor(CUT_OFF_USERS, secret)}\n`;
}
