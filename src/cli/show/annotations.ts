import type { Report } from '../../core/health/check-run.ts';
import { stepText } from '../../core/causes/step.ts';
import { proseOf, type Passage } from '../../core/values/passage.ts';
import { plural } from '../../core/values/plural.ts';
import type { AnnotationForm } from './annotation-form.ts';
import { idOf } from './report.ts';

const LEVELS = { dead: 'error', blocked: 'error', throttled: 'warning', unclear: 'warning' } as const;

/** A line for each key that does not work, and for what could not be looked at; GitHub shows them at the run. */
export function annotationsOf({ outages, secrets, problems }: Report, form: AnnotationForm): readonly string[] {
  if (form === 'none') return [];
  const ofSecrets = secrets.flatMap(({ verdict, secret, project, title, message, steps }) =>
    verdict === 'works'
      ? []
      : command(
          LEVELS[verdict],
          `${idOf(secret)} (${project}): ${title}`,
          [message, ...steps.slice(0, 1).map(stepText)].join('\n'),
        ),
  );
  const ofOutages = outages.map(({ project, failing, seen, cause, message }) =>
    command(
      'error',
      `${failing} of ${plural(seen, 'secret')} failed alike (${cause})`,
      `${project ?? ''}\n${message}`.trim(),
    ),
  );
  return [
    ...ofOutages,
    ...ofSecrets,
    ...problems.map((problem) => command('warning', 'not everything was checked', problem)),
  ];
}

/** A line for each thing to set right in places beside the secret. */
export function annotationsOfPlaces(advice: readonly Passage[], form: AnnotationForm): readonly string[] {
  return form === 'none' ? [] : advice.map((one) => command('warning', 'a key in another place', proseOf(one)));
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
