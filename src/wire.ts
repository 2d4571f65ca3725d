import { announceToAll, logAnnouncer, topicAnnouncer } from './app/alerts/announce.ts';
import { channelSecrets } from './app/alerts/channel-secrets.ts';
import { namingProjects, rememberProjects } from './app/alerts/name-projects.ts';
import { rememberLabels } from './app/alerts/remember-labels.ts';
import type { Parts } from './app/check/ask-parts.ts';
import { NO_DEAD_MAN, type DeadMan } from './app/check/dead-man.ts';
import { whereToLook } from './app/consumers/places.ts';
import { readersBy, rollOf, type LookUpReaders, type LookUpRoll } from './app/consumers/readers.ts';
import { freezesOn } from './app/listing/freezes.ts';
import type { Consumers } from './app/ports/consumers.ts';
import type { Estate } from './app/ports/estate.ts';
import type { GoogleReader } from './app/ports/google-reader.ts';
import type { KeyRules } from './app/ports/key-rules.ts';
import type { PlaceReader } from './app/ports/place-reader.ts';
import type { ProjectMeter } from './app/ports/project-meter.ts';
import type { CheckPorts } from './app/check/check.ts';
import { leakedPurgeOf } from './app/purge/purge-leaked.ts';
import type { DeployedParts } from './app/doctor/deployed-parts.ts';
import type { RunningApp } from './app/doctor/running-app.ts';
import type { NotifyPorts } from './app/alerts/deliver.ts';
import type { RoutePorts } from './app/alerts/route.ts';
import type { Clock, Log } from './app/ports/ports.ts';
import type { Reaching } from './app/reach/following.ts';
import { approvalsOf } from './app/approval/approvals.ts';
import type { RotatePorts } from './app/rotation/drive.ts';
import { originOf } from './core/settings/alert-settings.ts';
import type { EventOrigin } from './core/alerts/event/event-shape.ts';
import { NUMBERS, scopesOf, type Settings } from './core/settings/settings.ts';
import type { Instant } from './core/values/time.ts';
import type { DeployedFunctions } from './app/ports/deployed-functions.ts';
import { deployedFunctions } from './edge/functions/deployed-functions.ts';
import { surveyAt } from './edge/functions/survey.ts';
import { assetInventory } from './edge/assets/asset-inventory.ts';
import { apiKeysIssuer } from './edge/api-keys/api-keys.ts';
import { googleKeyRules } from './edge/api-keys/key-rules.ts';
import { geminiProber } from './edge/gemini/gemini.ts';
import { googleDeployedParts } from './edge/doctor/deployed-parts.ts';
import { runningApp } from './edge/doctor/running-app.ts';
import { googleReader } from './edge/doctor/google-reader.ts';
import { placeReader } from './edge/places/places.ts';
import { cloudMonitoringMeter } from './edge/monitoring/monitoring.ts';
import { cloudProjectMeter } from './edge/monitoring/project-meter.ts';
import { deadManPing } from './edge/webhooks/ping.ts';
import { pubsubPublisher } from './edge/pubsub/pubsub.ts';
import { cloudRunReviser } from './edge/run/reviser.ts';
import { googleConsumers } from './edge/run/consumers.ts';
import { secretManagerVault } from './edge/secret-manager/secret-manager.ts';
import { googleClock } from './edge/google/google-clock.ts';
import { identityOf } from './edge/google/identity.ts';
import { googleTime } from './edge/google/time.ts';
import { startChild } from './edge/process/child.ts';
import { pretendClock, type PretendClock } from './edge/process/pretend-clock.ts';
import { systemClock } from './edge/process/system.ts';
import { channelCourier } from './edge/mail/channel-courier.ts';

