import type { Place } from '#stream/ports.ts';

/**
 * What a replay's committed note says. It stands in the transaction that sent the tracks, so it is true whatever was killed when.
 * `last` is the last id looked at, where the source goes by ids.
 */
export type Sent = { readonly sent: number; readonly last: string | null };

const NOTHING: Sent = { sent: 0, last: null };

/** Reads the note; a place without one has sent nothing. */
export function sentBy(place: Place | undefined): Sent {
  if (place === undefined || place.note === null) return NOTHING;
  const read: Partial<Sent> = JSON.parse(place.note);
  return { sent: read.sent ?? 0, last: read.last ?? null };
}

export const noteOf = (sent: Sent): string => JSON.stringify(sent);

/** How many tracks a replay has sent. */
export const sentInAll = (places: readonly Place[]): number =>
  places.reduce((sum, place) => sum + sentBy(place).sent, 0);
