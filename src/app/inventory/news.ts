import { isRecord, parseJson } from '../../core/values/json.ts';
import { INVENTORY_SCHEMA } from './inventory-json.ts';
import type { InventoryLine } from './inventory.ts';

/** The findings of an earlier inventory, each by its key and its kind. */
export type EarlierFindings = ReadonlySet<string>;

/** Reads the findings out of what an earlier `inventory --json` printed; `undefined` for anything else. */
export function earlierFindings(text: string): EarlierFindings | undefined {
  const earlier = parseJson(text);
  if (!isRecord(earlier) || earlier['schema'] !== INVENTORY_SCHEMA || !Array.isArray(earlier['keys'])) return undefined;
  const keys: readonly unknown[] = earlier['keys'];
  return new Set(
    keys.filter(isRecord).flatMap(({ uid, findings }) => {
      const found: readonly unknown[] = Array.isArray(findings) ? findings : [];
      return found.filter(isRecord).map(({ kind }) => `${String(uid)} ${String(kind)}`);
    }),
  );
}

/** The same lines with the findings alone that were not there before: of what somebody was told once nothing is said again. */
export function newsIn(lines: readonly InventoryLine[], earlier: EarlierFindings): readonly InventoryLine[] {
  return lines.map(({ key, findings }) => ({
    key,
    findings: findings.filter(({ kind }) => !earlier.has(`${key.uid} ${kind}`)),
  }));
}
