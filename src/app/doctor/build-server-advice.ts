import { onBuildServer, type VariableTrouble } from '../../core/consumers/build-servers.ts';
import type { SourceFinding } from './doctor.ts';
import { isBehind } from './kinship.ts';

/**
 * On a build server, where the variable of a key is set and what comes to a build otherwise than to a person's machine. Of
 * `named`, the variables in which a key is wanted; `findings` are of all places.
 */
export function buildServerAdvice(
  environment: Readonly<Record<string, string | undefined>>,
  named: readonly string[],
  findings: readonly SourceFinding[],
): readonly string[] {
  return named.flatMap((name) => {
    const found = findings.find(({ title }) => title === name || title === `env:${name}`);
    const trouble = found && troubleOf(found);
    return trouble === undefined ? [] : onBuildServer(environment, name, trouble);
  });
}

function troubleOf({ state, lint, diagnosis, kinship }: SourceFinding): VariableTrouble | undefined {
  if (state === 'absent' || state === 'unreadable' || lint.some(({ kind }) => kind === 'empty')) return 'absent';
  if (lint.length > 0) return 'unclean';
  const isOld = kinship !== undefined && isBehind(kinship);
  return isOld || diagnosis?.verdict === 'dead' ? 'behind' : undefined;
}
