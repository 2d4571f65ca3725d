/** How a build server is told of trouble, beside what is printed for people. */
export const ANNOTATION_FORMS = ['github', 'none'] as const;
export type AnnotationForm = (typeof ANNOTATION_FORMS)[number];

/** The form that the build server reads in which this runs, as it says in its variables. */
export function annotationsHere(environment: Readonly<Record<string, string | undefined>>): AnnotationForm {
  return environment['GITHUB_ACTIONS'] === 'true' ? 'github' : 'none';
}
