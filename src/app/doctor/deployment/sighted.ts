import { isRecord, type JsonRecord } from '../../../core/values/json.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import type { GoogleReader, Look, Seen } from '../../ports/google-reader.ts';

/** One thing that the module should have made, and how it stands. `says` goes on from its name. */
export type Sighted =
  | { readonly is: 'well'; readonly name: string }
  | { readonly is: 'wrong' | 'unseen'; readonly name: string; readonly says: string };

/** Says of a thing that is there what is wrong with it; `undefined` for nothing. */
export type Flaw = (json: JsonRecord) => string | undefined;

/** Looks at one thing; with `flaw` at what it holds, too. */
export type See = (name: string, look: Look, flaw?: Flaw) => Promise<Sighted>;

/** A thing that no look is made for, and why. */
export function unseen(name: string, says: string): Promise<Sighted> {
  return Promise.resolve({ is: 'unseen', name, says });
}

/** Each look is made once, however many things it shows. */
export function readingOnce(reader: GoogleReader): GoogleReader {
  const made = new Map<string, Promise<Seen>>();
  return {
    read(look) {
      const key = `${look.api} ${look.location ?? ''} ${look.path}`;
      const read = made.get(key) ?? reader.read(look);
      made.set(key, read);
      return read;
    },
  };
}

/** Sees with a reader: what is missing is wrong, what may not be read is unseen. */
export function seeingWith(reader: GoogleReader): See {
  return async (name, look, flaw = () => undefined) => {
    const seen = await attempt(() => reader.read(look));
    if (seen === 'missing') return { is: 'wrong', name, says: 'is not there' };
    const why = whyUnseen(seen, look);
    if (why !== undefined) return { is: 'unseen', name, says: why };
    const says = flaw(jsonOf(seen));
    return says === undefined ? { is: 'well', name } : { is: 'wrong', name, says };
  };
}

/** Why a look showed nothing, as far as that is no finding. */
export function whyUnseen(seen: Seen | Fault, look: Look): string | undefined {
  if (seen instanceof Fault) return `could not be looked at: ${seen.message}`;
  return seen === 'denied' ? `may not be looked at by you: you lack ${look.permission}` : undefined;
}

/** The JSON of what was seen; nothing of what was not. */
export function jsonOf(seen: Seen | Fault | undefined): JsonRecord {
  return typeof seen === 'object' && 'json' in seen ? seen.json : {};
}

/** Whether a policy grants a role to a member, and if not, what is missing. */
export function grants(role: string, member: string): Flaw {
  return (policy) => (isGranted(policy, role, member) ? undefined : `is not granted ${role} for ${member}`);
}

/** Whether a policy grants a role to a member. */
function isGranted(policy: JsonRecord, role: string, member: string): boolean {
  return recordsIn(policy, 'bindings').some(
    (binding) => binding['role'] === role && textsIn(binding, 'members').includes(member),
  );
}

/** Whether a policy names a member at all. */
export function isNamed(policy: JsonRecord, member: string): boolean {
  return recordsIn(policy, 'bindings').some((binding) => textsIn(binding, 'members').includes(member));
}

/** Objects of a list in Google's JSON, which leaves an empty one out. */
export function recordsIn(json: JsonRecord, field: string): readonly JsonRecord[] {
  return [json[field]].flat().filter(isRecord);
}

/** Texts of a list. */
export function textsIn(json: JsonRecord, field: string): readonly string[] {
  return [json[field]].flat().filter((one) => typeof one === 'string');
}

/** A field that is an object; an empty one where it is none. */
export function recordIn(json: JsonRecord, field: string): JsonRecord {
  const value = json[field];
  return isRecord(value) ? value : {};
}

/** A field that is text; empty where it is none. */
export function textIn(json: JsonRecord, field: string): string {
  const value = json[field];
  return typeof value === 'string' ? value : '';
}
