import { ruleProblem, type Choices } from '../core/settings/policy-rules.ts';
import { mintPolicyOf, type MintPolicy } from '../core/record/mint-policy.ts';
import { isCause, type Cause } from '../core/causes/causes.ts';
import type { Breadth } from '../core/record/wide-silence.ts';
import { isRecord, parseJson, type JsonRecord } from '../core/values/json.ts';
import { STEERINGS } from '../core/record/journal.ts';
import { parseInstant, type Instant } from '../core/values/time.ts';
import { parseSecretName } from '../core/google/resource-names.ts';
import { FIELDS, isField, type Field } from './request-fields.ts';

/** What can be asked of `rotate`: a beginning, a turn of what is in flight, an end of a key, and the care of a secret. */
const MODES = [
  'planned',
  'emergency',
  'leaked',
  'revoke',
  'approve',
  ...STEERINGS,
  'silence',
  'end-silence',
  'freeze',
  'unfreeze',
  'init',
  'forget',
  'alert-test',
] as const;
type Mode = (typeof MODES)[number];

/** What a POST asks for. Which fields go with which mode is in `TAKES`. */
export interface RotateRequest {
  /** Empty with `alert-test`, and with an approval, a silence or a freeze that is about more than one secret. */
  readonly secret: string;
  /** What a silence is about that is not one secret’s. */
  readonly about?: Breadth | undefined;
  /**
   * `emergency` skips the drain and deletes the old key at once; `leaked` is one that a report of a leak begins; `revoke` deletes a key although no successor is there; the
   * steerings are asked of the rotation in flight; `silence`, `end-silence`, `freeze`, `unfreeze`, `init` and `forget` are about the secret itself.
   */
  readonly mode: Mode;
  /** With `leaked`: the version whose key was reported, which is replaced only while consumers read it. */
  readonly version?: number | undefined;
  /** The uid of the key to revoke; without it only is said which could be. */
  readonly confirm?: string | undefined;
  /** With `approve`: what is approved, as it was told; or all that one message asked for. */
  readonly plan?: string | undefined;
  readonly group?: string | undefined;
  readonly reason?: string | undefined;
  /** With `freeze` and `unfreeze`: all secrets of the settings. */
  readonly everything: boolean;
  /** Which freeze to lift. */
  readonly id?: string | undefined;
  /** Who wants quiet. */
  readonly owner?: string | undefined;
  /** When a silence ends. */
  readonly until?: Instant | undefined;
  /** The same id gives the same rotation, however often it is sent. */
  readonly requestId?: string | undefined;
  readonly dryRun: boolean;
  /** Rotate every other managed secret that serves the same key, too, in the form that its value has. */
  readonly allHolders: boolean;
  /** In an emergency: after so many minutes the leaked key is deleted although other secrets serve it. */
  readonly atTheLatestMinutes?: number | undefined;
  /** With `init`: nobody named the secret, so one that holds no key is passed over. */
  readonly found: boolean;
  /** With `forget`: the aliases go as well, and whoever reads them fails. */
  readonly removeAliases: boolean;
  /** With `forget`: although old keys are left that nobody will delete. */
  readonly leaveKeys: boolean;
  /** Take white space and quotes off that stand around the key, or write the key alone. */
  readonly alone?: 'clean' | 'bare' | undefined;
  /** With `bare`: the version that is replaced, if it holds no key that could be told. */
  readonly replace?: number | undefined;
  /** What is asked of the new key. */
  readonly mint: MintPolicy;
}

const BEGINNING: readonly Field[] = [
  'dryRun',
  'dropTargets',
  'clean',
  'standard',
  'allHolders',
  'form',
  'replace',
  'keyProject',
  'keyField',
  'serviceAccount',
  'reason',
  'requestId',
];

/** Fields of a silence that is about more than one secret. */
const BREADTH: readonly Field[] = ['outages', 'cause', 'project'];

/** A field that does not go with the mode is refused: whoever sent it meant something. */
const TAKES: Readonly<Record<Mode, readonly Field[]>> = {
  planned: BEGINNING,
  emergency: [...BEGINNING, 'atTheLatestMinutes'],
  leaked: ['version', 'reason'],
  revoke: ['confirm', 'dryRun'],
  approve: ['plan', 'group', 'dryRun'],
  abort: [],
  rollback: [],
  resume: [],
  'cut-off-users': [],
  silence: ['reason', 'owner', 'until', 'dryRun', ...BREADTH],
  'end-silence': ['dryRun', ...BREADTH],
  freeze: ['reason', 'owner', 'until', 'dryRun', 'everything', 'project'],
  unfreeze: ['dryRun', 'everything', 'project', 'id'],
  init: ['keyField', 'found', 'dryRun'],
  forget: ['removeAliases', 'leaveKeys', 'dryRun'],
  'alert-test': [],
};

const NEEDED_FOR_SILENCE: readonly Field[] = ['reason', 'owner', 'until'];

/** Reads a request body; names everything that is wrong with it at once. `choices` is what the settings let a caller choose from. */
export function rotateRequest(
  body: string,
  choices: Choices & Pick<MintPolicy, 'keyProject' | 'keyServiceAccount'> = {},
): RotateRequest | { readonly problems: readonly string[] } {
  const value = parseJson(body);
  if (!isRecord(value))
    return { problems: ['the body must be a JSON object such as {"secret":"projects/PROJECT/secrets/ID"}'] };
  const { secret = '', mode: given = 'planned', ...fields } = value;
  const mode = MODES.find((one) => one === given);
  const problems = [
    ...(isNamed(secret) ||
    (secret === '' &&
      (mode === 'alert-test' || isWide(fields) || isFrozenWide(fields) || fields['group'] !== undefined))
      ? []
      : ['secret must be a full name, projects/PROJECT/secrets/ID']),
    ...(mode === undefined ? [`mode must be one of ${MODES.join(', ')}`] : problemsWith(mode, secret, fields)),
    ...beyond(fields, choices),
  ];
  if (problems.length > 0 || typeof secret !== 'string' || mode === undefined) return { problems };
  return { secret, mode, ...read(fields) };
}

