import { parseSecretName } from '../google/resource-names.ts';
import type { SecretRead } from './consumer.ts';

/**
 * Tells the references to a secret, whose project consumers write by its id or by its number: `secret` is its name as Google spells it,
 * `projects` are the ways in which others call its project.
 */
export function meantBy(secret: string, projects: readonly string[]): (read: SecretRead) => boolean {
  const id = parseSecretName(secret);
  return (read) =>
    id !== undefined &&
    read.secret.secret === id.secret &&
    read.secret.location === id.location &&
    (read.secret.project === id.project || projects.includes(read.secret.project));
}
