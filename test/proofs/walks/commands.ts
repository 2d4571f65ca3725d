import { DAY_MS, PROJECT, MINUTE_MS, NUMBER } from '../../support/cloud.ts';
import { KEY_STATES } from '../../../src/emulator/world/key-states.ts';
import { NO_RESTRICTIONS } from '../../../src/emulator/world/restrictions.ts';
import { answerWithStatus } from '../../../src/emulator/wire/faults.ts';
import type { WalkStage } from './stage.ts';

/** What a line of a walk does; the first pattern that matches is taken. */
const COMMANDS: readonly (readonly [RegExp, (stage: WalkStage, ...found: string[]) => Promise<void> | void])[] = [
  [
    /^\$ (?:printf %s "\$(\w+)" \| )?key-warden (.+)$/,
    (stage, key, words = '') => stage.type(words.split(' '), key === undefined ? undefined : KEY_IN[key]),
  ],
  [/^> the scheduled worker runs$/, (stage) => stage.work()],
  [/^> the scheduled check runs$/, (stage) => stage.check()],
  [
    /^> (\d+) (second|minute|hour)s? (?:and (\d+) minutes? )?pass(?:es)?$/,
    (stage, count = '', unit = '', minutes = '0') =>
      stage.pass(Number(count) * (UNITS[unit] ?? 0) + Number(minutes) * MINUTE_MS),
  ],
  [
    /^> consumers use (the [\w ]*key) (\d+) times a minute$/,
    ({ cloud, keyOf }, key = '', times = '') => cloud.meter.traffic(keyOf(key), Number(times), cloud.clock.now()),
  ],
  [
    /^> consumers no longer use (the [\w ]*key)$/,
    ({ cloud, keyOf }, key = '') => cloud.meter.traffic(keyOf(key), 0, cloud.clock.now()),
  ],
  [
    /^> a batch used (the [\w ]*key) at this time today and on each of (\d+) days before$/,
    ({ cloud, keyOf }, key = '', days = '') => {
      cloud.meter.traffic(keyOf(key), 0, cloud.clock.now() - 2 * DAY_MS);
      for (let day = Number(days); day >= 0; day -= 1) batch(cloud, keyOf(key), cloud.clock.now() - day * DAY_MS);
    },
  ],
  [/^> the batch uses (the [\w ]*key)$/, ({ cloud, keyOf }, key = '') => batch(cloud, keyOf(key), cloud.clock.now())],
  [/^> somebody makes (the [\w ]*key)$/, (stage, key = '') => void stage.person(key)],
  [
    /^> somebody moves the alias (\w+) to version (\d+)$/,
    (stage, alias = '', to = '') => stage.alias(alias, Number(to)),
  ],
  [/^> somebody removes the alias (\w+)$/, (stage, alias = '') => stage.alias(alias)],
  [
    /^> somebody (enable|disable|destroy)s version (\d+)$/,
    (stage, how = '', version = '') => stage.turn(how, Number(version)),
  ],
  [/^> the secret is made anew with (.+)$/, (stage, value = '') => stage.holds(value)],
  [/^> somebody adds a version with (the [\w ]*key)$/, (stage, key = '') => stage.add(key)],
  [
    /^> Google answers (\w+) to (the [\w ]*key)$/,
    ({ cloud, keyOf }, state = '', key = '') => {
      const found = KEY_STATES.find((one) => one === state);
      if (found === undefined) throw new Error(`no such state of a key: ${state}`);
      cloud.keyring.put(keyOf(key).keyString, found, { project: NUMBER }, cloud.clock.now());
    },
  ],
  [
    /^> (API Keys|Monitoring) answers (\d+) from now on$/,
    ({ cloud }, api = '', status = '') => {
      const service = api === 'Monitoring' ? 'monitoring' : 'apikeys';
      cloud.faults.plant({ service }, 10_000, { act: 'answer', reply: answerWithStatus(Number(status), SAYS[status]) });
    },
  ],
  [/^> (?:API Keys|Monitoring) is well again$/, ({ cloud }) => cloud.faults.clear()],
  [
    /^> the project has (\d+) keys$/,
    ({ cloud }, count = '') => {
      const draft = { project: NUMBER, kind: 'standard', annotations: {}, restrictions: NO_RESTRICTIONS } as const;
      while (cloud.keyring.all().length < Number(count)) cloud.keyring.issue(draft, cloud.clock.now());
    },
  ],
  [/^> the settings have (KEY_WARDEN_\w+)=(\S+)$/, (stage, name = '', value = '') => stage.set(name, value)],
  [/^> whoever adds the next version is killed right after it$/, (stage) => stage.dieAfterAdding()],
];

/** Fifty requests within a minute. */
function batch({ meter }: WalkStage['cloud'], key: ReturnType<WalkStage['keyOf']>, at: number): void {
  for (let request = 0; request < 50; request += 1)
    meter.use(key, 'google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent', at);
}

const UNITS: Readonly<Record<string, number>> = { second: 1_000, minute: MINUTE_MS, hour: 60 * MINUTE_MS };

/** What Google says with a status. */
const SAYS: Readonly<Record<string, string>> = {
  403: 'Permission denied.',
  503: 'The service is currently unavailable.',
};

/** Shell variables of walks, and the keys in them. */
const KEY_IN: Readonly<Record<string, string>> = { KEY: 'the supplied key', OLD: 'the old key' };

/** Does what a line says. Throws for one that no command understands, so that a typing error is no empty story. */
export async function perform(stage: WalkStage, line: string): Promise<void> {
  for (const [pattern, does] of COMMANDS) {
    const found = pattern.exec(line.replaceAll('$PROJECT', PROJECT));
    if (found !== null) return does(stage, ...found.slice(1));
  }
  throw new Error(`no command is written like this: ${line}`);
}
