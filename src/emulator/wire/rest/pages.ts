import { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';
import { smallInteger, text } from './proto-json.ts';

/** One page of a list, and where the next begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page, as Google leaves it out. */
  readonly nextPageToken?: string;
}

/** How a method pages: what 0 or nothing means, and what a larger wish is cut to. */
export interface PageRule {
  readonly usual: number;
  readonly most: number;
}

/** What a caller asks of a list. */
interface PageWish {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** The fields of a list request that ask for a page. */
export const PAGE_FIELDS = { pageSize: smallInteger, pageToken: text };

/** Cuts the page that is asked for. INVALID_ARGUMENT for a negative size, or a token it never gave out. */
export function pageOf<Item>(all: readonly Item[], wish: PageWish, rule: PageRule): Page<Item> {
  const { pageSize = 0, pageToken = '' } = wish;
  if (pageSize < 0) throw new ApiError('INVALID_ARGUMENT', 'page_size must be a non-negative integer.');
  const size = Math.min(pageSize === 0 ? rule.usual : pageSize, rule.most);
  const start = startOf(pageToken);
  const items = all.slice(start, start + size);
  const end = start + items.length;
  return end < all.length ? { items, nextPageToken: tokenOf(end) } : { items };
}

function tokenOf(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64url');
}

function startOf(token: string): number {
  if (token === '') return 0;
  const start = /^from:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (start === undefined) throw new ApiError('INVALID_ARGUMENT', 'The provided page token is invalid.');
  return Number(start);
}
