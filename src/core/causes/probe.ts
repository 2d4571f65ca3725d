import type { CauseRow } from './causes.ts';
import {
  CHECK,
  EXPLAIN_FILE,
  LIST_DELETED_KEYS,
  LIST_SERVICE_ACCOUNTS,
  REACH_GOOGLE,
  STATUS_OF_ALL,
  UNDELETE_KEY,
} from './commands.ts';
import { CHECK_AGAIN, CHECK_DEEPLY, COMPARE, FIND_KEY_PROJECT, wait } from './remedy-steps.ts';

const NOTHING_LEARNED = { verdict: 'unclear', definitive: false, severity: 'warning', newKeyHelps: false } as const;

/** Causes that lie between us and an answer about the key: none of them may ever condemn or clear it. */
export const PROBE_CAUSES = {
  overloaded: {
    ...NOTHING_LEARNED,
    title: 'Google is overloaded',
    meaning: 'The model or the service has no room for the moment. The last verdict stands.',
    remedy: [wait('Wait', 'If it lasts, look at https://aistudio.google.com/status.'), CHECK_DEEPLY],
    runbook: 'overloaded',
  },
  server_error: {
    ...NOTHING_LEARNED,
    title: 'an error inside Google',
    meaning: 'Google, or a proxy on the way, failed while answering. The last verdict stands.',
    remedy: [wait('Wait', 'If it lasts, look at https://aistudio.google.com/status.'), CHECK_AGAIN],
    runbook: 'server_error',
  },
  timeout: {
    ...NOTHING_LEARNED,
    title: 'no answer in time',
    meaning: 'The request was sent, or was being sent, and time ran out. The last verdict stands.',
    remedy: [
      CHECK_AGAIN,
      {
        do: 'If it lasts, look at the worker’s way out (VPC connector, Cloud NAT, firewall) and at https://aistudio.google.com/status',
        for: 'worker-operator',
        looks: true,
      },
    ],
    runbook: 'timeout',
  },
  network: {
    ...NOTHING_LEARNED,
    title: 'Google could not be reached',
    meaning: 'No connection came about: name resolution, routing, TLS, or a refused or broken connection.',
    remedy: [
      {
        do: 'From the same network',
        command: REACH_GOOGLE,
        also: 'It prints 403 when the way is open.',
        for: 'worker-operator',
        looks: true,
      },
      {
        do: 'Otherwise look at DNS, VPC connector, Cloud NAT and firewall of the worker',
        for: 'worker-operator',
        looks: true,
      },
      CHECK_AGAIN,
    ],
    runbook: 'network',
  },
  egress_blocked: {
    ...NOTHING_LEARNED,
    severity: 'error',
    title: 'something on the way refuses us',
    meaning:
      'A web page or a redirect came back instead of an answer of the API: Google’s front end refuses our address, or a proxy, firewall or portal stands in between. No key is to blame.',
    remedy: [
      {
        do: 'See whether other secrets fail alike',
        command: STATUS_OF_ALL,
        also: 'If they do, it is the worker’s way out.',
        for: 'worker-operator',
        looks: true,
        alone: true,
      },
      {
        do: 'Try from another network, such as Cloud Shell',
        command: CHECK,
        for: 'worker-operator',
        looks: true,
      },
      {
        do: 'If only the worker fails, give it another outgoing address (Cloud NAT) or mend the proxy; then ask again',
        for: 'worker-operator',
      },
    ],
    runbook: 'egress_blocked',
  },
  wrong_transport: {
    ...NOTHING_LEARNED,
    title: 'the key was sent the wrong way',
    meaning:
      'The credential went where it does not belong: a key as a bearer token on the native API, two credentials at once, an OAuth token where a key is needed, or another vendor’s host.',
    remedy: [
      {
        do: 'Send the key as `x-goog-api-key` and nothing else. Only the OpenAI-compatible route (`/v1beta/openai/`) wants it as `Authorization: Bearer`',
        for: 'consumer-owner',
      },
      {
        do: 'Look for a second credential: an `Authorization` header set by a library or proxy, a parameter `key` in the URL, or `GOOGLE_GENAI_USE_VERTEXAI` in the environment',
        for: 'consumer-owner',
        looks: true,
      },
      COMPARE,
    ],
    runbook: 'wrong_transport',
  },
  credential_unclear: {
    ...NOTHING_LEARNED,
    severity: 'error',
    title: 'the credential was not taken; whose fault is open',
    meaning:
      'Two things get this very answer: a good key that was sent as a bearer token, and an authorization key (AQ.…) that is refused. Only the request tells them apart.',
    remedy: [
      {
        do: 'Look how it was sent. With `Authorization: Bearer`, or by a library set to Vertex AI, the key may be good: send it as `x-goog-api-key` and nothing else',
        for: 'consumer-owner',
        looks: true,
      },
      { do: 'Ask about the key itself, sent as keys are', command: CHECK, for: 'worker-operator', looks: true },
      COMPARE,
      {
        do: 'If it is refused there too, it is the key: read on at auth_key_refused',
        for: 'worker-operator',
        looks: true,
      },
    ],
    runbook: 'credential_unclear',
  },
  said_by_app: {
    ...NOTHING_LEARNED,
    title: 'an app says so; Google was not heard',
    meaning:
      'These are an app’s or a library’s own words. Some say so of every failure, of keys that they never sent, and of keys of a type that they do not know. Google’s own text for a bad key is: API key not valid. Please pass a valid API key.',
    remedy: [
      { do: 'Ask Google about the key', command: CHECK, for: 'worker-operator', looks: true },
      COMPARE,
      {
        do: 'Find the answer of Google that the app got, in its log or with its debug switch, and read that',
        command: EXPLAIN_FILE,
        for: 'consumer-owner',
        looks: true,
      },
    ],
    runbook: 'said_by_app',
  },
  app_refuses_auth_keys: {
    ...NOTHING_LEARNED,
    severity: 'error',
    title: 'an app refuses keys of today’s type',
    meaning:
      'The app tests whether a key begins with AIza, which keys made since May 2026 do not: they begin with “AQ.”. Google was not asked. A new key will not help, since every new key begins like that.',
    remedy: [
      {
        do: 'Ask Google about the key: it may well be good',
        command: CHECK,
        for: 'worker-operator',
        looks: true,
      },
      {
        do: 'Update the app, or report it to its makers: no prefix and no length of a key is promised',
        for: 'consumer-owner',
      },
      COMPARE,
    ],
    runbook: 'app_refuses_auth_keys',
  },
  bad_request: {
    ...NOTHING_LEARNED,
    title: 'the request itself was refused',
    meaning:
      'Google found the request malformed. A dead standard key is also answered with 400, but says so; this answer does not.',
    remedy: [
      CHECK_AGAIN,
      {
        do: 'If a consumer got it, read the whole answer and mend the request',
        command: EXPLAIN_FILE,
        for: 'consumer-owner',
        looks: true,
      },
      { do: 'If our probe got it, report it with the answer', for: 'worker-operator', looks: true },
    ],
    runbook: 'bad_request',
  },
  model_not_found: {
    ...NOTHING_LEARNED,
    title: 'the model is gone',
    meaning:
      'The model that was asked for does not exist, was retired, or is not open to this project. The key is not to blame.',
    remedy: [
      {
        do: 'See what models there are: https://ai.google.dev/gemini-api/docs/models. Let consumers use one of them',
        for: 'consumer-owner',
      },
      CHECK_DEEPLY,
    ],
    runbook: 'model_not_found',
  },
  permission_denied: {
    ...NOTHING_LEARNED,
    severity: 'error',
    title: 'permission denied, no reason given',
    meaning:
      'Google refused and did not say why. A healthy key can get this, for one model or under an organisation’s policy.',
    remedy: [
      COMPARE,
      {
        do: 'Read the whole answer, its `details` above all',
        command: EXPLAIN_FILE,
        for: 'consumer-owner',
        looks: true,
      },
      FIND_KEY_PROJECT,
      {
        do: 'Look for a policy of the organisation (VPC Service Controls, restricted APIs) and, for an AQ. key, whether its service account is enabled',
        command: LIST_SERVICE_ACCOUNTS,
        for: 'project-owner',
        looks: true,
      },
      CHECK_AGAIN,
    ],
    runbook: 'permission_denied',
  },
  unknown: {
    ...NOTHING_LEARNED,
    title: 'an answer we do not know',
    meaning: 'The answer fits nothing that is known to be about a key, so nothing is concluded from it.',
    remedy: [
      COMPARE,
      CHECK_AGAIN,
      {
        do: 'Read the whole answer',
        command: EXPLAIN_FILE,
        for: 'consumer-owner',
        looks: true,
      },
      {
        do: 'If it lasts, report the answer without the key, so that it can be learned',
        for: 'worker-operator',
        looks: true,
      },
    ],
    runbook: 'unknown',
  },
  /** Never an answer's cause but a run's: it comes from comparing several answers (app/inspect.ts). */
  answers_disagree: {
    ...NOTHING_LEARNED,
    title: 'the answers of one run disagree',
    meaning:
      'Asked several times within one run, Google both refused and accepted the key, or could not be reached in between. Keys just made or just deleted flip like that for up to half an hour.',
    remedy: [
      CHECK_AGAIN,
      FIND_KEY_PROJECT,
      {
        do: 'Find out whether the key was made or deleted within the last half hour',
        command: LIST_DELETED_KEYS,
        also: 'If it was, wait until half an hour has passed.',
        for: 'key-owner',
        looks: true,
      },
      { do: 'If it was deleted by mistake, bring it back', command: UNDELETE_KEY, for: 'key-owner' },
    ],
    runbook: 'answers_disagree',
  },
} as const satisfies Record<string, CauseRow>;