/** Ports made from settings, and the connections behind them, closed with `await using`. */
export interface Wired extends AsyncDisposable {
  readonly ports: CheckPorts &
    RotatePorts & { readonly rules: KeyRules; readonly readers: LookUpReaders; readonly reach: Reaching } & {
      readonly deadMan: DeadMan;
      readonly projectMeter: ProjectMeter;
    };
  /** What events of this deployment carry besides the news. */
  readonly origin: EventOrigin;
  /** Delivers an event to channels at once, past all topics. */
  readonly notify: NotifyPorts;
  /** Takes messages of the alert and delivery topics one step on; `undefined` unless the topics to put them on are set. */
  readonly routeEvent: RoutePorts | undefined;
  /** Topics and Scheduler jobs, to look at. */
  readonly deployedParts: DeployedParts;
  /** A program of this machine, to look at. */
  runningApp(pid: number): Promise<RunningApp>;
  /** Keys that other vendors keep, to look at. */
  readonly placeReader: PlaceReader;
  /** Runs another command. */
  readonly startChild: typeof startChild;
  /** Whatever else a deployment is made of, to look at. */
  readonly reader: GoogleReader;
  /** Who reads secrets on Cloud Run and Cloud Functions, to look at. */
  readonly consumers: Consumers;
  /** Which projects an organisation has, to look at. */
  readonly estate: Estate;
  /** Whom and what a write from here would be by and on, for people to read. */
  whoActs(): Promise<WhoActs>;
  /** The worker's functions; `undefined` where the settings name none. */
  readonly functions: DeployedFunctions | undefined;
  /** Many instances that look at parts of the fleet; `undefined` where the settings name none. */
  readonly parts: Parts | undefined;
  /** What time it is at Google; `undefined` when it does not answer. */
  googleTime(): Promise<Instant | undefined>;
}

/** The hand that writes: its name where it is known, where it writes, and whether others hear of it. */
export interface WhoActs {
  readonly as: string | undefined;
  /** The pretend cloud's address; absent for Google. */
  readonly pretend: string | undefined;
  readonly isHeard: boolean;
}

export type Wire = (
  settings: Pick<
    Settings,
    | 'endpoints'
    | 'alerts'
    | 'projects'
    | 'consumerProjects'
    | 'consumerScope'
    | 'reachAccounts'
    | 'locations'
    | 'concurrency'
    | 'functions'
  > &
    Partial<Pick<Settings, 'approval' | 'survey'>>,
) => Wired;

