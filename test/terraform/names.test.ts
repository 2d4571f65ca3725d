import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { JOB_ENDINGS } from '../../src/app/doctor/deployed-parts.ts';
import { readLogs } from '../../src/app/audit/read-log.ts';
import type { GoogleReader } from '../../src/app/ports/google-reader.ts';
import { logAnnouncer } from '../../src/app/alerts/announce.ts';
import { MANAGED_LABEL } from '../../src/app/listing/gather.ts';
import type { Reconciliation } from '../../src/app/reconcile/reconcile.ts';
import { purgeJson } from '../../src/app/purge/purge-json.ts';
import { CHECK_POLICY_BOUNDS } from '../../src/core/health/check-policy.ts';
import { readChannels } from '../../src/core/settings/channel-settings.ts';
import {
  IDENTITIES,
  grantsOf,
  type GrantedOn,
  type Identity,
} from '../../src/core/google/permissions-of-deployment.ts';
import { VERDICTS } from '../../src/core/causes/causes.ts';
import { openGroups, openJson, type OpenTrouble } from '../../src/core/health/open-trouble.ts';
import { censusOf } from '../../src/core/health/key-census.ts';
import { detectionOf } from '../../src/core/health/told-in-time.ts';
import { liveLeaks } from '../../src/core/health/watch-leak.ts';
import { stateOf } from '../../src/functions/log-state.ts';
import { isRecord, parseJson } from '../../src/core/values/json.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import { ROTATION_POLICY_BOUNDS } from '../../src/core/rotation/rotation-policy.ts';
import { ENDPOINT_SETTINGS, NUMBERS, SETTINGS } from '../../src/core/settings/settings.ts';
import { crashFields } from '../../src/edge/process/crash.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { NOW } from '../support/notices.ts';
import { runOf } from '../support/runs.ts';
import { stillClock } from '../support/still-clock.ts';
import { blocksOf, listOf, localOf, moduleFiles, namedIn, permissionsOf, recordOf, type HclFile } from './module.ts';

/** Settings that no deployment has: all of them point a worker at a pretend cloud, or open it to everybody. */
const NOT_DEPLOYED = [
  'KEY_WARDEN_CONFIG',
  'KEY_WARDEN_EMULATOR',
  'KEY_WARDEN_HOST',
  'KEY_WARDEN_VERIFY_CALLERS',
  ...Object.keys(ENDPOINT_SETTINGS),
];

let files: readonly HclFile[] = [];
beforeAll(async () => {
  files = await moduleFiles();
});

