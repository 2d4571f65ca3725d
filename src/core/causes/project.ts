import type { CauseRow } from './causes.ts';
import {
  CHECK_DEEP,
  DESCRIBE_BILLING,
  DESCRIBE_PROJECT,
  ENABLE_API,
  LINK_BILLING,
  LIST_SERVICE_ACCOUNTS,
  ROTATE_TO_ACCOUNT,
  UNDELETE_PROJECT,
} from './commands.ts';
import {
  CHECK_AGAIN,
  CHECK_DEEPLY,
  FIND_KEY_PROJECT,
  STAND_IN,
  WAIT_AND_CHECK,
  WAIT_AND_CHECK_DEEPLY,
  wait,
} from './remedy-steps.ts';

const PROJECT_TROUBLE = { verdict: 'blocked', definitive: true, severity: 'critical', newKeyHelps: false } as const;

/** Causes that lie in the project, its billing or its quota: another key of the same project would fare the same. */
export const PROJECT_CAUSES = {
  service_disabled: {
    ...PROJECT_TROUBLE,
    title: 'the Gemini API is off in the project',
    meaning: 'The key’s project has not enabled the Gemini API, or somebody disabled it.',
    remedy: [
      FIND_KEY_PROJECT,
      { do: 'Enable it in the project that owns the key', command: ENABLE_API, for: 'project-owner' },
      WAIT_AND_CHECK,
    ],
    runbook: 'service_disabled',
  },
  project_suspended: {
    ...PROJECT_TROUBLE,
    title: 'Google suspended the project',
    meaning:
      'The project or account behind the key is suspended, mostly for abuse or a breach of terms. A new key of the same project fails too.',
    remedy: [
      FIND_KEY_PROJECT,
      {
        do: 'Look for the notice at https://console.cloud.google.com/home/dashboard?project={keyProject} and in the owners’ mail',
        for: 'project-owner',
        looks: true,
      },
      {
        do: 'Appeal through the link in that notice, or at https://console.cloud.google.com/support?project={keyProject}',
        for: 'project-owner',
      },
      ...STAND_IN,
      CHECK_AGAIN,
    ],
    runbook: 'project_suspended',
  },
  project_denied: {
    ...PROJECT_TROUBLE,
    title: 'Google denies the project access',
    meaning:
      'Google flagged the project: listing models still works, generating does not. Rotating the key does not help.',
    remedy: [
      FIND_KEY_PROJECT,
      {
        do: 'Ask Google to lift it: https://console.cloud.google.com/support?project={keyProject}, or in public at https://discuss.ai.google.dev, with the exact message',
        for: 'project-owner',
      },
      ...STAND_IN,
      CHECK_DEEPLY,
    ],
    runbook: 'project_denied',
  },
  account_disabled: {
    ...PROJECT_TROUBLE,
    title: 'the service account behind the key is off',
    meaning:
      'An authorization key (AQ.…) acts as a service account, and that account is disabled or deleted. The key itself is as it was; a new key bound to the same account fails too.',
    remedy: [
      FIND_KEY_PROJECT,
      {
        do: 'See which accounts there are, and which are disabled',
        command: LIST_SERVICE_ACCOUNTS,
        for: 'project-owner',
        looks: true,
      },
      {
        do: 'Enable it again, in IAM & Admin > Service Accounts of the console; one that was deleted less than 30 days ago can be undeleted there',
        for: 'project-owner',
      },
      WAIT_AND_CHECK,
      {
        do: 'If it is gone for good, replace the key by one that is bound to another account',
        command: ROTATE_TO_ACCOUNT,
        for: 'worker-operator',
      },
    ],
    runbook: 'account_disabled',
  },
  keys_forbidden: {
    ...PROJECT_TROUBLE,
    severity: 'error',
    title: 'a policy of the organisation forbids such keys',
    meaning:
      'An organisation policy forbids API keys, or keys that are bound to a service account and not restricted to the Gemini API. Keys that exist may go on working; new ones are not made.',
    remedy: [
      {
        do: 'Make the key restricted to the Gemini API alone: the default policy lets such keys pass',
        for: 'key-owner',
      },
      {
        do: 'If it is refused all the same, ask who looks after the organisation’s policies for an exception (iam.managed.disableServiceAccountApiKeyCreation, iam.disableServiceAccountKeyCreation)',
        for: 'project-owner',
      },
      {
        do: 'Consumers that run on Google Cloud, or can sign in to it, may do without a key: key-warden runbook without-a-key',
        for: 'consumer-owner',
      },
      CHECK_AGAIN,
    ],
    runbook: 'keys_forbidden',
  },
  consumer_invalid: {
    ...PROJECT_TROUBLE,
    title: 'the project does not count',
    meaning:
      'The project that the request is charged to does not exist, is being deleted, or may not be used by this caller.',
    remedy: [
      FIND_KEY_PROJECT,
      { do: 'See whether it is ACTIVE', command: DESCRIBE_PROJECT, for: 'project-owner', looks: true },
      {
        do: 'A project deleted by mistake comes back within 30 days',
        command: UNDELETE_PROJECT,
        for: 'project-owner',
      },
      {
        do: 'If consumers name a quota project (`x-goog-user-project`, `GOOGLE_CLOUD_PROJECT`), correct it or leave it out',
        for: 'consumer-owner',
      },
      CHECK_AGAIN,
    ],
    runbook: 'consumer_invalid',
  },
  billing_disabled: {
    ...PROJECT_TROUBLE,
    title: 'billing is off',
    meaning: 'The project has no active billing account, and what was asked needs one.',
    remedy: [
      FIND_KEY_PROJECT,
      { do: 'See what is linked', command: DESCRIBE_BILLING, for: 'project-owner', looks: true },
      {
        do: 'Link an open account',
        command: LINK_BILLING,
        also: 'Or pay the overdue one at https://console.cloud.google.com/billing.',
        for: 'project-owner',
      },
      WAIT_AND_CHECK_DEEPLY,
    ],
    runbook: 'billing_disabled',
  },
  prepay_depleted: {
    ...PROJECT_TROUBLE,
    title: 'prepaid credit is used up',
    meaning:
      'The billing account pays in advance and has nothing left, says Google. Funded accounts were told this too: the project may be linked to another one. Listing models still works, so only a real request shows it.',
    remedy: [
      FIND_KEY_PROJECT,
      {
        do: 'See which account the project is linked to, since the credit may lie in another',
        command: DESCRIBE_BILLING,
        for: 'project-owner',
        looks: true,
      },
      { do: 'Top up that account, or turn on automatic reload, at https://ai.studio/projects', for: 'project-owner' },
      { do: 'Money takes some minutes to count. Then', command: CHECK_DEEP, for: 'worker-operator', looks: true },
    ],
    runbook: 'prepay_depleted',
  },
  spend_cap: {
    ...PROJECT_TROUBLE,
    title: 'the monthly spending cap is reached',
    meaning: 'The project or its billing account has spent what its owner allowed for this month.',
    remedy: [
      {
        do: 'Find out what spent it before raising it: https://console.cloud.google.com/billing',
        for: 'project-owner',
        looks: true,
      },
      {
        do: 'Raise or remove the cap at https://ai.studio/projects, or wait for the next month',
        for: 'project-owner',
      },
      WAIT_AND_CHECK_DEEPLY,
    ],
    runbook: 'spend_cap',
  },
  quota_zero: {
    ...PROJECT_TROUBLE,
    severity: 'error',
    title: 'the quota is zero',
    meaning:
      'The project has a quota of 0 for this model or region: mostly a model without a free tier. Waiting never helps.',
    remedy: [
      FIND_KEY_PROJECT,
      {
        do: 'See the limits at https://console.cloud.google.com/apis/api/generativelanguage.googleapis.com/quotas?project={keyProject}',
        for: 'project-owner',
        looks: true,
      },
      {
        do: 'If somebody set the quota to 0 on purpose, ask them: it is a common way to stop spending',
        for: 'project-owner',
        looks: true,
      },
      {
        do: 'Link a billing account to leave the free tier',
        command: LINK_BILLING,
        also: 'Or use a model that has a quota.',
        for: 'project-owner',
      },
      WAIT_AND_CHECK_DEEPLY,
    ],
    runbook: 'quota_zero',
  },
  quota_exceeded: {
    verdict: 'throttled',
    definitive: false,
    severity: 'warning',
    newKeyHelps: false,
    title: 'the quota is used up',
    meaning:
      'The key is good; its project has used its quota. Daily quotas come back at midnight Pacific time, whatever the answer says about retrying. Limits are per project: another key of it changes nothing.',
    remedy: [
      wait('Wait for midnight Pacific time, or slow consumers down', 'Waiting is all that helps without more quota.'),
      FIND_KEY_PROJECT,
      {
        do: 'See which limit it is, and ask for more quota, at https://console.cloud.google.com/apis/api/generativelanguage.googleapis.com/quotas?project={keyProject}',
        for: 'project-owner',
      },
      CHECK_DEEPLY,
    ],
    runbook: 'quota_exceeded',
  },
  rate_limited: {
    verdict: 'throttled',
    definitive: false,
    severity: 'warning',
    newKeyHelps: false,
    title: 'too many requests just now',
    meaning: 'The key is good; its project sent too much within a minute, or Google has no room for the moment.',
    remedy: [
      wait('Let consumers retry with growing, jittered pauses, and not sooner than the `retryDelay` of the answer'),
      FIND_KEY_PROJECT,
      {
        do: 'If it lasts, see the limits at https://console.cloud.google.com/apis/api/generativelanguage.googleapis.com/quotas?project={keyProject}',
        for: 'project-owner',
        looks: true,
      },
      CHECK_DEEPLY,
    ],
    runbook: 'rate_limited',
  },
} as const satisfies Record<string, CauseRow>;
