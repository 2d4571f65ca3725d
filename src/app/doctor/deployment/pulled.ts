import { isForCommands } from '../../../core/settings/config-file.ts';
import { CALLED_FUNCTIONS } from '../../../core/settings/function-urls.ts';
import { SETTINGS } from '../../../core/settings/settings.ts';
import type { JsonRecord } from '../../../core/values/json.ts';
import { Fault } from '../../ports/fault.ts';
import type { GoogleReader, Look, Seen } from '../../ports/google-reader.ts';
import { LOOKS } from './looks.ts';
import { environmentOf, FIRST, type Deployment } from './place.ts';
import { jsonOf, recordIn, textIn } from './sighted.ts';

/** What a deployment says of itself, as far as command lines need it. */
export interface Pulled {
  readonly settings: Readonly<Record<string, string>>;
  /** Settings of a newer release, which are left out. */
  readonly unknown: readonly string[];
}

/**
 * What the functions of a deployment were told, and where they are. The one that is built first was told what all were told; of
 * the others only the address is looked at. Rejects with `Fault` where the first cannot be looked at.
 */
export async function pulledFrom(reader: GoogleReader, { name, project, region }: Deployment): Promise<Pulled> {
  const lookAt = (one: string) => LOOKS.deployedFunction(project, region, `${name}-${one}`);
  const first = await reader.read(lookAt(FIRST));
  if (typeof first === 'string') throw notSeen(first, lookAt(FIRST));
  const urls: Record<string, string> = {};
  for (const one of CALLED_FUNCTIONS) {
    const url = addressIn(one === FIRST ? first : await reader.read(lookAt(one)));
    if (url !== '') urls[one] = url;
  }
  const told = Object.entries(environmentOf(first)).filter(([variable]) => variable.startsWith('KEY_WARDEN_'));
  const texts = told.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '');
  const settings = Object.fromEntries(texts.filter(([variable]) => isForCommands(variable)));
  return {
    settings: { ...settings, KEY_WARDEN_FUNCTIONS: JSON.stringify(urls) },
    unknown: told.map(([variable]) => variable).filter((variable) => !Object.hasOwn(SETTINGS, variable)),
  };
}

/** A token is good for the address that the function itself was told, whatever else leads to it. */
function addressIn(seen: Seen): string {
  const service: JsonRecord = recordIn(jsonOf(seen), 'serviceConfig');
  return textIn(environmentOf(seen), 'KEY_WARDEN_AUDIENCE') || textIn(service, 'uri');
}

function notSeen(why: 'missing' | 'denied', { path, permission, project }: Look): Fault {
  if (why === 'denied')
    return new Fault('denied', `${path} may not be looked at by you: you lack ${permission} on ${project}.`);
  return new Fault(
    'not_found',
    `There is no function ${path.replace(/^\/v2\//, '')}. Name the worker’s own project, its region, and with --deployment the module’s \`name\` if it is not key-warden.`,
  );
}