function source(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function textOf(name: string): string {
  return files.find((file) => file.name === name)?.text ?? '';
}

/** Fields of a variable that is an object. */
function fieldsOf(variable: string): readonly string[] {
  const type = String(namedIn(files, 'variable')[variable]?.['type']);
  return [...type.matchAll(/(\w+)\s*=\s*(?:optional\(|string|number)/g)].map(([, name = '']) => name);
}

const functionsOf = () => Object.entries(recordOf(localOf(files, 'all_functions'))).map(([, row]) => recordOf(row));

describe('entry points', () => {
  test('are those that the code registers', () => {
    const code = source('src/functions.ts');
    const events = [...code.matchAll(/cloudEvent\(\s*'(\w+)'/g)].map(([, name = '']) => name);
    const pages = [...code.matchAll(/ http\('(\w+)'/g)].map(([, name = '']) => name);
    const table = /const functions = \{(?<rows>.*?)\n {2}\};/s.exec(code)?.groups?.['rows'] ?? '';
    const calls = [...table.matchAll(/^ {4}(\w+): /gm)].map(([, name = '']) => name);
    const of = (kind: string) => functionsOf().flatMap((row) => (row['kind'] === kind ? [row['entry_point']] : []));
    expect(of('event').toSorted()).toEqual(events.toSorted());
    expect(of('http').toSorted()).toEqual([...calls, ...pages].toSorted());
  });

  test('run as the identity that the table of permissions gives them', () => {
    const runs = Object.entries(IDENTITIES).flatMap(([identity, row]) => row.runs.map((entry) => [entry, identity]));
    const inHcl = functionsOf().map(({ entry_point, identity }) => [entry_point, identity]);
    expect(Object.fromEntries(inHcl)).toEqual(Object.fromEntries(runs));
  });

  test('that Cloud Scheduler calls are those whose jobs doctor looks for', () => {
    expect(Object.keys(recordOf(localOf(files, 'jobs'))).toSorted()).toEqual([...JOB_ENDINGS].toSorted());
    expect(textOf('scheduler.tf')).toMatch(/name\s+= "\$\{var\.name\}-\$\{each\.key\}"/);
  });

  test('have names that are theirs in kebab-case', () => {
    for (const [name, row] of Object.entries(recordOf(localOf(files, 'all_functions'))))
      expect(String(recordOf(row)['entry_point']).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).toBe(
        name,
      );
  });
});

describe('permissions', () => {
  const LEVELS: Readonly<Record<string, GrantedOn>> = {
    project: 'each project with watched secrets',
    secret: 'each watched secret',
    keys: 'each project that keys are made in',
    consumers: 'each project that consumers are looked up in',
    memory: 'the secret that remembers what inventories told',
  };
  const identities = Object.keys(IDENTITIES).filter((name): name is Identity => Object.hasOwn(IDENTITIES, name));

  test('there is one account per identity', () => {
    expect(Object.keys(recordOf(localOf(files, 'identities'))).toSorted()).toEqual(identities.toSorted());
  });

  test.each(identities)('custom roles of %s hold exactly what it calls', (identity) => {
    const inHcl = permissionsOf(files)[identity] ?? {};
    for (const [level, on] of Object.entries(LEVELS))
      expect(listOf(inHcl[level]).toSorted()).toEqual(
        grantsOf(identity, on)
          .map(({ needs }) => needs)
          .toSorted(),
      );
  });

  test('whoever writes watched secrets is no stranger to the alarm about strange hands', () => {
    const writers = identities.filter((identity) =>
      grantsOf(identity, 'each watched secret').some(({ needs }) => needs === 'secretmanager.secrets.update'),
    );
    const [, known = ''] = /principalEmail=~\\"\^\$\{var\.name\}-\(([a-z|]+)\)@/.exec(textOf('metrics.tf')) ?? [];
    expect(known.split('|').toSorted()).toEqual([...writers, 'deploy'].toSorted());
  });

  test('what is granted by predefined roles is granted to the same identities', () => {
    const publishers = Object.values(recordOf(localOf(files, 'publishers')))
      .map(recordOf)
      .map(({ identity, topic }) => `${String(identity)} on ${String(topic)}`);
    const TOPICS: Readonly<Partial<Record<GrantedOn, string>>> = {
      'the alert topic': 'alerts',
      'the delivery topic': 'deliveries',
      'the dead-letter topic': 'dead-letters',
    };
    const wanted = identities.flatMap((identity) =>
      IDENTITIES[identity].grants.flatMap(({ on }) =>
        TOPICS[on] === undefined ? [] : [`${identity} on ${TOPICS[on]}`],
      ),
    );
    expect(publishers.toSorted()).toEqual(wanted.toSorted());
    const readers = [...textOf('roles.tf').matchAll(/identity = "(\w+)", secret = /g)].map(([, name = '']) => name);
    const wantedReaders = identities.filter(
      (identity) =>
        grantsOf(identity, 'each credential of a channel').length +
          grantsOf(identity, 'the secret with the address to ping').length +
          grantsOf(identity, 'the secret that PagerDuty signs with').length +
          grantsOf(identity, 'each secret that leak reports are signed with').length >
        0,
    );
    expect(readers.toSorted()).toEqual(wantedReaders.toSorted());
    const built = blocksOf(files, 'google_project_iam_member').find(({ name }) => name === 'build');
    const roles = grantsOf('build', 'the worker’s project').map(({ needs }) => needs);
    for (const role of roles) expect(String(built?.body['for_each'])).toContain(`"${role}"`);
    expect(String(built?.body['for_each']).match(/roles\//g)).toHaveLength(roles.length);
    const writers = blocksOf(files, 'google_artifact_registry_repository_iam_member').map(({ body }) => body['role']);
    expect(writers).toEqual(grantsOf('build', 'the repository of its images').map(({ needs }) => needs));
  });

  test('whoever binds keys to an account is granted that on the account', () => {
    const binding = blocksOf(files, 'google_service_account_iam_member').find(({ name }) => name === 'binding');
    expect(binding?.body['role']).toBe('roles/iam.serviceAccountApiKeyBindingAdmin');
    const binders = identities.filter(
      (identity) => grantsOf(identity, 'each account that keys are bound to').length > 0,
    );
    expect(listOf(localOf(files, 'binders')).toSorted()).toEqual(binders.toSorted());
  });
});

describe('settings', () => {
  test('of the worker and of the module are the same', () => {
    const written = [...textOf('functions.tf').matchAll(/\b(KEY_WARDEN_[A-Z_]*[A-Z])\b\s*=/g)].map(
      ([, name = '']) => name,
    );
    const stableHash = ['pace', 'checks', 'rotation', 'calendar', 'minting']
      .flatMap(fieldsOf)
      .map((field) => `KEY_WARDEN_${field.toUpperCase()}`);
    const known = Object.keys(SETTINGS).filter((name) => !NOT_DEPLOYED.includes(name));
    expect([...new Set([...written, ...stableHash])].toSorted()).toEqual(known.toSorted());
  });

  test('have the same bounds', () => {
    const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const secretPolicy = Object.entries({ ...CHECK_POLICY_BOUNDS, ...ROTATION_POLICY_BOUNDS }).map(
      ([field, { min, max }]) => [snake(field), [min, max]] as const,
    );
    const numbers = Object.entries(NUMBERS)
      .filter(([name]) => name !== 'KEY_WARDEN_RUN_EVERY_MINUTES')
      .map(([name, { min, max }]) => [name.replace('KEY_WARDEN_', '').toLowerCase(), [min, max]] as const);
    expect(localOf(files, 'bounds')).toEqual(Object.fromEntries([...secretPolicy, ...numbers]));
  });

  test('where the module has a default of its own, it is the worker’s', () => {
    const defaults = [
      ...textOf('variables.tf').matchAll(/(budget_seconds|drain_hours_max)\s*= optional\(number, (\d+)\)/g),
    ];
    expect(Object.fromEntries(defaults.map(([, name, value]) => [name, Number(value)]))).toEqual({
      budget_seconds: NUMBERS.KEY_WARDEN_BUDGET_SECONDS.fallback,
      drain_hours_max: ROTATION_POLICY_BOUNDS.drainHoursMax.fallback,
    });
  });

  test('channels have the fields that the worker reads', () => {
    const block = /jsonencode\(\[\s+for channel in var\.channels.*?\}/s.exec(textOf('functions.tf'))?.[0] ?? '';
    const fields = [...block.matchAll(/(\w+)\s*= channel\./g)].map(([, name = '']) => name);
    const values: Readonly<Record<string, unknown>> = {
      name: 'a',
      kind: 'email',
      credential: 'projects/p/secrets/s',
      url: 'smtps://example.com',
      from: 'key-warden@example.com',
      to: ['oncall@example.com'],
      severityMin: 'error',
      secrets: ['*'],
      projects: ['search-*'],
      causes: ['key_leaked'],
      labels: { team: ['search'] },
      afterHours: 8,
      rotations: 'all',
      mentions: [],
      types: ['key.unhealthy'],
    };
    const channel = Object.fromEntries(fields.map((field) => [field, values[field]]));
    expect(readChannels(JSON.stringify([channel]))).toEqual({ channels: [values] });
  });

  test('topics are handed over under the right names', () => {
    expect(Object.keys(recordOf(localOf(files, 'topics'))).toSorted()).toEqual(
      ['alerts', 'deliveries', 'dead-letters', 'secret-events'].toSorted(),
    );
    expect(textOf('functions.tf')).toMatch(
      /ALERT_TOPIC\s+= .*"alerts".*\n.*DELIVERY_TOPIC\s+= .*"deliveries".*\n.*DEAD_LETTER_TOPIC\s+= .*"dead-letters"/,
    );
  });

  test('the label that makes a secret managed', () => {
    expect(textOf('secrets.tf')).toContain(`"${MANAGED_LABEL.key}" = "${MANAGED_LABEL.value}"`);
  });
});

const TROUBLE: OpenTrouble = { project: 'p', cause: 'key_leaked', severity: 'critical', openedAt: NOW };

const RUN = runOf([], { open: [TROUBLE], census: censusOf([{ kind: 'auth', maxAgeDays: 90 }], NOW) });

/** The paths of all fields of a line, the inner ones too. */
function pathsIn(line: object): readonly string[] {
  return Object.entries(line).flatMap(([field, value]: [string, unknown]) =>
    isRecord(value) ? [field, ...pathsIn(value).map((path) => `${field}.${path}`)] : [field],
  );
}

test('functions run with the options of Node that `npm run bench` measures them with', () => {
  const [, options] = /NODE_OPTIONS += "([^"]+)"/.exec(textOf('functions.tf')) ?? [];
  expect(options).toBeDefined();
  expect(source('bench/children.ts')).toContain(`const DEPLOYED = ['${options}'];`);
});

test('what is kept for auditors are the lines that a report asks for', async () => {
  const asked: string[] = [];
  const silent: GoogleReader = {
    read: async ({ body }) => {
      asked.push(JSON.stringify(body ?? {}));
      return { json: {} };
    },
  };
  await readLogs(silent, { logs: ['projects/p'], from: NOW, to: NOW, now: NOW });
  const fields = asked.flatMap((filter) => [...filter.matchAll(/jsonPayload\.[a-zA-Z.]+/g)].map(([field]) => field));
  const kept = [...String(localOf(files, 'evidence')).matchAll(/(jsonPayload\.[a-zA-Z.]+):\*/g)].map(
    ([, field]) => field,
  );
  expect(fields.length).toBeGreaterThan(0);
  expect(kept).toEqual(fields);
  const [sink] = blocksOf(files, 'google_logging_project_sink');
  expect(sink?.body['filter']).toBe('${local.ours} AND ${local.evidence}');
});

describe('fields of log lines that metrics count by', () => {
  /** Paths below `jsonPayload` in filters and extractors. */
  const paths = () => [
    ...new Set(
      ['metrics.tf', 'alerts.tf'].flatMap((file) =>
        [...textOf(file).matchAll(/jsonPayload\.([a-zA-Z.]+)/g)].map(([, path = '']) => path),
      ),
    ),
  ];

  test('are those that the code writes', async () => {
    const lines: unknown[] = [];
    const log = structuredLog((line) => lines.push(parseJson(line)));
    const notice: Notice = { type: 'alert.test', askedBy: 'a test' };
    await logAnnouncer(log, stillClock()).announce(notice);
    const announced = lines.find(isRecord);
    const run = { dryRun: false, secrets: 0, purged: [], swept: [], unreached: 0, problems: [] };
    const reconciled: readonly (keyof Reconciliation)[] = ['held', 'oldestSeconds', 'leaksAlive', 'leaksLate'];
    const written = [
      ...Object.keys(recordOf(announced?.['notice'])).map((field) => `notice.${field}`),
      ...Object.keys(purgeJson(run).counts).map((field) => `purged.${field}`),
      ...reconciled.map((field) => `reconciled.${field}`),
      ...(
        /const heartbeat = \{ (?<fields>[\w, ]+) \}/.exec(source('src/functions/health-check.ts'))?.groups?.[
          'fields'
        ] ?? ''
      )
        .split(', ')
        .map((field) => `heartbeat.${field}`),
      ...(/const counts = \{ (?<fields>[^}]+) \}/.exec(source('src/functions/inventory.ts'))?.groups?.['fields'] ?? '')
        .split(', ')
        .map((field) => `inventory.${field.replace(/:.*/, '')}`),
      ...VERDICTS.map((verdict) => `heartbeat.verdicts.${verdict}`),
      ...Object.keys(openJson(TROUBLE, NOW)).map((field) => `open.${field}`),
      ...pathsIn({ state: stateOf(RUN) }),
      ...pathsIn({ openGroup: openGroups(RUN.open)[0] }),
      ...pathsIn({ keyGroup: RUN.census.groups[0] }),
      ...pathsIn({ detected: detectionOf({ openedAt: NOW }, 'deep', { runEveryMinutes: 10, deepEveryHours: 4 }, NOW) }),
      ...pathsIn({ leakAlive: liveLeaks([{ version: 1, at: NOW, told: 0 }], [], NOW)[0] }),
      ...[...source('src/functions/log-state.ts').matchAll(/\b(waiting): \{ phase \}/g)].map(
        ([, field = '']) => `${field}.phase`,
      ),
      ...Object.entries({
        'took.seconds': ['src/app/alerts/announce.ts', 'took: { seconds'],
        'delivered.seconds': ['src/app/alerts/route.ts', 'delivered: { seconds'],
        'promised.missed': ['src/app/alerts/route.ts', 'promised: { missed: 1 }'],
      } as const).flatMap(([path, [file, words]]) => (source(file).includes(words) ? [path] : [])),
      'problems',
      ...[...source('src/app/alerts/route.ts').matchAll(/\b(channel|event): (?:name|event\.id)/g)].map(
        ([, field = '']) => field,
      ),
    ];
    expect(paths().filter((path) => !written.includes(path))).toEqual([]);
    expect(paths().length).toBeGreaterThan(5);
    expect(source('src/functions/health-check.ts')).toMatch(/\{ heartbeat\b.*, state: stateOf\(run\)/);
    expect(source('src/functions/reconcile.ts')).toContain('{ reconciled: counts }');
    expect(source('src/functions/purge.ts')).toContain('{ purged: body.counts');
    expect(source('src/functions/inventory.ts')).toContain('{ inventory: counts }');
    expect(source('src/functions.ts')).toContain('{ problems: reading.problems }');
  });

  test('a crash is known by the type that the code gives it', () => {
    expect(textOf('metrics.tf')).toContain(crashFields(new Error('x'), 'notify')['@type']);
  });

  test('secret and cause are labels of the entry', () => {
    const lines: unknown[] = [];
    structuredLog((line) => lines.push(parseJson(line))).write('INFO', 'x', { secret: 's', cause: 'c' });
    expect(recordOf(lines[0])['logging.googleapis.com/labels']).toEqual({ secret: 's', cause: 'c' });
    expect(textOf('metrics.tf')).toMatch(/secret = "labels\.secret", cause = "labels\.cause"/);
  });
});
