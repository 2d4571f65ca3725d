import type { CauseRow } from './causes.ts';
import { ALLOW_ADDRESSES, ALLOW_GEMINI, CHECK, LINK_BILLING, LIST_ADDRESSES, OWN_ADDRESS } from './commands.ts';
import { FIND_KEY_PROJECT, POINT_CURRENT, SHOW_RESTRICTIONS, WAIT_AND_CHECK, store } from './remedy-steps.ts';

const CLIENT_RESTRICTION = { verdict: 'blocked', definitive: true, severity: 'error', newKeyHelps: false } as const;

/** Causes that lie in a restriction on the key: Google knows the key and its owner told it to say no. */
export const RESTRICTION_CAUSES = {
  api_blocked: {
    ...CLIENT_RESTRICTION,
    severity: 'critical',
    title: 'the key may not call the Gemini API',
    meaning:
      'The key’s list of allowed APIs lacks the Gemini API. Express keys of Vertex AI look like Gemini keys and always get this; standard keys that Google retired may get it too.',
    remedy: [
      ...SHOW_RESTRICTIONS,
      store(
        'If the key is an express key of Vertex AI or a retired standard key, no list helps. Make an authorization key at https://aistudio.google.com/app/apikey and store it',
      ),
      POINT_CURRENT,
      {
        do: 'Otherwise allow the Gemini API beside what is allowed now, all of which is named here',
        command: ALLOW_GEMINI,
        for: 'key-owner',
        knows: 'apiTargets',
      },
      {
        do: 'Otherwise allow the Gemini API beside what is allowed now (the list is replaced, so name all of it)',
        command: ALLOW_GEMINI,
        destroys: 'the list of allowed APIs that the key has now',
        for: 'key-owner',
        finds: 'apiTargets',
      },
      WAIT_AND_CHECK,
    ],
    runbook: 'api_blocked',
  },
  ip_blocked: {
    ...CLIENT_RESTRICTION,
    title: 'the key may not be used from this address',
    meaning:
      'The key is restricted to certain IP addresses and the caller’s is not one of them. The key may well work for its consumers.',
    remedy: [
      {
        do: 'Learn from which address the worker calls, which no answer says: that of its Cloud NAT, and without one another every time',
        command: LIST_ADDRESSES,
        for: 'worker-operator',
        looks: true,
      },
      {
        do: 'Where your own machine was refused, learn its address',
        command: OWN_ADDRESS,
        for: 'worker-operator',
        looks: true,
      },
      ...SHOW_RESTRICTIONS,
      {
        do: 'Allow the worker’s outgoing address beside those allowed now (the list is replaced)',
        command: ALLOW_ADDRESSES,
        destroys: 'the list of allowed addresses that the key has now',
        also: 'A worker without a fixed address needs Cloud NAT for that.',
        for: 'key-owner',
      },
      WAIT_AND_CHECK,
    ],
    runbook: 'ip_blocked',
  },
  referrer_blocked: {
    ...CLIENT_RESTRICTION,
    title: 'the key is for web pages only',
    meaning: 'The key accepts only requests from certain web pages, so no server can use or check it.',
    remedy: [
      ...SHOW_RESTRICTIONS,
      store('Give servers a key of their own, and store that one'),
      POINT_CURRENT,
      {
        do: 'A key that web pages use is public. Move those calls behind a server before it is reported as leaked',
        for: 'consumer-owner',
      },
      WAIT_AND_CHECK,
    ],
    runbook: 'referrer_blocked',
  },
  android_blocked: {
    ...CLIENT_RESTRICTION,
    title: 'the key is for Android apps only',
    meaning: 'The key accepts only requests that carry the package and certificate of certain Android apps.',
    remedy: [
      ...SHOW_RESTRICTIONS,
      store('Give servers a key of their own, and store that one'),
      POINT_CURRENT,
      WAIT_AND_CHECK,
    ],
    runbook: 'android_blocked',
  },
  ios_blocked: {
    ...CLIENT_RESTRICTION,
    title: 'the key is for iOS apps only',
    meaning: 'The key accepts only requests that carry the bundle id of certain iOS apps.',
    remedy: [
      ...SHOW_RESTRICTIONS,
      store('Give servers a key of their own, and store that one'),
      POINT_CURRENT,
      WAIT_AND_CHECK,
    ],
    runbook: 'ios_blocked',
  },
  location_unsupported: {
    verdict: 'blocked',
    definitive: false,
    severity: 'error',
    newKeyHelps: false,
    title: 'not offered from this location',
    meaning:
      'Google places the caller, or the project’s billing account, in a country where this is not offered. It misplaces addresses at times, so it says little about the key.',
    remedy: [
      {
        do: 'Ask from somewhere else, such as Cloud Shell in a supported region',
        command: CHECK,
        also: 'If it works there, move the worker’s region or its Cloud NAT address.',
        for: 'worker-operator',
        looks: true,
      },
      {
        do: 'See where the API is offered: https://ai.google.dev/gemini-api/docs/available-regions',
        for: 'worker-operator',
        looks: true,
      },
      FIND_KEY_PROJECT,
      {
        do: 'If the message speaks of the free tier, link a billing account',
        command: LINK_BILLING,
        for: 'project-owner',
      },
    ],
    runbook: 'location_unsupported',
  },
} as const satisfies Record<string, CauseRow>;
