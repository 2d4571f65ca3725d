import type { SourceFinding } from '../../app/doctor/doctor.ts';
import type { Passage } from '../../core/values/passage.ts';
import { columns } from './columns.ts';
import { laidOut } from './layout.ts';
import { painter, type Terminal } from './terminal.ts';

/** What every place holds, and what Google says of it, without a byte of a key. */
export function showPlaces(terminal: Terminal, findings: readonly SourceFinding[]): void {
  const paint = painter(terminal);
  terminal.out(
    `${columns(terminal, [
      ['PLACE', 'HOLDS', 'VERDICT', 'CAUSE'].map((title) => paint('dim', title)),
      ...findings.map((finding) => [
        finding.title,
        holds(finding),
        finding.diagnosis?.verdict ?? '-',
        finding.diagnosis?.cause ?? '-',
      ]),
    ])}\n`,
  );
}

function holds({ state, detail, keyKind, sameAs }: SourceFinding): string {
  if (state !== 'key')
    return detail ?? { absent: 'nothing', unreadable: 'cannot be read', unusable: 'no usable key' }[state];
  return sameAs === undefined ? `a key (${keyKind})` : `the same key as ${sameAs}`;
}

/** The next steps, one below the other. */
export function showAdvice(terminal: Terminal, advice: readonly Passage[]): void {
  const paint = painter(terminal);
  for (const line of advice) terminal.out(`${paint('yellow', '→')} ${laidOut(terminal, line, 2)}\n`);
}
