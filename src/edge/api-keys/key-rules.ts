import { Fault } from '../../app/ports/fault.ts';
import type { KeyRules } from '../../app/ports/key-rules.ts';
import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { projectAt } from '../google/key-names.ts';
import { googleRest, listIn, type RestAdapterOptions } from '../google/rest.ts';
import { repeatedly } from '../google/retry.ts';

export interface KeyRulesOptions extends RestAdapterOptions {
  readonly iamUrl?: string | undefined;
  readonly orgPolicyUrl?: string | undefined;
}

/** Somebody waits at a terminal. */
const PLAN = { attemptsMax: 3, waitMs: 250, waitMsMax: 2_000 };
/** Both become part of a path. */
const ACCOUNT = /^[a-z0-9-]+@(?<project>[a-z0-9.-]+)\.iam\.gserviceaccount\.com$/;
const CONSTRAINT = /^[\w.]+$/;

/** IAM and Organisation Policy, over REST, read only. Throws `invalid` at once for a URL that cannot be used. */
export function googleKeyRules(options: KeyRulesOptions): KeyRules & { close(): Promise<void> } {
  const { authClient, callMs, clock, random } = options;
  const { iamUrl = 'https://iam.googleapis.com', orgPolicyUrl = 'https://orgpolicy.googleapis.com' } = options;
  const iam = googleRest({ title: 'IAM', url: iamUrl, authClient, callMs });
  const orgPolicy = googleRest({ title: 'Organisation Policy', url: orgPolicyUrl, authClient, callMs });
  const patience = { clock, random, plan: PLAN };

  return {
    async permittedOn(account, permissions) {
      const project = ACCOUNT.exec(account)?.groups?.['project'];
      if (project === undefined)
        throw new Fault(
          'invalid',
          `"${account}" is not a service account. Write it like NAME@PROJECT.iam.gserviceaccount.com.`,
        );
      const asked = { doing: `ask for the permissions on ${account}` };
      const path = `/v1/projects/${project}/serviceAccounts/${account}:testIamPermissions`;
      const call = { method: 'POST', path, body: { permissions }, project } as const;
      const answer = await repeatedly(patience, () => iam.ask(call, asked));
      return listIn(answer, 'permissions', asked).filter((one) => typeof one === 'string');
    },
    async isEnforced(project, constraint) {
      if (!CONSTRAINT.test(constraint)) throw new Fault('invalid', `"${constraint}" is not the name of a constraint.`);
      const asked = {
        doing: `look at the organisation policy ${constraint} in ${project}`,
        permission: 'orgpolicy.policy.get',
        role: 'roles/orgpolicy.policyViewer',
      };
      const path = `/v2/${projectAt(project)}/policies/${constraint}:getEffectivePolicy`;
      const call = { method: 'GET', path, project } as const;
      return enforcedIn(await repeatedly(patience, () => orgPolicy.ask(call, asked)));
    },
    async close() {
      await Promise.all([iam.close(), orgPolicy.close()]);
    },
  };
}

/** A managed constraint is on where one of its rules says so; without a policy there is no rule. */
function enforcedIn({ spec }: JsonRecord): boolean {
  const rules = isRecord(spec) ? spec['rules'] : undefined;
  return [rules].flat().some((rule) => isRecord(rule) && rule['enforce'] === true);
}
