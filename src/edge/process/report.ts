import process from 'node:process';

/**
 * Node's reports of a crash or a signal (`--report-on-fatalerror` and the like) list the whole environment, where a key may
 * stand in a person's shell. What the program starts with must not leave it by a file (I9).
 */
export function reportWithoutEnvironment(): void {
  process.report.excludeEnv = true;
}
