import type { SecretRecord } from './resource.ts';

/** All secrets by canonical name. */
export interface SecretStore {
  get(name: string): SecretRecord | undefined;
  put(secret: SecretRecord): void;
  delete(name: string): void;
  all(): readonly SecretRecord[];
  /** Those that time alone can change, so that letting time pass costs nothing for the others. */
  timed(): readonly SecretRecord[];
  clear(): void;
}

export function secretStore(): SecretStore {
  const records = new Map<string, SecretRecord>();
  const timed = new Map<string, SecretRecord>();
  return {
    get: (name) => records.get(name),
    put(secret) {
      records.set(secret.name, secret);
      if (isTimed(secret)) timed.set(secret.name, secret);
      else timed.delete(secret.name);
    },
    delete(name) {
      records.delete(name);
      timed.delete(name);
    },
    all: () => [...records.values()],
    timed: () => [...timed.values()],
    clear() {
      records.clear();
      timed.clear();
    },
  };
}

function isTimed({ expireAt, rotation, versions }: SecretRecord): boolean {
  return (
    expireAt !== undefined ||
    rotation !== undefined ||
    versions.some(
      ({ scheduledDestroyAt, state, payload }) =>
        scheduledDestroyAt !== undefined || (state === 'DESTROYED' && payload !== undefined),
    )
  );
}
