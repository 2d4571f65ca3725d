import { isWhole, reportJson } from '../../app/audit/report-json.ts';
import { reportOf, type Report } from '../../app/audit/report.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Wire } from '../../wire.ts';
import { lookingAround, secretsOf, settingsFor, type Target } from './ask.ts';
import { withListingShown } from './shown-progress.ts';
import { momentOf } from './when.ts';
import { auditCsv } from '../show/audit-csv.ts';
import { showAudit } from '../show/audit.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

export interface ReportOptions extends Target {
  /** Beginning and end of the time: a day, a moment, or a stretch back from now. */
  readonly from: string;
  readonly to?: string | undefined;
  /** Projects in whose logs the worker's lines are. */
  readonly logProject?: readonly string[] | undefined;
  /** A view of the log bucket that keeps them for longer. */
  readonly logView?: readonly string[] | undefined;
  readonly json: boolean;
  readonly csv: boolean;
}

/**
 * Writes what auditors ask of a time. Reads metadata and logs alone. 5 while a leak is open (I18), 4 where something was barred, 3 where
 * nothing was found or something may be missing.
 */
export async function report(terminal: Terminal, wire: Wire, options: ReportOptions): Promise<0 | 3 | 4 | 5> {
  if (options.json && options.csv) throw new Stop(2, '--json or --csv: one of them');
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const { ports, reader } = wired;
  const told = await reportOf(
    { ...ports, vault: withListingShown(terminal, ports.vault), reader },
    {
      ...settings,
      scopes: scopesOf(settings),
      secrets: secretsOf(settings, options),
      book: settings.alerts.silences,
      logs: logsOf(options, lookingAround(terminal, settings).projects),
      ...timeOf(options, ports.clock.now()),
    },
  );
  if (options.json) terminal.out(`${JSON.stringify(reportJson(told), null, 2)}\n`);
  else if (options.csv) terminal.out(auditCsv(told));
  else showAudit(terminal, told);
  if (!options.json) for (const problem of told.problems) terminal.err(`problem  ${problem}\n`);
  return codeOf(told);
}

function codeOf(told: Report): 0 | 3 | 4 | 5 {
  if (told.openLeaks.length > 0) return 5;
  if (told.barred) return 4;
  return told.keys.length === 0 || !isWhole(told) ? 3 : 0;
}

function timeOf({ from, to }: ReportOptions, now: Instant): { readonly from: Instant; readonly to: Instant } {
  const [begins, ends] = [momentOf('--from', from, now), to === undefined ? now : momentOf('--to', to, now)];
  if (ends > now) throw new Stop(2, '--to lies ahead, and nobody knows what will be: leave it out for now');
  if (begins >= ends) throw new Stop(2, '--from must lie before --to');
  return { from: begins, to: ends };
}

/** A view holds what its bucket was given; without one, the logs of the projects that are looked in. */
function logsOf({ logProject, logView = [] }: ReportOptions, projects: readonly string[]): readonly string[] {
  for (const view of logView)
    if (!/^projects\/[^/]+\/locations\/[^/]+\/buckets\/[^/]+\/views\/[^/]+$/.test(view))
      throw new Stop(2, `--log-view: projects/PROJECT/locations/LOCATION/buckets/BUCKET/views/VIEW, not ${view}`);
  const own = logProject ?? (logView.length > 0 ? [] : projects);
  return [...logView, ...own.map((project) => `projects/${project}`)];
}
