import { Fault } from '../../../src/app/ports/fault.ts';
import type { IssuedKey, Issuer, MintOrder } from '../../../src/app/ports/ports.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { elapsedMs, instantOf, type Instant } from '../../../src/core/values/time.ts';
import { keyAt } from '../../../src/edge/google/key-names.ts';

/** An `Issuer` in memory that obeys the contract of the real one, and fails where a test tells it to. */
export interface MemoryIssuer extends Issuer {
  /** Puts a key there as a person would in the console; without `keyId` its id is its uid. */
  plant(fields: { readonly project: string } & Partial<MintOrder>): IssuedKey;
  /** From now on the key counts as used within the last 7 days. */
  use(name: string): void;
  /** Every key that is there, deleted ones too, oldest first: what an orphan check looks through. */
  keys(): readonly IssuedKey[];
  /** The next such call rejects and changes nothing. */
  failNext(call: keyof Issuer, fault: Fault): void;
  /** The next such call is carried out and rejects all the same: its answer is lost. */
  loseNext(call: keyof Issuer, fault: Fault): void;
  /** Every call so far, in order, the failed ones too. */
  readonly calls: readonly (keyof Issuer)[];
}

interface StoredKey {
  key: IssuedKey;
  readonly characters: string;
  usedAt: Instant | undefined;
}

const DAY_MS = 86_400_000;
const KEYS_PER_PROJECT = 300;
/** Answers name projects by number, whatever was sent; every id stands for this one here. */
const PROJECT_NUMBER = '123456789012';

/** `now` stamps what is created and deleted; a constant by default. */
export function memoryIssuer(now: () => Instant = () => instantOf(1_800_000_000_000)): MemoryIssuer {
  const stored: StoredKey[] = [];
  const calls: (keyof Issuer)[] = [];
  const planted: { readonly call: keyof Issuer; readonly fault: Fault; readonly applied: boolean }[] = [];
  let issued = 0;

  const present = (): readonly StoredKey[] =>
    stored.filter(({ key: { deletedAt } }) => deletedAt === undefined || elapsedMs(deletedAt, now()) < 30 * DAY_MS);

  const find = (name: string): StoredKey => {
    const found = present().find(({ key }) => key.name === canonicalName(name));
    if (found === undefined) throw new Fault('not_found', `There is no key ${canonicalName(name)}.`);
    return found;
  };

  const called = async <T>(call: keyof Issuer, apply: () => T): Promise<T> => {
    await Promise.resolve();
    calls.push(call);
    const at = planted.findIndex((plan) => plan.call === call);
    const [plan] = at < 0 ? [] : planted.splice(at, 1);
    if (plan?.applied === false) throw plan.fault;
    const answer = apply();
    if (plan !== undefined) throw plan.fault;
    return answer;
  };

  const issue = (project: string, { keyId, displayName, restrictions, annotations, ...bound }: Partial<MintOrder>) => {
    issued += 1;
    const uid = `00000000-0000-4000-8000-${String(issued).padStart(12, '0')}`;
    const account = bound.serviceAccountEmail;
    const key: IssuedKey = {
      name: canonicalName(`projects/${project}/locations/global/keys/${keyId ?? uid}`),
      uid,
      displayName: displayName ?? '',
      restrictions: restrictions ?? {},
      annotations: annotations ?? {},
      createdAt: now(),
      ...(account === undefined ? {} : { serviceAccountEmail: account }),
    };
    const prefix = account === undefined ? 'AI' + 'zaSy' : 'A' + 'Q.';
    // As long as keys of each type are: a shorter one would be said to be cut.
    const rest = uid.slice(-33).padStart(account === undefined ? 33 : 50, 'k');
    stored.push({ key: structuredClone(key), characters: `${prefix}${rest}`, usedAt: undefined });
    return key;
  };

  const minted = (order: MintOrder): IssuedKey => {
    const parent = canonicalName(`projects/${order.project}/locations/global/keys/${order.keyId}`).replace(
      /[^/]+$/,
      '',
    );
    const others = present().filter(({ key }) => key.name.startsWith(parent));
    const same = others.find(({ key }) => key.name === `${parent}${order.keyId}`);
    if (same !== undefined) return claimed(same.key, order);
    if (others.length >= KEYS_PER_PROJECT) throw new Fault('limited', 'A project may have at most 300 API keys.');
    return issue(order.project, order);
  };

  return {
    calls,
    plant: ({ project, ...fields }) => issue(project, fields),
    use(name) {
      find(name).usedAt = now();
    },
    keys: () => structuredClone(present().map(({ key }) => key)),
    failNext: (call, fault) => void planted.push({ call, fault, applied: false }),
    loseNext: (call, fault) => void planted.push({ call, fault, applied: true }),

    mint: (order) => called('mint', () => structuredClone(minted(order))),
    look: (name) => called('look', () => structuredClone(find(name).key)),
    keyString: (name) => called('keyString', () => new KeyText(find(name).characters)),
    delete: (name, unlessUsed) =>
      called('delete', () => {
        const found = find(name);
        if (found.key.deletedAt !== undefined) return;
        if (unlessUsed && found.usedAt !== undefined && elapsedMs(found.usedAt, now()) < 7 * DAY_MS) {
          throw new Fault('wrong_state', 'The key was used within the last 7 days.');
        }
        found.key = { ...found.key, deletedAt: now() };
      }),
    undelete: (name) =>
      called('undelete', () => {
        const found = find(name);
        const { deletedAt: _, ...alive } = found.key;
        found.key = alive;
        return structuredClone(alive);
      }),
    mark: (name, annotations) =>
      called('mark', () => {
        const found = find(name);
        found.key = { ...found.key, annotations: { ...found.key.annotations, ...annotations } };
        return structuredClone(found.key);
      }),
    async *list(project, withDeleted) {
      yield* await called('list', () => {
        const parent = canonicalName(`projects/${project}/locations/global/keys/x`).slice(0, -1);
        const keys = present().map(({ key }) => key);
        const wanted = keys.filter(({ name, deletedAt }) => name.startsWith(parent) && (withDeleted || !deletedAt));
        return structuredClone(wanted);
      });
    },
  } satisfies MemoryIssuer;
}

function claimed(key: IssuedKey, { annotations }: MintOrder): IssuedKey {
  const marks = Object.entries(annotations);
  const ours = marks.length > 0 && marks.every(([mark, value]) => key.annotations[mark] === value);
  if (key.deletedAt !== undefined || !ours) throw new Fault('exists', `${key.name} is there already.`);
  return key;
}

/** The name with the project's number in it. Throws `invalid` for what is not a key's name. */
function canonicalName(name: string): string {
  const { project, id } = keyAt(name);
  return `projects/${/^\d+$/.test(project) ? project : PROJECT_NUMBER}/locations/global/keys/${id}`;
}
