import type { AtRisk } from '../../core/alerts/secret-warning.ts';
import { deepIsDue } from '../../core/health/deep-schedule.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Found } from '../listing/gather.ts';
import type { SecretScope } from '../ports/ports.ts';
import { aheadIn, tellAhead, type Ahead, type AheadOrder } from './tell-ahead.ts';
import { risksTo, warnOfRisks, type RiskPorts } from './warn-of-risks.ts';

/** Which projects, how often, and what else decides what is told. */
export interface DailyOrder extends AheadOrder {
  readonly scopes: readonly SecretScope[];
  readonly runEveryMinutes: number;
}

/** Hears of every secret of a run, and tells what is told of them once a day. */
export interface DailyLook {
  /** Those whose moment lies in this run. */
  readonly scopes: readonly SecretScope[];
  listed(found: Found): void;
  /** Answers what could not be told. */
  tell(ports: RiskPorts): Promise<readonly string[]>;
}

/** The look of the projects whose moment in the day lies in this run: the moment is a project’s own. */
export function dailyLook(order: DailyOrder, now: Instant): DailyLook {
  const projects = new Set(order.scopes.map(({ project }) => project));
  const due = new Map(
    [...projects]
      .filter((project) => deepIsDue(project, 24, order.runEveryMinutes, now))
      .map((project) => [project, { atRisk: new Array<AtRisk>(), ahead: new Array<Ahead>() }] as const),
  );
  return {
    scopes: order.scopes.filter(({ project }) => due.has(project)),
    listed(found) {
      const seen = due.get(found.project);
      if (seen === undefined) return;
      seen.atRisk.push(...risksTo(found.sighting, order.secretPolicy, now));
      const ahead = aheadIn(found, order, now);
      if (ahead !== undefined) seen.ahead.push(ahead);
    },
    async tell(ports) {
      const problems: string[] = [];
      for (const [project, { atRisk }] of due)
        problems.push(...(await warnOfRisks(ports, project, order.scopes, atRisk, now)));
      for (const { ahead } of due.values()) problems.push(...(await tellAhead(ports.announcer, ahead)));
      return problems;
    },
  };
}