/** A silence of more than one secret names none; one that names both is refused. */
function isWide(fields: JsonRecord): boolean {
  return BREADTH.some((name) => fields[name] !== undefined && fields[name] !== false);
}

/** A freeze may be about all secrets, and one to lift may be named by its id alone. */
function isFrozenWide({ everything, id }: JsonRecord): boolean {
  return everything === true || id !== undefined;
}

function isNamed(secret: unknown): boolean {
  return typeof secret === 'string' && parseSecretName(secret) !== undefined;
}

function problemsWith(mode: Mode, secret: unknown, fields: JsonRecord): readonly string[] {
  const takes = TAKES[mode];
  const isGiven = (name: string) => fields[name] !== undefined && fields[name] !== false;
  const [known, unknown] = [Object.keys(fields).filter(isField), Object.keys(fields).filter((name) => !isField(name))];
  const misplaced = known.filter((name) => isGiven(name) && !takes.includes(name));
  const missing = mode === 'silence' || mode === 'freeze' ? NEEDED_FOR_SILENCE.filter((name) => !isGiven(name)) : [];
  const frozen = [secret !== '', isGiven('everything'), isGiven('project'), isGiven('id')].filter(Boolean).length;
  return [
    ...unknown.map((field) => `unknown field "${field}"; known: secret, mode, ${Object.keys(FIELDS).join(', ')}`),
    ...known.flatMap((name) => (fields[name] === undefined ? [] : (FIELDS[name](fields[name]) ?? []))),
    ...misplaced.map((name) => `${name} does not go with the mode ${mode}`),
    ...(mode === 'leaked' && !isGiven('version') ? ['version is missing: the one whose key was reported'] : []),
    ...(mode === 'approve' && !isGiven('plan') && !isGiven('group')
      ? ['plan is missing: it stands in the request for approval']
      : []),
    ...(isGiven('group') && (secret !== '' || isGiven('plan'))
      ? ['secret and plan, or group: one is approved, or all that one message asks for']
      : []),
    ...missing.map((name) => `a ${mode} has an end, a reason and an owner: ${name} is missing`),
    ...((mode === 'freeze' || mode === 'unfreeze') && frozen > 1
      ? ['secret, project, everything or id: a freeze is about one of them']
      : []),
    ...(isGiven('clean') && isGiven('form')
      ? ['clean or form: the one keeps what consumers read, the other does not']
      : []),
    ...(isGiven('allHolders') && isGiven('form')
      ? ['allHolders or form: each holder gets a key in the form that its own value has']
      : []),
    ...(secret !== '' && isWide(fields) && mode !== 'freeze' && mode !== 'unfreeze'
      ? ['secret, or outages, cause and project: a silence is about one secret or about more']
      : []),
    ...(isGiven('replace') && !isGiven('form') ? ['replace goes with form: what is written instead must be said'] : []),
  ];
}

/** What a caller asks of the new key is bounded as a secret's own policy is (I17). */
function beyond(
  { keyProject, serviceAccount }: JsonRecord,
  choices: Choices & Pick<MintPolicy, 'keyProject' | 'keyServiceAccount'>,
): readonly string[] {
  const asked = { keyProject, keyServiceAccount: serviceAccount } as const;
  return (['keyProject', 'keyServiceAccount'] as const).flatMap((field) =>
    asked[field] === undefined ? [] : (ruleProblem(field, { set: asked[field], given: choices[field], choices }) ?? []),
  );
}

/** The fields of a body in which nothing was wrong. */
function read(fields: JsonRecord): Omit<RotateRequest, 'secret' | 'mode'> {
  const text = (name: Field) => {
    const value = fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  const { replace, version, atTheLatestMinutes } = fields;
  const alone = text('form') === 'bare' ? 'bare' : fields['clean'] === true ? 'clean' : undefined;
  return {
    dryRun: fields['dryRun'] === true,
    allHolders: fields['allHolders'] === true,
    everything: fields['everything'] === true,
    id: text('id'),
    found: fields['found'] === true,
    removeAliases: fields['removeAliases'] === true,
    leaveKeys: fields['leaveKeys'] === true,
    confirm: text('confirm'),
    plan: text('plan'),
    group: text('group'),
    reason: text('reason'),
    about: isWide(fields)
      ? {
          outages: fields['outages'] === true ? true : undefined,
          cause: causeIn(fields['cause']),
          project: text('project'),
        }
      : undefined,
    owner: text('owner'),
    until: parseInstant(text('until') ?? ''),
    requestId: text('requestId'),
    alone,
    atTheLatestMinutes: typeof atTheLatestMinutes === 'number' ? atTheLatestMinutes : undefined,
    replace: typeof replace === 'number' ? replace : undefined,
    version: typeof version === 'number' ? version : undefined,
    mint: mintPolicyOf({
      keyProject: text('keyProject'),
      keyField: text('keyField'),
      keyServiceAccount: text('serviceAccount'),
      keyKind: fields['standard'] === true ? 'standard' : undefined,
      dropTargets: fields['dropTargets'] === true ? 'on' : undefined,
    }),
  };
}

function causeIn(value: unknown): Cause | undefined {
  return isCause(value) ? value : undefined;
}
