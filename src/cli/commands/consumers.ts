import { isLeftBehind } from '../../core/consumers/reading.ts';
import { parseScope, type Scope } from '../../core/google/scope.ts';
import { isoOf } from '../../core/values/time.ts';
import { readersJson } from '../../app/consumers/readers-json.ts';
import { whereToLook } from '../../app/consumers/places.ts';
import { readersOf } from '../../app/consumers/readers.ts';
import type { Wire } from '../../wire.ts';
import { lookingAround, NAME_ONE_SECRET, oneSecret, type Target } from './ask.ts';
import { withReadersShown } from './shown-progress.ts';
import { readersText } from '../show/readers.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `consumers --json` prints. */
const CONSUMERS_SCHEMA = 'key-warden/consumers/v1';

export interface ConsumersOptions extends Target {
  /** Numbers, of which one may be given. */
  readonly organization?: string | undefined;
  readonly folder?: string | undefined;
  readonly json: boolean;
}

/**
 * Says who reads a secret on Cloud Run and Cloud Functions, and when each has a new version. Reads their settings only. 1 where
 * somebody would go on with the old key; 3 where something could not be looked at, and 4 where only a permission or a setting ends that.
 */
export async function consumers(terminal: Terminal, wire: Wire, options: ConsumersOptions): Promise<0 | 1 | 3 | 4> {
  const { settings, secret } = oneSecret(terminal, namedAlone(options));
  const { consumerProjects, consumerScope } = lookingAround(terminal, settings);
  const named = [...new Set([...(options.project ?? []), ...consumerProjects])];
  await using wired = wire(settings);
  const where = await whereToLook(wired.estate, { projects: named, scope: scopeIn(options) ?? consumerScope });
  const { projects } = where;
  const ports = { vault: wired.ports.vault, consumers: withReadersShown(terminal, wired.consumers, projects) };
  const { name } = await ports.vault.look(secret);
  const readers = await readersOf(ports, where, { name, given: secret });
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

/** What `--organization` or `--folder` names. */
function scopeIn({ organization, folder }: ConsumersOptions): Scope | undefined {
  if (organization !== undefined && folder !== undefined)
    throw new Stop(2, 'name an organisation or a folder, not both');
  const given = organization ?? folder;
  if (given === undefined) return undefined;
  const scope = parseScope(organization === undefined ? `folders/${given}` : `organizations/${given}`);
  if (scope === undefined)
    throw new Stop(2, `${JSON.stringify(given)} is no number: gcloud organizations list shows it`);
  return scope;
}

/** `--project` says where to look, so a bare id is of the first. */
function namedAlone(options: ConsumersOptions): Target {
  const { project, secret } = options;
  if ((secret ?? []).some((one) => one.includes('/'))) return { ...options, project: undefined };
  const [first] = project ?? [];
  if (secret === undefined) throw new Stop(2, NAME_ONE_SECRET);
  return first === undefined ? options : { ...options, project: [first] };
}
