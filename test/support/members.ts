import type { Member } from '../../src/app/on-record/fleet.ts';
import { UNSEEN, type Episode, type Health } from '../../src/core/record/health-state.ts';
import { ago, resting } from './journals.ts';

/** A secret as `status` knows it: well, at rest and seen an hour ago, unless told otherwise. */
export function memberOf(fields: Partial<Member> = {}): Member {
  return {
    secret: 'projects/search-prod/secrets/search-app',
    project: 'search-prod',
    managed: true,
    aliases: { current: 2 },
    health: UNSEEN,
    rotation: resting(),
    leaks: [],
    condition: 'well',
    checked: { is: 'at', at: ago(1) },
    key: {},
    due: { is: 'unknown' },
    history: [],
    retired: [],
    retentionDays: 7,
    maxAgeDays: 90,
    ...fields,
  };
}

/** An outage of one secret that began five hours ago. */
export function episode(fields: Partial<Episode> = {}): Episode {
  return {
    id: 'search-app/2026-11-24/1',
    openedAt: ago(5),
    cause: 'key_not_found',
    severity: 'critical',
    announcedAt: ago(4),
    reminders: 1,
    ...fields,
  };
}

/** The health of a secret with such an outage. */
export function sick(fields: Partial<Episode> = {}): Extract<Health, { readonly is: 'sick' }> {
  return { is: 'sick', episodes: 1, episode: episode(fields) };
}
