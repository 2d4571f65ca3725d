const PREFIX = '//gemini-key-warden/projects/';

/** CloudEvents' `source` of the deployment in this project; `-` where no project is known. */
export function sourceOf(project: string): string {
  return `${PREFIX}${project}`;
}

/** The project of the deployment that an event comes from, where it is known. */
export function projectOfSource(source: string): string | undefined {
  const project = source.startsWith(PREFIX) ? source.slice(PREFIX.length) : '';
  return /^[a-z0-9][a-z0-9.:-]*$/.test(project) ? project : undefined;
}
