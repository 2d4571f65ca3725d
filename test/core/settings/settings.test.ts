import { describe, expect, test } from '@jest/globals';
import { NO_ALERTS } from '../../../src/core/settings/alert-settings.ts';
import { SECRET_POLICY_FIELDS, DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { CALENDAR_FORMS } from '../../../src/core/calendar/calendar-policy.ts';
import { MINT_FORMS } from '../../../src/core/record/mint-policy.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import { ENDPOINT_SETTINGS, NUMBERS, settingOf, SETTINGS } from '../../../src/core/settings/settings.ts';

const CLI = { project: true, callers: false };
const FUNCTIONS = { project: true, callers: true };
const CALLERS = {
  KEY_WARDEN_AUDIENCE: 'https://check.example',
  KEY_WARDEN_CALLERS: 'scheduler@demo.iam.gserviceaccount.com',
};

function problemsOf(environment: Record<string, string>, needs = CLI): readonly string[] {
  const reading = readSettings({ KEY_WARDEN_PROJECTS: 'demo-project', ...environment }, needs);
  return 'problems' in reading ? reading.problems : [];
}

function settingsOf(environment: Record<string, string>, needs = CLI) {
  const reading = readSettings({ KEY_WARDEN_PROJECTS: 'demo-project', ...environment }, needs);
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  return reading.settings;
}

describe('settings', () => {
  test('let consumers run in other projects than their secrets', () => {
    const given = { KEY_WARDEN_CONSUMER_PROJECTS: 'web-prod, 123456' };
    expect(settingsOf(given)).toMatchObject({ projects: ['demo-project'], consumerProjects: ['web-prod', '123456'] });
  });

  test('look for consumers in an organisation or a folder, by number', () => {
    expect(settingsOf({ KEY_WARDEN_CONSUMER_SCOPE: 'folders/7' }).consumerScope).toBe('folders/7');
    expect(() => settingsOf({ KEY_WARDEN_CONSUMER_SCOPE: 'acme.example' })).toThrow(
      'KEY_WARDEN_CONSUMER_SCOPE must be organizations/NUMBER or folders/NUMBER, not "acme.example"',
    );
  });

  test('need nothing but a project', () => {
    expect(settingsOf({})).toEqual({
      projects: ['demo-project'],
      consumerProjects: ['demo-project'],
      consumerScope: undefined,
      locations: ['global'],
      endpoints: {},
      pretend: false,
      concurrency: 16,
      budgetSeconds: 240,
      runEveryMinutes: 10,
      rotationsMax: 20,
      sharedKeyMinutesMin: 30,
      noticeDays: 0,
      watchUse: true,
      approval: { book: undefined, hours: 72 },
      acknowledgedHours: 4,
      leakSigning: {},
      leakEmergencies: 0,
      secretPolicy: {
        ...DEFAULT_SECRET_POLICY,
        keyProjects: ['demo-project'],
        keyAccounts: [],
        calendarReader: expect.anything(),
      },
      reachAccounts: [],
      callers: { verify: false },
      host: undefined,
      alerts: NO_ALERTS,
    });
  });

  test('name the accounts whose consumers may be given new revisions', () => {
    const accounts = 'a@p-1.iam.gserviceaccount.com, b@p-1.iam.gserviceaccount.com';
    expect(settingsOf({ KEY_WARDEN_REACH_ACCOUNTS: accounts }).reachAccounts).toEqual(accounts.split(', '));
    expect(settingsOf({}).reachAccounts).toEqual([]);
  });

  test('name the accounts that a secret may choose from', () => {
    const accounts = 'a@p-1.iam.gserviceaccount.com, b@p-1.iam.gserviceaccount.com';
    expect(settingsOf({ KEY_WARDEN_KEY_ACCOUNTS: accounts }).secretPolicy.keyAccounts).toEqual(accounts.split(', '));
    expect(readSettings({ KEY_WARDEN_PROJECTS: 'demo-project', KEY_WARDEN_KEY_ACCOUNTS: 'nobody' }, CLI)).toEqual({
      problems: ['KEY_WARDEN_KEY_ACCOUNTS holds "nobody", which is not the email address of a service account'],
    });
  });

  test('name what PagerDuty signs with, where its acknowledgements are to be heard', () => {
    const needs = { ...CLI, acknowledgements: true };
    const signing = 'projects/demo-project/secrets/pagerduty-webhook';
    const project = { KEY_WARDEN_PROJECTS: 'demo-project' };
    expect(readSettings({ ...project, KEY_WARDEN_PAGERDUTY_SIGNING: signing }, needs)).toMatchObject({
      settings: { alerts: { pagerDutySigning: signing } },
    });
    expect(readSettings(project, needs)).toEqual({
      problems: ['KEY_WARDEN_PAGERDUTY_SIGNING is not set: no acknowledgement could be believed without it'],
    });
  });

  test('take the project that Google’s tools take', () => {
    const reading = readSettings({ GOOGLE_CLOUD_PROJECT: 'demo-project' }, CLI);
    expect(reading).toMatchObject({ settings: { projects: ['demo-project'] } });
  });

  test('prefer the worker’s own projects, several of them, with white space around', () => {
    const settings = settingsOf({
      KEY_WARDEN_PROJECTS: ' one-project, 123456789012 ',
      GOOGLE_CLOUD_PROJECT: 'other-project',
    });
    expect(settings.projects).toEqual(['one-project', '123456789012']);
  });

  test('do without a project where none is needed', () => {
    expect(readSettings({}, { project: false, callers: false })).toMatchObject({ settings: { projects: [] } });
  });

  test('take an address to listen on, and nothing else for it', () => {
    expect(settingsOf({ KEY_WARDEN_HOST: '127.0.0.1' }).host).toBe('127.0.0.1');
    expect(problemsOf({ KEY_WARDEN_HOST: 'http://here' })).toEqual([expect.stringMatching(/^KEY_WARDEN_HOST must be/)]);
  });

  test('name every problem at once', () => {
    const reading = readSettings(
      { KEY_WARDEN_CONCURRENCY: 'many', KEY_WARDEN_LOCATIONS: 'mars', KEY_WARDEN_TYPO: '1' },
      FUNCTIONS,
    );
    expect('problems' in reading && reading.problems.map((problem) => problem.slice(0, 30))).toEqual([
      'KEY_WARDEN_TYPO is not a setti',
      'no project is set: set KEY_WAR',
      'KEY_WARDEN_LOCATIONS holds "ma',
      'KEY_WARDEN_CONCURRENCY must be',
      'KEY_WARDEN_AUDIENCE is not set',
      'KEY_WARDEN_CALLERS is not set:',
    ]);
  });

  test.each([
    [
      { KEY_WARDEN_PROJECTS: 'Demo Project' },
      'KEY_WARDEN_PROJECTS holds "Demo Project", which is not a project id or number',
    ],
    [
      { KEY_WARDEN_LOCATIONS: 'global,,x' },
      'KEY_WARDEN_LOCATIONS holds "", which is not global or a region such as europe-west1',
    ],
    [{ KEY_WARDEN_BUDGET_SECONDS: '0' }, 'KEY_WARDEN_BUDGET_SECONDS must be a whole number from 1 to 3300, not "0"'],
    [
      { KEY_WARDEN_CONFIRM_ANSWERS: '99' },
      'KEY_WARDEN_CONFIRM_ANSWERS: confirmAnswers must be a whole number from 1 to 10, not 99',
    ],
    [{ KEY_WARDEN_KEY_KIND: 'gold' }, 'KEY_WARDEN_KEY_KIND: keyKind must be auth or standard, not "gold"'],
    [
      { KEY_WARDEN_DRAIN_HOURS_MIN: '200' },
      'drainHoursMin (200) is more than drainHoursMax (168), so no drain could end',
    ],
    [
      { KEY_WARDEN_GEMINI_URL: 'http://gemini.example' },
      'KEY_WARDEN_GEMINI_URL must be https://host, or http://127.0.0.1:port for a pretend cloud, not "http://gemini.example"',
    ],
  ])('%j is refused with a reason', (environment, problem) => {
    expect(problemsOf(environment)).toContain(problem);
  });

  test('take an emulator for every API, each of which can be pointed elsewhere', () => {
    const { endpoints, pretend } = settingsOf({
      KEY_WARDEN_EMULATOR: 'http://127.0.0.1:8085/',
      KEY_WARDEN_GEMINI_URL: 'https://gemini.example',
    });
    expect(pretend).toBe(true);
    expect(Object.keys(endpoints).sort()).toEqual([...Object.values(ENDPOINT_SETTINGS), 'others'].sort());
    expect(endpoints).toMatchObject({ secretManager: 'http://127.0.0.1:8085', gemini: 'https://gemini.example' });
  });

  test('take every number at its bounds', () => {
    for (const [name, { min, max }] of Object.entries(NUMBERS)) {
      expect(problemsOf({ [name]: String(min) })).toEqual([]);
      expect(problemsOf({ [name]: String(max) })).toEqual([]);
      expect(problemsOf({ [name]: String(max + 1) })).toHaveLength(1);
    }
  });

  test('take every policy number', () => {
    const small: readonly string[] = [
      'rotateWhenDead',
      'rotateWhenUnusual',
      'approval',
      'lookAtConsumers',
      'reachConsumers',
      'reachPinned',
    ];
    const words = { ...MINT_FORMS, ...CALENDAR_FORMS };
    const numbers = SECRET_POLICY_FIELDS.filter((field) => !(field in words) && !small.includes(field));
    const environment = Object.fromEntries(numbers.map((field) => [settingOf(field), '30']));
    const { checks, rotation } = settingsOf({
      ...environment,
      KEY_WARDEN_CONFIRM_ANSWERS: '9',
      KEY_WARDEN_ROTATE_WHEN_DEAD: '1',
      KEY_WARDEN_ROTATE_WHEN_UNUSUAL: '1',
      KEY_WARDEN_APPROVAL: '1',
      KEY_WARDEN_APPROVALS: 'projects/p-1/secrets/approvals',
      KEY_WARDEN_LOOK_AT_CONSUMERS: '3',
      KEY_WARDEN_REACH_CONSUMERS: '2',
      KEY_WARDEN_REACH_PINNED: '1',
    }).secretPolicy;
    const { confirmAnswers, ...others } = checks;
    const { rotateWhenDead, rotateWhenUnusual, approval, lookAtConsumers, reachConsumers, reachPinned, ...drains } =
      rotation;
    expect([
      confirmAnswers,
      rotateWhenDead,
      rotateWhenUnusual,
      approval,
      lookAtConsumers,
      reachConsumers,
      reachPinned,
    ]).toEqual([9, 1, 1, 1, 3, 2, 1]);
    for (const value of [...Object.values(others), ...Object.values(drains)]) expect(value).toBe(30);
  });

  test('say when rotations may begin, and name what is wrong with that', () => {
    const [windows, freezes] = ['mon-thu 09:00-16:00 Europe/Berlin', '2026-12-19..2027-01-06 Europe/Berlin'];
    expect(settingsOf({ KEY_WARDEN_WINDOWS: windows, KEY_WARDEN_FREEZES: freezes }).secretPolicy.calendar).toEqual({
      windows,
      freezes,
    });
    expect(problemsOf({ KEY_WARDEN_WINDOWS: '16:00-09:00 UTC', KEY_WARDEN_FREEZES: '2026-12-19.. UTC' })).toEqual([
      expect.stringMatching(/^KEY_WARDEN_WINDOWS: windows: “16:00-09:00 UTC”: 16:00-09:00 ends before it begins/),
      expect.stringMatching(/^KEY_WARDEN_FREEZES: freezes: .* has no end: give the last day/),
    ]);
  });

  test('say where and how keys are made', () => {
    const environment = Object.fromEntries(
      Object.entries(MINT_FORMS).map(([field, { example }]) => [
        settingOf(SECRET_POLICY_FIELDS.find((known) => known === field) ?? 'keyKind'),
        example,
      ]),
    );
    expect(settingsOf(environment).secretPolicy.mint).toEqual({
      keyProject: 'gemini-keys-prod',
      keyServiceAccount: 'gemini-app@search-prod.iam.gserviceaccount.com',
      keyKind: 'standard',
      dropTargets: 'on',
      keyField: '/GEMINI_API_KEY',
      carryAnnotations: 'example.com/owner,cost-centre',
    });
    expect(settingsOf({ KEY_WARDEN_KEY_KIND: 'auth' }).secretPolicy.mint).toEqual({ keyKind: 'auth' });
    expect(settingsOf({ KEY_WARDEN_DROP_TARGETS: 'off' }).secretPolicy.mint).toEqual({ dropTargets: 'off' });
  });

  test.each(['KEY_WARDEN_EMULATOR', 'KEY_WARDEN_CONCURRENCY'])(
    'refuse an empty %s: another default than the one that was meant would hold',
    (name) => {
      expect(problemsOf({ [name]: ' ' })).toEqual([
        `${name} is set and empty, as a substitution that failed leaves it: give it a value, or unset it`,
      ]);
    },
  );

  test('take an empty list of who may do emergencies, which is nobody', () => {
    expect(problemsOf({ KEY_WARDEN_EMERGENCY_CALLERS: '' })).toEqual([]);
  });
});

describe('approval', () => {
  test('is kept on a secret that is named, for some hours', () => {
    const given = { KEY_WARDEN_APPROVALS: 'projects/ops-prod/secrets/approvals', KEY_WARDEN_APPROVAL_HOURS: '48' };
    expect(settingsOf({ ...given, KEY_WARDEN_APPROVAL: '1' }).approval).toEqual({
      book: 'projects/ops-prod/secrets/approvals',
      hours: 48,
    });
  });

  test.each([
    [
      { KEY_WARDEN_APPROVAL: '1' },
      'KEY_WARDEN_APPROVAL asks for approval, and KEY_WARDEN_APPROVALS names no secret to keep one on',
    ],
    [
      { KEY_WARDEN_APPROVALS: 'approvals' },
      'KEY_WARDEN_APPROVALS must be the full name of a secret, projects/PROJECT/secrets/ID, not "approvals"',
    ],
  ])('%j is refused', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([problem]);
  });
});

