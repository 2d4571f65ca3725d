import { DEPLOYMENT_ROWS } from '../../src/app/doctor/deployment/deployment.ts';
import { LOOKS, type LookName } from '../../src/app/doctor/deployment/looks.ts';
import type { Look } from '../../src/app/ports/google-reader.ts';
import { table } from './generated.ts';

/** The block of docs/reference/deployment.md: what `doctor --deployment` looks for, and what whoever runs it needs. */
export function deployedTable(): string {
  const rows = Object.entries(DEPLOYMENT_ROWS).flatMap(([address, row]) =>
    'leavesNothing' in row
      ? []
      : [[row.title, `\`${address}\``, row.shownBy.map((look) => `\`${permissionOf(look)}\``).join(', ')]],
  );
  return table(['what', 'made by', 'you need'], rows);
}

/** Whatever a look is about, it needs the same permission. */
function permissionOf(name: LookName): string {
  const look: (...names: readonly string[]) => Look = (...names) => Reflect.apply(LOOKS[name], undefined, names);
  return look('p', 'global', 'x', 'y').permission;
}
