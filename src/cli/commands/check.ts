import { check as checkAll } from '../../app/check/check.ts';
import { withAllowedApis } from '../../app/doctor/blocked-in-run.ts';
import { exitCodeOf, exitCodeOfReport, REPORT_SCHEMA, reportOf, type Report } from '../../core/health/check-run.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import type { Wire } from '../../wire.ts';
import { wholeFleet, workerFor, type ByHand } from './worker/worker.ts';
import { proseOf } from '../../core/values/passage.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { codeOfPlaces, lookElsewhere, placesNamed, worstOf, type Elsewhere } from './elsewhere.ts';
import { casesOfAdvice, casesOfCheck } from '../show/cases.ts';
import { showAdvice, showPlaces } from '../show/places.ts';
import { showReport } from '../show/report.ts';
import { withListingShown } from './shown-progress.ts';
import { tellBuildServer, type BuildServerOptions } from './tell-build-server.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** What is missing is missing for whoever types the command, whose name nobody told us. */
const WHO_TYPES = 'user:YOUR_EMAIL';

export interface CheckOptions extends Target, ByHand, BuildServerOptions {
  readonly deep: boolean;
  readonly record: boolean;
  /** Places besides Secret Manager, as `--from` names them. */
  readonly from?: readonly string[] | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Checks managed or named secrets now. Changes and announces nothing unless `--record` asks for it. */
export async function check(terminal: Terminal, wire: Wire, options: CheckOptions): Promise<0 | 1 | 3 | 4> {
  const places = placesNamed(options.from ?? []);
  if (places.length > 0 && options.record)
    throw new Stop(2, '--from is looked at from here and not recorded: leave out --record');
  const settings = settingsFor(terminal, options);
  const secrets = secretsOf(settings, options);
  if (places.length > 0 && secrets === undefined)
    throw new Stop(2, '--from is compared with a secret: name it, as in check app-key --from env:GEMINI_API_KEY');
  await using wired = wire(settings);
  const isByHand = settings.functions === undefined || options.local;
  if (options.record && isByHand && settings.alerts.alertTopic === undefined)
    throw new Stop(
      4,
      'check --record is not done from here: what it finds would be recorded as announced, and nobody would have heard of it',
      'say where announcements go with `key-warden config pull`, or KEY_WARDEN_ALERT_TOPIC; without --record nothing is written',
    );
  const worker = options.record ? await workerFor(terminal, wired, options, 'health-check') : undefined;
  if (worker !== undefined) {
    wholeFleet(options);
    const body = { deep: options.deep ? 'always' : 'when_due', secrets };
    const report = await worker.ask<Report>({ method: 'POST', body }, REPORT_SCHEMA);
    show(terminal, report, options);
    return exitCodeOfReport(report);
  }
  const ports = { ...wired.ports, vault: withListingShown(terminal, wired.ports.vault) };
  const checked = await checkAll(ports, {
    ...settings,
    scopes: scopesOf(settings),
    secrets,
    deep: options.deep ? 'always' : 'when_due',
    record: options.record,
    looked: (done, of, bad) => terminal.progress?.({ doing: 'checking secrets', done, of, bad }),
  });
  const run = await withAllowedApis(wired.ports, checked);
  const elsewhere = places.length === 0 ? undefined : await lookElsewhere(terminal, wired, places, secrets ?? []);
  show(terminal, reportOf(run, WHO_TYPES), options, elsewhere);
  return elsewhere === undefined ? exitCodeOf(run) : worstOf(exitCodeOf(run), codeOfPlaces(elsewhere.findings));
}

function show(terminal: Terminal, report: Report, options: CheckOptions, elsewhere?: Elsewhere): void {
  const { json, verbose, quiet } = options;
  if (json) terminal.out(`${JSON.stringify({ ...report, ...jsonOf(elsewhere) }, null, 2)}\n`);
  else {
    showReport(terminal, report, verbose ? 'verbose' : quiet ? 'quiet' : 'usual');
    if (elsewhere !== undefined) showElsewhere(terminal, elsewhere);
  }
  const cases = [...casesOfCheck(report), ...casesOfAdvice('a key in another place', elsewhere?.advice ?? [])];
  tellBuildServer(terminal, 'check', cases, options);
}

function jsonOf(elsewhere: Elsewhere | undefined) {
  return elsewhere === undefined ? {} : { places: elsewhere.findings, advice: elsewhere.advice.map(proseOf) };
}

function showElsewhere(terminal: Terminal, { findings, advice }: Elsewhere): void {
  showPlaces(terminal, findings);
  showAdvice(terminal, advice);
}
