import { ApiError } from '../wire/api-error.ts';
import { projectOfAccount, type Accounts } from './accounts.ts';
import type { Caller, Iam } from './iam.ts';

/**
 * PERMISSION_DENIED for whoever deploys something that runs as an account and may not act as it, in Google’s words
 * (google/keyword_factory#22); the permission is written in lower case there.
 */
export function requireActAs(
  { iam, accounts }: { readonly iam: Iam; readonly accounts: Pick<Accounts, 'bindingsOf'> },
  caller: Caller,
  account: string,
  project: string,
): void {
  const held = iam.holds(caller, 'iam.serviceAccounts.actAs', {
    project: projectOfAccount(account) ?? project,
    name: account,
    bindings: accounts.bindingsOf(account),
  });
  if (held) return;
  throw new ApiError(
    'PERMISSION_DENIED',
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${account} (or it may not exist).`,
  );
}
