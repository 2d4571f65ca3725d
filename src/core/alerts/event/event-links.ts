import { GLOBAL, parseSecretName } from '../../google/resource-names.ts';
import { projectOfSource } from './source.ts';
import type { EventData, EventOrigin } from './event-shape.ts';

/** A page about what an event says, ready to be opened: https, and what is in it comes from names that were checked. */
export interface EventLink {
  readonly name: string;
  readonly url: string;
}

const DASHBOARD = 'Dashboard';

/** Whether a page is about all secrets, and not about the one of its event. */
export function isAboutAll({ name }: EventLink): boolean {
  return name === DASHBOARD;
}

const CONSOLE = 'https://console.cloud.google.com';

/** The pages about an event: the secret's versions, the worker's log lines about it since then, and the dashboard. */
export function linksOf(
  { secret, project, since }: Pick<EventData, 'secret' | 'project' | 'since'>,
  { source, dashboard }: EventOrigin,
): readonly EventLink[] {
  const id = secret === undefined ? undefined : parseSecretName(secret);
  const ours = projectOfSource(source);
  return [
    ...(id === undefined ? [] : [{ name: 'Versions', url: versionsUrl(id, project ?? id.project) }]),
    ...(secret === undefined || id === undefined || ours === undefined
      ? []
      : [{ name: 'Logs', url: logsUrl(secret, since, ours) }]),
    ...(dashboard === undefined ? [] : [{ name: DASHBOARD, url: dashboard }]),
  ];
}

/** A regional secret's own page has an address that is not documented, so that the list is what can be linked. */
function versionsUrl({ secret, location }: { readonly secret: string; readonly location: string }, project: string) {
  const page = location === GLOBAL ? `/secret/${encodeURIComponent(secret)}/versions` : '';
  return `${CONSOLE}/security/secret-manager${page}?project=${encodeURIComponent(project)}`;
}

/** A query that names its own time is shown from then on, whatever the page was set to. */
function logsUrl(secret: string, since: string | undefined, project: string): string {
  const query = [`labels.secret="${secret}"`, ...(since === undefined ? [] : [`timestamp>="${since}"`])].join('\n');
  return `${CONSOLE}/logs/query;query=${encodeURIComponent(query)}?project=${encodeURIComponent(project)}`;
}

/** Every page of an event, the runbook first where it is an address. */
export function pagesOf({ runbook, links = [] }: EventData): readonly EventLink[] {
  return [...(isAddress(runbook) ? [{ name: 'Runbook', url: runbook }] : []), ...links];
}

/** Whether a runbook can be opened, or is only named: `docs/runbook.md#key_leaked`. */
export function isAddress(runbook: string): boolean {
  return runbook.startsWith('https://');
}
