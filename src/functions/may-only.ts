import type { Caller } from '../edge/process/callers.ts';
import type { Reply } from './http.ts';

/** Whether somebody who may ask for one thing alone asks for another. Looking (no mode) is for whoever approves, who has to see what. */
export function isBeyond({ only }: Caller, mode: string | undefined): boolean {
  return only !== undefined && !only.some((one) => one === (mode ?? 'approve'));
}

/** Whoever may do nothing else is told what he may do. */
export function mayOnly({ caller, only = [] }: Caller): Reply {
  const may = only.map((one) => WORDS[one]).join(' and ');
  return {
    status: 403,
    why: `${caller} may ${may}, and ask for nothing else here: that is for the list \`rotate\` of the module’s callers (KEY_WARDEN_CALLERS)`,
  };
}

const WORDS = { approve: 'approve', leaked: 'begin emergencies that reports of leaks give' } as const;
