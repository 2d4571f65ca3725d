import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noticeOf } from '../../../src/core/alerts/rotation-notice.ts';
import { OUTBOX_FORM } from '../../../src/core/record/outbox.ts';
import { valueOf } from '../../../src/core/record/part.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { SecretSighting } from '../../../src/app/ports/ports.ts';
import { LEAKS_ANNOTATION } from '../../../src/core/record/leaks.ts';
import { annotationOf } from '../../../src/core/record/secret-record.ts';
import { heldKeyIn } from '../../../src/core/key/stored-form.ts';
import { NOBODY } from '../../support/rotation-stage.ts';
import { REACHED } from './reach-scenarios.ts';
import { MINTED, point, request, REQUEST, SHARED, TAKEN, URGENT, WRITTEN_BACK } from './scenarios.ts';
import { run, type Scenario } from './schedule.ts';
import { CARE, faultWorld, FOREIGN, FROM, type FaultWorld, type Worker } from './world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());

type Ports = Worker['ports'];

/** A worker with a fault built in. */
const faulty = (title: string, change: (ports: Ports) => Partial<Ports>): Scenario => ({
  ...MINTED,
  title,
  command: (worker) => request({ ...worker, ports: { ...worker.ports, ...change(worker.ports) } }, REQUEST),
});
/** Asks about the old key, whichever it was given. */
const believing = ({ prober }: Ports): Partial<Ports> => {
  const good = new KeyText(world.cloud.keyring.all()[FROM - 1]?.keyString ?? '');
  return {
    prober: {
      listModels: (_, pageSize) => prober.listModels(good, pageSize),
      generate: (_, model) => prober.generate(good, model),
    },
  };
};

/** Writes all but one annotation. */
function forgetful(worker: Worker, name = LEAKS_ANNOTATION): Worker {
  const { vault } = worker.ports;
  const commit: typeof vault.commit = (seen, change) => {
    const { [name]: _, ...annotations } = change.annotations ?? {};
    return vault.commit(seen, { ...change, annotations });
  };
  return { ...worker, ports: { ...worker.ports, vault: { ...vault, commit } } };
}

/** Goes through the scenario as a worker that remembers all but this. */
function forgetting(scenario: Scenario, part: Parameters<typeof annotationOf>[0]): Scenario {
  const command: Scenario['command'] = (worker, given) =>
    scenario.command(forgetful(worker, annotationOf(part)), given);
  return { ...scenario, title: `${scenario.title}, by a worker that forgets`, command };
}

/** Brings consumers along with a fault built in. */
const reachingFaulty = (title: string, change: (worker: Worker) => Worker): Scenario => ({
  ...REACHED,
  title,
  command: (worker, given) => REACHED.command(change(worker), given),
});

/** Each change under a mark of its own, so that no look finds the one before. */
function restless(worker: Worker): Worker {
  const { reviser, ...others } = worker.reaching;
  const revise: typeof reviser.revise = (seen, { reached, ...revision }) =>
    reviser.revise(seen, { ...revision, reached: `${reached}-${world.clock.now()}` });
  return { ...worker, reaching: { ...others, reviser: { ...reviser, revise } } };
}

/** Finds no consumer, and no use of the old key. */
function lonely({ ports, reaching, ...worker }: Worker): Worker {
  const roll = () => Promise.resolve({ consumers: [], notLooked: [], barred: false, late: [] });
  const usage = () => Promise.resolve({ known: true, hours: [], seenSince: undefined } as const);
  return { ...worker, ports: { ...ports, meter: { usage } }, reaching: { ...reaching, roll } };
}

function blind(seen: SecretSighting): SecretSighting {
  const { theirs: _, ...aliases } = seen.aliases;
  return { ...seen, aliases };
}

