import type { HeardRequest } from '../../../src/emulator/wire/request-log.ts';

const SECOND_MS = 1_000;
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** As messages spell a moment. */
const SPOKEN = /(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g;

/** Gives things that are drawn anew in every run a name that a reader can follow. */
export interface Telling {
  /** Hours, minutes and seconds since the walk began. */
  time(moment: number): string;
  /** Replaces moments, resource names and ids in a text. */
  text(text: string): string;
  /** One call: which service, method, resource, and the status where it was not a plain success. */
  call(heard: HeardRequest, key: string | undefined): string;
}

/** `keyNames` says what each key is called now: its id and its uid, with the name. */
export function telling(begun: number, keyNames: () => readonly (readonly [string, string])[]): Telling {
  const rotations: string[] = [];
  const time = (moment: number): string => {
    const seconds = Math.round(Math.abs(moment - begun) / SECOND_MS);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const two = (number: number) => String(number).padStart(2, '0');
    return `${moment < begun ? '-' : ''}${hours}:${two(minutes)}:${two(seconds % 60)}`;
  };
  const rotation = (id: string): string => {
    if (!rotations.includes(id)) rotations.push(id);
    return `rotation-${rotations.indexOf(id) + 1}`;
  };
  const text = (given: string): string =>
    keyNames()
      .reduce((told, [id, name]) => told.replaceAll(id, name), given)
      .replaceAll('the key with uid the ', 'the ')
      .replace(ISO, (iso) => time(Date.parse(iso)))
      .replace(SPOKEN, (_, day: string, minute: string) => time(Date.parse(`${day}T${minute}Z`)))
      .replace(/\bkw-[a-z0-9]+-[a-z0-9]+/g, rotation)
      .replace(/projects\/[\w-]+\/secrets\//g, '');
  return {
    time,
    text,
    call({ api, method, path, query, status }, key) {
      const window = query['interval.startTime'] ?? '';
      const about =
        api === 'monitoring'
          ? ` of ${text(/apikey:([\w-]+)/.exec(query['filter'] ?? '')?.[1] ?? '?')} from ${text(window)} to ${text(query['interval.endTime'] ?? '')}`
          : '';
      const mask = query['updateMask'];
      const what = [
        text(resourceOf(path)),
        about,
        mask === undefined ? '' : ` (${mask.replace('versionAliases', 'aliases').replaceAll(',', ', ')})`,
        query['filter'] === undefined || api === 'monitoring' ? '' : ` where ${query['filter']}`,
        key === undefined ? '' : ` with ${key}`,
        status === 200 ? '' : status === 0 ? ' → no answer' : ` → ${status}`,
      ];
      return `${SERVICES[api].padEnd(14)}  ${method.padEnd(6)}  ${what.join('')}`;
    },
  };
}

const SERVICES = {
  secretmanager: 'Secret Manager',
  apikeys: 'API Keys',
  monitoring: 'Monitoring',
  gemini: 'Gemini',
  pubsub: 'Pub/Sub',
  scheduler: 'Scheduler',
  assets: 'Cloud Asset Inventory',
  run: 'Run',
  functions: 'Functions',
  deployment: 'Deployment',
  oidc: 'OIDC',
  control: '',
} as const satisfies Record<HeardRequest['api'], string>;

/** A path without version and project, in words where a word is shorter. */
function resourceOf(path: string): string {
  return path
    .replace(/^\/v\w+\//, '')
    .replace(/^projects\/[\w-]+\/(?:locations\/global\/)?/, '')
    .replace(/^secrets\/([\w-]+)\/versions\/(\w+)/, 'version $2')
    .replace(/^secrets\/([\w-]+)\/versions$/, 'versions')
    .replace(/^secrets\/([\w-]+)/, 'secret')
    .replace(/^keys\/([\w-]+)/, '$1')
    .replace(/^(operations)\/.*$/, '$1/…')
    .replace(/^models\/[\w.-]+/, 'model');
}
