import { annotationOf } from '../record/secret-record.ts';
import { DESCRIBE_SECRET, REMOVE_ALIAS } from '../causes/commands.ts';
import { valuesAbout } from '../health/finding.ts';
import type { Space } from '../record/space.ts';
import { shellText } from '../values/command.ts';

/** Why a rotation is not begun where it would be stuck half way, and what makes room for it. */
export function noSpaceText(secret: string, project: string, { of, used, most, needed }: Space): string {
  const values = valuesAbout({ secret, project });
  const see = shellText(DESCRIBE_SECRET, values);
  const full =
    of === 'annotations'
      ? `its annotations take ${used} of ${most} bytes, and a rotation may need ${needed} more`
      : `it has ${used} of ${most} aliases, and a rotation needs ${needed} more, \`current\` and \`previous\``;
  const cure =
    of === 'annotations'
      ? `Remove annotations that nobody needs; those that begin with key-warden. are ours, and ${annotationOf('retired')} becomes shorter with every purge. To see them: ${see}`
      : `Remove one that nobody reads: ${shellText(REMOVE_ALIAS, values)}. To see them: ${see}`;
  return `${secret} has no room: ${full}, so nothing is begun that could not be ended. ${cure}`;
}
