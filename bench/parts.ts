/**
 * How much faster many instances look than one: four processes of the function `survey` against one, behind calls that take 100 ms
 * each, every one with the same concurrency. Run with `node bench/parts.ts [secrets] [processes] [concurrency]`.
 */
import process from 'node:process';
import { check } from '../src/app/check/check.ts';
import type { Parts } from '../src/app/check/ask-parts.ts';
import { readSettings } from '../src/core/settings/read-settings.ts';
import { surveyAt } from '../src/edge/functions/survey.ts';
import { functionProcess } from '../test/support/function-process.ts';
import { wireTo } from '../src/wire.ts';
import { startSlowCloud, verdictLine } from './children.ts';
import { BENCH_PROJECT } from './names.ts';

const [, , secrets = '8000', processes = '4', concurrency = '16'] = process.argv;
const CALL_MS = 100;

const { child, url } = await startSlowCloud(Number(secrets), CALL_MS);
const environment = {
  KEY_WARDEN_EMULATOR: url,
  KEY_WARDEN_PROJECTS: BENCH_PROJECT,
  KEY_WARDEN_CONCURRENCY: concurrency,
  KEY_WARDEN_VERIFY_CALLERS: 'off',
};
const workers = await Promise.all(
  Array.from({ length: Number(processes) }, () =>
    functionProcess('survey', { PATH: process.env['PATH'] ?? '', ...environment }),
  ),
);
const surveys = workers.map((worker) => surveyAt({ url: worker.url, pretendUrl: url }));
let asked = 0;
/** As Cloud Run would: the next call to the next instance. */
const survey: Parts['survey'] = (ask, withinMs) => {
  const next = surveys[asked % surveys.length];
  asked += 1;
  if (next === undefined) throw new RangeError('no process looks');
  return next.survey(ask, withinMs);
};

async function seconds(parts: Parts | undefined): Promise<number> {
  const reading = readSettings(environment, { project: true, callers: false });
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { ports } = wireTo({ write: () => undefined })(reading.settings);
  const start = performance.now();
  const { expected, tally, problems } = await check(ports, {
    ...reading.settings,
    scopes: [{ project: BENCH_PROJECT, location: 'global' }],
    deep: 'never',
    record: false,
    budgetSeconds: 3300,
    listedMax: 1000,
    // As in a fleet that was looked at before: no first good run of a key is to be written.
    recordedMax: 0,
    parts,
  });
  const works = tally.causes.get('ok')?.depths.shallow;
  if (works !== Number(secrets) || problems.length > 0)
    throw new Error(`${works} of ${expected} keys worked: ${problems.join('; ')}`);
  return (performance.now() - start) / 1000;
}

const one = await seconds(undefined);
const atOnce = Number(processes);
const many = await seconds({ survey, atOnce, most: Math.ceil(Number(secrets) / atOnce) });
child.kill();
await Promise.all(workers.map((worker) => worker.end()));
process.stdout.write(
  `${secrets} secrets, ${concurrency} at a time in each instance, ${CALL_MS} ms a call: one instance ${one.toFixed(1)} s, ${processes} that look and one that acts ${many.toFixed(1)} s\n`,
);
process.stdout.write(`${verdictLine(`${processes} processes against one`, one / many, { atLeast: 3 })}\n`);
process.exit(0);
