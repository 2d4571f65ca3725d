import { CAUSES } from '../../core/causes/causes.ts';
import { DESCRIBE_KEY, ENABLE_VERSION, PURGE_PREVIEW, REVOKE, ROTATE_AT_ONCE } from '../../core/causes/commands.ts';
import { valuesOfKey } from '../../core/causes/names.ts';
import { nextOf, type NextStep } from '../../core/causes/next-step.ts';
import { valuesAbout } from '../../core/health/finding.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { storedTextOf } from '../../core/key/stored-form.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { valueOf } from '../../core/record/part.ts';
import { isOpen, openLeaksIn, nameToWrite } from '../../core/rotation/open-leaks.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import { heardAgainAt } from '../../core/record/silence.ts';
import { stateOfTaken, watchLeak, type LeakState } from '../../core/health/watch-leak.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { spokenMinute, type Instant } from '../../core/values/time.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { isMarkedFor, LEAK_MARK } from '../keys/key-marks.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import { holdersText, type Holders } from '../listing/holders.ts';
import type { Announcer, IssuedKey, Issuer, SecretName, SecretSighting } from '../ports/ports.ts';
import { probeConfirmed, probeStored } from '../probe/probe-secret.ts';
import { mayGo, type GoingPorts } from './may-go.ts';
import type { PurgePorts } from './purge-steps.ts';

export type WatchPorts = PurgePorts & { readonly announcer: Announcer };

/** Whose leaks are looked at, and by which settings. */
export interface WatchOrder {
  readonly secret: SecretName;
  /** As people know it, usually its id. */
  readonly project: string;
  readonly secretPolicy: SecretPolicy;
  /** Who else serves a key that is to be deleted. */
  readonly holders: Holders;
}

/** What one look found, in words and with what to do about it. */
interface Look extends NextStep {
  readonly state: LeakState;
  readonly why: string;
  /** The key's name at its issuer, once that is proven. */
  readonly key?: string | undefined;
}

/**
 * Looks at the leaked keys of a secret that are not proven dead: asks the issuer whether each is deleted, and Gemini
 * whether it is refused. People are told before it is recorded, under an id that a crash repeats. Rejects with `Fault`.
 */
export async function watchLeaks(ports: WatchPorts, order: WatchOrder): Promise<void> {
  const sighting = await ports.vault.look(order.secret);
  const { record, name: secret } = sighting;
  const [journal, listed, open] = [valueOf(record.rotation), valueOf(record.leaks), openLeaksIn(record)];
  if (listed === undefined || open === undefined) return;
  const leaks: Leak[] = [];
  for (const known of open) {
    const look = await lookAt(ports, order, sighting, known);
    // The hold of its rotation tells of one that the list has no room for.
    if (!isOpen(listed, known.version)) continue;
    const now = ports.clock.now();
    const isReplacing =
      journal !== undefined && journal.phase !== 'resting' && journal.emergency && journal.from === known.version;
    const { leak, say } = watchLeak({ ...known, key: look.key ?? known.key }, look.state, {
      policy: secretPolicyOf(record, order.secretPolicy).secretPolicy.checks,
      now,
      heardAgainAt: heardAgainAt(record.silence, now),
      isReplacing,
      isHeld: isReplacing && journal.held,
    });
    const about = { secret, project: order.project, version: leak.version, key: leak.key, at: leak.at };
    const { why, step, next } = look;
    if (say === 'closed')
      await ports.announcer.announce({ ...about, type: 'leak.closed', deadSince: leak.refusedSince });
    else leaks.push({ ...leak, key: nameToWrite(leak, record) });
    if (say === 'open')
      await ports.announcer.announce({ ...about, type: 'leak.open', told: known.told, why, step, next });
  }
  const annotations = changeOf(record, { leaks });
  if (Object.keys(annotations).length > 0) await ports.vault.commit(sighting, { annotations });
}

/** By its issuer where the key is known there and proven to be this secret's; else by what its version holds. */
async function lookAt(ports: WatchPorts, order: WatchOrder, sighting: SecretSighting, leak: Leak): Promise<Look> {
  const { name: secret } = sighting;
  const { key: name } = leak;
  if (name === undefined) return lookAtVersion(ports, order, sighting, leak);
  const keyProjects = keyProjectsFor(order.secretPolicy, secret, order.secret);
  const issuer = provenIssuer(ports, { secret, keyProjects, versions: [leak.version] });
  const issued = await attempt(() => issuer.look(name));
  if (issued instanceof Fault) {
    if (issued.code === 'unproven' || issued.code === 'not_found') return lookAtVersion(ports, order, sighting, leak);
    return { state: 'unclear', why: issued.message };
  }
  const gone = await deleteNow({ ...ports, issuer, holders: order.holders }, sighting, leak, issued);
  const trouble = gone instanceof Fault ? gone.message : await keptFor(order, issuer, sighting, leak, gone);
  const { deletedAt } = gone instanceof Fault ? issued : gone;
  if (deletedAt === undefined) {
    const why = `its issuer has it as ${issued.name}, and it is not deleted${trouble === undefined ? '' : `: ${trouble}`}`;
    return { state: 'alive', key: issued.name, why, ...cureOf(order, sighting, leak) };
  }
  const key = await attempt(() => issuer.keyString(name));
  if (key instanceof Fault) return { state: 'unclear', why: key.message };
  return { ...(await lookAtDeleted(ports, key, issued.name, deletedAt)), key: issued.name };
}

