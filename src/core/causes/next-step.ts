import { fillIn, type RemedyNames } from './causes.ts';

/** What to do first, for somebody who has just been woken up. */
export interface NextStep {
  /** In words. */
  readonly step?: string | undefined;
  /** The first command that runs as it stands: pasted with a variable unset, some would store an empty key. */
  readonly next?: string | undefined;
}

/** Other words in backticks are names of headers and fields. */
const COMMAND = /(?<=`)(?:key-warden|gcloud|printf|curl) [^`]+(?=`)/g;

/** A word for the reader to replace, such as `ANSWER_FILE`, or a variable of the shell. */
const OPEN = /[A-Z]{3,}/;

/** Reads a remedy as its row has it; `names` fills it in. */
export function nextStepOf(remedy: readonly string[], names: RemedyNames): NextStep {
  const commands = remedy.flatMap((step) => step.match(COMMAND) ?? []);
  const command = commands.find((one) => runsAsItStands(one, names));
  const [first = ''] = remedy;
  const at = command === undefined ? -1 : first.indexOf(`\`${command}\``);
  const words = at < 0 ? first : first.slice(0, at).trimEnd();
  return { step: fillIn(words, names), next: command === undefined ? undefined : fillIn(command, names) };
}

/** What to do about a cause that many secrets share, of one project or of all: what asks about one of them asks about all. */
export function nextForFleet(remedy: readonly string[], project: string | undefined): NextStep {
  const check = project === undefined ? 'key-warden check' : 'key-warden check --project {project}';
  const others = remedy.filter((step) => !step.includes('`key-warden status`')); // they do fail alike: that is known
  return nextStepOf(
    others.map((step) => step.replaceAll('key-warden check --secret {secret}', check)),
    project === undefined ? {} : { project },
  );
}

function runsAsItStands(command: string, { project, secret, version }: RemedyNames): boolean {
  const known = { project, secret, version, key: undefined };
  const isFilled = Object.entries(known).every(
    ([name, value]) => value !== undefined || !command.includes(`{${name}}`),
  );
  return isFilled && !OPEN.test(command);
}
