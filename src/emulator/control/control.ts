import { ApiError } from '../wire/api-error.ts';
import { keyNameOf } from '../api-keys/key-json.ts';
import { CONSUMER_VERBS } from './consumer-verbs.ts';
import { ORGANISATION_VERBS } from './organisation-verbs.ts';
import { PAGERDUTY_VERBS } from './pagerduty-verbs.ts';
import { USUAL_PROJECT, type ControlParts, type Verb } from './verb.ts';
import { controlInput } from './input.ts';
import { seedFileOf } from './seed-file.ts';
import { FAULT_FIELDS, faultIn, matchIn } from './fault-input.ts';
import type { Service } from '../wire/http.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import { KEY_STATES } from '../world/key-states.ts';
import type { GeminiKey } from '../world/keyring.ts';
import type { MovableClock } from '../world/clock.ts';
import { NO_RESTRICTIONS } from '../world/restrictions.ts';

const PREFIX = '/_emulator/';
const SEED_FIELDS = [
  'project',
  'secretId',
  'location',
  'payloads',
  'labels',
  'annotations',
  'aliases',
  'topics',
  'more',
];
const LAG_FIELDS = ['aliasLagMs', 'stateLagMs', 'eventDelayMs'];
const INVENTORY_LAG = 'inventoryLagMs';

/** What tests and demos may do to the pretend cloud, `METHOD name` each. */
const VERBS: Readonly<Record<string, Verb>> = {
  'POST keys': {
    fields: ['key', 'keyId', 'state', 'project', 'kind', 'reach', 'account', 'unrestricted'],
    act(input, { world, clock }) {
      const { keyring, names } = world();
      const state = input.choice('state', KEY_STATES);
      const kind = input.optionalChoice('kind', ['standard', 'auth']);
      const reach = input.optionalChoice('reach', ['every', 'generate']);
      const [account, keyId] = [input.optionalText('account'), input.optionalText('keyId')];
      const project = names.add(input.optionalText('project') ?? USUAL_PROJECT);
      const options = {
        project,
        reach,
        ...(kind && { kind }),
        ...(keyId !== undefined && { keyId }),
        ...(account !== undefined && { serviceAccountEmail: account }),
        ...(input.flag('unrestricted') && { restrictions: NO_RESTRICTIONS }),
      };
      return keySummary(keyring.put(input.text('key'), state, options, clock.now()));
    },
  },
  'POST faults': {
    fields: FAULT_FIELDS,
    act(input, { faults }) {
      faults.plant(matchIn(input), input.optionalCount('times') ?? 1, faultIn(input));
      return { planted: faults.remaining() };
    },
  },
  'DELETE faults': {
    fields: [],
    act(_, { faults }) {
      faults.clear();
      return { planted: 0 };
    },
  },
  'GET clock': { fields: [], act: (_, { clock }) => ({ now: new Date(clock.now()).toISOString() }) },
  'POST clock': {
    fields: ['advanceSeconds'],
    async act(input, { clock, settled }) {
      moved(clock, input.number('advanceSeconds') * 1000);
      await settled();
      return { now: new Date(clock.now()).toISOString() };
    },
  },
  'POST traffic': {
    fields: ['key', 'uid', 'perMinute'],
    act(input, { world, clock }) {
      const { keyring, meter } = world();
      const { key, uid } = { key: input.optionalText('key'), uid: input.optionalText('uid') };
      const found = keyring.all().find((known) => known.keyString === key || known.uid === uid);
      if (found === undefined) throw new ApiError('NOT_FOUND', 'no key of the pretend cloud has this string or uid');
      meter.traffic(found, input.number('perMinute'), clock.now());
      return keySummary(found);
    },
  },
  'POST secrets': {
    fields: SEED_FIELDS,
    act(input, { world }) {
      const [location, labels, annotations] = [
        input.optionalText('location'),
        input.textMap('labels'),
        input.textMap('annotations'),
      ];
      const [aliases, more] = [input.numbers('aliases'), input.raw('more')];
      const name = world().secrets.seed({
        project: input.optionalText('project') ?? USUAL_PROJECT,
        secretId: input.text('secretId'),
        payloads: input.texts('payloads'),
        topics: input.texts('topics'),
        ...(location && { location }),
        ...(labels && { labels }),
        ...(annotations && { annotations }),
        ...(aliases && { aliases }),
        ...(isJsonObject(more) && { more }),
      });
      return { name };
    },
  },
  'POST lag': {
    fields: [...LAG_FIELDS, INVENTORY_LAG],
    act(input, { world }) {
      const lag = LAG_FIELDS.map((field) => [field, input.optionalNumber(field) ?? 0]);
      world().secrets.setLag(Object.fromEntries(lag));
      world().assets.setLag(input.optionalNumber(INVENTORY_LAG) ?? 0);
      return {};
    },
  },
  ...ORGANISATION_VERBS,
  ...CONSUMER_VERBS,
  ...PAGERDUTY_VERBS,
  'POST forbid': {
    fields: ['topic'],
    act(input, { world }) {
      world().pubsub.store.forbid(input.text('topic'));
      return {};
    },
  },
  'POST resources': {
    fields: ['path', 'resource'],
    act(input, { world }) {
      const resource = input.raw('resource');
      if (resource !== undefined && resource !== null && !isJsonObject(resource))
        throw new ApiError('INVALID_ARGUMENT', "'resource' must be an object, or left out to take it away");
      world().shelf.put(input.text('path'), resource ?? undefined);
      return {};
    },
  },
  'POST token': {
    fields: ['email', 'audience', 'iapAudience'],
    act(input, { world, oidc }) {
      const { iam, identities } = world();
      const [email, audience] = [input.text('email'), input.optionalText('audience')];
      const accessToken = identities.accessToken();
      iam.register(accessToken, email);
      const resource = input.optionalText('iapAudience');
      return {
        accessToken,
        ...(audience !== undefined && { idToken: oidc.idToken(email, audience) }),
        ...(resource !== undefined && { iapAssertion: oidc.iapAssertion(email, resource) }),
      };
    },
  },
  'GET seed': { fields: [], act: (_, { world }) => seedFileOf(world()) },
  'GET requests': { fields: [], act: (_, { requests }) => ({ requests: requests.all() }) },
  'GET state': { fields: [], act: (_, parts) => stateOf(parts) },
  'POST reset': {
    fields: [],
    act(_, { reset }) {
      reset();
      return {};
    },
  },
};

