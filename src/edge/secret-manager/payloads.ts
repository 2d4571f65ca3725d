import { Buffer } from 'node:buffer';
import type { AuthClient } from 'google-auth-library';
import { crc32c } from '../../core/values/crc32c.ts';
import { versionNumberOf } from '../../core/google/resource-names.ts';
import { isRecord } from '../../core/values/json.ts';
import type { VersionReading } from '../../app/ports/ports.ts';
import type { Asked } from '../google/errors.ts';
import { googleRest, type GoogleRest } from '../google/rest.ts';
import { hostOf } from './clients.ts';
import type { Target } from './targets.ts';

/** Where payloads are, as whom, how patiently and how many at once they are read. */
export interface PayloadOptions {
  readonly url?: string | undefined;
  /** The application default credentials without it; none at all over plain http. */
  readonly authClient?: AuthClient | undefined;
  readonly callMs: number;
  readonly atOnce?: number | undefined;
}

/** Reads what versions hold. */
export interface Payloads {
  /** One attempt; `undefined` where what came does not match its checksum. */
  read(target: Target, asked: Asked): Promise<VersionReading | undefined>;
  close(): Promise<void>;
}

/**
 * AccessSecretVersion over plain REST, which is most of what a fleet asks: through Google's client library a read takes three to four
 * times the processor (docs/proof/speed.md), and the library can be made to print what it reads. One connection pool per host, made when
 * first needed. Throws `invalid` at once for a URL that cannot be used.
 */
export function payloads({ url, authClient, callMs, atOnce }: PayloadOptions): Payloads {
  const open = new Map<string, GoogleRest>();
  const at = (location: string): GoogleRest => {
    const host = url ?? `https://${hostOf(location)}`;
    const known = open.get(host);
    if (known !== undefined) return known;
    const made = googleRest({ title: 'Secret Manager', url: host, authClient, callMs, atOnce });
    open.set(host, made);
    return made;
  };
  return {
    async read({ name, location }, asked) {
      const answer = await at(location).ask({ method: 'GET', path: `/v1/${name}:access` }, asked);
      const number = versionNumberOf(String(answer['name']));
      const { data, dataCrc32c } = isRecord(answer['payload']) ? answer['payload'] : {};
      if (number === undefined || typeof data !== 'string') return undefined;
      const bytes = new Uint8Array(Buffer.from(data, 'base64'));
      return String(dataCrc32c) === String(crc32c(bytes)) ? { number, bytes } : undefined;
    },
    async close() {
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map((one) => one.close()));
    },
  };
}
