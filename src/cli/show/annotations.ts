import type { AnnotationForm } from './annotation-form.ts';
import type { Case } from './cases.ts';

const LEVELS = { wrong: 'error', open: 'warning', advice: 'warning' } as const;

/** A line for each thing that is not well; GitHub shows them at the run. */
export function annotationsOf(cases: readonly Case[], form: AnnotationForm): readonly string[] {
  if (form === 'none') return [];
  return cases.flatMap(({ is, title, text }) =>
    is === 'well' || is === 'not_looked' ? [] : command(LEVELS[is], title, text),
  );
}

/** A workflow command of GitHub Actions, in which a line end, a percent sign and, in a title, two more are spelled. */
function command(level: string, title: string, text: string): string {
  const plain = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const inTitle = title
    .replaceAll('%', '%25')
    .replaceAll(/[\r\n]/g, ' ')
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
  return `::${level} title=${inTitle}::${plain}\n`;
}
