import { isBarred, type Fault } from '../../app/ports/fault.ts';
import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { boundedPages } from '../google/pages.ts';
import { listIn, nextPageIn, type GoogleRest } from '../google/rest.ts';
import { repeatedly, type Patience } from '../google/retry.ts';
import { lastOf } from './fields.ts';

/** The two APIs, and how patiently they are asked. */
export interface Parts {
  readonly run: GoogleRest;
  readonly functions: GoogleRest;
  readonly patience: Patience;
}

/** One list or resource: what it is called in a sentence, and what it takes. */
export interface Look {
  readonly path: string;
  readonly doing: string;
  readonly permission: string;
  readonly project: string;
}

/** What was looked at, and what not. */
export interface Notes {
  readonly notLooked: string[];
  barred: boolean;
}

const PAGE = '100';

/** The items of a list to its end, and the places that it did not reach. */
export async function allOf(parts: Parts, api: GoogleRest, { path, project, ...asked }: Look, field: string) {
  const items: JsonRecord[] = [];
  const unreachable: string[] = [];
  const pages = boundedPages(async (pageToken) => {
    const query = { pageSize: PAGE, ...(pageToken === '' ? {} : { pageToken }) };
    const call = { method: 'GET', path, query, project } as const;
    const page = await repeatedly(parts.patience, () => api.ask(call, asked));
    unreachable.push(...listIn(page, 'unreachable', asked).filter((place) => typeof place === 'string'));
    return { items: listIn(page, field, asked), next: nextPageIn(page) };
  });
  for await (const page of pages) items.push(...page.filter(isRecord));
  return { items, unreachable };
}

/** One resource. */
export function one(parts: Parts, { path, project, ...asked }: Look): Promise<JsonRecord> {
  return repeatedly(parts.patience, () => parts.run.ask({ method: 'GET', path, project }, asked));
}

/** Notes that something was not looked at, and why. */
export function note(notes: Notes, fault: Fault): void {
  notes.notLooked.push(fault.message);
  notes.barred ||= isBarred(fault);
}

/** Notes the places that a list names as not reached. */
export function noteUnreachable(
  { notLooked }: Notes,
  places: readonly string[],
  plural: string,
  project: string,
): void {
  for (const place of places) notLooked.push(`${plural} of ${project} in ${lastOf(place)} could not be reached`);
}
