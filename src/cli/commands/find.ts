import { FIND_KEY } from '../../core/causes/commands.ts';
import { storedFormOf } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { shellText } from '../../core/values/command.ts';
import { plural } from '../../core/values/plural.ts';
import { findKeys, type KeyPlace, type KeysFound } from '../../app/listing/find-keys.ts';
import { LISTS_A_MINUTE } from '../../app/listing/pace.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import type { Wire } from '../../wire.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { aside } from '../show/detail.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `find --json` prints. */
const FIND_SCHEMA = 'key-warden/find/v1';

export interface FindOptions extends Target {
  readonly json: boolean;
  /** Keys come on standard input: never as an argument, which others can see. */
  readonly fromStdin: boolean;
}

/** A key, and the line of the input that it stood on: that is how it is called. */
interface Handed {
  readonly line: number;
  readonly key: KeyText;
}

/**
 * Says which secrets hold keys that somebody was handed. 0 when each key was found somewhere, 1 when one is nowhere; what was
 * not looked at makes it 3 or 4, because it may be there.
 */
export async function find(terminal: Terminal, wire: Wire, options: FindOptions): Promise<0 | 1 | 3 | 4> {
  const settings = settingsFor(terminal, options);
  const handed = await keysFromStdin(terminal, options);
  await using wired = wire(settings);
  const { concurrency } = settings;
  const scope = { scopes: scopesOf(settings), secrets: secretsOf(settings, options), concurrency };
  const keys = handed.map(({ key }) => key);
  const found = await findKeys(wired.ports, { ...scope, keys }, (secrets) => aside(terminal, costText(secrets)));
  if (options.json) terminal.out(`${JSON.stringify(jsonOf(handed, found), null, 2)}\n`);
  else show(terminal, handed, found);
  if (found.notLooked.length > 0) return found.barred ? 4 : 3;
  return found.places.every((places) => places.length > 0) ? 0 : 1;
}

/** The keys, one a line; stops before any call where a line is none, and names the line, never what stands on it. */
async function keysFromStdin(terminal: Terminal, { fromStdin }: FindOptions): Promise<readonly Handed[]> {
  const text = fromStdin ? await terminal.input() : undefined;
  const lines = (text ?? '').split('\n').map((line, at) => ({ line: at + 1, text: line.trim() }));
  const meant = lines.filter((one) => one.text !== '');
  if (meant.length === 0) throw new Stop(2, 'no key came on standard input', `pipe it in: ${shellText(FIND_KEY, {})}`);
  const handed = meant.map((one) => {
    const stored = storedFormOf(new TextEncoder().encode(one.text));
    return { line: one.line, key: stored.is === 'kept' ? stored.key : undefined };
  });
  const none = handed.filter(({ key }) => key === undefined).map(({ line }) => line);
  if (none.length > 0)
    throw new Stop(2, `no Gemini key stands on ${plural(none.length, 'line')} of the input: ${none.join(', ')}`);
  return handed.flatMap(({ line, key }) => (key === undefined ? [] : [{ line, key }]));
}

function costText(secrets: number): string {
  const minutes = Math.ceil(secrets / LISTS_A_MINUTE);
  return `  ${plural(secrets, 'secret')}: a list of versions for each, and an access for each version that is enabled; ${LISTS_A_MINUTE} secrets a minute at most, so about ${plural(minutes, 'minute')}\n`;
}

function jsonOf(handed: readonly Handed[], { places, ...found }: KeysFound) {
  return { schema: FIND_SCHEMA, keys: handed.map(({ line }, at) => ({ line, places: places[at] })), ...found };
}

function show(terminal: Terminal, handed: readonly Handed[], found: KeysFound): void {
  const paint = painter(terminal);
  for (const [at, { line }] of handed.entries()) {
    const places = found.places[at] ?? [];
    const name = handed.length === 1 ? 'the key' : `the key on line ${line}`;
    if (places.length === 0) terminal.out(`${paint('yellow', 'not found')}  ${name}\n`);
    for (const place of places) terminal.out(`${paint('green', 'found')}  ${name}: ${placeText(place)}\n`);
  }
  const { secrets, versions, disabled, notLooked } = found;
  const closed = disabled === 0 ? '' : `; ${plural(disabled, 'disabled version')} cannot be read`;
  terminal.out(`${plural(secrets, 'secret')} looked through, ${plural(versions, 'version')} read${closed}\n`);
  for (const why of notLooked) terminal.out(`${paint('yellow', 'not looked at')}  ${why}\n`);
}

function placeText({ secret, version, readAs, managed }: KeyPlace): string {
  const read = readAs.length === 0 ? 'no alias names it' : readAs.join(', ');
  return `${secret} version ${version} (${read})${managed ? '' : ', not managed'}`;
}