describe('callers of the functions', () => {
  test('are verified against an audience and a list', () => {
    expect(settingsOf(CALLERS, FUNCTIONS).callers).toEqual({
      verify: true,
      audience: 'https://check.example',
      emails: ['scheduler@demo.iam.gserviceaccount.com'],
      emergencies: [],
      approvers: [],
      leakCallers: [],
    });
  });

  test('may be such as approve, and nobody else', () => {
    const { KEY_WARDEN_CALLERS: _, ...others } = CALLERS;
    const named = { ...others, KEY_WARDEN_APPROVERS: 'lead@demo.iam.gserviceaccount.com' };
    expect(settingsOf(named, FUNCTIONS).callers).toMatchObject({
      emails: [],
      approvers: ['lead@demo.iam.gserviceaccount.com'],
    });
  });

  test('may be such as hear of leaks, and nobody else', () => {
    const { KEY_WARDEN_CALLERS: _, ...others } = CALLERS;
    const named = { ...others, KEY_WARDEN_LEAK_CALLERS: 'finder@demo.iam.gserviceaccount.com' };
    expect(settingsOf(named, FUNCTIONS).callers).toMatchObject({
      emails: [],
      leakCallers: ['finder@demo.iam.gserviceaccount.com'],
    });
  });

  test('may ask for an emergency only where they are named for it', () => {
    const named = { ...CALLERS, KEY_WARDEN_EMERGENCY_CALLERS: 'scheduler@demo.iam.gserviceaccount.com' };
    expect(settingsOf(named, FUNCTIONS).callers).toMatchObject({
      emergencies: ['scheduler@demo.iam.gserviceaccount.com'],
    });
  });

  test('are not verified only when a setting says so', () => {
    expect(settingsOf({ KEY_WARDEN_VERIFY_CALLERS: 'off' }, FUNCTIONS).callers).toEqual({ verify: false });
  });

  test.each([
    [{ ...CALLERS, KEY_WARDEN_VERIFY_CALLERS: 'no' }, 'KEY_WARDEN_VERIFY_CALLERS must be on or off, not "no"'],
    [
      { ...CALLERS, KEY_WARDEN_CALLERS: 'everybody' },
      'KEY_WARDEN_CALLERS holds "everybody", which is not an email address',
    ],
    [
      { ...CALLERS, KEY_WARDEN_EMERGENCY_CALLERS: 'a@b.example' },
      'KEY_WARDEN_EMERGENCY_CALLERS names a@b.example, who cannot call: add it to KEY_WARDEN_CALLERS too',
    ],
  ])('%j is refused', (environment, problem) => {
    expect(problemsOf(environment, FUNCTIONS)).toEqual([problem]);
  });
});

test('every setting says what it is for, what it is without, and an example', () => {
  for (const [name, row] of Object.entries(SETTINGS)) {
    expect(name).toMatch(/^KEY_WARDEN_[A-Z_]+$/);
    for (const text of [row.says, row.fallback, row.example]) expect(text).not.toBe('');
  }
});

test('where inventories remember what they told has a full name, and `inventory` cannot do without', () => {
  const needs = { project: false, callers: false, inventory: true };
  const of = (name: string) => readSettings({ KEY_WARDEN_INVENTORY_MEMORY: name }, needs);
  expect(of('projects/ops-prod/secrets/inventory')).toMatchObject({
    settings: { inventoryMemory: 'projects/ops-prod/secrets/inventory' },
  });
  expect(of('inventory')).toEqual({
    problems: [
      expect.stringMatching(/^KEY_WARDEN_INVENTORY_MEMORY must be the full name of a secret, .*, not "inventory"$/),
    ],
  });
  expect(readSettings({}, needs)).toEqual({
    problems: ['KEY_WARDEN_INVENTORY_MEMORY is not set: without it nobody knows what people were told already'],
  });
});
