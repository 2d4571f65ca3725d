import { Buffer } from 'node:buffer';
import { ApiError } from '../wire/api-error.ts';
import { matches, requireFields, SECRET_FIELDS, VERSION_FIELDS } from './filter-match.ts';
import { parseFilter } from './filter.ts';
import { openSecret, placeOf } from './locate.ts';
import { listRequest } from './messages.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import { secretJson, versionJson } from './render.ts';
import type { Rpc } from './world.ts';

/** The server's choice for a page size of 0. */
const PAGE_DEFAULT = 250;
const PAGE_MAX = 25_000;

export const listSecrets: Rpc = (world, caller, request) => {
  const asked = readRoot(listRequest, request);
  const place = placeOf(world, asked.parent);
  world.iam.require(caller, 'secretmanager.secrets.list', { project: place.project, name: asked.parent ?? '' });
  const entries = world.secrets
    .all()
    .filter(({ projectNumber, location }) => projectNumber === place.projectNumber && location === place.location)
    .map((secret) => ({ order: secret.createdAt, json: () => secretJson(secret) }));
  const { items, ...rest } = pageOf(entries, asked, SECRET_FIELDS);
  return { ...(items.length === 0 ? {} : { secrets: items }), ...rest };
};

export const listSecretVersions: Rpc = (world, caller, request) => {
  const asked = readRoot(listRequest, request);
  const secret = openSecret(world, caller, 'secretmanager.versions.list', asked.parent);
  const entries = secret.versions.map((version) => ({
    order: version.number,
    json: () => versionJson(secret, version),
  }));
  const { items, ...rest } = pageOf(entries, asked, VERSION_FIELDS);
  return { ...(items.length === 0 ? {} : { versions: items }), ...rest };
};

interface Entry {
  /** Newest has the greatest. */
  readonly order: number;
  /** Written out only for what is looked at. */
  readonly json: () => unknown;
}

interface Asked {
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly filter?: string;
}

interface Page {
  readonly items: readonly unknown[];
  readonly nextPageToken?: string;
  readonly totalSize?: number;
}

/** One page, newest first. The total is told only without a filter, and left out when 0. */
function pageOf(entries: readonly Entry[], asked: Asked, fields: readonly string[]): Page {
  const filter = asked.filter === undefined || asked.filter.trim() === '' ? undefined : parseFilter(asked.filter);
  if (filter !== undefined) requireFields(filter, fields);
  const { pageSize = 0 } = asked;
  if (pageSize < 0) throw invalid();
  const size = pageSize === 0 ? PAGE_DEFAULT : Math.min(pageSize, PAGE_MAX);
  const below = orderOf(asked.pageToken);
  const left = entries.filter(({ order }) => order < below).toSorted((one, other) => other.order - one.order);
  const found: Entry[] = [];
  for (const entry of left) {
    // One more than the page holds tells that another follows.
    if (found.length > size) break;
    if (filter === undefined || matches(filter, entry.json())) found.push(entry);
  }
  const items = found.slice(0, size);
  const last = items.at(-1);
  return {
    items: items.map(({ json }) => json()),
    ...(last !== undefined && found.length > size ? { nextPageToken: tokenOf(last.order) } : {}),
    ...(filter === undefined && entries.length > 0 ? { totalSize: entries.length } : {}),
  };
}

/** A token names the last entry that was shown, so pages stay right while entries come and go. */
function tokenOf(order: number): string {
  return Buffer.from(`below:${order}`).toString('base64url');
}

function orderOf(token: string | undefined): number {
  if (token === undefined || token === '') return Number.POSITIVE_INFINITY;
  const order = /^below:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (order === undefined) throw invalid();
  return Number(order);
}

function invalid(): ApiError {
  return new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
}
