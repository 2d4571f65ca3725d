import { shellText } from '../values/command.ts';
import { NAME_KEY_FIELD, STOP_MANAGING, WRITE_KEY_ALONE } from '../causes/commands.ts';
import { valuesAbout } from '../health/finding.ts';
import { formText, type KeptForm, type StoredForm } from '../key/stored-form.ts';

/** Why only the faults around a key cannot be taken off: something that consumers may read stands there. */
export function notClean(secret: string, version: number, form: KeptForm): string {
  return `version ${version} is ${formText(form)}, and --clean only takes white space and quotes off a key alone: leave it out to keep the form, or say --form bare to write ${secret} anew as the key alone`;
}

/**
 * Why a version is not rotated, and the ways out (I12): said in the same words by `init`, a dry run, `rotate`, `reconcile`
 * and a rotation that is held for it. `stored` is absent for a version that nobody can read. No byte of the value is in it (I9).
 */
export function notForRotation(
  secret: string,
  project: string,
  version: number,
  stored: Extract<StoredForm, { readonly is: 'not_kept' }> | undefined,
): string {
  const values = valuesAbout({ secret, project, version });
  const alone = `If consumers expect a key alone, which then replaces all of it: ${shellText(WRITE_KEY_ALONE, values)}`;
  const what =
    stored === undefined ? 'cannot be read any more, so nobody knows what a new one must look like' : stored.says;
  const told = `version ${version} ${what}, so it is not rotated`;
  if (stored === undefined) return `${told}. ${alone}`;
  switch (stored.why) {
    case 'several_keys':
    case 'no_such_field': {
      const [field] = stored.fields;
      if (field === undefined) return `${told}. ${alone}`;
      return `${told}. Name the field that consumers use, one of ${stored.fields.join(', ')}: ${shellText(NAME_KEY_FIELD, { ...values, keyField: field })}. ${alone}`;
    }
    case 'no_key':
      return `${told}. If it is meant to be none: ${shellText(STOP_MANAGING, values)}. ${alone}`;
    case 'other_text':
      return `${told}. Kept are a key alone, a text in JSON, and a variable in an env file. ${alone}`;
  }
}
