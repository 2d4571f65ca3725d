import { CREATE_OWN_SECRET } from '../../../core/causes/commands.ts';
import { valuesOf } from '../../../core/causes/names.ts';
import type { Identity } from '../../../core/google/permissions-of-deployment.ts';
import type { SecretId } from '../../../core/google/resource-names.ts';
import { shellText } from '../../../core/values/command.ts';
import { LOOKS } from './looks.ts';
import { memberOf, type Book, type Place } from './place.ts';
import { agentOf, NO_NUMBER } from './project-rows.ts';
import { onSecrets, roleOf } from './identity-rows.ts';
import { APPLY, type MadeRow, type Rows } from './row.ts';
import { grants, unseen, type See, type Sighted } from './sighted.ts';

/** Watched secrets, and who may do what on them. */
export const SECRET_ROWS: Rows = {
  'google_secret_manager_secret.watched': {
    title: 'watched secrets',
    shownBy: ['secrets'],
    mend: 'put a secret under care with init, or name one in the secrets of the module',
    find: (place) => {
      const found = watched(place, isGlobal);
      if (found.length > 0 || place.secrets.length > 0) return found;
      const says = `is nowhere in ${place.watchedProjects.join(', ')}`;
      return [Promise.resolve({ is: 'wrong', name: 'a secret labelled key-warden=managed', says })];
    },
  },
  'google_secret_manager_regional_secret.watched': {
    title: 'watched regional secrets',
    shownBy: ['secrets'],
    mend: 'put a secret under care with init, or name one in the secrets of the module',
    find: (place) => watched(place, isRegional),
  },
  'google_secret_manager_secret_iam_member.worker': onEach('what the worker may do on each secret', isGlobal),
  'google_secret_manager_regional_secret_iam_member.worker': onEach(
    'what it may do on each regional secret',
    isRegional,
  ),
  'google_secret_manager_secret_iam_member.credential': {
    title: 'who reads addresses of channels',
    shownBy: ['secretPolicy'],
    mend: APPLY,
    find: (place, see) =>
      place.credentials.map(({ identity, name, secret: { project, location, secret } }) =>
        see(
          `policy of ${name}`,
          LOOKS.secretPolicy(project, location, secret),
          grants('roles/secretmanager.secretAccessor', memberOf(place, identity)),
        ),
      ),
  },
  'google_kms_crypto_key_iam_member.secret_manager': {
    title: 'who may use the keys of secrets',
    shownBy: ['kmsPolicy'],
    mend: APPLY,
    find: (place, see) =>
      place.secrets.flatMap(({ kmsKeys, project }) =>
        kmsKeys.map((key) => (project === place.project ? usable(place, see, key) : foreign(key))),
      ),
  },
};

function isGlobal({ location }: { readonly location: string }): boolean {
  return location === 'global';
}

function isRegional({ location }: { readonly location: string }): boolean {
  return location !== 'global';
}

function watched(place: Place, isHere: (one: { readonly location: string }) => boolean): readonly Promise<Sighted>[] {
  return [
    ...place.secrets
      .filter(isHere)
      .map(({ project, id }): Promise<Sighted> => Promise.resolve({ is: 'well', name: `${id} in ${project}` })),
    ...place.unlisted.filter(isHere).map(({ name, says }) => unseen(name, says)),
  ];
}

function onEach(title: string, isHere: (secret: { readonly location: string }) => boolean): MadeRow {
  return {
    title,
    shownBy: ['secretPolicy'],
    mend: (wrong, { books }) => {
      const book = books.find(({ secret }) => wrong.includes(policyName(secret)));
      return book === undefined
        ? NAME_IT
        : `where it is not there, ${shellText(CREATE_OWN_SECRET, valuesOf(book.secret))}; ${APPLY}`;
    },
    find: (place, see) => [
      ...place.secrets
        .filter(isHere)
        .flatMap(({ project, location, id }) =>
          onSecrets(place).map((identity) =>
            held(place, see, { secret: { project, location, secret: id }, level: 'secret' }, identity),
          ),
        ),
      ...place.books
        .filter(({ secret }) => isHere(secret))
        .flatMap((book) =>
          onSecrets(place)
            .filter((identity) => book.only === undefined || identity === book.only)
            .map((identity) => held(place, see, book, identity)),
        ),
    ],
  };
}

const NAME_IT = `name the secret in the module's existing_secrets, and ${APPLY}`;

function policyName({ project, secret }: SecretId): string {
  return `policy of ${secret} in ${project}`;
}

function held(place: Place, see: See, { secret, level }: Book, identity: Identity): Promise<Sighted> {
  const { project } = secret;
  return see(
    policyName(secret),
    LOOKS.secretPolicy(project, secret.location, secret.secret),
    grants(roleOf(place, { identity, level, project }), memberOf(place, identity)),
  );
}

function usable(place: Place, see: See, key: string): Promise<Sighted> {
  const name = `policy of ${key}`;
  const agent = agentOf(place, 'secretmanager');
  if (agent === undefined) return unseen(name, `names an agent that ${NO_NUMBER}`);
  return see(name, LOOKS.kmsPolicy(key), grants('roles/cloudkms.cryptoKeyEncrypterDecrypter', agent));
}

/** The agent of another project uses it, whose number is not known here. */
function foreign(key: string): Promise<Sighted> {
  return unseen(`policy of ${key}`, 'is for the agent of another project');
}
