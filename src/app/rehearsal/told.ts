/** A call that a rotation makes. Reads are made for real in a rehearsal, writes are only told. */
export interface ToldCall {
  readonly kind: 'read' | 'write';
  /** The port's call, such as `add`. */
  readonly call: string;
  /** What it is about: a secret, a version, a key, never a key's characters. */
  readonly on: string;
}

export type TellCall = (call: ToldCall) => void;
