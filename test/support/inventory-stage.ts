import { inventory, type InventoryOrder } from '../../src/app/inventory/inventory.ts';
import { Fault } from '../../src/app/ports/fault.ts';
import type { GoogleReader, Seen } from '../../src/app/ports/google-reader.ts';
import { plusMs } from '../../src/core/values/time.ts';
import { SCOPE, stage } from './stage.ts';
import { memoryIssuer } from './twins/memory-issuer.ts';
import { memoryMeter } from './twins/memory-meter.ts';

const { project } = SCOPE;
const GEMINI = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };
const DAYS_100_MS = 100 * 86_400_000;

/** A project with keys, secrets, accounts and use, in memory: who plants a key says what it is. */
export function inventoryStage() {
  const on = stage();
  const issuer = memoryIssuer(() => plusMs(on.clock.now(), -DAYS_100_MS));
  const meter = memoryMeter();
  const accounts = new Map<string, Seen | Fault>();
  const asked: string[] = [];
  const reader: GoogleReader = {
    async read({ path }) {
      await Promise.resolve();
      const email = path.slice(path.lastIndexOf('/') + 1);
      asked.push(email);
      const seen = accounts.get(email) ?? { json: { email } };
      if (seen instanceof Fault) throw seen;
      return seen;
    },
  };
  const plant = (displayName: string, fields: Partial<Parameters<typeof issuer.plant>[0]> = {}) =>
    issuer.plant({ project, displayName, restrictions: GEMINI, ...fields });
  const take = (order: Partial<InventoryOrder> = {}) =>
    inventory(
      { ...on.ports, issuer, meter, reader },
      { projects: [project], keyProjects: [project], scopes: [SCOPE], concurrency: 2, ...order },
      () => undefined,
    );
  const characters = async (name: string) => (await issuer.keyString(name)).reveal();
  return { ...on, issuer, meter, reader, accounts, asked, plant, take, characters };
}
