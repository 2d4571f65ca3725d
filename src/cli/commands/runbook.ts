import { runbookText } from '../show/runbook-text.ts';
import { laidOut } from '../show/layout.ts';
import { laidOutSection } from '../show/runbook-layout.ts';
import { sectionNamed, sectionsOf } from '../show/runbook-sections.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `runbook --json` prints. */
const RUNBOOK_SCHEMA = 'key-warden/runbook/v1';

/** Where somebody begins who knows no name yet. */
const TREE = 'where to start';

/** Prints a section of the runbook of this very release: without a clone, a network or an account. */
export function runbook(terminal: Terminal, words: readonly string[], { json }: { readonly json: boolean }): 0 {
  const sections = sectionsOf(runbookText());
  const given = words.join(' ');
  const found = sectionNamed(sections, given === '' ? TREE : given);
  if ('meant' in found) {
    const { meant } = found;
    const hint = meant.length === 0 ? 'key-warden runbook lists all' : `did you mean ${meant.join(', ')}?`;
    throw new Stop(2, `the runbook has no section ${JSON.stringify(given)}; ${hint}`);
  }
  if (json) {
    const shown = given === '' ? sections : [found.section];
    terminal.out(`${JSON.stringify({ schema: RUNBOOK_SCHEMA, sections: shown }, null, 2)}\n`);
    return 0;
  }
  terminal.out(laidOutSection(found.section, terminal));
  if (given === '') {
    const names = sections.map(({ anchor }) => anchor).join(', ');
    terminal.out(`\n${laidOut(terminal, `All sections: ${names}`, 0)}\n`);
  }
  return 0;
}
