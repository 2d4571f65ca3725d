import type { AuthClient } from 'google-auth-library';

/**
 * Whom the application default credentials speak for, for people to read: an account, or the person behind a login, whose name
 * Google is asked for. Never rejects: who it is decides nothing here, and calls that follow say what is wrong with credentials.
 */
export async function identityOf(authClient?: AuthClient): Promise<string | undefined> {
  try {
    const { GoogleAuth, JWT, UserRefreshClient } = await import('google-auth-library');
    const auth = new GoogleAuth(authClient === undefined ? { scopes: SCOPE } : { authClient });
    const client = await auth.getClient();
    if (client instanceof JWT) return client.email;
    if (!(client instanceof UserRefreshClient)) return (await auth.getCredentials()).client_email;
    const { token } = await client.getAccessToken();
    return typeof token === 'string' ? (await client.getTokenInfo(token)).email : undefined;
  } catch {
    return undefined; // the library's own words can quote a credentials file
  }
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
