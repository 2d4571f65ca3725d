import { utf8Bytes } from '../../core/values/utf8.ts';
import { ROTATE_TO_GIVEN } from '../../core/causes/commands.ts';
import { lineFor, valuesOf } from '../../core/causes/names.ts';
import { ADD_VERSION } from '../../core/google/gcloud.ts';
import { parseSecretName } from '../../core/google/resource-names.ts';
import { shellText } from '../../core/values/command.ts';
import { readersJson } from '../../app/consumers/readers-json.ts';
import { rehearsalJson } from '../../app/rehearsal/json.ts';
import { lookingOnce, rehearse, type Rehearsal } from '../../app/rehearsal/rehearse.ts';
import { examineSupply, type Supply } from '../../app/rotation/supply.ts';
import { projectsTooFull, requestsFor, type RotationRequest } from '../../app/rotation/holders-too.ts';
import type { TickOrder } from '../../app/rotation/tick.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import { SHARED_KEY_MINUTES_MAX, type Settings } from '../../core/settings/settings.ts';
import { redact } from '../../core/key/redact.ts';
import { mintPolicyOf, mintProblem, type MintPolicy } from '../../core/record/mint-policy.ts';
import type { Wire, Wired } from '../../wire.ts';
import type { SharedKey } from '../../app/listing/shared-key.ts';
import { rehearsedByWorker, rotateByWorker } from './worker/rotate.ts';
import { workerFor, type ByHand } from './worker/worker.ts';
import { claimedBy, lookingAround, oneSecret, type Target } from './ask.ts';
import { dateDeletion, nameHolders, rotateHolders, sharedBy } from './rotate-holders.ts';
import { showRehearsal } from '../show/rehearsal.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { rotationEnds } from '../show/rotation-ends.ts';
import type { RotationCode } from '../show/whereabouts.ts';
import { orderFor, begin } from './follow-rotation.ts';

export interface RotateOptions extends Target, ByHand {
  readonly emergency: boolean;
  readonly wait: boolean;
  /** Minutes after which the leaked key is deleted although other secrets serve it, as typed. */
  readonly atTheLatest?: string | undefined;
  /** Rotate every other secret that serves the key, too. */
  readonly allHolders: boolean;
  /** Say what would be done, and write nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** With `dryRun`: every call. */
  readonly verbose: boolean;
  /** The new key comes on standard input: never as an argument, which others can see. */
  readonly fromStdin: boolean;
  readonly serviceAccount?: string | undefined;
  readonly standard: boolean;
  readonly keyProject?: string | undefined;
  /** Replace a key that other APIs accept too by one for Gemini alone. */
  readonly dropTargets: boolean;
  /** Field of the stored value that holds the key. */
  readonly keyField?: string | undefined;
  readonly clean: boolean;
  /** `bare`: write the key alone. */
  readonly form?: string | undefined;
  /** The version that is replaced, as typed. */
  readonly replace?: string | undefined;
  readonly requestId?: string | undefined;
  /** Why, in the person's own words. */
  readonly reason?: string | undefined;
}

/** As the function takes it. */
const REQUEST_ID_BYTES_MAX = 100;

