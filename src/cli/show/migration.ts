import { countsOf } from '../../app/migration/migration-json.ts';
import type { Migration, MigrationStep } from '../../app/migration/plan.ts';
import { INVENTORY, MIGRATE_BEGIN } from '../../core/causes/commands.ts';
import type { MigrationState } from '../../core/inventory/migration.ts';
import { passageOf, shellText } from '../../core/values/command.ts';
import { partsOf } from '../../core/values/passage.ts';
import { plural } from '../../core/values/plural.ts';
import { laidOut, saidBehind } from './layout.ts';
import { idOf } from './report.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

const COLOUR = {
  done: 'green',
  under_way: 'cyan',
  held: 'red',
  ready: 'dim',
  blocked: 'yellow',
} as const satisfies Record<MigrationState, Parameters<Paint>[0]>;

/** Further ones are like the last of these. */
const WAVES_SHOWN = 3;

/** What was typed, so that the next command says the same. */
export interface MigrationWords {
  readonly verbose: boolean;
  readonly begin: boolean;
  readonly project?: readonly string[] | undefined;
  readonly serviceAccount?: string | undefined;
  readonly dropTargets: boolean;
}

/** The plan for people: how far it is, what goes next, and what is missing, with what mends it. */
export function showMigration(
  terminal: Terminal,
  { steps, waves, outside, notes, notLooked }: Migration,
  given: MigrationWords,
): void {
  const { verbose, begin } = given;
  const paint = painter(terminal);
  const counts = Object.entries(countsOf(steps)).filter(([, count]) => count > 0);
  const told = counts.map(([state, count]) => `${count} ${state.replace('_', ' ')}`).join(', ');
  terminal.out(`${plural(steps.length, 'secret')}${told === '' ? '' : `: ${told}`}\n`);
  for (const step of steps)
    if (verbose || ['held', 'under_way', 'blocked'].includes(step.state)) showStep(terminal, step, paint);
  for (const [at, wave] of waves.slice(0, WAVES_SHOWN).entries())
    terminal.out(saidBehind(terminal, paint('bold', `wave ${at + 1}`), wave.map(idOf).join(', ')));
  if (waves.length > WAVES_SHOWN) terminal.out(`and ${plural(waves.length - WAVES_SHOWN, 'more wave')}\n`);
  if (outside > 0)
    terminal.out(
      `no secret under care serves ${plural(outside, 'legacy key')} of these projects: ${shellText(INVENTORY, {})}\n`,
    );
  for (const note of notes) terminal.out(saidBehind(terminal, 'note', note));
  for (const why of notLooked) terminal.out(saidBehind(terminal, paint('yellow', 'not looked at'), why));
  if (waves.length > 0 && !begin) terminal.out(`the next wave begins with: ${beginText(given)}\n`);
}

function beginText({ project = [], serviceAccount, dropTargets }: MigrationWords): string {
  const projects = project.flatMap((one) => ['--project', one]);
  const words = [...MIGRATE_BEGIN.words, ...projects, ...(dropTargets ? ['--drop-targets'] : [])];
  return shellText({ words }, { account: serviceAccount === undefined ? [] : [`--service-account=${serviceAccount}`] });
}

function showStep(terminal: Terminal, { secret, state, why, lacks }: MigrationStep, paint: Paint): void {
  const head = paint(COLOUR[state], state.replace('_', ' '));
  terminal.out(saidBehind(terminal, head, why === '' ? idOf(secret) : `${idOf(secret)}: ${why}`));
  for (const { kind, says, cure } of lacks)
    terminal.out(`  ${laidOut(terminal, [`${kind}: ${says}.`, ...partsOf(passageOf(cure))], 2)}\n`);
}
