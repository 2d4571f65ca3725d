import type { StorePlace } from '../../core/consumers/key-place.ts';

/** Reads what another vendor's store holds, as that vendor's client finds its way there. Rejects with `Fault`. */
export interface PlaceReader {
  /** `not_found` where there is no such place; what a fault says is what to do next. */
  read(place: StorePlace): Promise<Uint8Array>;
}
