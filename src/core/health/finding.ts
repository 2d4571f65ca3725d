import { CAUSES, type Cause } from '../causes/causes.ts';
import { valuesOf, type RemedyNames } from '../causes/names.ts';
import type { KeyKind } from '../key/key-text.ts';
import { GLOBAL, parseKeyName, parseSecretName } from '../google/resource-names.ts';
import type { LintFinding } from '../key/lint-finding.ts';
import type { SlotValues } from '../values/command.ts';
import type { Diagnosis } from '../classify/classify.ts';

/** How far a check got: `none` (no request was made), `shallow` (the key authenticates), `deep` (it spent a token). */
export const DEPTHS = ['none', 'shallow', 'deep'] as const;
export type Depth = (typeof DEPTHS)[number];

/** What one run found out about one secret. Holds no key byte, so it may be logged, sent and printed whole. */
export interface Finding {
  /** Full resource name; with the project's number once Secret Manager has answered. */
  readonly secret: string;
  /** The project as it was asked for, usually its id: what commands for people carry. */
  readonly project: string;
  /** The version that was read, or that `current` names where it could not be; absent when neither is known. */
  readonly version?: number | undefined;
  /** What consumers read: the alias `current`, or `latest` where that alias was never set. */
  readonly readAs: string;
  readonly keyKind?: KeyKind | undefined;
  /** The key's name at its issuer, where a rotation left it on record. */
  readonly keyName?: string | undefined;
  /** Where its list of APIs was looked at: those besides the Gemini API, as gcloud has to be told. */
  readonly apiTargets?: readonly string[] | undefined;
  readonly depth: Depth;
  /** Answers from Gemini that the diagnosis rests on. */
  readonly answers: number;
  readonly diagnosis: Diagnosis;
  readonly lint: readonly LintFinding[];
  /** What is worth knowing and is not the diagnosis: a legacy key type, a policy that could not be read. */
  readonly notes: readonly string[];
}

/** A diagnosis that comes from us rather than from Gemini, such as a secret that could not be read. */
export function diagnosisOf(cause: Cause, message: string): Diagnosis {
  const { verdict, definitive } = CAUSES[cause];
  return { verdict, cause, definitive, message };
}

/** What is known of the secret that commands are about. */
export function namesOf({ secret, project, version }: About): RemedyNames {
  const id = parseSecretName(secret);
  return {
    project,
    secret: id?.secret ?? secret,
    ...(id === undefined || id.location === GLOBAL ? {} : { location: id.location }),
    ...(version === undefined ? {} : { version: String(version) }),
  };
}

type About = Pick<Finding, 'secret' | 'project' | 'version'>;

/** What commands about the secret, and about no key of it, are filled with. */
export function valuesAbout(about: About): SlotValues {
  return valuesOf(namesOf(about));
}

/**
 * What a remedy is filled with. The answer itself says whose the key is; what is on record is believed about the key as
 * long as it does not name another project.
 */
export function valuesFor(
  finding: Pick<Finding, keyof About | 'keyName' | 'keyKind' | 'apiTargets' | 'diagnosis'>,
): SlotValues {
  const told = finding.diagnosis.keyProject;
  const issued = parseKeyName(finding.keyName ?? '');
  const key = issued === undefined || (told !== undefined && told !== issued.project) ? undefined : issued;
  const { keyKind, apiTargets } = finding;
  return valuesOf({ ...namesOf(finding), keyProject: told ?? key?.project, keyId: key?.id, keyKind, apiTargets });
}
