/** A pretend Google Cloud on this machine: Secret Manager, API Keys, Gemini, Pub/Sub, Scheduler and Monitoring. */
export interface PretendCloud {
  /** `http://127.0.0.1:PORT`: what KEY_WARDEN_EMULATOR and the endpoints of clients are set to. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface PretendCloudOptions {
  /** A free one when left out. */
  readonly port?: number;
  readonly host?: string;
  /** Project ids with the numbers they shall have; calls on any other are refused, as at Google. */
  readonly projects?: Readonly<Record<string, string>>;
  /** Repeats the same ids and keys. */
  readonly seed?: string;
}

export declare function startPretendCloud(options?: PretendCloudOptions): Promise<PretendCloud>;