/**
 * Deletes a leaked key that is in no list of old keys, because its emergency is held or ended elsewhere: its mark at the issuer says
 * that consumers had a better one. What is in the list is the purge's. Answers the issuer's record, or what stands in the way.
 */
async function deleteNow(
  ports: GoingPorts,
  sighting: SecretSighting,
  { version }: Leak,
  issued: IssuedKey,
): Promise<IssuedKey | Fault> {
  const { name, record } = sighting;
  const journal = valueOf(record.rotation);
  const isOnItsWay =
    journal === undefined || (journal.phase !== 'resting' && !journal.held && journal.from === version);
  const isListed = (valueOf(record.retired) ?? []).some((old) => old.version === version);
  if (issued.deletedAt !== undefined || isOnItsWay || isListed || !isMarkedFor(issued, name, LEAK_MARK)) return issued;
  return attempt(async () => {
    await mayGo(ports, sighting, { name: issued.name, record: issued }, { isLeak: true });
    await ports.issuer.delete(issued.name, false);
    return ports.issuer.look(issued.name);
  });
}

/**
 * Who else serves a key that the purge would have deleted: they are named in the alert (I13). A run has read by then what all secrets
 * serve, because it asked before the deletion.
 */
async function keptFor(
  { holders }: WatchOrder,
  issuer: Issuer,
  { name: secret, record }: SecretSighting,
  { version }: Leak,
  { name, deletedAt }: IssuedKey,
): Promise<string | undefined> {
  const isListed = (valueOf(record.retired) ?? []).some((old) => old.version === version);
  if (deletedAt !== undefined || !isListed) return undefined;
  const others = await attempt(async () => holders.othersOf(await issuer.keyString(name), secret));
  return others instanceof Fault || others.length === 0 ? undefined : `other secrets serve it: ${holdersText(others)}`;
}

async function lookAtDeleted(ports: WatchPorts, key: KeyText, name: string, deletedAt: Instant): Promise<Look> {
  const { diagnosis } = await probeConfirmed(ports, key, ONCE, false);
  const deleted = `it is deleted at its issuer since ${spokenMinute(deletedAt)}`;
  const { title } = CAUSES[diagnosis.cause];
  if (diagnosis.verdict === 'dead') return { state: 'refused', why: `${deleted}; it must be refused for half an hour` };
  if (diagnosis.verdict === 'unclear')
    return { state: 'unclear', why: `${deleted}; what Gemini says is not known: ${title}` };
  const cure = { do: 'If that lasts, see whether it was undeleted', command: DESCRIBE_KEY };
  return {
    state: stateOfTaken(deletedAt, ports.clock.now()),
    why: `${deleted}, and Gemini still answers it: ${title}`,
    ...nextOf(cure, valuesOfKey(name)),
  };
}

/** Half an hour of looks confirms what one look found. */
const ONCE = { confirmAnswers: 1, confirmSpacingSeconds: 0 };

/** Nobody tells that a key of a foreign project is deleted: that Gemini knows no such key is all that can be seen. */
async function lookAtVersion(
  ports: WatchPorts,
  order: WatchOrder,
  sighting: SecretSighting,
  leak: Leak,
): Promise<Look> {
  const { version } = leak;
  const reading = await attempt(() => ports.vault.read(sighting.name, version));
  if (reading instanceof Fault) {
    if (!isUnreadable(reading)) return { state: 'unclear', why: reading.message };
    return {
      state: 'alive',
      why: `none of the projects in the settings made it, so whether it is deleted is not known, and version ${version} cannot be read to try it`,
      ...nextOf(SHOW_IT, valuesAbout({ secret: sighting.name, project: order.project, version })),
    };
  }
  const stored = storedTextOf(reading.bytes, order.secretPolicy.mint.keyField);
  const { diagnosis } = await probeStored(ports, stored, ONCE, false);
  const { cause, verdict, keyProject } = diagnosis;
  if (UNKNOWN_TO_GEMINI.includes(cause))
    return { state: 'refused', why: 'Gemini knows no such key; it must say so for half an hour' };
  if (verdict === 'unclear')
    return { state: 'unclear', why: `what Gemini says of it is not known: ${CAUSES[cause].title}` };
  const owner = keyProject === undefined ? 'its project' : `project ${keyProject}`;
  return {
    state: 'alive',
    why: `none of the projects in the settings made it, and it is not deleted (${CAUSES[cause].title}): whoever owns ${owner} has to delete it`,
    ...cureOf(order, sighting, leak),
  };
}

/** The causes that say that there is no such key, rather than that this one is refused. */
const UNKNOWN_TO_GEMINI: readonly string[] = ['key_invalid', 'key_not_found'];

const SHOW_IT = {
  do: 'Have the owner of the project that made it delete it. Then enable its version, so that the next runs can see it refused',
  command: ENABLE_VERSION,
} as const;

/** Consumers come first: a key that they read is replaced before it goes. */
function cureOf(
  { project }: WatchOrder,
  { name: secret, aliases, record }: SecretSighting,
  { version }: Leak,
): NextStep {
  const isRetired = (valueOf(record.retired) ?? []).some((old) => old.version === version);
  const cure =
    aliases['current'] === version
      ? { do: 'Consumers read it. Replace it', command: ROTATE_AT_ONCE }
      : isRetired
        ? { do: 'See why it is not deleted', command: PURGE_PREVIEW }
        : { do: 'See who else reads it, and delete it', command: REVOKE };
  return nextOf(cure, { account: [], ...valuesAbout({ secret, project, version }) });
}
