import type { AccountState } from '../../core/inventory/seen-key.ts';
import { remembered } from '../keys/remembered.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import type { GoogleReader, Look } from '../ports/google-reader.ts';

/** How accounts stand, each asked for once. */
export interface AccountStates {
  of(email: string): Promise<AccountState>;
  /** Accounts that could not be looked at, with the reason. */
  notLooked(): readonly string[];
  /** Whether a permission would let us see them. */
  barred(): boolean;
  asked(): number;
}

/** Becomes part of a path. */
const EMAIL = /^[a-z0-9.-]+@(?<project>[a-z0-9.:-]+)$/;

/** Asks IAM for each account, which takes `iam.serviceAccounts.get` in its project. A refusal is no answer: it is said and not taken for one. */
export function accountStates(reader: GoogleReader): AccountStates {
  const known = new Map<string, Promise<AccountState>>();
  const notLooked: string[] = [];
  let barred = false;
  const ask = async (email: string): Promise<AccountState> => {
    if (!EMAIL.test(email)) return unseen(email, 'it is not the email of an account');
    const seen = await attempt(() => reader.read(lookAt(email)));
    if (seen === 'missing') return 'gone';
    if (seen instanceof Fault || seen === 'denied') {
      barred ||= seen === 'denied' || isBarred(seen);
      return unseen(email, seen === 'denied' ? GRANT : seen.message);
    }
    return seen.json['disabled'] === true ? 'disabled' : 'enabled';
  };
  const unseen = (email: string, why: string): AccountState => {
    notLooked.push(`account ${email}: ${why}`);
    return 'not_looked';
  };
  return {
    of: (email) => remembered(known, email, () => ask(email)),
    notLooked: () => notLooked,
    barred: () => barred,
    asked: () => known.size,
  };
}

const GRANT = 'grant iam.serviceAccounts.get on it, for example with roles/iam.serviceAccountViewer';

/** IAM takes `-` for the project of an account, which its email names. */
function lookAt(email: string): Look {
  const project = email.slice(email.indexOf('@') + 1).replace(/\.iam\.gserviceaccount\.com$/, '');
  return {
    api: 'iam',
    method: 'GET',
    path: `/v1/projects/-/serviceAccounts/${email}`,
    permission: 'iam.serviceAccounts.get',
    project,
  };
}
