import { standingOf, type Standing } from '../app/status.ts';
import { isoOf } from '../core/time.ts';
import type { Wire } from '../wire.ts';
import { scopesOf, secretsOf, settingsFor, type Target } from './ask.ts';
import { idOf } from './show-report.ts';
import { columns, painter, type Terminal } from './terminal.ts';

/** Name and version of the JSON that `status --json` prints. */
const STATUS_SCHEMA = 'key-warden/status/v1';

export interface StatusOptions extends Target {
  readonly json: boolean;
}

/** Shows what is on record about each secret. Reads metadata only: no key is read, no request goes to Gemini. */
export async function status(terminal: Terminal, wire: Wire, options: StatusOptions): Promise<0 | 3> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const order = {
    scopes: scopesOf(settings),
    secrets: secretsOf(settings, options),
    concurrency: settings.concurrency,
  };
  const { secrets, problems } = await standingOf(wired.ports.vault, order);
  if (options.json)
    terminal.out(`${JSON.stringify({ schema: STATUS_SCHEMA, secrets: secrets.map(jsonOf), problems }, null, 2)}\n`);
  else show(terminal, secrets, problems);
  return problems.length === 0 ? 0 : 3;
}

function jsonOf({ secret, managed, aliases, health }: Standing) {
  const episode = health !== undefined && 'episode' in health ? health.episode : undefined;
  return {
    secret,
    managed,
    aliases,
    health: health?.is ?? 'unknown',
    ...(health !== undefined && 'since' in health && health.since !== undefined ? { since: isoOf(health.since) } : {}),
    ...(health?.is === 'suspect' ? { cause: health.cause, runs: health.runs } : {}),
    ...(episode === undefined
      ? {}
      : { episode: { ...episode, openedAt: isoOf(episode.openedAt), announcedAt: isoOf(episode.announcedAt) } }),
  };
}

function show(terminal: Terminal, secrets: readonly Standing[], problems: readonly string[]): void {
  const paint = painter(terminal);
  if (secrets.length === 0)
    terminal.out('no managed secret was found; put one under care: key-warden init --secret SECRET_ID\n');
  else {
    terminal.out(
      columns([
        ['SECRET', 'CURRENT', 'HEALTH', 'SINCE', 'WHY'].map((title) => paint('dim', title)),
        ...secrets.map((standing) => [
          idOf(standing.secret) + (standing.managed ? '' : ' (not managed)'),
          String(standing.aliases['current'] ?? 'latest'),
          ...healthCells(standing),
        ]),
      ]),
    );
  }
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
}

function healthCells({ health }: Standing): readonly string[] {
  switch (health?.is) {
    case undefined:
      return ['unknown', '-', 'the health annotation is not in a form this release reads'];
    case 'well':
      return ['well', health.since === undefined ? '-' : isoOf(health.since), '-'];
    case 'suspect':
      return ['suspect', isoOf(health.since), `${health.cause}, ${health.runs} runs`];
    case 'sick':
    case 'mending':
      return [health.is, isoOf(health.episode.openedAt), `${health.episode.cause} (${health.episode.id})`];
  }
}
