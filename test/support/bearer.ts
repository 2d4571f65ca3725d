import { PassThroughClient } from 'google-auth-library';

/** Credentials of whoever the pretend cloud knows by a token. */
export function bearer(token: string): PassThroughClient {
  return new Bearer(token);
}

class Bearer extends PassThroughClient {
  readonly #token: string;
  constructor(token: string) {
    super();
    this.#token = token;
  }
  override getRequestHeaders(): Promise<Headers> {
    return Promise.resolve(new Headers({ authorization: `Bearer ${this.#token}` }));
  }
}
