import type { JsonSchema } from '../event-schema-detail.ts';
import {
  CONFIG_PULL,
  CONFIG_SHOW,
  DOCTOR,
  DRILL,
  EMULATOR,
  EXPLAIN,
  FIND,
  HOSTS,
  INVENTORY,
  REFUSAL,
  RUNBOOK,
} from './about.ts';
import {
  ALERT_TEST,
  APPROVAL,
  APPROVALS,
  FORGET,
  FREEZES,
  INIT,
  MIGRATION,
  PURGE,
  REHEARSAL,
  REVOKE,
  SILENCE,
  TURN,
} from './changes.ts';
import { EVIDENCE } from './evidence.ts';
import { HISTORY, REPORT, STATUS } from './looks.ts';
import { CONSUMERS, REACH } from './readers.ts';

/** The commands that print no JSON, and why. */
export const WITHOUT_JSON: Readonly<Record<string, string>> = {
  get: 'it prints a key, which a helper reads',
  exec: 'what it prints is the output of another command',
  demo: 'it is a show for people',
  completion: 'it prints a script, which a shell reads',
  version: 'it prints one word',
};

/** The forms of what each command prints with `--json`. */
const FORMS: Readonly<Record<string, readonly JsonSchema[]>> = {
  check: [REPORT],
  status: [STATUS],
  history: [HISTORY],
  report: [EVIDENCE],
  consumers: [CONSUMERS],
  inventory: [INVENTORY],
  migrate: [MIGRATION],
  explain: [EXPLAIN],
  runbook: [RUNBOOK],
  find: [FIND],
  doctor: [DOCTOR, HOSTS],
  init: [INIT],
  forget: [FORGET],
  rotate: [TURN, REHEARSAL],
  rollback: [TURN],
  resume: [TURN],
  abort: [TURN],
  reach: [REACH],
  approve: [APPROVAL, APPROVALS],
  purge: [PURGE],
  revoke: [REVOKE],
  freeze: [FREEZES],
  unfreeze: [FREEZES],
  silence: [SILENCE],
  'alert test': [ALERT_TEST],
  'config pull': [CONFIG_PULL],
  'config show': [CONFIG_SHOW],
  emulator: [EMULATOR],
  drill: [DRILL],
};

/**
 * JSON Schema (2020-12) of what commands print with `--json`, by command, and of an error, which takes its place. Fields that are
 * not named are allowed, as in those of events.
 */
export const COMMAND_SCHEMAS: Readonly<Record<string, JsonSchema>> = Object.fromEntries([
  ...Object.entries(FORMS).map(([name, forms]) => [name, titled(`key-warden ${name} --json`, forms)]),
  ['error', titled('any command with --json that could not do what was asked', [REFUSAL])],
]);

function titled(title: string, forms: readonly JsonSchema[]): JsonSchema {
  const [only, ...more] = forms;
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return { $schema, title, ...(more.length === 0 ? only : { oneOf: forms }) };
}
