/**
 * What is remembered of a secret is read and written in one place: the forms in `core/record`, which the vault port calls.
 * Everybody else asks the record, so that no second reading of an annotation can come to mean something else.
 */
const AT_HOME = /^core\/record\/|^app\/ports\/|^edge\/secret-manager\/|^app\/rehearsal\/vault\.ts$/;

/** The pretend cloud stores annotations without knowing what they mean, and the API Keys API has annotations of its own. */
const ELSEWHERE = /^emulator\/|^edge\/api-keys\//;

const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /key-warden\.(?:rotation|retired|history|leaks|health|outage|project-outage|silence|policy|unread)\b/,
    'names an annotation',
  ],
  [/\b[A-Z]+(?:_[A-Z]+)*_ANNOTATION\b/, 'names an annotation'],
  [
    /\b(?:ROTATION|RETIRED|HISTORY|LEAKS|HEALTH|OUTAGE|PROJECT_OUTAGE|SILENCE|POLICY|ANNOUNCED)_FORM\b/,
    'reads or writes a form',
  ],
  [/\bannotations\s*\[(?!\w*(?:ROTATION|SECRET)_MARK\])/, 'looks an annotation up'],
  [/\bannotations\b[^{}]*\}\s*:\s*(?:Pick<)?SecretSighting/, 'takes the annotations of a secret'],
  [/\bsighting\s*:\s*\{[^}]*\bannotations\b/, 'takes the annotations of a secret'],
  [/\bannotations\b[^{}]*\}\s*=\s*(?:sighting|\(?await [\w.]*vault)/, 'takes the annotations of a secret'],
];

/** Places where somebody but the record deals with annotations of ours, one sentence each. */
export function annotationViolations(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files]
    .filter(([path]) => !AT_HOME.test(path) && !ELSEWHERE.test(path))
    .flatMap(([path, source]) =>
      RULES.flatMap(([pattern, does]) => {
        const found = pattern.exec(source.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, ''));
        return found === null ? [] : [`${path} ${does}: ${found[0]}`];
      }),
    );
}
