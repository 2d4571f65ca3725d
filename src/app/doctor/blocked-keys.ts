import { remedyOf } from '../../core/causes/causes.ts';
import { valuesOf } from '../../core/causes/names.ts';
import { passageOfStep } from '../../core/causes/step.ts';
import { toldApis } from '../../core/google/key-restrictions.ts';
import { parseKeyName } from '../../core/google/resource-names.ts';
import { partsOf, type Passage } from '../../core/values/passage.ts';
import { apisAtIssuer } from '../keys/allowed-apis.ts';
import type { Issuer } from '../ports/ports.ts';
import type { Check } from './checklist.ts';
import type { Source, SourceFinding } from './doctor.ts';

/** What is seen of the keys that Google refuses for their list of APIs, and the next steps for each. */
export interface BlockedKeys {
  readonly checks: readonly Check[];
  readonly advice: readonly Passage[];
}

/**
 * Looks such keys up at their issuer, where the caller may: a command replaces the whole list, so it is told whole or not at
 * all. `findings` are of `sources`, one each; a key whose project the answer does not name is looked for in `projects`.
 */
export async function blockedKeys(
  issuer: Pick<Issuer, 'list' | 'keyString'>,
  sources: readonly Source[],
  findings: readonly SourceFinding[],
  projects: readonly string[],
): Promise<BlockedKeys> {
  const apisOf = apisAtIssuer(issuer);
  const checks: Check[] = [];
  const advice: Passage[] = [];
  for (const [at, { title, diagnosis, sameAs, keyKind }] of findings.entries()) {
    const bytes = sources[at]?.bytes;
    if (diagnosis?.cause !== 'api_blocked' || sameAs !== undefined || bytes === undefined) continue;
    const [project, ...others] = diagnosis.keyProject === undefined ? projects : [diagnosis.keyProject];
    const seen =
      project === undefined || others.length > 0
        ? { notSeen: 'which project owns the key is not known: name it with --project' }
        : await apisOf({ bytes, project });
    const question = `the Gemini API is in the list of ${title}`;
    checks.push(
      'notSeen' in seen
        ? { state: 'not_looked', title: question, says: seen.notSeen }
        : { state: 'no', title: question, says: toldApis(seen.apis) },
    );
    const key = 'keyName' in seen ? parseKeyName(seen.keyName) : undefined;
    const apiTargets = 'apis' in seen ? seen.apis.flags : undefined;
    const values = valuesOf({ keyProject: key?.project ?? diagnosis.keyProject, keyId: key?.id, keyKind, apiTargets });
    advice.push(
      ...remedyOf('api_blocked', values)
        .filter(isAboutList)
        .map((step) => [`${title}:`, ...partsOf(passageOfStep(step))]),
    );
  }
  return { checks, advice };
}

/** The steps at the issuer. */
function isAboutList({ for: who }: { readonly for: string }): boolean {
  return who === 'key-owner';
}
