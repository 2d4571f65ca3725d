import type { Cause } from '../../core/causes/causes.ts';
import { isBad, type Checked } from '../../core/health/check-run.ts';
import type { Finding } from '../../core/health/finding.ts';
import { addedCensus, censusOf, type CountedKey, type KeyCensus } from '../../core/health/key-census.ts';
import type { OpenTrouble } from '../../core/health/open-trouble.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import { joinedProjects, talliesOf, type ProjectTallies } from '../../core/health/tally.ts';
import { currentKeyMadeAt } from '../../core/record/key-made-at.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Found } from '../listing/gather.ts';
import type { SecretSighting } from '../ports/ports.ts';
import type { Looked } from './look.ts';
import { isFirstGood, openOf, unremembered } from './settle.ts';

/**
 * Findings that one run records. Far more than Secret Manager takes writes for in a minute; what goes beyond them is left to the next
 * runs, in which those that were recorded are none any more.
 */
const RECORDED_MAX = 5_000;

/**
 * Keys whose first good run is written down in one run. Secret Manager takes 600 writes a minute from a project, and a fleet that
 * is put under care at once must leave room for rotations.
 */
export const FIRST_GOOD_MAX = 200;

/** Findings that wait to be counted: counting some at once makes less work than each alone. */
const BATCH = 500;

/** A finding, and its place in the list. */
export interface Placed<Item> {
  readonly at: number;
  readonly item: Item;
}

/** What a run knows so far. Of a secret that works, and of which nothing is to be written, nothing is kept but that it was counted. */
export interface SoFar {
  readonly expected: () => number;
  readonly bad: () => number;
  /** A secret was listed; answers its place. */
  listed(found: Found): number;
  /** There was no time to look at it. */
  missed(found: Found): void;
  /** A secret was looked at; `settled` where nothing has to be recorded. */
  looked(found: Found, placed: Placed<Looked>, settled: Checked | undefined): void;
  /** A secret that was named could not be looked at. */
  failed(finding: Finding): void;
  /** Whatever else there is to know, once all were looked at. */
  whole(): Whole;
}

/** A secret that was seen; where another instance saw it, its name alone. */
export type Seen = SecretSighting | Pick<SecretSighting, 'name'>;

/** A secret that fails for a cause. */
export interface Shown {
  readonly project: string;
  readonly cause: Cause;
  readonly sighting: Seen;
}

/** All that a run needs to know of more than one secret. */
export interface Whole {
  readonly expected: number;
  readonly missed: number;
  readonly tallies: ProjectTallies;
  readonly census: KeyCensus;
  /** Findings to record. */
  readonly waiting: readonly Placed<Looked>[];
  /** Findings that were to be recorded beyond these. */
  readonly beyond: ProjectTallies;
  /** Findings of which nothing was learned, and nothing is open that people were told of. */
  readonly silent: ProjectTallies;
  readonly settled: readonly Placed<Checked>[];
  readonly open: readonly OpenTrouble[];
  /** Projects whose outage is on record, and its cause. */
  readonly outages: ReadonlyMap<string, Cause>;
  /** The first secret that remembers an outage of the fleet, and in each project of the project. */
  readonly keeper: Seen | undefined;
  readonly keepers: ReadonlyMap<string, Seen>;
  /** Of every project and cause that fails the first secret by name. */
  readonly shown: readonly Shown[];
}

/** What is kept of a run, and under which policy keys grow old. */
export interface KeepOrder {
  readonly secretPolicy: SecretPolicy;
  /** Secrets that the report lists besides those whose finding is recorded; all when left out. */
  readonly listedMax?: number | undefined;
  /** Findings that are recorded; RECORDED_MAX when left out. */
  readonly recordedMax?: number | undefined;
}

