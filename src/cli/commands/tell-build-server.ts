import { annotationsHere, type AnnotationForm } from '../show/annotation-form.ts';
import { annotationsOf } from '../show/annotations.ts';
import type { Case } from '../show/cases.ts';
import { junitOf } from '../show/junit.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { writeWhole } from './write-whole.ts';

/** How a build server is told besides what is printed. */
export interface BuildServerOptions {
  /** As the variables of the build server say, when left out. */
  readonly annotations?: AnnotationForm | undefined;
  /** Where a report in JUnit's XML goes. */
  readonly junit?: string | undefined;
}

/** Tells GitHub Actions by lines, and whoever reads JUnit's XML by a file. */
export function tellBuildServer(
  terminal: Terminal,
  command: string,
  cases: readonly Case[],
  { annotations, junit }: BuildServerOptions,
): void {
  for (const line of annotationsOf(cases, annotations ?? annotationsHere(terminal.environment))) terminal.err(line);
  if (junit === undefined) return;
  const trouble = writeWhole(junit, junitOf(command, cases));
  if (trouble !== undefined) throw new Stop(4, `the report could not be written to ${junit} (${trouble})`);
}
