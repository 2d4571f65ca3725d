import type { Request, Response } from '@google-cloud/functions-framework';
import { acknowledge } from '../app/alerts/acknowledge.ts';
import type { ChannelSecrets } from '../app/alerts/channel-secrets.ts';
import { attempt, Fault } from '../app/ports/fault.ts';
import type { Announcer, Clock, Log, SecretName, SecretScope, Vault } from '../app/ports/ports.ts';
import { readAcknowledgement } from '../core/alerts/acknowledgement.ts';
import { parseJson } from '../core/values/json.ts';
import { ANYBODY, refused, type CallerCheck } from '../edge/process/callers.ts';
import { isSigned, isSigningSecret, SIGNATURE_HEADER, signaturesIn } from '../edge/webhooks/pagerduty-signature.ts';
import type { Entrance } from './front-door.ts';
import { answered } from './http.ts';
import { signingSecrets } from './signing-secret.ts';

/** Name and version of what is answered. */
const SCHEMA = 'key-warden/acknowledgement/v1';

interface AcknowledgePorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
  readonly log: Log;
  readonly secrets: ChannelSecrets;
}

interface AcknowledgeOrder {
  /** Where what PagerDuty signs with is kept. */
  readonly signing: SecretName;
  readonly scopes: readonly SecretScope[];
  readonly hours: number;
}

/** What gets to the function at all: PagerDuty has no identity at Google, and a request without a signature is not read. */
export function webhookEntrance(): { readonly entrance: Entrance; readonly mayCall: CallerCheck } {
  return {
    entrance: { takes: 'calls', methods: ['POST'], proof: SIGNATURE_HEADER },
    mayCall: (header) =>
      Promise.resolve(signaturesIn(header).length > 0 ? { allowed: true, ...ANYBODY } : refused(401, UNSIGNED)),
  };
}

const UNSIGNED = 'this takes webhooks that PagerDuty signed, and nothing else';

/**
 * POST takes webhooks of PagerDuty: an acknowledgement silences the secret that its incident is about, and taking it back ends that.
 * Nothing of a body is looked at before its signature. What cannot be done now is answered with 503, for PagerDuty to send it again;
 * what is none of ours with 200, or it would be sent again for nothing.
 */
export function acknowledgeFunction(ports: AcknowledgePorts, { signing, ...order }: AcknowledgeOrder) {
  const { clock, log } = ports;
  const secretOf = signingSecrets(ports);
  return async (request: Request, response: Response): Promise<void> => {
    const refuse = (status: number, why: string): void => {
      log.write(status === 503 ? 'ERROR' : 'WARNING', `webhook refused with ${status}: ${why}`);
      answered(response, status, { error: { code: status, message: why } });
    };
    const signatures = signaturesIn(request.get(SIGNATURE_HEADER));
    if (signatures.length === 0) return refuse(401, UNSIGNED);
    const secret = await attempt(() => secretOf(signing));
    if (secret instanceof Fault) return refuse(503, `the signing secret cannot be read: ${secret.message}`);
    if (!isSigningSecret(secret)) return refuse(503, 'the signing secret is too short to be PagerDuty’s');
    const body = request.rawBody ?? new Uint8Array();
    if (!isSigned(secret, body, signatures)) return refuse(401, 'no signature is that of this body');
    if (!/^application\/json\b/i.test(request.get('content-type') ?? ''))
      return refuse(415, 'a webhook is application/json');
    const reading = readAcknowledgement(parseJson(new TextDecoder().decode(body)), clock.now());
    if ('wrong' in reading) return refuse(400, reading.wrong);
    const done =
      'ignored' in reading
        ? ({ outcome: 'ignored', why: reading.ignored } as const)
        : await attempt(() => acknowledge(ports, order, reading.reads));
    if (done instanceof Fault) return refuse(503, done.message);
    if (done.outcome === 'ignored') log.write('INFO', `webhook ignored: ${done.why}`);
    else log.write('NOTICE', `acknowledgement at PagerDuty: ${done.silence}`, { secret: done.secret });
    answered(response, 200, { schema: SCHEMA, ...done });
  };
}
