import type { Request, Response } from '@google-cloud/functions-framework';
import { createHash } from 'node:crypto';
import { hearLeak } from '../app/alerts/hear-leak.ts';
import type { ChannelSecrets } from '../app/alerts/channel-secrets.ts';
import { tombstoneOf } from '../app/keys/tombstone.ts';
import { attempt, Fault } from '../app/ports/fault.ts';
import type { DeployedFunctions } from '../app/ports/deployed-functions.ts';
import type { Announcer, Clock, Log, SecretScope, Vault } from '../app/ports/ports.ts';
import { REPORTERS } from '../core/alerts/leak-notice.ts';
import { readLeakReport } from '../core/alerts/leak-report.ts';
import type { LeakSigning } from '../core/settings/leak-settings.ts';
import type { SecretPolicy } from '../core/settings/secret-policy.ts';
import { parseJson } from '../core/values/json.ts';
import { elapsedMs, MINUTE_MS } from '../core/values/time.ts';
import { ANYBODY, refused, type CallerCheck } from '../edge/process/callers.ts';
import { isLeakSecret, isLeakSigned, LEAK_HEADERS, leakSignatureOf } from '../edge/webhooks/leak-signature.ts';
import type { Entrance } from './front-door.ts';
import { answered } from './http.ts';
import { signingSecrets } from './signing-secret.ts';

/** Name and version of what is answered. */
const SCHEMA = 'key-warden/leak-report/v1';

const BODY_BYTES_MAX = 1024 * 1024;

/** A report that says when it was signed is taken for so long; GitHub's says nothing of it. */
const AGE_MS_MAX = 10 * MINUTE_MS;

interface LeakReportsPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
  readonly log: Log;
  readonly secrets: ChannelSecrets;
  /** Where the worker is asked for emergencies. */
  readonly functions?: DeployedFunctions | undefined;
}

interface LeakReportsOrder {
  readonly signing: LeakSigning;
  /** Emergencies that one report may ask for; 0 = none. */
  readonly emergencies: number;
  readonly budgetSeconds: number;
  readonly scopes: readonly SecretScope[];
  readonly concurrency: number;
  readonly secretPolicy: SecretPolicy;
}

const UNSIGNED = 'this takes signed reports of leaks, and nothing else';

/** What gets to the function at all: nobody who reports a leak has an identity at Google, and without a signature nothing is read. */
export function leakEntrance(): { readonly entrance: Entrance; readonly mayCall: CallerCheck } {
  return {
    entrance: { takes: 'calls', methods: ['POST'], proof: Object.values(LEAK_HEADERS), bodyBytesMax: BODY_BYTES_MAX },
    mayCall: (header) =>
      Promise.resolve(
        header !== undefined && /^(?:sha256=|v1,)/i.test(header)
          ? { allowed: true, ...ANYBODY }
          : refused(401, UNSIGNED),
      ),
  };
}

/**
 * POST takes reports of leaked keys and announces them. Nothing of a body is looked at before its signature, no answer says whether a key is
 * known here, and no byte of a body is logged (I9). What cannot be done now is answered with 503, for the sender to try again. A report has the
 * worker begin emergencies where the settings say so; this function has no right to.
 */
export function leakReportsFunction(ports: LeakReportsPorts, { signing, ...order }: LeakReportsOrder) {
  const { clock, log } = ports;
  const secretOf = signingSecrets(ports);
  return async (request: Request, response: Response): Promise<void> => {
    const refuse = (status: number, why: string): void => {
      log.write(status === 503 ? 'ERROR' : 'WARNING', `leak report refused with ${status}: ${why}`);
      answered(response, status, { error: { code: status, message: why } });
    };
    const signature = leakSignatureOf((name) => request.get(name));
    const name = signature === undefined ? undefined : signing[signature.source];
    if (signature === undefined || name === undefined) return refuse(401, UNSIGNED);
    const { source, at, id } = signature;
    const secret = await attempt(() => secretOf(name));
    if (secret instanceof Fault) return refuse(503, `the signing secret cannot be read: ${secret.message}`);
    if (!isLeakSecret(source, secret))
      return refuse(503, `the signing secret is none that ${REPORTERS[source]} signs with`);
    const body = request.rawBody ?? new Uint8Array();
    if (!isLeakSigned(signature, secret, body)) return refuse(401, 'no signature is that of this body');
    if (at !== undefined && Math.abs(elapsedMs(at, clock.now())) > AGE_MS_MAX)
      return refuse(401, 'it was not signed in the last ten minutes');
    if (!/^application\/json\b/i.test(request.get('content-type') ?? ''))
      return refuse(415, 'a report is application/json');
    const reading = readLeakReport(source, parseJson(new TextDecoder().decode(body)));
    if ('wrong' in reading) return refuse(400, reading.wrong);
    if ('ignored' in reading) {
      log.write('INFO', `leak report ignored: ${reading.ignored}`);
      return answered(response, 200, { schema: SCHEMA, outcome: 'ignored', why: reading.ignored });
    }
    const told = createHash('sha256')
      .update(`${source}\n`)
      .update(reading.report.where ?? id ?? body)
      .digest('hex');
    const report = told.slice(0, 16);
    const done = await attempt(() => hearLeak(ports, { ...order, tombstoneOf, report }, reading.report));
    if (done instanceof Fault) return refuse(503, done.message);
    const { keys, holders, emergencies } = done;
    log.write('NOTICE', `leak report from ${REPORTERS[source]} announced`, { report, keys, holders, emergencies });
    if (emergencies.unknown !== undefined)
      return refuse(503, 'it is announced, and not all that it asks for is known to be done');
    answered(response, 200, { schema: SCHEMA, outcome: 'announced' });
  };
}