export function soFar(
  { secretPolicy, listedMax = Infinity, recordedMax = RECORDED_MAX }: KeepOrder,
  now: Instant,
): SoFar {
  let [expected, missed, bad, firstGood] = [0, 0, 0, 0];
  const outages = new Map<string, Cause>();
  let keeper: SecretSighting | undefined;
  const keepers = new Map<string, SecretSighting>();
  const shown = new Map<string, Shown>();
  const waiting: Placed<Looked>[] = [];
  const troubled: Placed<Checked>[] = [];
  const well: Placed<Checked>[] = [];
  const open: OpenTrouble[] = [];
  const all = counting(talliesOf, joinedProjects);
  const beyond = counting(talliesOf, joinedProjects);
  const silent = counting(talliesOf, joinedProjects);
  const keys = counting((those: readonly CountedKey[]) => censusOf(those, now), addedCensus);

  const count = ({ sighting }: Found, kind: CountedKey['kind']): void =>
    keys.add({
      kind,
      madeAt: currentKeyMadeAt(sighting.record, sighting.aliases['current']),
      maxAgeDays: secretPolicyOf(sighting.record, secretPolicy).secretPolicy.rotation.maxAgeDays,
    });

  const settledAs = ({ at, item }: Placed<Checked>): void => {
    const { verdict } = item.finding.diagnosis;
    if (item.open !== undefined) open.push(item.open);
    else if (verdict === 'unclear') silent.add(item.finding);
    const those = verdict === 'works' ? well : troubled;
    if (those.length < listedMax) those.push({ at, item });
  };

  return {
    expected: () => expected,
    bad: () => bad,
    listed({ sighting, project }) {
      const { record } = sighting;
      const health = healthAt(record.projectOutage, now);
      if (health !== undefined && 'episode' in health) outages.set(project, health.episode.cause);
      if (record.outage.text !== undefined) keeper ??= sighting;
      if (record.projectOutage.text !== undefined && !keepers.has(project)) keepers.set(project, sighting);
      expected += 1;
      return expected;
    },
    missed(found) {
      missed += 1;
      count(found, 'unknown');
    },
    looked(found, { at, item: looked }, settled) {
      const { finding, sighting } = looked;
      const { verdict, cause } = finding.diagnosis;
      count(found, finding.keyKind ?? 'unknown');
      all.add(finding);
      if (isBad(finding.diagnosis)) bad += 1;
      if (verdict !== 'works') {
        const alike = `${finding.project} ${cause}`;
        const first = shown.get(alike)?.sighting;
        if (first === undefined || sighting.name < first.name)
          shown.set(alike, { project: finding.project, cause, sighting });
      }
      if (settled !== undefined) return settledAs({ at, item: settled });
      const isLater = isFirstGood(looked) && (firstGood += 1) > FIRST_GOOD_MAX;
      if (!isLater && waiting.length < recordedMax) return void waiting.push({ at, item: looked });
      if (!isLater) beyond.add(finding);
      settledAs({ at, item: unremembered(finding, openOf(looked, now)) });
    },
    failed(finding) {
      all.add(finding);
      expected += 1;
      settledAs({ at: expected, item: unremembered(finding) });
    },
    whole: () => ({
      expected,
      missed,
      tallies: all.sum(),
      census: keys.sum(),
      waiting,
      beyond: beyond.sum(),
      silent: silent.sum(),
      settled: [...troubled, ...well.slice(0, Math.max(0, listedMax - troubled.length - waiting.length))],
      open,
      outages,
      keeper,
      keepers,
      shown: [...shown.values()],
    }),
  };
}

/** Counts what comes, a batch at a time. */
function counting<Item, Sum>(
  sumOf: (items: readonly Item[]) => Sum,
  join: (one: Sum, other: Sum) => Sum,
): { add(item: Item): void; sum(): Sum } {
  let [batch, sum] = [new Array<Item>(), sumOf([])];
  const fold = (): Sum => {
    sum = join(sum, sumOf(batch));
    batch = [];
    return sum;
  };
  return {
    add(item) {
      batch.push(item);
      if (batch.length >= BATCH) fold();
    },
    sum: fold,
  };
}
