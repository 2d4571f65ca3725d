import type { ChannelSecrets } from '../app/alerts/channel-secrets.ts';
import type { Clock, SecretName } from '../app/ports/ports.ts';
import type { KeyText } from '../core/key/key-text.ts';
import { elapsedMs, type Instant } from '../core/values/time.ts';

/** However many call, a signing secret is asked for no more often: a stranger's calls must not use up reads of secrets. */
const SECRET_AGAIN_MS = 60_000;

/** Reads what a sender signs with; a read that failed is not tried again at once either. */
export function signingSecrets({ clock, secrets }: { readonly clock: Clock; readonly secrets: ChannelSecrets }) {
  const asked = new Map<SecretName, { readonly at: Instant; readonly secret: Promise<KeyText> }>();
  return (name: SecretName): Promise<KeyText> => {
    const now = clock.now();
    const before = asked.get(name);
    if (before !== undefined && Math.abs(elapsedMs(before.at, now)) <= SECRET_AGAIN_MS) return before.secret;
    const secret = secrets.read(name);
    asked.set(name, { at: now, secret });
    return secret;
  };
}
