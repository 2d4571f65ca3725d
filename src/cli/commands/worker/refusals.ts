import type { FunctionAnswer } from '../../../app/ports/deployed-functions.ts';
import { isRecord } from '../../../core/values/json.ts';
import { Stop } from '../../show/terminal.ts';

type Code = Stop['code'];

/** The exit codes of a command whose refusals mean something else than usual, by status. */
export type Codes = Readonly<Partial<Record<number, Code>>>;

/** Exit codes by what the worker answered; any other status leaves open what was done. */
const CODES: Codes = { 400: 2, 401: 4, 403: 4, 404: 4, 405: 4, 409: 5, 413: 2, 415: 4, 422: 4, 500: 4 };

/** Who refused, and whom. */
interface Asked {
  readonly name: string;
  readonly url: string;
  readonly as?: string | undefined;
}

export function isRefusal(status: number): boolean {
  return status < 200 || status > 299;
}

/** What ends a command that the worker refused: in the worker's own words, or in ours where it was not the worker that answered. */
export function stopFor(asked: Asked, { status, body }: FunctionAnswer, codes: Codes = {}): Stop {
  const message = isRecord(body?.['error']) ? body['error']['message'] : undefined;
  if (typeof message !== 'string') return inFront(asked, status);
  const needsPerson = body?.['notBegun'] === true;
  const code = needsPerson ? 5 : (codes[status] ?? CODES[status] ?? 3);
  return new Stop(code, `the worker refused (${asked.name}, ${status}): ${message}${adviceOn(status, message)}`);
}

/** An answer in a form that this release does not read: the two are of different releases. */
export function stopForForm(name: string, given: unknown, wanted: string): Stop {
  return new Stop(
    4,
    `${name} answered in the form ${JSON.stringify(given ?? 'none')}, and this command reads ${wanted}: it is of another release than the deployed worker, which did what was asked. Use the release that is deployed`,
  );
}

/** Words of a function that does not know what this release sends. */
const OLDER = /unknown field "|mode must be one of|the body must be empty/;

function adviceOn(status: number, message: string): string {
  if (status === 400 && OLDER.test(message))
    return '. The deployed worker is older than this command: deploy this release, or use the one that is deployed';
  if (status === 401)
    return '. KEY_WARDEN_FUNCTIONS may be of another deployment: compare it with `terraform output -json urls`';
  if (status === 403 && !message.includes('EMERGENCY'))
    return '. Have the account added to the module’s `callers`, or sign in as one that is there';
  return '';
}

/** Cloud Run answers by itself, and in HTML, whom it does not let in and what it does not have. */
function inFront({ name, url, as = 'nobody' }: Asked, status: number): Stop {
  switch (status) {
    case 401:
    case 403:
      return new Stop(
        4,
        `Cloud Run does not let ${as} in to ${name} (${status}): it takes roles/run.invoker on that service, which the module grants to its \`callers\``,
      );
    case 404:
      return new Stop(
        4,
        `there is no function at ${url} (${status}): KEY_WARDEN_FUNCTIONS may be of another deployment; compare it with \`terraform output -json urls\``,
      );
    case 429:
    case 503:
      return new Stop(
        3,
        `${name} has no free instance (${status}): it does one thing at a time; try again in a minute`,
      );
    default:
      return new Stop(
        3,
        `${url} answered ${status} without a word of the worker’s: whether it did what was asked is on record, look with \`key-warden status\``,
      );
  }
}