/** The control surface under `/_emulator/`. */
export function controlSurface(parts: ControlParts): Service {
  return {
    title: 'Control',
    async answer(request) {
      if (!request.path.startsWith(PREFIX)) return undefined;
      const verb = VERBS[`${request.method} ${request.path.slice(PREFIX.length)}`];
      if (verb === undefined) {
        throw new ApiError('NOT_FOUND', `no such control; there are ${Object.keys(VERBS).join(', ')}`);
      }
      return { status: 200, body: await verb.act(controlInput(request.body, verb.fields), parts) };
    },
  };
}

function moved(clock: MovableClock, milliseconds: number): void {
  try {
    clock.advance(milliseconds);
  } catch (error) {
    throw new ApiError('INVALID_ARGUMENT', error instanceof RangeError ? error.message : 'the clock cannot be moved');
  }
}

function keySummary(key: GeminiKey) {
  const { uid, project, kind, state, deletedAt } = key;
  return { uid, name: keyNameOf(key), project, kind, state, deleted: deletedAt !== undefined };
}

/** Everything there is, without a byte of a key or a payload. */
function stateOf({ world, clock, faults }: ControlParts) {
  const { keyring, secrets, pubsub } = world();
  return {
    now: new Date(clock.now()).toISOString(),
    faults: faults.remaining(),
    keys: keyring.all().map(keySummary),
    secretManager: secrets.snapshot(),
    subscriptions: pubsub.store.subscriptions().map(({ name, topic, queue }) => ({ name, topic, waiting: queue.size })),
  };
}
