import type { AuthClient, GoogleAuth } from 'google-auth-library';
import type { Endpoint } from './endpoints.ts';

/** The headers that let a request in, made anew for each: the library keeps and renews the token behind them. */
export type Credentials = (project: string | undefined) => Promise<Readonly<Record<string, string>>>;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * The given client's credentials, or else the application default ones; nobody's over plain http, where only a pretend
 * cloud listens. `project` pays for the quota of a person's own credentials that name no project, which the API Keys
 * API refuses otherwise (github.com/cloudquery/cloudquery/pull/5031). Rejects with the library's own error.
 */
export function googleCredentials(protocol: Endpoint['protocol'], authClient: AuthClient | undefined): Credentials {
  if (protocol === 'http' && authClient === undefined) return () => Promise.resolve({});
  let auth: GoogleAuth | undefined;
  return async (project) => {
    const { GoogleAuth, UserRefreshClient } = await import('google-auth-library');
    auth ??= new GoogleAuth(authClient === undefined ? { scopes: SCOPE } : { authClient });
    const client = await auth.getClient();
    const headers = Object.fromEntries(await client.getRequestHeaders());
    return project !== undefined && client instanceof UserRefreshClient
      ? { 'x-goog-user-project': project, ...headers }
      : headers;
  };
}
