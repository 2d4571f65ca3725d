import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { ClientOptions } from 'google-gax';
import { Fault } from '../../app/ports/fault.ts';
import { GLOBAL } from '../../core/google/resource-names.ts';
import { endpointOf, type Endpoint } from '../google/endpoints.ts';

/** Where Secret Manager is; without `url`, Google itself. */
export interface ClientsOptions {
  readonly url?: string | undefined;
}

/** One client per host, made when first needed and kept. */
export interface SecretManagerClients {
  /** Rejects with `unauthenticated` when there are no credentials; a later call looks for them again. */
  at(location: string): Promise<SecretManagerServiceClient>;
  close(): Promise<void>;
}

/** Throws `invalid` at once for a URL that cannot be used. Nothing of the library is loaded before the first call. */
export function secretManagerClients(options: ClientsOptions): SecretManagerClients {
  const override = options.url === undefined ? undefined : overrideOf(options.url);
  const clients = new Map<string, Promise<SecretManagerServiceClient>>();
  return {
    at(location) {
      const host = override?.host ?? hostOf(location);
      const known = clients.get(host);
      if (known !== undefined) return known;
      const made = openClient(host, override);
      clients.set(host, made);
      made.catch(() => clients.delete(host));
      return made;
    },
    async close() {
      const made = [...clients.values()];
      clients.clear();
      for (const client of await Promise.allSettled(made)) {
        if (client.status === 'fulfilled') await client.value.close();
      }
    },
  };
}

/** Regional secrets live on a host of their own, a namespace that the global host does not see. */
export function hostOf(location: string): string {
  return location === GLOBAL ? 'secretmanager.googleapis.com' : `secretmanager.${location}.rep.googleapis.com`;
}

function overrideOf(url: string): Endpoint {
  const endpoint = endpointOf('Secret Manager', url);
  if (endpoint.prefix === '') return endpoint;
  throw new Fault(
    'invalid',
    'The Secret Manager URL has a path, which the client library cannot use. Write only the host.',
  );
}

/** With this set, Google's library prints whatever it sends and gets, the payload of a new version included (I9). */
const PRINTS_PAYLOADS = 'GOOGLE_SDK_NODE_LOGGING';

/**
 * `initialize` is awaited here because the generated methods start it without a handler: credentials that fail there
 * would end the process as an unhandled rejection.
 */
async function openClient(host: string, override: Endpoint | undefined): Promise<SecretManagerServiceClient> {
  if (process.env[PRINTS_PAYLOADS] !== undefined) {
    throw new Fault(
      'invalid',
      `Secret Manager is not used while ${PRINTS_PAYLOADS} is set: Google's library would print new keys. Unset it.`,
    );
  }
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  const client = new SecretManagerServiceClient({
    apiEndpoint: host,
    fallback: true, // REST: it starts sooner than gRPC and needs less memory (docs/proof/speed.md)
    ...(override === undefined ? {} : { port: override.port }),
    ...(override?.protocol === 'http' ? await plainly() : {}),
  });
  try {
    await client.initialize();
  } catch {
    // the library's message can quote the content of a credentials file
    throw new Fault(
      'unauthenticated',
      'Cannot reach Secret Manager: there are no usable Google credentials. ' +
        'Run `gcloud auth application-default login`, or attach a service account to the function.',
    );
  }
  return client;
}

/** What the pretend cloud on this machine takes: no TLS and no credentials. */
async function plainly(): Promise<ClientOptions> {
  const { PassThroughClient } = await import('google-auth-library');
  return { authClient: new PassThroughClient(), protocol: 'http' };
}
