import { buildServerAdvice } from '../../app/doctor/build-server-advice.ts';
import { conclusions, examine, type Source, type SourceFinding } from '../../app/doctor/doctor.ts';
import { storeSource } from '../../app/doctor/elsewhere.ts';
import type { PlaceReader } from '../../app/ports/place-reader.ts';
import { isBehind, saysOf } from '../../app/doctor/kinship.ts';
import { withKinships } from '../../app/doctor/with-kinships.ts';
import type { SecretName } from '../../app/ports/ports.ts';
import { parseKeyPlace, type KeyPlace } from '../../core/consumers/key-place.ts';
import { redact } from '../../core/key/redact.ts';
import type { Passage } from '../../core/values/passage.ts';
import type { Wired } from '../../wire.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { envFileVariable, fileSource } from './env-files.ts';

/** A place that somebody named with `--from`, and how. */
export interface NamedPlace {
  readonly title: string;
  readonly place: KeyPlace;
}

/** Reads what `--from` names before anything is asked. Ends with code 2 for what names no place, and for a key in its place (I9). */
export function placesNamed(texts: readonly string[]): readonly NamedPlace[] {
  return texts.map((title) => {
    if (redact(title) !== title) throw new Stop(2, '--from was given a key, and it went nowhere; find takes keys');
    const place = parseKeyPlace(title);
    if (typeof place === 'string') throw new Stop(2, `--from ${title}: ${place}`);
    return { title, place };
  });
}

/** The variables among them. */
export function variablesNamed(places: readonly NamedPlace[]): readonly string[] {
  return places.flatMap(({ place }) => (place.kind === 'env' ? [place.name] : []));
}

/** What is in each of them, of which somebody said that a key is there; `environment` is that of the program that is looked at. */
export async function sourcesAt(
  places: readonly NamedPlace[],
  environment: Terminal['environment'],
  reader: PlaceReader,
): Promise<readonly Source[]> {
  const sources = await Promise.all(places.map((named) => sourceAt(named, environment, reader)));
  return sources.map((source) =>
    source.bytes === undefined && source.unreadable === undefined
      ? { ...source, unreadable: 'nothing is there', barred: true }
      : source,
  );
}

async function sourceAt(
  { title, place }: NamedPlace,
  environment: Terminal['environment'],
  reader: PlaceReader,
): Promise<Source> {
  if (place.kind === 'env') {
    const value = environment[place.name];
    return { title, place: 'environment', bytes: value === undefined ? undefined : Buffer.from(value) };
  }
  if (place.kind !== 'file') return storeSource(reader, title, place);
  const { path, variable } = place;
  return { ...(variable === undefined ? await fileSource(path) : await envFileVariable(path, variable)), title };
}

/** What places hold, and the next step for each that is not as it should be. */
export interface Elsewhere {
  readonly findings: readonly SourceFinding[];
  readonly advice: readonly Passage[];
}

/** Looks at places beside these secrets, whose own keys somebody else looks at. */
export async function lookElsewhere(
  { environment }: Pick<Terminal, 'environment'>,
  { ports, placeReader }: Pick<Wired, 'ports' | 'placeReader'>,
  places: readonly NamedPlace[],
  secrets: readonly SecretName[],
): Promise<Elsewhere> {
  const sources = await sourcesAt(places, environment, placeReader);
  const examined = await examine(ports, sources, () => undefined);
  const findings = await withKinships(ports.vault, secrets, sources, examined);
  const kinships = findings.flatMap(({ title, kinship }) =>
    kinship === undefined || kinship.is === 'current' ? [] : [`${title} ${saysOf(kinship)}.`],
  );
  const unread = findings.flatMap(({ title, detail }) => (detail === undefined ? [] : [`${title}: ${detail}`]));
  const onServer = buildServerAdvice(environment, variablesNamed(places), findings);
  return { findings, advice: [...unread, ...kinships, ...conclusions(findings), ...onServer] };
}

/** As of `check`: 1 a key is bad, 4 something to set right, such as a copy that was left behind, 3 could not tell. */
export function codeOfPlaces(findings: readonly SourceFinding[]): 0 | 1 | 3 | 4 {
  const verdicts = findings.map(({ diagnosis }) => diagnosis?.verdict);
  const states = findings.map(({ state }) => state);
  if (states.includes('unusable') || verdicts.includes('dead') || verdicts.includes('blocked')) return 1;
  if (findings.some(({ kinship, barred }) => barred || (kinship !== undefined && isBehind(kinship)))) return 4;
  return states.includes('unreadable') || verdicts.includes('unclear') ? 3 : 0;
}

/** The code of what came to several: the one that most needs somebody. */
export function worstOf(...codes: readonly (0 | 1 | 3 | 4)[]): 0 | 1 | 3 | 4 {
  return BY_NEED.find((code) => codes.includes(code)) ?? 0;
}

const BY_NEED = [1, 4, 3] as const;
