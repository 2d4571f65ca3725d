import { InvalidArgumentError } from 'commander';

/**
 * Keeps every value of an option that may be given again. None takes the words after its own: they are names of secrets. Where
 * one value is wanted, a second one is refused then and not taken for the first.
 */
export function repeated(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

export function statusCode(text: string): number {
  const code = Number(text);
  if (/^[1-5]\d\d$/.test(text)) return code;
  throw new InvalidArgumentError('an HTTP status is a number from 100 to 599.');
}

export function seconds(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 5) return number;
  throw new InvalidArgumentError('a number of seconds from 5 up.');
}

export function pid(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a process is named by its number.');
}

export function variable(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
  throw new InvalidArgumentError('a variable is named by letters, digits and _.');
}

export function signal(text: string): NodeJS.Signals {
  const name = SIGNALS.find((one) => one === text || one === `SIG${text}`);
  if (name !== undefined) return name;
  throw new InvalidArgumentError(`one of ${SIGNALS.join(', ')}.`);
}

/** Those by which programs are told to look anew. */
const SIGNALS = [
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGTERM',
  'SIGINT',
  'SIGWINCH',
] as const satisfies readonly NodeJS.Signals[];

export function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}
