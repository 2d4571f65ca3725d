import type { Cause } from './causes.ts';
import type { Audience } from './step.ts';

/**
 * What whoever is on call wants to know before anything else. Rounded, and no promise: what was seen, and what Google's pages say.
 */
export interface OnCall {
  readonly usersFeel: string;
  /** From the moment at which somebody acts. */
  readonly cureTakes: string;
  /** Who has to get up for it, where anybody has. */
  readonly wake: Audience | 'nobody';
  readonly provedWhen: string;
}

/** Of every cause. The runbook, the table of causes, reports and events are printed from it, so that all say the same. */
export const ON_CALL = {
  ok: {
    usersFeel: 'Nothing',
    cureTakes: 'No time',
    wake: 'nobody',
    provedWhen: 'It is over already',
  },
  key_invalid: {
    usersFeel: 'Every call fails, at once',
    cureTakes: 'Two minutes by rotate, half an hour by hand',
    wake: 'secret-owner',
    provedWhen: 'The check says `works` three times, some minutes apart',
  },
  key_not_found: {
    usersFeel: 'Every call fails, at once; for half an hour after a deletion some still succeed',
    cureTakes: 'A minute to bring it back; two to rotate',
    wake: 'key-owner',
    provedWhen: 'The check says `works` for half an hour without a break',
  },
  key_expired: {
    usersFeel: 'Every call fails, at once',
    cureTakes: 'Two minutes by rotate, half an hour by hand',
    wake: 'secret-owner',
    provedWhen: 'The check says `works`',
  },
  key_leaked: {
    usersFeel: 'Every call fails, at once, and strangers may be spending your money',
    cureTakes: 'Two minutes by rotate --emergency; finding the leak takes longer',
    wake: 'secret-owner',
    provedWhen:
      'The check says `works` for the new key, the old key is deleted, and the place where it leaked is known and closed',
  },
  key_missing: {
    usersFeel: 'Calls without a key fail; other consumers may be well',
    cureTakes: 'Until the consumer is deployed anew',
    wake: 'consumer-owner',
    provedWhen: 'The check says `works` and the consumer’s next call succeeds',
  },
  auth_key_refused: {
    usersFeel: 'Every call fails, at once',
    cureTakes: 'Two minutes by rotate, half an hour by hand',
    wake: 'secret-owner',
    provedWhen: 'The check says `works` twice, some minutes apart',
  },
  api_blocked: {
    usersFeel: 'Every call fails, at once',
    cureTakes: 'Five minutes after the list is changed',
    wake: 'key-owner',
    provedWhen: 'The check says `works`',
  },
  ip_blocked: {
    usersFeel: 'Calls from other addresses fail; those from allowed ones succeed',
    cureTakes: 'Five minutes after the list is changed',
    wake: 'key-owner',
    provedWhen: 'The check says `works` from the worker',
  },
  referrer_blocked: {
    usersFeel: 'Servers fail; web pages go on',
    cureTakes: 'Half an hour: servers get a key of their own',
    wake: 'key-owner',
    provedWhen: 'The check says `works` for the servers’ own key',
  },
  android_blocked: {
    usersFeel: 'Servers fail; the app goes on',
    cureTakes: 'Half an hour: servers get a key of their own',
    wake: 'key-owner',
    provedWhen: 'The check says `works` for the servers’ own key',
  },
  ios_blocked: {
    usersFeel: 'Servers fail; the app goes on',
    cureTakes: 'Half an hour: servers get a key of their own',
    wake: 'key-owner',
    provedWhen: 'The check says `works` for the servers’ own key',
  },
  location_unsupported: {
    usersFeel: 'Calls from this place fail; those from elsewhere may succeed',
    cureTakes: 'Until what calls runs elsewhere',
    wake: 'worker-operator',
    provedWhen: 'The check says `works` from where the worker runs',
  },
  service_disabled: {
    usersFeel: 'Every call fails, at once, of every key of the project',
    cureTakes: 'Some minutes, once somebody with the right to it acts',
    wake: 'project-owner',
    provedWhen: 'The check says `works`, some minutes after enabling',
  },
  project_suspended: {
    usersFeel: 'Every call fails, at once, of every key of the project',
    cureTakes: 'Days, by an appeal; half an hour with a key of another project',
    wake: 'project-owner',
    provedWhen: 'The suspension is lifted and the check says `works`; or consumers read a key of another project',
  },
  project_denied: {
    usersFeel: 'Generating fails for every key of the project; listing models goes on',
    cureTakes: 'Days, by Google; half an hour with a key of another project',
    wake: 'project-owner',
    provedWhen: 'A **deep** check says `works`: a shallow one said so all along',
  },
  account_disabled: {
    usersFeel: 'Every call fails, at once',
    cureTakes: 'Minutes after the account is enabled; two to rotate to another',
    wake: 'project-owner',
    provedWhen: 'A check says `works` some minutes after the account was enabled, or after the new key was promoted',
  },
  keys_forbidden: {
    usersFeel: 'Nothing yet: no new key can be made',
    cureTakes: 'Until who looks after the policies makes an exception',
    wake: 'project-owner',
    provedWhen: 'A key is made, or the next call succeeds',
  },
  consumer_invalid: {
    usersFeel: 'Every call fails, at once, of every key of the project',
    cureTakes: 'Minutes, if the project can be brought back',
    wake: 'project-owner',
    provedWhen: 'The project is ACTIVE and the check says `works`',
  },
  billing_disabled: {
    usersFeel: 'What costs money fails for every key of the project',
    cureTakes: 'Some minutes, once somebody with the right to it acts',
    wake: 'project-owner',
    provedWhen: 'The check says `works`, some minutes after linking',
  },
  prepay_depleted: {
    usersFeel: 'Generating fails for every key of the project; listing models goes on',
    cureTakes: 'Minutes after the credit is topped up',
    wake: 'project-owner',
    provedWhen: 'A **deep** check says `works`',
  },
  spend_cap: {
    usersFeel: 'Generating fails for every key of the project until the month is over',
    cureTakes: 'Minutes after the cap is raised',
    wake: 'project-owner',
    provedWhen: 'A **deep** check says `works`, and it is known what spent the money',
  },
  quota_zero: {
    usersFeel: 'Generating with this model fails for every key of the project',
    cureTakes: 'Minutes after billing is linked; a model with a quota works at once',
    wake: 'project-owner',
    provedWhen: 'A **deep** check says `works`',
  },
  quota_exceeded: {
    usersFeel: 'Calls fail until the quota comes back, at midnight Pacific time',
    cureTakes: 'Until midnight Pacific time, or until Google grants more',
    wake: 'project-owner',
    provedWhen: 'A **deep** check says `works`, at the latest after midnight Pacific time',
  },
  rate_limited: {
    usersFeel: 'Some calls fail and succeed when they are tried again',
    cureTakes: 'A minute, once consumers slow down',
    wake: 'nobody',
    provedWhen: 'The next scheduled check says `works`',
  },
  overloaded: {
    usersFeel: 'Some calls fail or are slow',
    cureTakes: 'Until Google has room',
    wake: 'nobody',
    provedWhen: 'The next scheduled check says `works`',
  },
  server_error: {
    usersFeel: 'Some calls fail',
    cureTakes: 'Until Google has mended it',
    wake: 'nobody',
    provedWhen: 'The next scheduled check says `works`',
  },
  timeout: {
    usersFeel: 'Perhaps slow calls',
    cureTakes: 'It mostly ends by itself',
    wake: 'nobody',
    provedWhen: 'The next scheduled check says `works`',
  },
  network: {
    usersFeel: 'Nothing, unless consumers share the worker’s way out',
    cureTakes: 'Until the way out is mended',
    wake: 'worker-operator',
    provedWhen: 'The next scheduled check says `works`',
  },
  egress_blocked: {
    usersFeel: 'Nothing, unless consumers share the worker’s way out',
    cureTakes: 'Until the worker has another address, or the proxy is mended',
    wake: 'worker-operator',
    provedWhen: 'The check says `works` from where the worker runs',
  },
  wrong_transport: {
    usersFeel: 'The consumer that sends it so fails; others are well',
    cureTakes: 'Until that consumer is deployed anew',
    wake: 'consumer-owner',
    provedWhen: 'The consumer’s next call succeeds. The key was never in question',
  },
  credential_unclear: {
    usersFeel: 'Whoever got this answer fails; others may be well',
    cureTakes: 'A check says within a minute whose fault it is',
    wake: 'consumer-owner',
    provedWhen:
      'A check of the key, which sends it as keys are sent, says `works` or what is wrong; and the consumer’s next call succeeds',
  },
  said_by_app: {
    usersFeel: 'The app that says so fails; others may be well',
    cureTakes: 'A check says within a minute what Google thinks',
    wake: 'consumer-owner',
    provedWhen: 'A check of the key says what Google thinks of it',
  },
  app_refuses_auth_keys: {
    usersFeel: 'That app fails with every key of today’s type; others are well',
    cureTakes: 'Until the app is updated',
    wake: 'consumer-owner',
    provedWhen: 'The app takes the key. A check said all along whether Google does',
  },
  bad_request: {
    usersFeel: 'The request that got it fails; others may be well',
    cureTakes: 'Until the request is mended',
    wake: 'consumer-owner',
    provedWhen: 'The check says `works`, or names another cause',
  },
  model_not_found: {
    usersFeel: 'Calls to that model fail; others are well',
    cureTakes: 'Until consumers use another model',
    wake: 'consumer-owner',
    provedWhen: 'The check says `works`, and consumers use a model that exists',
  },
  permission_denied: {
    usersFeel: 'Calls may fail: Google does not say for whom',
    cureTakes: 'Not known before its reason is',
    wake: 'worker-operator',
    provedWhen: 'The check says `works`, or names another cause',
  },
  unknown: {
    usersFeel: 'Not known',
    cureTakes: 'Not known',
    wake: 'worker-operator',
    provedWhen: 'The check says `works`, or names another cause',
  },
  answers_disagree: {
    usersFeel: 'Some calls fail and others succeed, for up to half an hour',
    cureTakes: 'Half an hour, by itself',
    wake: 'key-owner',
    provedWhen: 'The check gives one and the same answer for half an hour',
  },
  secret_missing: {
    usersFeel: 'Perhaps nothing: the key was not seen',
    cureTakes: 'Some minutes, once somebody with the right to it acts',
    wake: 'secret-owner',
    provedWhen: 'The check finds the secret',
  },
  version_missing: {
    usersFeel: 'Who starts or reads the secret anew fails; who holds a key goes on',
    cureTakes: 'Minutes: point the alias at a version, or add one',
    wake: 'secret-owner',
    provedWhen: 'The check finds a version and says `works`',
  },
  version_disabled: {
    usersFeel: 'Who starts or reads the secret anew fails; who holds a key goes on',
    cureTakes: 'Minutes: point the alias at a version, or enable this one',
    wake: 'secret-owner',
    provedWhen:
      'The version is enabled, or the alias points at an enabled one, and the check says `works`. Changes of state usually take minutes to be seen everywhere',
  },
  version_destroyed: {
    usersFeel: 'Who starts or reads the secret anew fails; who holds a key goes on',
    cureTakes: 'Minutes with an older version, else two minutes by rotate, half an hour by hand',
    wake: 'secret-owner',
    provedWhen: 'The alias points at an enabled version and the check says `works`',
  },
  access_denied: {
    usersFeel: 'Perhaps nothing: the key was not seen',
    cureTakes: 'Up to seven minutes after the grant',
    wake: 'secret-owner',
    provedWhen: 'The check gets as far as asking Google',
  },
  store_disabled: {
    usersFeel: 'Perhaps nothing: the key was not seen. Consumers that read the secret anew fail',
    cureTakes: 'Some minutes after enabling',
    wake: 'project-owner',
    provedWhen: 'The check gets as far as asking Google about the key',
  },
  no_credentials: {
    usersFeel: 'Perhaps nothing: the key was not seen',
    cureTakes: 'At once, after signing in',
    wake: 'worker-operator',
    provedWhen: 'The check gets as far as asking Google about the key',
  },
  checksum_mismatch: {
    usersFeel: 'Perhaps nothing: the key was not seen',
    cureTakes: 'The next check, mostly',
    wake: 'worker-operator',
    provedWhen: 'The check says `works`',
  },
  store_unavailable: {
    usersFeel: 'Perhaps nothing: the key was not seen. Consumers that read the secret anew may fail',
    cureTakes: 'Until Secret Manager answers',
    wake: 'nobody',
    provedWhen: 'The next scheduled check gets as far as asking Google',
  },
  stored_bytes_unclean: {
    usersFeel: 'Consumers that do not strip what stands around the key fail; others are well',
    cureTakes: 'Minutes: store the key clean',
    wake: 'secret-owner',
    provedWhen: 'The check says `works` without a remark on the bytes',
  },
  stored_bytes_not_a_key: {
    usersFeel: 'Every call fails, at once for whoever reads the secret anew',
    cureTakes: 'Minutes with an older version, else two minutes by rotate, half an hour by hand',
    wake: 'secret-owner',
    provedWhen: 'The check says `works`',
  },
} as const satisfies Record<Cause, OnCall>;
