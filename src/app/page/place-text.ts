import { parseSecretName } from '../../core/google/resource-names.ts';

/** A secret as the page names it: its id, which is what people know it by; anything else stays as it is. */
export function placeText(name: string): string {
  return parseSecretName(name)?.secret ?? name;
}
