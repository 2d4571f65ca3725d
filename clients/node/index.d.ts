/** What the reader needs of @google-cloud/secret-manager's SecretManagerServiceClient. */
export interface SecretReaderClient {
  accessSecretVersion(request: {
    name: string;
  }): Promise<[{ payload?: { data?: Uint8Array | string | null } | null }, ...unknown[]]>;
}

export interface KeyReaderOptions {
  readonly client: SecretReaderClient;
  /** projects/PROJECT/secrets/SECRET, or with locations/LOCATION. */
  readonly secret: string;
  /** Alias or number; `current`, which gemini-key-warden moves, by default. */
  readonly version?: string;
  /** Member of a JSON object, or variable of an env file, that holds the key; the whole text by default. */
  readonly field?: string;
  /** After about so many seconds the key is read again behind an answer; 300 by default, spread by a fifth. */
  readonly refreshSeconds?: number;
  /** Refusals make a read no more often than this; 30 by default. Failed reads are repeated after 1, 2, 4 … seconds up to it. */
  readonly againSeconds?: number;
  /** Seconds that only grow; for tests. */
  readonly now?: () => number;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
}

export declare const PLACEHOLDER: string;
export declare class NoKeyError extends Error {}
export declare function meansTheKey(status: number, text: string): boolean;

export declare class KeyReader {
  constructor(options: KeyReaderOptions);
  key(): Promise<string>;
  refresh(): Promise<string>;
  refused(key: string): Promise<string | undefined>;
  run<T>(send: (key: string) => Promise<T>): Promise<T>;
  settled(): Promise<void>;
  readonly fetch: typeof fetch;
  toJSON(): { secret: string; version: string };
}
