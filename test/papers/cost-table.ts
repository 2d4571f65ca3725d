import { costOf, PRICES, usageOf } from './cost.ts';
import { table } from './generated.ts';

const FLEETS = [1, 100, 10_000] as const;

/** The block of docs/cost.md: what is used, and what Secret Manager charges for it. */
export function costTable(): string {
  const fleets = FLEETS.map(usageOf);
  const row = (what: string, figure: (usage: (typeof fleets)[number]) => string) => [what, ...fleets.map(figure)];
  const dollars = (amount: number) => `$${amount.toFixed(2)}`;
  const { free, versionMonth, accesses10k, rotationNotice } = PRICES;
  return table(
    ['a month', ...FLEETS.map((keys) => `${count(keys)} ${keys === 1 ? 'key' : 'keys'}`)],
    [
      row('runs of the check', ({ runs }) => count(runs)),
      row('accesses of Secret Manager, and as many requests to Gemini', ({ accesses }) => count(accesses)),
      row('of these, requests that spend a token', ({ deepProbes }) => count(deepProbes)),
      row('rotations by age', ({ rotations }) => count(rotations)),
      row('active versions, on average', ({ versions }) => count(versions)),
      row(`versions: (used − ${free.versions}) × $${versionMonth}`, (usage) => dollars(costOf(usage).versions)),
      row(`accesses: (used − ${count(free.accesses)}) ÷ 10,000 × $${accesses10k}`, (usage) =>
        dollars(costOf(usage).accesses),
      ),
      row(`rotation notices: (used − ${free.notices}) × $${rotationNotice}`, (usage) => dollars(costOf(usage).notices)),
      row('**Secret Manager, in all**', (usage) => `**${dollars(costOf(usage).sum)}**`),
    ],
  );
}

function count(amount: number): string {
  return amount.toLocaleString('en-GB', { maximumFractionDigits: amount < 1000 ? 2 : 0 });
}
