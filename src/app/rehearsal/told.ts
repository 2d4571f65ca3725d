/** A call that a rotation makes, as a rehearsal tells it. */
export interface ToldCall {
  readonly kind: 'read' | 'write' | 'announcement';
  /** The port and its call, such as `vault.add`. */
  readonly call: string;
  /** What it is about: a secret, a version, a key, never a key's characters. */
  readonly on: string;
  /** Reads of what is there are made for real. Writes never are, nor reads of what they would leave or of time to come. */
  readonly made: boolean;
}

export type TellCall = (call: ToldCall) => void;

/** What a port of a rehearsal tells with: the kind of its call decides whether it can have been made. */
export interface Teller {
  read(call: string, on: string, made: boolean): void;
  write(call: string, on: string): void;
}

/** A teller for the calls of one port. */
export function tellerOf(port: string, tell: TellCall): Teller {
  return {
    read: (call, on, made) => tell({ kind: 'read', call: `${port}.${call}`, on, made }),
    write: (call, on) => tell({ kind: 'write', call: `${port}.${call}`, on, made: false }),
  };
}
