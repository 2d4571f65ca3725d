import { Buffer } from 'node:buffer';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { readJournal, readHistory, readRetired } from '../../support/annotations.ts';
import { valueOf as partOf } from '../../../src/core/record/part.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import type { Journal } from '../../../src/core/record/journal.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import type { FaultWorld } from './world.ts';

interface SeenVersion {
  readonly number: number;
  readonly state: string;
  readonly etag: string;
  /** The key string inside, known of every version that was ever seen enabled. */
  readonly key: string | undefined;
  /** What stands around it. */
  readonly around: string | undefined;
}

/** What the cloud holds, read from outside, past the workers and their calls. */
export interface Seen {
  readonly now: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, number>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly versions: readonly SeenVersion[];
  /** `undefined` for one that cannot be read. */
  readonly journal: Journal | undefined;
  /** Versions whose leak is open. */
  readonly leaks: readonly number[];
}

const OWNER = {};

/** Looks at the world again and again; remembers what disabled versions held. */
export function onlooker({ cloud, secret }: FaultWorld): () => Seen {
  const held = new Map<number, Pick<SeenVersion, 'key' | 'around'>>();
  const valueOf = (number: number, state: unknown): Pick<SeenVersion, 'key' | 'around'> => {
    if (!held.has(number) && state === 'ENABLED') {
      const { payload } = cloud.secrets.call('accessSecretVersion', OWNER, { name: `${secret}/versions/${number}` });
      const text = Buffer.from((payload as { data: string }).data, 'base64').toString('utf8');
      const key = cloud.keyring.all().find(({ keyString }) => text.includes(keyString))?.keyString ?? text;
      held.set(number, { key, around: text.replace(key, 'KEY') });
    }
    return held.get(number) ?? { key: undefined, around: undefined };
  };
  return () => {
    const found = cloud.secrets.call('getSecret', OWNER, { name: secret }) as {
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
      versionAliases?: Record<string, string>;
    };
    const { versions = [] } = cloud.secrets.call('listSecretVersions', OWNER, { parent: secret, pageSize: 1000 }) as {
      versions?: { name: string; state: string; etag: string }[];
    };
    const { annotations = {}, labels = {}, versionAliases = {} } = found;
    return {
      now: cloud.clock.now(),
      labels,
      annotations,
      aliases: Object.fromEntries(Object.entries(versionAliases).map(([alias, number]) => [alias, Number(number)])),
      versions: versions
        .map(({ name, state, etag }) => {
          const number = Number(name.split('/').at(-1));
          return { number, state, etag, ...valueOf(number, state) };
        })
        .toSorted((a, b) => a.number - b.number),
      journal: readJournal(annotations[ROTATION_ANNOTATION]),
      leaks: (partOf(recordOf(annotations).leaks) ?? []).map(({ version }) => version),
    };
  };
}

/** The key that consumers of another secret read; none where there is no such secret. */
export function servedBy({ cloud }: FaultWorld, secret: string): string | undefined {
  try {
    const { payload } = cloud.secrets.call('accessSecretVersion', OWNER, { name: `${secret}/versions/latest` });
    return Buffer.from((payload as { data: string }).data, 'base64').toString('utf8');
  } catch {
    return undefined;
  }
}

/** Whether the Gemini API takes a key right now. */
export function works({ cloud }: FaultWorld, key: string): boolean {
  return (
    cloud.keyring.conditionOf(key, { callerIp: '127.0.0.1', headers: {} }, cloud.clock.now()).condition === 'works'
  );
}

/**
 * The state of everything in one comparable text: keys by the order in which they came into the world, nothing that
 * depends on when or by whom it was done.
 */
export function stateOf(world: FaultWorld, seen: Seen): string {
  const keys = world.cloud.keyring.all();
  const nameOf = (key: string | undefined): string => `key${keys.findIndex(({ keyString }) => keyString === key) + 1}`;
  const { aliases, annotations, journal, leaks } = seen;
  return [
    Object.entries(aliases)
      .toSorted()
      .map(([alias, number]) => `${alias}=${number}`)
      .join(' '),
    seen.versions.map(({ number, state, key }) => `${number} ${nameOf(key)} ${state.toLowerCase()}`).join(', '),
    keys
      .map(({ keyString, deletedAt }) => `${nameOf(keyString)} ${deletedAt === undefined ? 'alive' : 'deleted'}`)
      .join(', '),
    `retired ${(readRetired(annotations[RETIRED_ANNOTATION]) ?? []).map(({ version }) => version).join(',') || 'none'}`,
    `history ${(readHistory(annotations[HISTORY_ANNOTATION]) ?? []).map(({ outcome, to }) => `${outcome} ${to ?? '-'}`).join(',') || 'none'}`,
    ...(leaks.length === 0 ? [] : [`leak ${leaks.join(',')} open`]),
    journal === undefined
      ? 'journal not understood'
      : `${journal.phase}${'held' in journal && journal.held ? ' held' : ''}`,
  ].join(' | ');
}
