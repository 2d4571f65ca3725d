import { Fault } from '../../app/ports/fault.ts';
import { redact } from '../../core/key/redact.ts';

/** An API key's full name, and the project in it, by id or number as it was given. */
export interface KeyPlace {
  readonly name: string;
  readonly project: string;
  readonly id: string;
}

const PROJECT = '[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?';
const PROJECT_ALONE = new RegExp(`^${PROJECT}$`);
const KEY_NAME = new RegExp(
  `^projects/(?<project>${PROJECT})/locations/global/keys/(?<id>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$`,
);

/** What keys are made in and listed under. Throws `invalid` for what is not a project: it becomes part of a URL. */
export function keysOf(project: string): string {
  return `${projectAt(project)}/locations/global/keys`;
}

/** `projects/<id or number>`. Throws `invalid` for anything else. */
export function projectAt(project: string): string {
  if (PROJECT_ALONE.test(project)) return `projects/${project}`;
  throw new Fault('invalid', `"${redact(project)}" is not a project. Write its id or its number.`);
}

/** Throws `invalid` for what is not the name of an API key, such as the key itself, which the message then leaves out. */
export function keyAt(name: string): KeyPlace {
  const { project, id } = KEY_NAME.exec(name)?.groups ?? {};
  if (project !== undefined && id !== undefined) return { name, project, id };
  throw new Fault(
    'invalid',
    `"${redact(name)}" is not the name of an API key. Write projects/<project>/locations/global/keys/<key id>.`,
  );
}
