import { CAUSES } from '../../core/causes/causes.ts';
import type { Health } from '../../core/record/health-state.ts';
import { valueOf } from '../../core/record/part.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Fleet, Member } from '../on-record/fleet.ts';
import type { Tone } from './tone.ts';

/** Something that has begun and not ended, as the timeline shows it. */
export interface Open {
  /** The secret, the project, or the fleet. */
  readonly about: string;
  readonly says: string;
  readonly tone: Tone;
  readonly at: Instant;
  /** When people were last told of it, where that is on record. */
  readonly toldAt?: Instant | undefined;
}

/** What is open, the oldest first: outages, episodes of secrets, leaks, and rotations that wait for a person. */
export function openOf({ found }: Pick<Fleet, 'found'>, shown: readonly Member[]): readonly Open[] {
  const outages = found.flatMap(({ sighting: { record }, project }) => [
    ...episodeIn(valueOf(record.outage), 'the fleet'),
    ...episodeIn(valueOf(record.projectOutage), `project ${project}`),
  ]);
  return [...outages, ...shown.flatMap(openIn)].toSorted((a, b) => a.at - b.at);
}

function openIn({ secret, health, leaks, rotation }: Member): readonly Open[] {
  const leaked = (leaks ?? []).map(({ version, at, toldAt }): Open => ({
    about: secret,
    says: `version ${version} leaked, and its key is not proven dead`,
    tone: 'bad',
    at,
    toldAt,
  }));
  const held: readonly Open[] =
    rotation === undefined || rotation.phase === 'resting' || !rotation.held
      ? []
      : [
          {
            about: secret,
            says: `its rotation waits for a person: ${rotation.phase}`,
            tone: 'bad',
            at: rotation.since,
          },
        ];
  return [...episodeIn(health, secret), ...leaked, ...held];
}

function episodeIn(health: Health | undefined, about: string): readonly Open[] {
  if (health === undefined || !('episode' in health)) return [];
  const { cause, openedAt, announcedAt } = health.episode;
  const isOver = health.is === 'mending';
  return [
    {
      about,
      says: `${CAUSES[cause].title}${isOver ? '; works again' : ''}`,
      tone: isOver ? 'doubt' : 'bad',
      at: openedAt,
      toldAt: announcedAt,
    },
  ];
}
