import { Fault } from '../../app/ports/fault.ts';
import { fieldsOf, nameOf, optionalClient } from './optional-client.ts';

/** What Azure's client is made with besides its own ways. */
export interface AzureOptions {
  /** Carries the requests, in a form of Azure's own; its own connections when left out. */
  readonly httpClient?: object | undefined;
  readonly retries?: number | undefined;
}

interface IdentityLibrary {
  readonly DefaultAzureCredential: new () => object;
}

interface KeyVaultLibrary {
  readonly SecretClient: new (
    url: string,
    credential: object,
    options: object,
  ) => { getSecret(name: string, options: object): Promise<{ readonly value?: string }> };
}

/** Somebody waits at a terminal. */
const RETRIES = 2;
const CALL_MS = 30_000;

/** What a vault holds under this name, in its newest version, which is the one that is read there. */
export async function keyVaultValue(
  vault: string,
  name: string,
  { httpClient, retries = RETRIES }: AzureOptions = {},
): Promise<Uint8Array> {
  const { DefaultAzureCredential } = await optionalClient<IdentityLibrary>('@azure/identity');
  const { SecretClient } = await optionalClient<KeyVaultLibrary>('@azure/keyvault-secrets');
  const client = new SecretClient(`https://${vault.toLowerCase()}.vault.azure.net`, new DefaultAzureCredential(), {
    retryOptions: { maxRetries: retries },
    ...(httpClient === undefined ? {} : { httpClient }),
  });
  const title = `${name} in the key vault ${vault}`;
  const { value } = await client
    .getSecret(name, { abortSignal: AbortSignal.timeout(CALL_MS) })
    .catch((trouble: unknown) => {
      throw faultOf(trouble, title);
    });
  if (value === undefined) throw new Fault('unavailable', `Azure answered about ${title} without a value.`);
  return Buffer.from(value);
}

/** By the status and the inner code: a 403 alone may also be a disabled version or a firewall. */
function faultOf(trouble: unknown, title: string): Fault {
  const name = nameOf(trouble);
  const options = { cause: trouble };
  const { status, codes } = answerOf(trouble);
  if (status === undefined && isNotSignedIn(name))
    return new Fault(
      'unauthenticated',
      `Azure does not know who asks for ${title}. Sign in (az login), or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET.`,
      options,
    );
  if (status === undefined && codes.includes('ENOTFOUND'))
    return new Fault(
      'not_found',
      `There is no vault at the address of ${title}. Look whether its name is spelled right.`,
      options,
    );
  switch (status) {
    case 401:
      return new Fault(
        'unauthenticated',
        `Azure refused who asks for ${title}. Sign in to the vault's tenant (az login --tenant TENANT).`,
        options,
      );
    case 403:
      if (codes.includes('SecretDisabled'))
        return new Fault(
          'disabled',
          `The newest version of ${title} is disabled. Enable it there, or set a new one.`,
          options,
        );
      if (codes.includes('ForbiddenByFirewall') || codes.includes('ForbiddenByConnection'))
        return new Fault(
          'denied',
          `The vault's firewall lets nobody read ${title} from here. Ask from a network that it allows.`,
          options,
        );
      return new Fault(
        'denied',
        `Whoever asks may not read ${title}. It takes the role Key Vault Secrets User, or the access policy Get.`,
        options,
      );
    case 404:
      return new Fault(
        'not_found',
        `There is no secret ${title}. Look whether it is spelled right, or was deleted.`,
        options,
      );
    case 429:
      return new Fault('limited', `Azure is asked too often to answer about ${title}. Ask again in a minute.`, options);
    case undefined:
      return new Fault(
        'unavailable',
        `Azure was not reached about ${title} (${name}). Is there a way out to it from here?`,
        options,
      );
    default:
      return new Fault('unavailable', `Azure answered ${status} about ${title}. Ask again in a minute.`, options);
  }
}

function isNotSignedIn(name: string): boolean {
  return /^(?:Aggregate)?Authentication(?:Required)?Error$|^CredentialUnavailableError$/.test(name);
}

/** The client keeps the inner code in its details, and its own trouble with the network as a code. */
function answerOf(trouble: unknown): { readonly status: number | undefined; readonly codes: readonly unknown[] } {
  const { statusCode, code, details } = fieldsOf(trouble);
  const inner = fieldsOf(fieldsOf(fieldsOf(details)['error'])['innerError'])['code'];
  return { status: typeof statusCode === 'number' ? statusCode : undefined, codes: [code, inner] };
}
