import { isLeftBehind } from '../../core/consumers/reading.ts';
import { isoOf } from '../../core/values/time.ts';
import { readersJson } from '../../app/consumers/readers-json.ts';
import { readersOf } from '../../app/consumers/readers.ts';
import type { Wire } from '../../wire.ts';
import { lookingAround, NAME_ONE_SECRET, oneSecret, type Target } from './ask.ts';
import { withReadersShown } from './shown-progress.ts';
import { readersText } from '../show/readers.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `consumers --json` prints. */
const CONSUMERS_SCHEMA = 'key-warden/consumers/v1';

export interface ConsumersOptions extends Target {
  readonly json: boolean;
}

/**
 * Says who reads a secret on Cloud Run and Cloud Functions, and when each has a new version. Reads their settings only. 1 where
 * somebody would go on with the old key; 3 where something could not be looked at, and 4 where only a permission or a setting ends that.
 */
export async function consumers(terminal: Terminal, wire: Wire, options: ConsumersOptions): Promise<0 | 1 | 3 | 4> {
  const { settings, secret } = oneSecret(terminal, namedAlone(options));
  const { consumerProjects } = lookingAround(terminal, settings);
  const projects = [...new Set([...(options.project ?? []), ...consumerProjects])];
  await using wired = wire(settings);
  const ports = { vault: wired.ports.vault, consumers: withReadersShown(terminal, wired.consumers, projects) };
  const { name } = await ports.vault.look(secret);
  const readers = await readersOf(ports, projects, { name, given: secret });
  const now = wired.ports.clock.now();
  if (options.json)
    terminal.out(
      `${JSON.stringify({ schema: CONSUMERS_SCHEMA, at: isoOf(now), secret: name, projects, ...readersJson(readers) }, null, 2)}\n`,
    );
  else terminal.out(readersText(terminal, readers, { projects, now }));
  if (readers.barred) return 4;
  if (readers.notLooked.length > 0) return 3;
  return readers.readings.some(isLeftBehind) ? 1 : 0;
}

/** `--project` says where to look, so a bare id is of the first. */
function namedAlone(options: ConsumersOptions): Target {
  const { project, secret } = options;
  if ((secret ?? []).some((one) => one.includes('/'))) return { ...options, project: undefined };
  const [first] = project ?? [];
  if (secret === undefined) throw new Stop(2, NAME_ONE_SECRET);
  return first === undefined ? options : { ...options, project: [first] };
}