/** Begins a rotation, takes it as far as it goes now, and with `--wait` to its end. */
export async function rotate(terminal: Terminal, wire: Wire, options: RotateOptions): Promise<RotationCode> {
  const { emergency, requestId, reason: note } = options;
  if (requestId !== undefined && redact(requestId) !== requestId)
    throw new Stop(2, '--request-id must not hold a key: it is written down');
  if (requestId !== undefined && utf8Bytes(requestId) > REQUEST_ID_BYTES_MAX)
    throw new Stop(2, `--request-id must be at most ${REQUEST_ID_BYTES_MAX} bytes: it is written down`);
  if (options.allHolders && (options.fromStdin || options.form !== undefined))
    throw new Stop(2, '--all-holders: each holder gets a minted key of its own, in the form that its value has');
  const { settings: own, secret } = oneSecret(terminal, options);
  const minutes = minutesOf(options, own);
  const settings = lookingAround(terminal, own);
  await using wired = wire(settings);
  // Read before anything is asked: what they say must fit together, whoever does it.
  const [mint, value] = [mintOf(options), valueOf(options)];
  if (options.fromStdin && wired.functions !== undefined && !options.local)
    throw new Stop(2, `--from-stdin: ${notOverTheWire(secret)}`);
  const worker = await workerFor(terminal, wired, options, 'rotate');
  const onlooker = { terminal, ends: rotationEnds(terminal, options.json), wait: options.wait };
  const { ends } = onlooker;
  if (worker !== undefined) {
    if (!options.dryRun) return await rotateByWorker(onlooker, wired, { worker, secret, options });
    return codeOf(await rehearsedByWorker(terminal, { worker, secret, options }));
  }
  const order = withAccount(orderFor(settings, secret), options.serviceAccount);
  const reason = emergency ? 'leaked' : 'request';
  const supply = options.fromStdin ? await keyFromStdin(terminal, wired, order, emergency) : undefined;
  if (supply !== undefined && 'already' in supply) {
    ends.note({ secret, outcome: 'already_done', code: 0, why: supply.already });
    return ends.close();
  }
  const supplied = supply?.key;
  const candidate = supplied === undefined ? 'minted' : 'supplied';
  const asked: Asked = {
    reason,
    note,
    by: claimedBy(terminal),
    candidate,
    emergency,
    requestId,
    mint,
    ...value,
  };
  const request = { ...order, asked, supplied };
  const shared = await sharedBy(wired, settings, request);
  if (options.dryRun) return await dryRun(terminal, wired, request, shared, options);
  nameHolders(terminal, shared, emergency, options.allHolders);
  if (options.allHolders && shared.holders.length > 0) {
    const full = await projectsTooFull(wired.ports, [request, ...requestsFor(request, shared.holders)]);
    if (full.length > 0 && !emergency) throw new Stop(5, `nothing was begun: ${full.join('; ')}`);
    for (const why of full) terminal.err(`  ${why}\n`);
  }
  ends.add({ holders: shared.holders, holdersNotLooked: shared.notLooked });
  await begin(onlooker, wired, request);
  if (minutes !== undefined) await dateDeletion(onlooker, wired, request, { minutes, shared });
  if (options.allHolders) await rotateHolders(onlooker, wired, request, shared.holders);
  return ends.close();
}

/** By when the leaked key must be gone, if somebody asked for that; the settings say what may be asked for. */
function minutesOf({ emergency, atTheLatest }: RotateOptions, settings: Settings): number | undefined {
  if (atTheLatest === undefined) return undefined;
  if (!emergency)
    throw new Stop(2, '--at-the-latest goes with --emergency: any other key is kept while others serve it');
  const minutes = /^[1-9]\d{0,4}$/.test(atTheLatest) ? Number(atTheLatest) : 0;
  const { sharedKeyMinutesMin: min } = settings;
  if (minutes >= min && minutes <= SHARED_KEY_MINUTES_MAX) return minutes;
  throw new Stop(
    2,
    `--at-the-latest: minutes from ${min} (KEY_WARDEN_SHARED_KEY_MINUTES_MIN) to ${SHARED_KEY_MINUTES_MAX}, not ${atTheLatest}`,
  );
}

async function dryRun(
  terminal: Terminal,
  { ports }: Wired,
  order: RotationRequest,
  shared: SharedKey,
  { json, verbose }: Pick<RotateOptions, 'json' | 'verbose'>,
): Promise<RotationCode> {
  const looking = lookingOnce(ports);
  const rehearsal = await rehearse(looking, order);
  const { name } = await ports.vault.look(order.secret);
  const consumers = readersJson(await looking.readers({ name, given: order.secret }));
  if (json) terminal.out(`${JSON.stringify(rehearsalJson(rehearsal, shared, consumers), null, 2)}\n`);
  else showRehearsal(terminal, rehearsal, { shared, consumers }, verbose);
  return codeOf(rehearsal);
}

