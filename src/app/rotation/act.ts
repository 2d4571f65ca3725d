import type { Outcome } from '../../core/rotation/advance.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import { confirm } from './acts/confirm.ts';
import { discard } from './acts/discard.ts';
import { mint } from './acts/mint.ts';
import { promote } from './acts/promote.ts';
import { restore } from './acts/restore.ts';
import { retire } from './acts/retire.ts';
import type { ActInput } from './acts/act-input.ts';
import { verify } from './acts/verify.ts';
import { write } from './acts/write.ts';
import { Fault } from '../ports/fault.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import { deadSince } from '../../core/health/health.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import type { Instant } from '../../core/values/time.ts';
import type { SecretSighting } from '../ports/ports.ts';

/** Does the one act that the table names for the phase the journal is in. */
export async function act(input: ActInput, sighting: SecretSighting): Promise<Outcome> {
  const { act: named, leased } = ROTATION[input.journal.phase];
  const proven = { ...input, ports: withProof(input) };
  const fenced = leased ? { ...proven, ports: withinLease(proven) } : proven;
  switch (named) {
    case 'mint':
      return mint(fenced);
    case 'write':
      return write(fenced);
    case 'verify':
      return verify(fenced);
    case 'promote':
      return promote(fenced);
    case 'confirm':
      return confirm({ ...fenced, foundDeadAt: foundDeadAt(input, sighting) });
    case 'retire':
      return retire(fenced, sighting);
    case 'restore':
      return restore(fenced, sighting);
    case 'discard':
      return discard(fenced, sighting);
  }
}

function foundDeadAt({ ports, journal }: ActInput, { record }: SecretSighting): Instant | undefined {
  return deadSince(healthAt(record.health, ports.clock.now()), journal.promotedAt);
}

/** Every key that the journal names is proven before it is used; its versions are those that may hold it. */
function withProof({ ports, secret, journal, keyProjects }: ActInput): ActInput['ports'] {
  const versions = journal.to === undefined ? [journal.from] : [journal.from, journal.to];
  return { ...ports, issuer: provenIssuer(ports, { secret, keyProjects, versions, proven: ports.memory?.proven }) };
}

/** A call takes up to ten seconds; one that starts later than this before the end could outlive the lease. */
const CALL_MS = 15_000;

/** The calls that no etag fences, each refused once the lease is too near its end for the answer to fall inside. */
function withinLease({ ports, journal }: ActInput): ActInput['ports'] {
  const { vault, issuer, clock } = ports;
  const inTime = () => {
    if (journal.lease === undefined || clock.now() > journal.lease.until - CALL_MS) {
      throw new Fault('timeout', 'the lease of this act is nearly over, so the next worker goes on with it');
    }
  };
  return {
    ...ports,
    vault: {
      ...vault,
      add: async (secret, bytes) => {
        inTime();
        return vault.add(secret, bytes);
      },
    },
    issuer: {
      ...issuer,
      mint: async (order) => {
        inTime();
        return issuer.mint(order);
      },
      delete: async (name, unlessUsed) => {
        inTime();
        return issuer.delete(name, unlessUsed);
      },
    },
  };
}
