import { secretNamesIn } from '../core/google/resource-names.ts';
import { isRecord, parseJson } from '../core/values/json.ts';

/** What a call asks for that is about many secrets: each switch, and the secrets where some are named. */
export type FleetRequest<Switch extends string> = Readonly<Record<Switch, boolean>> & {
  readonly secrets?: readonly string[] | undefined;
};

/** Reads such a body, in which nothing else may stand; an empty one is what Cloud Scheduler sends. `why` says what it may be. */
export function fleetRequest<Switch extends string>(
  body: string,
  switches: readonly Switch[],
): FleetRequest<Switch> | { readonly why: string } {
  const value = body.trim() === '' ? {} : parseJson(body);
  const why = `the body must be empty, or an object with ${switches.join(' and ')}, true or false, and secrets, a list of full names`;
  if (!isRecord(value)) return { why };
  const { secrets, ...flags } = value;
  const names = secrets === undefined ? undefined : secretNamesIn(secrets);
  if (secrets !== undefined && names === undefined) return { why };
  if (Object.entries(flags).some(([name, on]) => !isOneOf(switches, name) || typeof on !== 'boolean')) return { why };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name is a switch, and every switch is named
  const all = Object.fromEntries(switches.map((name) => [name, flags[name] === true])) as Record<Switch, boolean>;
  return { ...all, secrets: names };
}

function isOneOf(switches: readonly string[], name: string): boolean {
  return switches.includes(name);
}
