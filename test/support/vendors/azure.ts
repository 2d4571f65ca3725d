import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { jsonStub, type Stub, type StubAnswer } from './loopback.ts';

/** What a key vault would hold, or how it refuses. */
export interface AzureHeld {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly refuses?: { readonly status: number; readonly code: string; readonly inner?: string };
}

const TENANT = '11111111-2222-3333-4444-555555555555';
const TOKEN = 'token-of-the-machine';

/**
 * A key vault as far as it is read, and beside it what gives a machine its token, as App Service does. A request without a token
 * must carry no body and is answered with where tokens come from, as Azure does.
 */
export function azureStub({ secrets = {}, refuses }: AzureHeld): Promise<Stub> {
  return jsonStub(({ method, url = '', headers }, body) => {
    const { pathname, searchParams } = new URL(url, 'http://vault');
    if (pathname === '/token') {
      const isRight =
        headers['x-identity-header'] === 'here' && searchParams.get('resource') === 'https://vault.azure.net';
      if (!isRight) return { status: 400, body: { error: 'invalid_request' } };
      const expires = 4_102_444_800; // far away
      return { status: 200, body: { access_token: TOKEN, expires_on: String(expires), token_type: 'Bearer' } };
    }
    if (headers.authorization === undefined) {
      if (body !== '') return refused(400, 'BadParameter');
      const where = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`;
      return { ...refused(401, 'Unauthorized'), headers: { 'www-authenticate': where } };
    }
    if (headers.authorization !== `Bearer ${TOKEN}`) return refused(401, 'Unauthorized');
    if (searchParams.get('api-version') === null) return refused(400, 'ApiVersionNotSpecified');
    if (refuses !== undefined) return refused(refuses.status, refuses.code, refuses.inner);
    const [, name] = /^\/secrets\/([^/]+)\/?$/.exec(pathname) ?? [];
    const value = method === 'GET' && name !== undefined ? secrets[name] : undefined;
    if (value === undefined) return refused(404, 'SecretNotFound');
    const id = `https://vault.vault.azure.net/secrets/${name}/0123456789abcdef`;
    return { status: 200, body: { value, id, attributes: { enabled: true, created: 1, updated: 1 } } };
  });
}

/**
 * Brings what the client asks of `vault` to the stub. Its client speaks to no vault without TLS, and looks whether the answer about
 * tokens is of the vault's own domain: both stay as they are.
 */
export function carriedTo({ url: stub }: Stub, vault: string): HttpClient {
  const wire = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      const { url } = request;
      if (!url.startsWith(`https://${vault}.vault.azure.net/`)) throw new Error('asked of another vault');
      const answer = await wire.sendRequest(
        Object.assign(request, { url: url.replace(/^https:\/\/[^/]+/, stub), allowInsecureConnection: true }),
      );
      return { ...answer, request: Object.assign(request, { url }) };
    },
  };
}

function refused(status: number, code: string, inner?: string): StubAnswer {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  return { status, body: { error: { code, message: 'a text that nobody should rely on', ...innererror } } };
}