/** What differs from one moment to the next: time, and the spread of retries. */
interface Chance {
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** Connections to Secret Manager’s payloads and to Gemini, each; more where more secrets are looked at in parallel. */
const AT_ONCE = 64;

const MACHINE: Chance = { clock: systemClock, random: Math.random };

/** The time of the pretend cloud that everything is pointed at; `undefined` in a real deployment, which has the machine's. */
export function pretendTime(url: string | undefined): (Chance & { readonly clock: PretendClock }) | undefined {
  return url === undefined ? undefined : { ...MACHINE, clock: pretendClock({ url }) };
}

/**
 * Connects the ports to Google Cloud, or to wherever the settings' endpoints point. Whoever tells a story over again
 * brings its own clock.
 */
export function wireTo(log: Log, common = MACHINE): Wire {
  const { clock } = common;
  return ({
    endpoints,
    alerts,
    projects,
    consumerProjects,
    consumerScope,
    reachAccounts,
    locations,
    concurrency,
    functions: urls,
    survey,
    approval = { book: undefined, hours: NUMBERS.KEY_WARDEN_APPROVAL_HOURS.fallback },
  }) => {
    const atOnce = Math.max(AT_ONCE, concurrency);
    const { vault: asked, projects: named } = rememberProjects(
      secretManagerVault({ url: endpoints.secretManager, atOnce, ...common }),
    );
    const { vault, seen } = rememberLabels(asked);
    const google = googleClock({ clock, log, url: endpoints.gemini });
    const compared: Clock = { ...clock, aheadMs: () => google.aheadMs() };
    const prober = geminiProber({ url: endpoints.gemini, atOnce, heard: (date) => google.heard(date) });
    const issuer = apiKeysIssuer({ url: endpoints.apiKeys, ...common });
    const meter = cloudMonitoringMeter({ url: endpoints.monitoring, ...common });
    const projectMeter = cloudProjectMeter({ url: endpoints.monitoring, ...common });
    const rules = googleKeyRules({ iamUrl: endpoints.iam, orgPolicyUrl: endpoints.orgPolicy, ...common });
    const deployedParts = googleDeployedParts({
      pubsubUrl: endpoints.pubsub,
      schedulerUrl: endpoints.scheduler,
      ...common,
    });
    const reader = googleReader({ url: endpoints.others, ...common });
    const consumers = googleConsumers({ url: endpoints.others, ...common });
    const estate = assetInventory({ url: endpoints.others, ...common });
    const roll: LookUpRoll = async (names) => {
      const where = await whereToLook(estate, { projects: consumerProjects, scope: consumerScope });
      return rollOf({ vault, consumers }, names, where);
    };
    const reviser = cloudRunReviser({ url: endpoints.others, ...common });
    const pretendUrl = endpoints.oidc?.startsWith('http:') === true ? endpoints.oidc : undefined;
    const functions = urls === undefined ? undefined : deployedFunctions({ urls, pretendUrl });
    const surveying = survey && { ...surveyAt({ url: survey.url, pretendUrl }), atOnce: survey.atOnce };
    const courier = channelCourier({ clock, allowedOrigins: alerts.internalTargets });
    const publisherTo = (topic: string | undefined) =>
      topic === undefined ? undefined : pubsubPublisher({ topic, url: endpoints.pubsub, ...common });
    const [publisher, deliveries, deadLetters] = [
      publisherTo(alerts.alertTopic),
      publisherTo(alerts.deliveryTopic),
      publisherTo(alerts.deadLetterTopic),
    ];
    const origin = originOf(alerts, projects);
    const logged = logAnnouncer(log, clock);
    const everywhere =
      publisher === undefined ? logged : announceToAll([logged, topicAnnouncer({ publisher, clock, seen }, origin)]);
    const announcer = namingProjects(everywhere, named);
    const secrets = channelSecrets({ vault, clock });
    const notify = { courier, secrets, ...common };
    const ping =
      alerts.ping === undefined
        ? undefined
        : deadManPing({ secret: alerts.ping, secrets, log, allowedOrigins: alerts.internalTargets });
    const scopes = scopesOf({ projects, locations });
    const readers = readersBy(vault, roll);
    return {
      googleTime: () => googleTime(endpoints.gemini),
      ports: {
        vault,
        prober,
        issuer,
        meter,
        projectMeter,
        rules,
        clock: compared,
        log,
        announcer,
        reach: { reviser, accounts: reachAccounts, roll },
        readers,
        freezes: freezesOn(vault, alerts.silences),
        approvals: approvalsOf({ vault, clock, announcer, readers }, { ...approval, scopes, concurrency }),
        purgeLeaked: leakedPurgeOf({ scopes, concurrency }),
        deadMan: ping ?? NO_DEAD_MAN,
      },
      origin,
      deployedParts,
      runningApp: (pid) => runningApp(pid),
      placeReader: placeReader(),
      startChild,
      reader,
      consumers,
      estate,
      async whoActs() {
        const pretend = endpoints.secretManager?.startsWith('http:') === true ? endpoints.secretManager : undefined;
        return {
          pretend,
          as: pretend === undefined ? await identityOf() : undefined,
          isHeard: publisher !== undefined,
        };
      },
      functions,
      parts: surveying,
      notify,
      routeEvent:
        deliveries === undefined || deadLetters === undefined
          ? undefined
          : { ...notify, vault, log, deliveries, deadLetters, silences: alerts.silences },
      async [Symbol.asyncDispose]() {
        const open = [
          vault,
          prober,
          issuer,
          meter,
          projectMeter,
          rules,
          deployedParts,
          reader,
          consumers,
          estate,
          reviser,
          courier,
          publisher,
          deliveries,
          deadLetters,
          ping,
          functions,
          surveying,
        ];
        await Promise.all(open.filter((one) => one !== undefined).map((one) => one.close()));
      },
    };
  };
}