describe('whoever looks from outside sees a planted fault, by its invariant', () => {
  test.each([
    ['I2', faulty('believes every key without asking', believing)],
    ['I3', faulty('adds a key that it did not ask about', believing)],
    ['I4', { ...MINTED, secretPolicy: { ...CARE, rotation: { ...DEFAULT_SECRET_POLICY.rotation, drainHoursMin: 1 } } }],
    [
      'I1',
      faulty('disables what it adds', ({ vault }) => ({
        vault: {
          ...vault,
          async add(secret, bytes) {
            const added = await vault.add(secret, bytes);
            await vault.disable(secret, await vault.lookVersion(secret, FROM));
            return added;
          },
        },
      })),
    ],
    [
      'I5',
      faulty('forgets under which id it mints', ({ issuer }) => ({
        issuer: {
          ...issuer,
          async mint(order) {
            await issuer.mint({ ...order, keyId: `${order.keyId}-x` });
            return issuer.mint(order);
          },
        },
      })),
    ],
    [
      'I10',
      faulty('disables everything below', ({ vault }) => ({
        vault: {
          ...vault,
          async disable(secret, version) {
            await vault.disable(secret, await vault.lookVersion(secret, FOREIGN));
            return vault.disable(secret, version);
          },
        },
      })),
    ],
    [
      'I10',
      {
        ...faulty('does not see other people’s aliases', ({ vault }) => ({
          vault: {
            ...vault,
            look: async (secret) => blind(await vault.look(secret)),
            commit: async (seen, change) =>
              blind(await vault.commit({ ...seen, aliases: { ...seen.aliases, theirs: FROM } }, change)),
          },
        })),
        setUp: (given) => {
          point(given, { current: FROM, theirs: FROM });
          return '';
        },
      },
    ],
    ['I1: nobody put current back', forgetting(TAKEN, 'lastCurrent')],
    ['I14', forgetting(WRITTEN_BACK, 'tombstones')],
    [
      'I11',
      {
        ...faulty('adds the key alone', ({ vault }) => ({
          vault: {
            ...vault,
            add: (secret, bytes) => vault.add(secret, new TextEncoder().encode(heldKeyIn(bytes, undefined)?.reveal())),
          },
        })),
        around: (key) => `{"gemini":"${key}"}`,
      },
    ],
    [
      'I13',
      {
        ...SHARED,
        command({ ports, ...worker }, given) {
          const purgeLeaked: Ports['purgeLeaked'] = (at, secret, policy) =>
            ports.purgeLeaked(at, secret, policy, NOBODY);
          return SHARED.command({ ...worker, ports: { ...ports, purgeLeaked } }, given);
        },
      },
    ],
    ['I18', { ...MINTED, title: 'forgets the leak', command: (worker) => request(forgetful(worker), URGENT) }],
    [
      'I18',
      {
        ...MINTED,
        title: 'closes the leak at the end',
        async command(worker) {
          const step = await request(worker, URGENT);
          const { vault } = worker.ports;
          const seen = await vault.look(worker.order.secret);
          await vault.commit(seen, { annotations: { [LEAKS_ANNOTATION]: null } });
          return step;
        },
      },
    ],
    ['I19: works has', reachingFaulty('restarts consumers again and again', restless)],
    ['I19: version 2 was disabled', reachingFaulty('takes nobody found for nobody', lonely)],
    ['I19: pinned was refused a request', reachingFaulty('leaves one on a version that is disabled', lonely)],
    [
      'I8',
      faulty('destroys what it should disable', ({ vault }) => ({
        vault: { ...vault, disable: (secret, version) => vault.destroy(secret, version) },
      })),
    ],
    [
      'I15: nobody was told that',
      faulty('forgets whom to tell', ({ vault }) => ({
        vault: {
          ...vault,
          commit: (read, { annotations, ...change }) =>
            vault.commit(read, { ...change, annotations: { ...annotations, [OUTBOX_FORM.annotation]: null } }),
        },
      })),
    ],
    [
      'I15: rotation.promoted of',
      faulty('tells what is about to become true', ({ vault, announcer }) => ({
        vault: {
          ...vault,
          async commit(read, change) {
            const journal = valueOf(read.record.rotation);
            if (change.aliases?.['current'] !== undefined && journal !== undefined && journal.phase !== 'resting') {
              const untold = { step: 'promoted', id: journal.id } as const;
              await announcer.announce(noticeOf(read.name, 'p', { untold, told: journal }));
            }
            return vault.commit(read, change);
          },
        },
      })),
    ],
    [
      'I9',
      faulty('says the key', ({ vault, log }) => ({
        vault: {
          ...vault,
          add(secret, bytes) {
            log.write('DEBUG', new TextDecoder().decode(bytes));
            return vault.add(secret, bytes);
          },
        },
      })),
    ],
  ] satisfies readonly (readonly [string, Scenario])[])('%s', async (invariant, scenario) => {
    const { violations } = await run(world, scenario);
    expect(violations.join('\n')).toContain(invariant.includes(':') ? invariant : `${invariant}: `);
  });
});
