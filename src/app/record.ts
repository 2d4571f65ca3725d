import type { Finding } from '../core/finding.ts';
import { HEALTH_ANNOTATION, readHealth, writeHealth } from '../core/health-text.ts';
import { judge, UNSEEN, type Health } from '../core/health.ts';
import type { Policy } from '../core/policy.ts';
import { attempt, Fault } from './fault.ts';
import type { Announcer, Clock, Log, SecretSighting, Vault } from './ports.ts';

export interface RecordPorts {
  readonly vault: Vault;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of a finding: the health now remembered, which announcements went out, what could not be done. */
export interface Recorded {
  readonly health: Health['is'] | 'unknown';
  readonly announced: readonly string[];
  readonly problems: readonly string[];
}

/** Losing the etag race this often in a row means somebody writes in a loop: a person should look. */
const RACES_MAX = 3;

/**
 * Judges a finding against what the secret's annotation remembers. Announces first and records second, so that a
 * crash in between repeats an announcement under the same id and never loses one. Unchanged health writes nothing.
 */
export async function recordFinding(
  ports: RecordPorts,
  secret: SecretSighting,
  finding: Finding,
  policy: Policy,
): Promise<Recorded> {
  const announced = new Set<string>();
  const done = await attempt(() => announceAndCommit(ports, secret, finding, policy, announced));
  if (!(done instanceof Fault)) return { ...done, announced: [...announced] };
  const problem = `health of ${secret.name} was not recorded: ${done.message}`;
  ports.log.write('WARNING', problem, { secret: secret.name, code: done.code });
  return { health: 'unknown', announced: [...announced], problems: [problem] };
}

async function announceAndCommit(
  ports: RecordPorts,
  secret: SecretSighting,
  finding: Finding,
  policy: Policy,
  announced: Set<string>,
): Promise<Omit<Recorded, 'announced'>> {
  let sighting = secret;
  for (let race = 0; race < RACES_MAX; race += 1) {
    const remembered = readHealth(sighting.annotations[HEALTH_ANNOTATION]);
    const { health, announce } = judge(
      sighting.name,
      remembered ?? UNSEEN,
      finding.diagnosis,
      policy,
      ports.clock.now(),
    );
    for (const announcement of announce) {
      const label = `${announcement.type} ${announcement.episode.id}`;
      if (!announced.has(label)) await ports.announcer.announce({ ...announcement, finding });
      announced.add(label);
    }
    if (remembered === undefined) return { health: 'unknown', problems: [notUnderstood(sighting)] };
    if (health === remembered || (await committed(ports.vault, sighting, health)))
      return { health: health.is, problems: [] };
    sighting = await ports.vault.look(sighting.name);
  }
  throw new Fault(
    'stale',
    `somebody else wrote the secret ${RACES_MAX} times in the meantime; its audit log names who`,
  );
}

async function committed(vault: Vault, sighting: SecretSighting, health: Health): Promise<boolean> {
  const change = { annotations: { [HEALTH_ANNOTATION]: writeHealth(health) } };
  const done = await attempt(() => vault.commit(sighting, change));
  if (!(done instanceof Fault)) return true;
  if (done.code === 'stale') return false;
  throw done;
}

function notUnderstood({ name }: SecretSighting): string {
  return `the annotation ${HEALTH_ANNOTATION} of ${name} is not in a form this release reads: it was left alone, and until a person removes it every run announces anew`;
}
