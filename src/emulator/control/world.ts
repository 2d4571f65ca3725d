import { Buffer } from 'node:buffer';
import { projectAsset } from '../assets/asset-json.ts';
import { assetsApi, type Assets } from '../assets/assets.ts';
import { keyAsset } from '../api-keys/key-json.ts';
import { apiKeysApi } from '../api-keys/api-keys.ts';
import { switchBoard, type ApiKeysSwitches, type SwitchBoard } from '../api-keys/switches.ts';
import { serviceAccounts, type Accounts } from '../world/accounts.ts';
import { organisation, type Organisation } from '../world/organisation.ts';
import type { MovableClock } from '../world/clock.ts';
import { cloudFunctions, type CloudFunctions } from '../functions-admin/functions.ts';
import { geminiApi } from '../gemini/gemini.ts';
import { instancesOf, type Instances } from '../instances/instances.ts';
import { keyRulesApi } from '../key-rules/key-rules.ts';
import type { Service } from '../wire/http.ts';
import { isJsonObject } from '../wire/rest/json-body.ts';
import { hierarchy, type Hierarchy } from '../world/hierarchy.ts';
import { pretendIam, type Iam } from '../world/iam.ts';
import { identitiesFrom, type Identities } from '../world/identities.ts';
import { keyring, type Keyring, type Propagation } from '../world/keyring.ts';
import { usageMeter, type Meter } from '../world/meter.ts';
import { loggingApi, type Logging } from '../logging/logging.ts';
import { monitoringApi, type MonitoringParts } from '../monitoring/monitoring.ts';
import { longOperations } from '../world/long-operations.ts';
import { projectNames, type ProjectNames } from '../world/names.ts';
import type { Oidc } from '../world/oidc.ts';
import { pubsubApi, type PubSub } from '../pubsub/pubsub.ts';
import { cloudRun, type CloudRun } from '../run/run.ts';
import { shelf, type Shelf } from '../shelf/shelf.ts';
import { schedulerApi, type Scheduler } from '../scheduler/scheduler.ts';
import { secretManager, type SecretManager } from '../secret-manager/secret-manager.ts';

/** Everything a reset forgets. */
export interface World {
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly identities: Identities;
  readonly keyring: Keyring;
  readonly meter: Meter;
  readonly accounts: Accounts;
  readonly organisation: Organisation;
  readonly hierarchy: Hierarchy;
  readonly switches: SwitchBoard;
  readonly pubsub: PubSub;
  readonly secrets: SecretManager;
  readonly scheduler: Scheduler;
  readonly shelf: Shelf;
  readonly logging: Logging;
  readonly run: CloudRun;
  readonly functions: CloudFunctions;
  readonly instances: Instances;
  readonly assets: Assets;
  readonly services: readonly Service[];
}

export interface WorldParts {
  readonly clock: MovableClock;
  readonly seed: string;
  readonly projects: Readonly<Record<string, string>>;
  /** Whom the metadata server names; it is there like those of `projects`. */
  readonly metadataProject: string;
  readonly propagation: Propagation;
  readonly apiKeys: ApiKeysSwitches;
  readonly monitoringLagMs: number;
  readonly boundKeysAs: MonitoringParts['boundKeysAs'];
  readonly idToken: Oidc['idToken'];
}

/** A fresh pretend cloud without a front end. */
export function freshWorld(parts: WorldParts): World {
  const { clock, propagation } = parts;
  const names = projectNames(parts.projects);
  names.add(parts.metadataProject);
  const accounts = serviceAccounts();
  const above = hierarchy(names);
  const iam = pretendIam({ names, accounts, hierarchy: above });
  const identities = identitiesFrom(parts.seed);
  const switches = switchBoard(parts.apiKeys);
  const policies = organisation(names, () => switches.now().boundKeys);
  const keys = keyring(identities, propagation, {
    unrestricted: () => switches.now().unrestrictedStandardKeys,
    accountState: accounts.stateOf,
  });
  const meter = usageMeter();
  const pubsub = pubsubApi({ clock, names, iam, idToken: parts.idToken });
  const secrets = secretManager({ clock, names, topics: pubsub, iam });
  const scheduler = schedulerApi({ clock, names, iam, idToken: parts.idToken, topics: pubsub });
  const logging = loggingApi({ clock, names, iam });
  const onShelf = shelf({ iam, accounts, names });
  const consumers = consumersOf({
    clock,
    names,
    iam,
    accounts,
    identities,
    shelf: onShelf,
    secrets,
    keyring: keys,
    meter,
  });
  const assets = assetsApi({
    clock,
    names,
    iam,
    hierarchy: above,
    held: () => [
      ...names.known().map(projectAsset),
      ...consumers.run.assets(),
      ...consumers.functions.assets(),
      ...keys.all().flatMap((key) => keyAsset(key, names.idOf(key.project))),
    ],
  });
  const services = [
    assets,
    consumers.run,
    consumers.functions,
    consumers.instances,
    scheduler,
    geminiApi({ clock, keyring: keys, meter }),
    secrets,
    pubsub,
    apiKeysApi({
      clock,
      names,
      iam,
      keyring: keys,
      meter,
      identities,
      accounts,
      organisation: policies,
      switches: switches.now,
    }),
    logging,
    onShelf,
    keyRulesApi({ iam, accounts, organisation: policies }),
    monitoringApi({ clock, names, iam, meter, lagMs: parts.monitoringLagMs, boundKeysAs: parts.boundKeysAs }),
  ];
  return {
    names,
    iam,
    identities,
    keyring: keys,
    meter,
    accounts,
    organisation: policies,
    hierarchy: above,
    switches,
    pubsub,
    secrets,
    scheduler,
    shelf: onShelf,
    logging,
    ...consumers,
    assets,
    services,
  };
}

/** What reads secrets and sends traffic with them: Cloud Run, the functions on it, and the instances of both. */
function consumersOf(
  parts: Pick<World, 'names' | 'iam' | 'accounts' | 'identities' | 'shelf' | 'secrets' | 'keyring' | 'meter'> &
    Pick<WorldParts, 'clock'>,
): Pick<World, 'run' | 'functions' | 'instances'> {
  const { clock, identities, secrets } = parts;
  const read = (email: string, name: string) => {
    const { name: version, payload } = secrets.call('accessSecretVersion', { email }, { name });
    const { data } = isJsonObject(payload) ? payload : {};
    return { version: String(version), value: Buffer.from(String(data), 'base64').toString('utf8') };
  };
  let moment = 0;
  const gemini = geminiApi({ ...parts, clock: { now: () => moment } });
  const uuid = () => identities.uuid();
  const common = { ...parts, operations: longOperations(uuid), uuid, kept: parts.shelf };
  const run: CloudRun = cloudRun({ ...common, read, pass: (until) => instances.pass(until) });
  const functions = cloudFunctions({ ...common, run });
  const instances = instancesOf({
    now: () => clock.now(),
    serving: (name) => run.serving(name) ?? functions.serving(name),
    read,
    generate(key, at) {
      moment = at;
      const path = '/v1beta/models/gemini-2.5-flash:generateContent';
      const sent = { contents: [{ parts: [{ text: 'Hello' }] }] };
      const reply = gemini.answer({
        method: 'POST',
        path,
        query: new URLSearchParams(),
        headers: { 'x-goog-api-key': key.trim() },
        body: Buffer.from(JSON.stringify(sent)),
        callerIp: '203.0.113.7',
      });
      return reply !== undefined && 'status' in reply && reply.status === 200;
    },
    started: (name, endsAt) => run.executed(name, endsAt),
  });
  return { run, functions, instances };
}
