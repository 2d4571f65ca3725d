import type { DeployedFunctions } from '../../app/ports/deployed-functions.ts';
import type { FunctionUrls } from '../../core/settings/function-urls.ts';
import { functionsAt } from './function-at.ts';
import type { IdTokenOptions } from './id-token.ts';

export interface DeployedFunctionsOptions extends IdTokenOptions {
  readonly urls: FunctionUrls;
  /** Time limit of one call, in milliseconds. */
  readonly callMs?: number | undefined;
}

/** A function may work for an hour; who waits longer than this looks at the record. */
const CALL_MS = 600_000;
const UNANSWERED = ' Whether it did what was asked is on record: look with `key-warden status`, then try again.';

/** The worker’s functions, as whoever sits at the command line calls them. */
export function deployedFunctions(options: DeployedFunctionsOptions): DeployedFunctions & { close(): Promise<void> } {
  const { urls, callMs = CALL_MS, ...credentials } = options;
  const functions = functionsAt({ ...credentials, callMs, unanswered: UNANSWERED });
  return {
    async open(name) {
      const url = urls[name];
      return url === undefined ? undefined : functions.open(url);
    },
    close: () => functions.close(),
  };
}
