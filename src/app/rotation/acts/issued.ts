import type { Learned } from '../../../core/rotation/advance.ts';
import { clip } from '../../../core/values/clip.ts';
import type { KeyHandle } from '../../../core/record/journal.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import type { IssuedKey, Issuer } from '../../ports/ports.ts';
import { contentsFor, type NoRecord } from '../run-memory.ts';
import type { ActInput } from './act-input.ts';

/** What the journal keeps of a key. */
export function keyHandleOf({ name, uid }: IssuedKey): KeyHandle {
  return { name, uid };
}

/** What must be known to find the key that is replaced: also before there is a journal. */
type OfOldKey = Pick<ActInput, 'secret' | 'mint' | 'keyProject'> & {
  readonly ports: Pick<ActInput['ports'], 'vault' | 'issuer' | 'memory'>;
  readonly journal: Pick<ActInput['journal'], 'from' | 'reason'>;
};

/**
 * The issuer's record of the key that is replaced, or why there is none that we know. Of a key that somebody deleted the
 * record is there for 30 days, with the account and the restrictions that its successor needs. Rejects with `Fault`.
 */
export async function oldRecord({ ports, ...of }: OfOldKey): Promise<IssuedKey | NoRecord> {
  const { secret, journal, keyProject } = of;
  const asked = `${secret} ${journal.from} ${keyProject}`;
  const known = ports.memory?.records.get(asked);
  const record = known ?? (await recordAtIssuer(ports, of));
  ports.memory?.records.set(asked, record);
  return record;
}

async function recordAtIssuer(
  ports: OfOldKey['ports'],
  { secret, journal, mint, keyProject }: Omit<OfOldKey, 'ports'>,
): Promise<IssuedKey | NoRecord> {
  const key = await oldKeyOf({ ports, secret, journal, mint });
  if (key === undefined) return notReadable(journal.from);
  const isDead = journal.reason === 'dead';
  for (const deleted of [isDead, !isDead]) {
    const [old] = await findKeys(ports.issuer, keyProject, [key], deleted);
    if (old !== undefined) return old;
  }
  return notThere(keyProject);
}

type Names = Pick<Learned, 'fromKey' | 'fromKeyUnknown' | 'toKey' | 'toKeyMadeAt'>;

/** What is remembered of the key that a rotation ends with. */
export function newKeyOf(issued: IssuedKey | undefined): Pick<Learned, 'toKey' | 'toKeyMadeAt'> {
  return issued === undefined ? {} : { toKey: keyHandleOf(issued), toKeyMadeAt: issued.createdAt };
}

/**
 * The names of the old key and of the promoted one, as far as the issuer knows them. A mint has looked already; where
 * the key was supplied or adopted, nobody has. Trouble is no reason to keep an old key for ever: it becomes the note.
 */
export async function namesOf(input: ActInput, newKey: KeyText | undefined): Promise<Names> {
  const names = await namesInKeyProject(input, newKey);
  const isMissing = names.fromKey === undefined && names.fromKeyUnknown !== SAME_KEY;
  return isMissing && input.journal.emergency ? { ...names, ...(await leakedElsewhere(input)) } : names;
}

/**
 * A leaked key has to be deleted wherever it was made, so it is looked for in the other projects of the settings too. That is
 * done when consumers have the new key: three hundred reads a project would outlast the lease of the mint.
 */
async function leakedElsewhere(input: ActInput): Promise<Names> {
  const { ports, keyProject, keyProjects } = input;
  const others = keyProjects.filter((project) => project !== keyProject);
  const key = others.length === 0 ? undefined : await attempt(() => oldKeyOf(input));
  if (key === undefined || key instanceof Fault) return {};
  for (const project of others) {
    const found = await attempt(() => findKeys(ports.issuer, project, [key]));
    // One that cannot be asked keeps nobody from asking the next.
    const old = found instanceof Fault ? undefined : found[0];
    if (old !== undefined) return { fromKey: keyHandleOf(old) };
  }
  return {};
}

async function namesInKeyProject(input: ActInput, newKey: KeyText | undefined): Promise<Names> {
  const { ports, journal, keyProject } = input;
  const { fromKey, fromKeyUnknown = unknownText(notThere(keyProject)) } = journal;
  if (fromKey !== undefined) return { fromKey };
  if (journal.candidate === 'minted') return { fromKeyUnknown };
  const names = await attempt(async (): Promise<Names> => {
    const oldKey = await oldKeyOf(input);
    const [young, old] = await findKeys(ports.issuer, keyProject, [newKey, oldKey]);
    const made = newKeyOf(young);
    if (oldKey === undefined) return { ...made, fromKeyUnknown: unknownText(notReadable(journal.from)) };
    if (newKey?.equals(oldKey) === true) return { ...made, fromKeyUnknown: SAME_KEY };
    return old === undefined
      ? { ...made, fromKeyUnknown: unknownText(notThere(keyProject)) }
      : { ...made, fromKey: keyHandleOf(old) };
  });
  return names instanceof Fault ? { fromKeyUnknown: notAsked(names) } : names;
}

/** The key that is replaced; `undefined` when there is none that anybody could read. */
async function oldKeyOf({ ports, secret, journal, mint }: Omit<OfOldKey, 'keyProject'>): Promise<KeyText | undefined> {
  const reading = await attempt(() => contentsFor(ports).read(secret, journal.from));
  if (!(reading instanceof Fault)) return heldKeyIn(reading.bytes, mint.keyField);
  if (reading.code === 'disabled' || reading.code === 'destroyed' || reading.code === 'corrupt') return undefined;
  throw reading;
}

/**
 * Finds keys by comparing key strings, each at its place in the answer; one that nobody can read has none. The API's own look-up would put a key into a
 * URL, which gets logged (I9); a project has at most 300 keys.
 */
async function findKeys(
  issuer: Issuer,
  project: string,
  keys: readonly (KeyText | undefined)[],
  deleted = false,
): Promise<readonly (IssuedKey | undefined)[]> {
  const wanted = keys.filter((key) => key !== undefined);
  const found = new Map<KeyText, IssuedKey>();
  for await (const issued of issuer.list(project, deleted)) {
    if (found.size === wanted.length) break;
    if ((issued.deletedAt !== undefined) !== deleted) continue;
    const characters = await attempt(() => issuer.keyString(issued.name));
    if (characters instanceof Fault) {
      if (characters.code !== 'not_found') throw characters; // else it was deleted since it was listed
      continue;
    }
    for (const key of wanted) if (key.equals(characters)) found.set(key, issued);
  }
  return keys.map((key) => key && found.get(key));
}

function notReadable(version: number): NoRecord {
  return { because: `nobody can read a key in version ${version} any more, so which one it was is not known` };
}

function notThere(project: string): NoRecord {
  return { because: `the old key is none of the keys of project ${project}` };
}

/** A key that nobody knows at its issuer is deleted by whoever made it. */
export function unknownText({ because }: NoRecord): string {
  return `${because}; ${BY_HAND}`;
}

function notAsked({ message }: Fault): string {
  return `the old key was not found at its issuer (${clip(message, REASON_CHARACTERS_MAX)}); ${BY_HAND}`;
}

/** The ledger holds up to 20 of these, and annotations are 16 KiB in all. */
const REASON_CHARACTERS_MAX = 200;

/** Said during the drain already, when deleting it would be too early. */
const BY_HAND = 'once its version is disabled, delete it where it was made';
const SAME_KEY = 'the new version holds the very same key, so the key stays';
