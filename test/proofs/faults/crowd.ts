import { isRecord, type JsonRecord } from '../../../src/core/values/json.ts';
import { REACHED_MARK, UNDONE_MARK } from '../../../src/core/consumers/mark.ts';
import { PROJECT } from '../../support/cloud.ts';
import { ACCOUNT, template, variable } from '../../support/consumers.ts';
import type { FaultWorld } from './world.ts';

/** Services that read the secret, by their names: each with the version that its variable names, e.g. `current`. */
export type Crowd = Readonly<Record<string, string>>;

const READY_MS = 12_000;
/** Puts the person who deployed last into the template, who knows nothing of our marks. */
const DEPLOYED = 'deployed-by';

export function serviceName(id: string): string {
  return `projects/${PROJECT}/locations/europe-west1/services/${id}`;
}

function templateFor(version: string, labels = {}): JsonRecord {
  return template([variable('GEMINI_API_KEY', 'gemini', version)], { labels });
}

/** Deploys them, lets each send a request every five minutes, and lets revisions take their time from now on. */
export function deployCrowd({ cloud }: FaultWorld, crowd: Crowd): void {
  cloud.iam.grant(PROJECT, `serviceAccount:${ACCOUNT}`, 'roles/secretmanager.secretAccessor');
  for (const [id, version] of Object.entries(crowd)) {
    cloud.run.deploy(serviceName(id), { template: templateFor(version) });
    cloud.instances.use(serviceName(id), { perMinute: 0.2, instances: 1, idleMs: 900_000, livesMs: 86_400_000 });
  }
  cloud.run.setPace(READY_MS);
}

/** A person deploys one again, as it was in the beginning; once however often it is asked for. */
export function deployByHand({ cloud }: FaultWorld, id: string, version: string): void {
  const { labels } = templateOf(cloud.run.shown(serviceName(id)));
  if (isRecord(labels) && DEPLOYED in labels) return;
  cloud.run.deploy(serviceName(id), { template: templateFor(version, { [DEPLOYED]: 'jane' }) });
}

/** So many of its next revisions do not come up. */
export function breakNext({ cloud }: FaultWorld, id: string, times: number): void {
  const message = 'The user-provided container failed to start and listen on the port.';
  cloud.run.plan(serviceName(id), { code: 9, revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR', message }, times);
}

/** Looks at them between any two calls. */
export interface CrowdWitness {
  look(): void;
  /** Which version each uses in the end, and what stands on it. */
  state(): string;
}

/**
 * I19: what is brought along gets one new revision for each move, and one more where that did not come up; nobody is refused a request, and
 * no version is disabled that a warm instance of theirs holds.
 */
export function crowdWitness(
  { cloud, secret }: FaultWorld,
  crowd: Crowd,
  accuse: (sentence: string) => void,
): CrowdWitness {
  const ids = Object.keys(crowd);
  /** Reasons for a revision, each of which counts once: the first, a person, and our marks. */
  const reasons = new Map(ids.map((id) => [id, new Set<string>(['first'])]));
  const told = new Set<string>();
  const once = (sentence: string): void => {
    if (!told.has(sentence)) accuse(sentence);
    told.add(sentence);
  };
  const disabled = (): ReadonlySet<string> => {
    const { versions = [] } = cloud.secrets.call('listSecretVersions', {}, { parent: secret, pageSize: 1000 }) as {
      versions?: { name: string; state: string }[];
    };
    return new Set(versions.flatMap(({ name, state }) => (state === 'ENABLED' ? [] : [numberIn(name)])));
  };
  /** What requests come to: an instance of a revision without traffic gets none. */
  const tallies = () =>
    cloud.instances.tallies().map(({ name, instances, ...rest }) => {
      const serving = (cloud.run.serving(name) ?? []).map(({ revision }) => revision);
      const held = instances
        .filter(({ revision }) => serving.includes(revision))
        .flatMap(({ versions }) => Object.values(versions).map(numberIn));
      return { ...rest, name, held };
    });

  return {
    look() {
      for (const id of ids) {
        const shown = cloud.run.shown(serviceName(id)) ?? {};
        const { labels, annotations } = templateOf(shown);
        const known = reasons.get(id) ?? new Set();
        for (const [from, name] of [
          [annotations, REACHED_MARK],
          [shown['annotations'], UNDONE_MARK],
        ] as const)
          if (markOf(from, name) !== '') known.add(`${name} ${markOf(from, name)}`);
        if (isRecord(labels) && DEPLOYED in labels) known.add(DEPLOYED);
        const made = Number(/-(\d{5})-\w+$/.exec(String(shown['latestCreatedRevision']))?.[1]);
        if (made > known.size) once(`I19: ${id} has ${made} revisions, for ${[...known].join(', ')}`);
      }
      const gone = disabled();
      for (const { name, refused, failedStarts, lastTrouble = '', held } of tallies()) {
        if (refused + failedStarts > 0) once(`I19: ${idIn(name)} was refused a request. ${lastTrouble}`);
        for (const version of held)
          if (gone.has(version)) once(`I19: version ${version} was disabled, which an instance of ${idIn(name)} holds`);
      }
    },
    state: () =>
      tallies()
        .map(({ name, held }) => {
          const shown = cloud.run.shown(name) ?? {};
          const marks = [templateOf(shown)['annotations'], shown['annotations']];
          const [reached, undone] = marks.map((from, at) => markOf(from, [REACHED_MARK, UNDONE_MARK][at] ?? ''));
          return `${idIn(name)} on ${[...new Set(held)].join('+')}${reached && ` marked ${reached}`}${undone && ` undone ${undone}`}`;
        })
        .join(', '),
  };
}

/** The version in a mark; that of which rotation it is differs from run to run. */
function markOf(annotations: unknown, name: string): string {
  const text = isRecord(annotations) ? annotations[name] : undefined;
  return typeof text === 'string' ? (/=(\d+)@/.exec(text)?.[1] ?? '') : '';
}

function templateOf(shown: JsonRecord | undefined): JsonRecord {
  return isRecord(shown?.['template']) ? shown['template'] : {};
}

function numberIn(version: string): string {
  return version.slice(version.lastIndexOf('/') + 1);
}

function idIn(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
