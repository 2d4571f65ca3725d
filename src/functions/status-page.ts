import type { Request, Response } from '@google-cloud/functions-framework';
import { gzipSync } from 'node:zlib';
import { fleetOf, type FleetOrder, type FleetPorts } from '../app/on-record/fleet.ts';
import { holdersOnRecord } from '../app/on-record/holders-of.ts';
import { worstFirst } from '../app/on-record/worst-first.ts';
import { pageOf } from '../app/page/page.ts';
import { refusalPage } from '../app/page/refusal.ts';
import { waitingIn } from '../app/approval/waiting.ts';
import { freezesOn } from '../app/listing/freezes.ts';
import { lookByList } from '../app/listing/look-by-list.ts';
import type { Log, SecretName } from '../app/ports/ports.ts';
import { stopsOnRecord } from '../app/reconcile/stops-on-record.ts';
import { elapsedMs, type Instant } from '../core/values/time.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { IAP_HEADER } from '../edge/process/viewers.ts';
import { pageHeaders } from './page-answer.ts';

/** Secrets are listed at most so often, however many people look: rotations need the project's quota of reads. */
const SHOWN_FOR_MS = 30_000;

export type PagePorts = FleetPorts & { readonly log: Log };

export interface PageOrder extends FleetOrder {
  /** Where freezes stand, and where what waits for approval. */
  readonly silences?: SecretName | undefined;
  readonly approvals?: SecretName | undefined;
}

interface Made {
  readonly at: Instant;
  readonly html: Promise<string>;
}

/**
 * GET shows what is on record about every managed secret, to people whom IAP lets in. It lists metadata and does nothing else: no key is
 * read, no version is looked at, and nothing is written.
 */
export function statusPage(ports: PagePorts, order: PageOrder, viewers: CallerCheck) {
  let made: Made | undefined;
  const recent = async (): Promise<string> => {
    const now = ports.clock.now();
    const ageMs = made === undefined ? Infinity : Math.abs(elapsedMs(made.at, now));
    if (made === undefined || ageMs > SHOWN_FOR_MS) made = { at: now, html: pageFor(ports, order) };
    try {
      return await made.html;
    } catch (trouble) {
      made = undefined;
      throw trouble;
    }
  };
  return async (request: Request, response: Response): Promise<void> => {
    const verdict = await viewers(request.get(IAP_HEADER));
    if (!verdict.allowed) {
      ports.log.write('WARNING', `page refused with ${verdict.status}: ${verdict.why}`);
      response.status(verdict.status).set(pageHeaders()).send(refusalPage(verdict.status, verdict.why));
      return;
    }
    const html = await recent();
    ports.log.write('INFO', `page shown to ${verdict.caller}`);
    const isZipped = request.acceptsEncodings('gzip') !== false;
    response
      .set({ ...pageHeaders(), vary: 'accept-encoding', ...(isZipped ? { 'content-encoding': 'gzip' } : {}) })
      .send(isZipped ? gzipSync(html) : html);
  };
}

async function pageFor({ vault, ...ports }: PagePorts, order: PageOrder): Promise<string> {
  const look = lookByList(vault);
  const now = ports.clock.now();
  const [seen, waiting] = await Promise.all([
    fleetOf({ ...ports, vault, freezes: freezesOn(look, order.silences) }, order),
    waitingIn(look, order.approvals, now),
  ]);
  const fleet = { ...seen, problems: [...seen.problems, ...waiting.problems] };
  const stops = [...stopsOnRecord(fleet.found, order.secretPolicy, now)].map(([project, why]) => ({ project, why }));
  const holders = holdersOnRecord(fleet.found.map(({ sighting }) => sighting));
  return pageOf({ fleet, shown: worstFirst(fleet.members), stops, holders, waiting: waiting.approvals, now });
}
