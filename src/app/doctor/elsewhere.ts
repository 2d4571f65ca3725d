import type { StorePlace } from '../../core/consumers/key-place.ts';
import { parseRecord } from '../../core/values/json.ts';
import { attempt, Fault, isBarred } from '../ports/fault.ts';
import type { PlaceReader } from '../ports/place-reader.ts';
import type { Source } from './doctor.ts';

/** What another vendor's store holds, as a place to look at; `title` is how the caller named it. */
export async function storeSource(reader: PlaceReader, title: string, place: StorePlace): Promise<Source> {
  const found = await attempt(() => reader.read(place));
  if (found instanceof Fault)
    return { title, place: 'store', bytes: undefined, unreadable: found.message, barred: isBarred(found) };
  const field = place.kind === 'aws-sm' ? place.field : undefined;
  if (field === undefined) return { title, place: 'store', bytes: found };
  const value = parseRecord(new TextDecoder().decode(found))?.[field];
  if (typeof value === 'string') return { title, place: 'store', bytes: new TextEncoder().encode(value) };
  const unreadable = `what is stored there is no JSON object with a text named ${field}`;
  return { title, place: 'store', bytes: undefined, unreadable, barred: true };
}