function codeOf({ missing, outcome }: Pick<Rehearsal, 'missing' | 'outcome'>): RotationCode {
  return missing.length > 0 ? 4 : REHEARSED[outcome];
}

/** A key goes to Secret Manager, its issuer and Gemini alone (I9). */
function notOverTheWire(secret: string): string {
  return `a key is sent to no function. Add it as a version, which the worker proves and takes up: ${shellText(ADD_VERSION, valuesOf(parseSecretName(secret) ?? {}))}. With the right to do that yourself, --local does the rest at once`;
}

/** The same codes as the rotation itself would end with. */
const REHEARSED = {
  completed: 0,
  finished: 0,
  nothing: 0,
  unsure: 3,
  unmanaged: 4,
  abandoned: 5,
  held: 5,
  busy: 5,
} as const satisfies Record<Rehearsal['outcome'], RotationCode>;

/** The key that was piped in, once it was seen to be good, or word that consumers have it. Stops with the cause otherwise. */
async function keyFromStdin(
  terminal: Terminal,
  { ports }: Wired,
  { secret, secretPolicy }: TickOrder,
  emergency: boolean,
): Promise<Exclude<Supply, { readonly refused: string } | { readonly undecided: string }>> {
  const text = await terminal.input();
  if (text === undefined)
    throw new Stop(2, 'no key came on standard input', `pipe it in: ${lineFor(ROTATE_TO_GIVEN, secret)}`);
  const supply = await examineSupply(
    ports,
    secret,
    { bytes: new TextEncoder().encode(text), emergency },
    secretPolicy.checks,
  );
  if ('refused' in supply) throw new Stop(1, `the key is not taken, and nothing was written: ${supply.refused}`);
  if ('undecided' in supply)
    throw new Stop(3, `the key could not be judged, and nothing was written; try again: ${supply.undecided}`);
  return supply;
}

/** A person may bind a key to any account that they may act as, which Google decides. */
export function withAccount(order: TickOrder, account: string | undefined): TickOrder {
  const { secretPolicy } = order;
  if (account === undefined) return order;
  return { ...order, secretPolicy: { ...secretPolicy, keyAccounts: [...(secretPolicy.keyAccounts ?? []), account] } };
}

/** What the options say of the new key; journaled with the rotation, so that whoever goes on with it knows. */
function mintOf({ serviceAccount, standard, keyProject, dropTargets, keyField }: RotateOptions): MintPolicy {
  for (const [option, field, value] of [
    ['--service-account', 'keyServiceAccount', serviceAccount],
    ['--key-project', 'keyProject', keyProject],
    ['--key-field', 'keyField', keyField],
  ] as const) {
    const problem = value === undefined ? undefined : mintProblem(field, value);
    if (problem !== undefined) throw new Stop(2, `${option}: ${problem}`);
  }
  return mintPolicyOf({
    keyServiceAccount: serviceAccount,
    keyProject,
    keyKind: standard ? 'standard' : undefined,
    dropTargets: dropTargets ? 'on' : undefined,
    keyField,
  });
}

/** What the options say of the value around the key: nothing, unless a person wants it changed. */
function valueOf({ clean, form, replace }: RotateOptions): Pick<Asked, 'alone' | 'from'> {
  if (form !== undefined && form !== 'bare')
    throw new Stop(2, `--form: only bare can be asked for, which writes the key alone, not ${form}`);
  if (form !== undefined && clean)
    throw new Stop(2, '--clean or --form: the one keeps what consumers read, the other does not');
  if (replace !== undefined && form === undefined)
    throw new Stop(2, '--replace goes with --form bare: what is written instead must be said');
  if (replace !== undefined && !/^[1-9]\d{0,8}$/.test(replace))
    throw new Stop(2, `--replace: a version is a number such as 3, not ${replace}`);
  const alone = form === 'bare' ? 'bare' : clean ? 'clean' : undefined;
  return { ...(alone === undefined ? {} : { alone }), ...(replace === undefined ? {} : { from: Number(replace) }) };
}
