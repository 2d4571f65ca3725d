import process from 'node:process';
import { askJson } from './core/survey/part-text.ts';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { IDENTITIES } from './core/google/permissions-of-deployment.ts';
import { nearest } from './core/values/nearest.ts';
import { startPretendCloud, type PretendCloud } from './emulator/server/server.ts';
import {
  setUpShowcase,
  showcaseEnvironment,
  showcaseSigning,
  SHOWCASE_PROJECT,
  SHOWCASE_SIGNING,
} from './emulator/showcase/showcase.ts';

/** `npm start`: one deployed function on this machine, against the pretend cloud where no project is configured. */

/** What to try on an entry point that a bare POST tells nothing. */
const TRY: Readonly<Record<string, (url: string) => string>> = {
  rotate: (url) => `curl -s '${url}?secret=projects/${SHOWCASE_PROJECT}/secrets/search-app'`,
  statusPage: (url) => `open ${url} in a browser`,
  onSecretEvent: (url) => pushed(url, '{"eventType":"TOPIC_CONFIGURED"}'),
  notify: (url) => pushed(url, '{}'),
  survey: (url) => `curl -s -H 'Content-Type: application/json' -d '${JSON.stringify(askJson(PART))}' ${url}`,
};
const PART = {
  part: { project: SHOWCASE_PROJECT, location: 'global' },
  most: 100,
  deep: 'never',
  runEveryMinutes: 10,
  seconds: 60,
} as const;
const target = process.argv[2] ?? 'healthCheck';
refuseUnknown();
const configured = process.env['KEY_WARDEN_PROJECTS'] ?? process.env['GOOGLE_CLOUD_PROJECT'];
const pretend = configured === undefined ? await startPretend() : undefined;
const environment = pretend === undefined ? {} : { ...showcaseEnvironment(pretend), ...showcaseSigning(pretend) };

const framework = fileURLToPath(new URL('../node_modules/.bin/functions-framework', import.meta.url));
const source = fileURLToPath(new URL('functions.ts', import.meta.url));
const child = spawn(process.execPath, [framework, `--source=${source}`], {
  stdio: ['inherit', pretend === undefined ? 'inherit' : 'pipe', 'inherit'],
  env: { KEY_WARDEN_HOST: '127.0.0.1', ...process.env, ...environment, FUNCTION_TARGET: target },
});
if (pretend !== undefined && child.stdout !== null) passOn(child.stdout, pretend);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));

/** The framework would say so too, after a stack, without the names that there are. */
function refuseUnknown(): void {
  const known = Object.values(IDENTITIES).flatMap(({ runs }) => runs);
  if (known.includes(target)) return;
  const meant = nearest(target, known);
  process.stderr.write(
    `there is no function ${JSON.stringify(target)}${meant === undefined ? '' : `; did you mean ${meant}?`} There are ${known.join(', ')}.\n`,
  );
  process.exit(2);
}

async function startPretend(): Promise<PretendCloud> {
  const cloud = await startPretendCloud({ tickMs: 1000 });
  setUpShowcase(cloud);
  const url = `http://127.0.0.1:${process.env['PORT'] ?? '8080'}/`;
  process.stderr.write(
    `No project is configured (KEY_WARDEN_PROJECTS), so ${target} runs against a pretend cloud on ${cloud.url} and lets anybody call.\n` +
      `Try: ${tryOf(cloud.url, url)}\n`,
  );
  return cloud;
}

/** What a function logs is shown, and is in the pretend Cloud Logging, as Cloud Run has it. */
function passOn(output: Readable, { logging }: PretendCloud): void {
  createInterface({ input: output }).on('line', (line) => {
    process.stdout.write(`${line}\n`);
    logging.take(SHOWCASE_PROJECT, line);
  });
}

function tryOf(cloudUrl: string, url: string): string {
  if (target === 'acknowledge') return acknowledged(cloudUrl, url);
  return target === 'leakReports' ? reported(url) : (TRY[target]?.(url) ?? `curl -s -X POST ${url}`);
}

/** An alert of secret scanning, signed as GitHub signs it. */
function reported(url: string): string {
  const body = JSON.stringify({ action: 'created', alert: { secret_type: 'google_api_key' } });
  const signature = createHmac('sha256', SHOWCASE_SIGNING).update(body).digest('hex');
  return `curl -s -H 'Content-Type: application/json' -H 'X-Hub-Signature-256: sha256=${signature}' -d '${body}' ${url}`;
}

/** The pretend PagerDuty tells of an incident that somebody acknowledged. */
function acknowledged(cloudUrl: string, to: string): string {
  const key = `projects/${SHOWCASE_PROJECT}/secrets/search-app/aging`;
  const told = { act: 'acknowledged', key, who: 'Jane Doe', to, secrets: [SHOWCASE_SIGNING] };
  return `curl -s -X POST ${cloudUrl}/_emulator/incidents -d '${JSON.stringify(told)}'`;
}

/** A message as Pub/Sub pushes it. */
function pushed(url: string, attributes: string): string {
  return `curl -si -H 'Content-Type: application/json' -d '{"message":{"messageId":"1","attributes":${attributes},"data":"e30="},"subscription":"s"}' ${url}projects/${SHOWCASE_PROJECT}/topics/t`;
}
