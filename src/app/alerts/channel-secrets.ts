import { KeyText } from '../../core/key/key-text.ts';
import { plusMs, type Instant } from '../../core/values/time.ts';
import type { Clock, SecretName, Vault } from '../ports/ports.ts';

/** Credentials of channels, kept for a while so that an alert costs no access of its own. */
export interface ChannelSecrets {
  /** Rejects with `Fault`. */
  read(secret: SecretName): Promise<KeyText>;
  /** The same, past what is kept: for a channel that refused it. */
  readAnew(secret: SecretName): Promise<KeyText>;
}

/** A webhook's signing secrets change without anybody refusing the old ones, so none is kept for longer. */
const KEPT_MS = 600_000;

/** Reads `latest`, for these secrets belong to the channels and have no alias of ours. */
export function channelSecrets({ vault, clock }: { readonly vault: Vault; readonly clock: Clock }): ChannelSecrets {
  const kept = new Map<SecretName, { readonly text: KeyText; readonly until: Instant }>();
  const readAnew = async (secret: SecretName): Promise<KeyText> => {
    const { bytes } = await vault.read(secret, 'latest');
    const text = new KeyText(new TextDecoder().decode(bytes).trim());
    kept.set(secret, { text, until: plusMs(clock.now(), KEPT_MS) });
    return text;
  };
  return {
    readAnew,
    read(secret) {
      const known = kept.get(secret);
      return known !== undefined && clock.now() < known.until ? Promise.resolve(known.text) : readAnew(secret);
    },
  };
}
